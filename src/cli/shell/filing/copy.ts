/** cp, mv and install (coreutils src/{cp,copy,mv,install}.c @ v8.32). */
import { type Desk, type Given, Leave } from '../coreutils/desk.ts';
import {
	absent,
	agreed,
	attempt,
	BACKUP,
	backedUp,
	goalOf,
	lastOf,
	look,
	plain,
	quote,
	type Stat,
	same,
	shellQuoted,
	UMASK,
	within,
} from './common.ts';
import { modeChange } from './modes.ts';

interface Plan {
	readonly given: Given;
	readonly recursive: boolean;
	/** Whether links are followed: those that are named, all, or none. */
	readonly follow: 'named' | 'all' | 'none';
	readonly keepsMode: boolean;
	readonly keepsTime: boolean;
	readonly keepsOwner: boolean;
	/** What to do about a file that is there: the last of these options counts. */
	readonly clash: 'ask' | 'keep' | 'force' | undefined;
	readonly verb: '' | 'renamed ';
	/** What this run made, by the path of its target: it is not written again. */
	readonly made: Set<string>;
}

/** Whether one has to stop: something is there that is to stay, or cannot be overwritten. */
async function inTheWay(
	desk: Desk,
	plan: Plan,
	source: string,
	from: Stat,
	target: string,
	to: Stat,
): Promise<boolean> {
	const { given, clash } = plan;
	const { name } = desk;
	if (await same(desk, source, target, name === 'cp' && plan.follow !== 'none')) {
		if (!(given.has('l') || given.has('s')))
			desk.fault(`${shellQuoted(source)} and ${shellQuoted(target)} are the same file`);
		return true;
	}
	if (to.kind === 'directory' && from.kind !== 'directory') {
		desk.fault(`cannot overwrite directory ${shellQuoted(target)} with non-directory`);
		return true;
	}
	if (to.kind !== 'directory' && from.kind === 'directory') {
		desk.fault(`cannot overwrite non-directory ${shellQuoted(target)} with directory ${shellQuoted(source)}`);
		return true;
	}
	if (from.kind === 'directory') return false;
	if (plan.made.has(desk.resolve(target))) {
		desk.fault(`will not overwrite just-created ${shellQuoted(target)} with ${shellQuoted(source)}`);
		return true;
	}
	if (clash === 'keep') return true;
	if (given.has('u') && to.mtime.getTime() >= from.mtime.getTime()) return true;
	return clash === 'ask' && !(await agreed(desk, `${name}: overwrite ${shellQuoted(target)}? `));
}

async function keep(desk: Desk, plan: Plan, source: string, from: Stat, target: string, fresh: boolean): Promise<void> {
	const { files } = desk.shell;
	const [full, old] = [desk.resolve(target), desk.resolve(source)];
	const noMode = plan.given.all.some(([name, value]) => name === 'no-preserve' && /mode|all/.test(value));
	if (plan.keepsMode) await attempt(() => files.chmod(full, from.mode));
	else if (fresh && from.kind !== 'link')
		await attempt(() =>
			files.chmod(full, noMode ? (from.kind === 'directory' ? 0o755 : 0o644) : from.mode & ~UMASK & 0o777),
		);
	if (plan.keepsOwner) {
		const [user, group] = files.ownerOf(old) ?? [];
		if (user !== undefined) files.chown(full, undefined, undefined, [user, group]);
	}
	if (plan.keepsTime && from.kind !== 'link') await attempt(() => files.utimes(full, from.mtime, from.mtime));
}

async function copyOne(desk: Desk, plan: Plan, source: string, target: string, depth: number): Promise<void> {
	const { given } = plan;
	const { files } = desk.shell;
	const follow = plan.follow === 'all' || (plan.follow === 'named' && depth === 0);
	const from = await look(desk, source, follow);
	if (!from) {
		desk.fault(`cannot stat ${shellQuoted(source)}: ${await absent(desk, source)}`);
		return;
	}
	if (from.kind === 'directory' && !plan.recursive) {
		desk.fault(`-r not specified; omitting directory ${shellQuoted(source)}`);
		return;
	}
	const to =
		(await look(desk, target, false)) && ((await look(desk, target, true)) ?? (await look(desk, target, false)));
	const full = desk.resolve(target);
	const real = desk.resolve(source);
	if (from.kind === 'directory' && `${full}/`.startsWith(`${real === '/' ? '' : real}/`) && full !== real) {
		if (depth === 0) {
			desk.fault(`cannot copy a directory, ${shellQuoted(plain(source))}, into itself, ${shellQuoted(target)}`);
			return;
		}
		return;
	}
	if (to && (await inTheWay(desk, plan, source, from, target, to))) return;
	const say = (backup?: string): void => {
		if (!given.has('v')) return;
		desk.write(
			`${shellQuoted(source)} -> ${shellQuoted(target)}${backup === undefined ? '' : ` (backup: ${shellQuoted(backup)})`}\n`,
		);
	};
	if (from.kind === 'directory') {
		const fault = files.listFault(real);
		if (fault !== undefined) {
			desk.fault(`cannot access ${shellQuoted(source)}: Permission denied`);
			return;
		}
		if (!to) {
			const why = await missing(desk, target, () => files.mkdir(full));
			if (why !== undefined) {
				desk.fault(`cannot create directory ${shellQuoted(target)}: ${why}`);
				return;
			}
			say();
		}
		for (const name of await files.readdir(real)) {
			if (within(real, name) === full) continue;
			await copyOne(desk, plan, within(source, name), within(target, name), depth + 1);
		}
		await keep(desk, plan, source, from, target, !to);
		return;
	}
	const dangling = to?.kind === 'link' && from.kind === 'file' && !given.has('remove-destination') && !given.has('f');
	if (dangling) {
		desk.fault(`not writing through dangling symlink ${shellQuoted(target)}`);
		return;
	}
	let backup: string | undefined;
	if (to) {
		backup = await backedUp(desk, given, target);
		if (
			backup === undefined &&
			(given.has('remove-destination') || from.kind === 'link' || given.has('l') || given.has('s'))
		) {
			if ((given.has('l') || given.has('s')) && !given.has('f') && !given.has('remove-destination')) {
				desk.fault(
					`cannot create ${given.has('s') ? 'symbolic' : 'hard'} link ${shellQuoted(target)}${given.has('s') ? '' : ` to ${shellQuoted(source)}`}: File exists`,
				);
				return;
			}
			await attempt(() => files.rm(full));
		}
	}
	const fresh = !to || backup !== undefined || (await look(desk, target, true)) === undefined;
	let what = `cannot create regular file ${shellQuoted(target)}`;
	const why = await missing(desk, target, async () => {
		if (given.has('s')) {
			what = `cannot create symbolic link ${shellQuoted(target)}`;
			await files.symlink(source, full);
		} else if (given.has('l')) {
			what = `cannot create hard link ${shellQuoted(target)} to ${shellQuoted(source)}`;
			await files.link(real, full);
		} else if (from.kind === 'link') {
			what = `cannot create symbolic link ${shellQuoted(target)}`;
			await files.symlink(await files.readlink(real), full);
		} else if (given.has('attributes-only')) await files.appendFile(full, '');
		else {
			let read: string | undefined;
			let octets: Uint8Array = new Uint8Array();
			if (real !== '/dev/null')
				read = await attempt(async () => {
					octets = await files.readFileBuffer(real);
				});
			if (read !== undefined) {
				what = `cannot open ${shellQuoted(source)} for reading`;
				throw new Error(read === 'Permission denied' ? 'EACCES' : 'ENOENT');
			}
			await files.writeFile(full, octets);
		}
	});
	if (why !== undefined) {
		desk.fault(`${what}: ${why}`);
		return;
	}
	plan.made.add(full);
	if (!given.has('s') && !given.has('l')) await keep(desk, plan, source, from, target, fresh);
	say(backup);
}

/** Why something cannot be made there, or what went wrong. */
async function missing(desk: Desk, target: string, make: () => Promise<unknown>): Promise<string | undefined> {
	const full = desk.resolve(target);
	const above = full.slice(0, full.lastIndexOf('/')) || '/';
	if ((await look(desk, above, true))?.kind !== 'directory') return absent(desk, plain(target));
	if (target.endsWith('/') && (await look(desk, target, true))?.kind !== 'directory') {
		return 'Not a directory';
	}
	return attempt(make);
}

const clashOf = (given: Given): Plan['clash'] => {
	const last = given.all.findLast(([name]) => name === 'i' || name === 'n' || name === 'f')?.[0];
	return last === 'i' ? 'ask' : last === 'n' ? 'keep' : last === 'f' ? 'force' : undefined;
};

const KEPT = 'mode ownership timestamps links context xattr all'.split(' ');

export async function cp(desk: Desk): Promise<void> {
	const given = desk.options('abdfHilLnprst:uvxPRS:TZ', [
		...BACKUP,
		'archive>a',
		'attributes-only',
		'copy-contents',
		'context?>Z',
		'dereference>L',
		'force>f',
		'interactive>i',
		'link>l',
		'no-clobber>n',
		'no-dereference>P',
		'no-preserve=',
		'no-target-directory>T',
		'one-file-system>x',
		'parents',
		'preserve?',
		'recursive>R',
		'reflink?',
		'remove-destination',
		'sparse=',
		'strip-trailing-slashes',
		'symbolic-link>s',
		'target-directory=>t',
		'update>u',
		'verbose>v',
	]);
	const kept = new Set<string>();
	for (const [name, value] of given.all) {
		if (name === 'p' || (name === 'preserve' && value === '')) for (const what of KEPT.slice(0, 3)) kept.add(what);
		else if (name === 'a') for (const what of KEPT) kept.add(what);
		else if (name === 'preserve' || name === 'no-preserve')
			for (const word of value.split(',')) {
				if (!KEPT.includes(word))
					throw new Leave(
						`cp: invalid argument ${quote(desk, word)} for ${quote(desk, `--${name}`)}\nValid arguments are:\n${KEPT.map((w) => `  - ${quote(desk, w)}\n`).join('')}Try 'cp --help' for more information.\n`,
					);
				for (const what of word === 'all' ? KEPT : [word]) name === 'preserve' ? kept.add(what) : kept.delete(what);
			}
	}
	const links = given.all.findLast(([name]) => 'HLPad'.includes(name))?.[0];
	const recursive = ['r', 'R', 'a'].some((name) => given.has(name));
	const plan: Plan = {
		given,
		recursive,
		follow:
			links === 'L'
				? 'all'
				: links === 'H'
					? 'named'
					: links !== undefined || (recursive && !given.has('l'))
						? 'none'
						: 'all',
		keepsMode: kept.has('mode'),
		keepsTime: kept.has('timestamps'),
		keepsOwner: kept.has('ownership'),
		clash: clashOf(given),
		verb: '',
		made: new Set(),
	};
	const goal = await goalOf(desk, given);
	if (given.has('parents') && !goal.inside) throw desk.usage('with --parents, the destination must be a directory');
	const seen = new Set<string>();
	for (const word of goal.sources) {
		const source = given.has('strip-trailing-slashes') ? plain(word) : word;
		const full = desk.resolve(source);
		if (seen.has(full) && goal.inside) {
			const kind = (await look(desk, source, true))?.kind === 'directory' ? 'directory' : 'file';
			desk.say(`cp: warning: source ${kind} ${shellQuoted(source)} specified more than once\n`);
			continue;
		}
		seen.add(full);
		if (given.has('parents')) {
			const steps = plain(source).split('/').filter(Boolean);
			for (let i = 1; i < steps.length; i++) {
				const [from, at] = [steps.slice(0, i).join('/'), within(goal.target, steps.slice(0, i).join('/'))];
				if (await look(desk, at, true)) continue;
				const why = await attempt(() => desk.shell.files.mkdir(desk.resolve(at)));
				if (why !== undefined) throw new Leave(`cp: cannot make directory ${shellQuoted(at)}: ${why}\n`);
				if (given.has('v')) desk.write(`${source.startsWith('/') ? '/' : ''}${from} -> ${at}\n`);
			}
			await copyOne(desk, plan, source, within(goal.target, steps.join('/')), 0);
			continue;
		}
		const name = lastOf(source);
		const into = goal.inside ? (/^\.\.?$/.test(name) ? goal.target : within(goal.target, name)) : goal.target;
		await copyOne(desk, plan, source, into, 0);
	}
}

export async function mv(desk: Desk): Promise<void> {
	const given = desk.options('bfinS:t:TuvZ', [
		...BACKUP,
		'context>Z',
		'force>f',
		'interactive>i',
		'no-clobber>n',
		'no-target-directory>T',
		'strip-trailing-slashes',
		'target-directory=>t',
		'update>u',
		'verbose>v',
	]);
	const plan: Plan = {
		given,
		recursive: true,
		follow: 'none',
		keepsMode: true,
		keepsTime: true,
		keepsOwner: true,
		clash: clashOf(given),
		verb: 'renamed ',
		made: new Set(),
	};
	const goal = await goalOf(desk, given);
	const { files } = desk.shell;
	for (const word of goal.sources) {
		const source = given.has('strip-trailing-slashes') ? plain(word) : word;
		const target = goal.inside ? within(goal.target, lastOf(source)) : goal.target;
		const from = await look(desk, source, false);
		if (!from) {
			desk.fault(`cannot stat ${shellQuoted(source)}: ${await absent(desk, source)}`);
			continue;
		}
		const [real, full] = [desk.resolve(source), desk.resolve(target)];
		if (from.kind === 'directory' && `${full}/`.startsWith(`${real}/`)) {
			desk.fault(`cannot move ${shellQuoted(plain(source))} to a subdirectory of itself, ${shellQuoted(target)}`);
			continue;
		}
		const to = await look(desk, target, false);
		if (to && from.kind !== 'directory' && real !== full && (await same(desk, source, target, false))) {
			// Another name of the same file: the one that moves goes (rename(2) does nothing).
			const why = await attempt(() => files.rm(real));
			if (why !== undefined) desk.fault(`cannot remove ${shellQuoted(source)}: ${why}`);
			else if (given.has('v')) desk.write(`removed ${shellQuoted(source)}\n`);
			continue;
		}
		if (to && (await inTheWay(desk, plan, source, from, target, to))) continue;
		if (to?.kind === 'directory' && (await files.readdir(full)).length > 0) {
			desk.fault(`cannot move ${shellQuoted(source)} to ${shellQuoted(target)}: Directory not empty`);
			continue;
		}
		const backup = to ? await backedUp(desk, given, target) : undefined;
		const why = await missing(desk, from.kind === 'directory' ? plain(target) : target, async () => {
			if (to && backup === undefined) await files.rm(full);
			await files.mv(real, full);
		});
		if (why !== undefined) desk.fault(`cannot move ${shellQuoted(source)} to ${shellQuoted(target)}: ${why}`);
		else {
			plan.made.add(full);
			if (given.has('v'))
				desk.write(
					`renamed ${shellQuoted(source)} -> ${shellQuoted(target)}${backup === undefined ? '' : ` (backup: ${shellQuoted(backup)})`}\n`,
				);
		}
	}
}

export async function install(desk: Desk): Promise<void> {
	const given = desk.options('bcCdDg:m:o:psS:t:TvZ', [
		...BACKUP,
		'compare>C',
		'context?>Z',
		'directory>d',
		'group=>g',
		'mode=>m',
		'no-target-directory>T',
		'owner=>o',
		'preserve-context',
		'preserve-timestamps>p',
		'strip>s',
		'strip-program=',
		'target-directory=>t',
		'verbose>v',
	]);
	const { files } = desk.shell;
	const word = given.value('m') ?? '755';
	const change = modeChange(word);
	if (!change) throw new Leave(`install: invalid mode ${quote(desk, word)}\n`);
	const give = async (path: string): Promise<void> => {
		await attempt(() => files.chmod(desk.resolve(path), change(0, false)));
		const [user, group] = [given.value('o'), given.value('g')];
		if (user === undefined && group === undefined) return;
		const id = async (name: string | undefined, file: string, what: string): Promise<number | undefined> => {
			if (name === undefined || /^\d+$/.test(name)) return name === undefined ? undefined : Number(name);
			const text = (await files.exists(file)) ? await files.readFile(file) : '';
			const row = text.split('\n').find((line) => line.startsWith(`${name}:`));
			if (!row) throw new Leave(`install: invalid ${what} ${quote(desk, name)}\n`);
			return Number(row.split(':')[2]);
		};
		const why = files.chown(
			desk.resolve(path),
			await id(user, '/etc/passwd', 'user'),
			await id(group, '/etc/group', 'group'),
			[user, group],
		);
		if (why !== undefined) desk.fault(`cannot change ownership of ${shellQuoted(path)}: ${why}`);
	};
	const folders = async (path: string): Promise<boolean> => {
		const steps = plain(path).split('/');
		for (let i = 0; i < steps.length; i++) {
			const at = steps.slice(0, i + 1).join('/') || '/';
			const there = await look(desk, at, true);
			if (there?.kind === 'directory') continue;
			const why = there
				? i < steps.length - 1
					? 'Not a directory'
					: 'File exists'
				: await attempt(() => files.mkdir(desk.resolve(at)));
			if (why !== undefined) {
				desk.fault(`cannot create directory ${quote(desk, at)}: ${why}`);
				return false;
			}
			if (given.has('v')) desk.write(`install: creating directory ${shellQuoted(at)}\n`);
		}
		return true;
	};
	if (given.has('d')) {
		if (given.operands.length === 0) throw desk.usage('missing file operand');
		for (const path of given.operands) if (await folders(path)) await give(path);
		return;
	}
	const target = given.operands.at(-1);
	if (given.has('D')) {
		const folder =
			given.value('t') ??
			(given.operands.length > 1 && target!.includes('/') ? target!.slice(0, target!.lastIndexOf('/')) : '');
		if (folder !== '' && !(await folders(folder))) return;
	}
	const goal = await goalOf(desk, given);
	const plan: Plan = {
		given,
		recursive: false,
		follow: 'all',
		keepsMode: false,
		keepsTime: given.has('p'),
		keepsOwner: false,
		clash: undefined,
		verb: '',
		made: new Set(),
	};
	for (const source of goal.sources) {
		const path = goal.inside ? within(goal.target, lastOf(source)) : goal.target;
		const there = await look(desk, source, true);
		if (there?.kind === 'directory') {
			desk.fault(`omitting directory ${shellQuoted(source)}`);
			continue;
		}
		const before = desk.code;
		desk.code = 0;
		if (
			there &&
			(await look(desk, path, true))?.kind === 'file' &&
			!given.has('b') &&
			!(await same(desk, source, path))
		)
			await attempt(() => files.rm(desk.resolve(path)));
		await copyOne(desk, plan, source, path, 0);
		if (desk.code === 0) await give(path);
		desk.code ||= before;
	}
}
