/** What cp, mv and install have in common: one file to its place (coreutils src/copy.c @ v8.32). */
import type { Desk, Given } from '../coreutils/desk.ts';
import {
	absent,
	agreed,
	attempt,
	backedUp,
	look,
	plain,
	type Stat,
	same,
	shellQuoted,
	UMASK,
	within,
} from './common.ts';

/** What a run of cp, mv or install is to do. */
export interface Plan {
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
export async function inTheWay(
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

/** Copies one file, or a directory with what is in it; faults are told. @param depth below what was named */
export async function copyOne(desk: Desk, plan: Plan, source: string, target: string, depth: number): Promise<void> {
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
export async function missing(desk: Desk, target: string, make: () => Promise<unknown>): Promise<string | undefined> {
	const full = desk.resolve(target);
	const above = full.slice(0, full.lastIndexOf('/')) || '/';
	if ((await look(desk, above, true))?.kind !== 'directory') return absent(desk, plain(target));
	if (target.endsWith('/') && (await look(desk, target, true))?.kind !== 'directory') {
		return 'Not a directory';
	}
	return attempt(make);
}

/** Of `-i`, `-n` and `-f` the last counts. */
export const clashOf = (given: Given): Plan['clash'] => {
	const last = given.all.findLast(([name]) => name === 'i' || name === 'n' || name === 'f')?.[0];
	return last === 'i' ? 'ask' : last === 'n' ? 'keep' : last === 'f' ? 'force' : undefined;
};
