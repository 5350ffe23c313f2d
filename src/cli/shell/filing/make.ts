/** mkdir, touch, ln and link (coreutils src/{mkdir,touch,ln,link}.c @ v8.32). */
import { type Desk, type Given, Leave } from '../coreutils/desk.ts';
import { instantOf } from '../date/format.ts';
import { parseDate } from '../date/parse.ts';
import { zoneOf } from '../date/zone.ts';
import {
	absent,
	agreed,
	attempt,
	backedUp,
	goalOf,
	lastOf,
	look,
	plain,
	quote,
	same,
	shellQuoted,
	UMASK,
	within,
} from './common.ts';
import { modeChange } from './modes.ts';

export async function mkdir(desk: Desk): Promise<void> {
	const given = desk.options('m:pvZ', ['mode=>m', 'parents>p', 'verbose>v', 'context?>Z']);
	if (given.operands.length === 0) throw desk.usage('missing operand');
	const word = given.value('m');
	const change = word === undefined ? undefined : modeChange(word);
	if (word !== undefined && !change) throw new Leave(`mkdir: invalid mode ${quote(desk, word)}\n`);
	const { files } = desk.shell;
	const make = async (path: string, mode: number): Promise<boolean> => {
		const full = desk.resolve(path);
		const why = (await files.exists(full).catch(() => false))
			? 'File exists'
			: (await look(desk, path, false))
				? 'File exists'
				: ((await missingAbove(desk, path)) ??
					(await attempt(async () => {
						await files.mkdir(full);
						if (mode !== 0o755) await files.chmod(full, mode);
					})));
		if (why === undefined) {
			if (given.has('v')) desk.write(`mkdir: created directory ${shellQuoted(path)}\n`);
			return true;
		}
		desk.fault(`cannot create directory ${quote(desk, path)}: ${why}`);
		return false;
	};
	for (const path of given.operands) {
		const mode = change ? change(0o777, true) : 0o777 & ~UMASK;
		if (!given.has('p')) {
			await make(path, mode);
			continue;
		}
		const steps = plain(path).split('/');
		for (let i = 0; i < steps.length; i++) {
			const at = steps.slice(0, i + 1).join('/') || '/';
			const there = await look(desk, at, true);
			if (there?.kind === 'directory') continue;
			if (there) {
				desk.fault(
					`cannot create directory ${quote(desk, at)}: ${i < steps.length - 1 ? 'Not a directory' : 'File exists'}`,
				);
				break;
			}
			if (!(await make(at, i === steps.length - 1 ? mode : 0o755))) break;
		}
	}
}

/** Why nothing can be made at a path: what is above it is missing, or is no directory. */
async function missingAbove(desk: Desk, path: string): Promise<string | undefined> {
	const full = desk.resolve(path);
	const above = full.slice(0, full.lastIndexOf('/')) || '/';
	return (await look(desk, above, true))?.kind === 'directory' ? undefined : absent(desk, plain(path));
}

/** `[[CC]YY]MMDDhhmm[.ss]` in seconds since 1970. */
function posixTime(word: string, now: number): number | undefined {
	const [, century = '', year = '', month, day, hour, minute, second = '0'] =
		/^(\d\d)??(\d\d)??(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(word) ?? [];
	if (month === undefined) return undefined;
	const short = century !== '' && year === '' ? century : year;
	const full =
		short === ''
			? new Date(now * 1000).getUTCFullYear()
			: century !== '' && year !== ''
				? Number(century + year)
				: Number(short) + (Number(short) < 69 ? 2000 : 1900);
	const parts = [Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
	if (parts[0] > 11 || parts[1] > 31 || parts[2] > 23 || parts[3] > 59 || parts[4] > 60) return undefined;
	return Date.UTC(full, ...parts) / 1000;
}

export async function touch(desk: Desk): Promise<void> {
	const given = desk.options('acd:fhmr:t:', ['date=>d', 'no-create>c', 'no-dereference>h', 'reference=>r', 'time=']);
	const kind = given.value('time');
	if (kind !== undefined && !/^(?:atime|access|use|mtime|modify)$/.test(kind)) {
		const words = (...list: string[]): string => `  - ${list.map((word) => quote(desk, word)).join(', ')}\n`;
		throw new Leave(
			`touch: invalid argument ${quote(desk, kind)} for ${quote(desk, '--time')}\nValid arguments are:\n${words('atime', 'access', 'use')}${words('mtime', 'modify')}Try 'touch --help' for more information.\n`,
		);
	}
	const now = desk.shell.now();
	let at = now;
	const [reference, date, stamp] = [given.value('r'), given.value('d'), given.value('t')];
	if (stamp !== undefined && (reference !== undefined || date !== undefined))
		throw desk.usage('cannot specify times from more than one source');
	if (reference !== undefined) {
		const known = await look(desk, reference, !given.has('h'));
		if (!known)
			throw new Leave(
				`touch: failed to get attributes of ${shellQuoted(reference)}: ${await absent(desk, reference)}\n`,
			);
		at = known.mtime.getTime() / 1000;
	}
	if (date !== undefined) {
		const zone = zoneOf(desk.call.state.env.get('TZ'), true);
		const read = parseDate(date, instantOf(at * 1_000_000), zone);
		if (read === undefined) throw new Leave(`touch: invalid date format ${quote(desk, date)}\n`);
		at = Number(read.seconds) + read.nanos / 1e9;
	}
	if (stamp !== undefined) {
		const read = posixTime(stamp, now);
		if (read === undefined) throw new Leave(`touch: invalid date format ${quote(desk, stamp)}\n`);
		at = read;
	}
	if (given.operands.length === 0) throw desk.usage('missing file operand');
	const { files } = desk.shell;
	// Files have one time here, that of their last change: another one is not kept.
	const accessOnly = !given.has('m') && (given.has('a') || /^(?:a|u)/.test(kind ?? '')) && !/^m/.test(kind ?? '');
	for (const path of given.operands) {
		const full = desk.resolve(path);
		const there = await look(desk, path, true);
		const fault = (why: string): void => desk.fault(`cannot touch ${shellQuoted(path)}: ${why}`);
		if (!there) {
			if (given.has('c') || given.has('h')) continue;
			const why =
				(await missingAbove(desk, path)) ??
				(path.endsWith('/') ? await absent(desk, path) : await attempt(() => files.writeFile(full, '')));
			if (why !== undefined) {
				if (path.endsWith('/') && why === 'No such file or directory')
					desk.fault(`setting times of ${shellQuoted(path)}: ${why}`);
				else fault(why);
				continue;
			}
			if (at === now) continue;
		}
		if (accessOnly) continue;
		const time = new Date(at * 1000);
		const why = await attempt(() => files.utimes(full, time, time));
		if (why !== undefined)
			there
				? desk.fault(
						`${why === 'Permission denied' ? 'cannot touch' : 'setting times of'} ${shellQuoted(path)}: ${why}`,
					)
				: fault(why);
	}
}

const LINKS = [
	'backup?',
	'directory>d',
	'force>f',
	'interactive>i',
	'logical>L',
	'no-dereference>n',
	'physical>P',
	'relative>r',
	'symbolic>s',
	'suffix=>S',
	'target-directory=>t',
	'no-target-directory>T',
	'verbose>v',
];

export async function ln(desk: Desk): Promise<void> {
	const given = desk.options('bdfFiLnPrsS:t:Tv', LINKS);
	if (given.has('r') && !given.has('s')) throw new Leave('ln: cannot do --relative without --symbolic\n');
	const { operands } = given;
	if (operands.length === 1 && !given.has('t') && !given.has('T')) {
		await linkOne(desk, given, operands[0]!, within('.', lastOf(operands[0]!)));
		return;
	}
	const target = operands.at(-1);
	// With -n a link to a directory is the link.
	const asFile =
		given.has('n') &&
		operands.length === 2 &&
		!given.has('t') &&
		target !== undefined &&
		(await look(desk, target, false))?.kind === 'link';
	const goal = asFile ? { sources: operands.slice(0, 1), target: target!, inside: false } : await goalOf(desk, given);
	for (const source of goal.sources)
		await linkOne(desk, given, source, goal.inside ? within(goal.target, lastOf(source)) : goal.target);
}

/** The way from a directory to a path. */
function way(from: string, to: string): string {
	const [a, b] = [from, to].map((path) => path.split('/').filter(Boolean)) as [string[], string[]];
	let i = 0;
	while (i < a.length && i < b.length && a[i] === b[i]) i++;
	return [...a.slice(i).map(() => '..'), ...b.slice(i)].join('/') || '.';
}

async function linkOne(desk: Desk, given: Given, source: string, path: string): Promise<void> {
	const { files } = desk.shell;
	const symbolic = given.has('s');
	const what = `failed to create ${symbolic ? 'symbolic' : 'hard'} link`;
	const full = desk.resolve(path);
	if (!symbolic) {
		const stat = await look(desk, source, given.has('L'));
		if (!stat) {
			desk.fault(`failed to access ${shellQuoted(source)}: ${await absent(desk, source)}`);
			return;
		}
		if (stat.kind === 'directory') {
			desk.fault(`${source}: hard link not allowed for directory`);
			return;
		}
	}
	const there = await look(desk, path, false);
	if (there) {
		const replaces = given.has('f') || given.has('i') || given.has('b') || given.has('backup');
		if (replaces && there.kind === 'directory') {
			desk.fault(`${path}: cannot overwrite directory`);
			return;
		}
		if (replaces && !symbolic && (await same(desk, source, path, false))) {
			desk.fault(`${shellQuoted(source)} and ${shellQuoted(path)} are the same file`);
			return;
		}
		if (given.has('i') && !(await agreed(desk, `ln: replace ${shellQuoted(path)}? `))) return;
		const backup = await backedUp(desk, given, path);
		if (backup === undefined && (given.has('f') || given.has('i'))) {
			const why = await attempt(() => files.rm(full));
			if (why !== undefined) {
				desk.fault(`cannot remove ${shellQuoted(path)}: ${why}`);
				return;
			}
		}
	}
	const folder = full.slice(0, full.lastIndexOf('/')) || '/';
	const text = given.has('r')
		? way(
				await files.realpath(folder).catch(() => folder),
				await files.realpath(desk.resolve(source)).catch(() => desk.resolve(source)),
			)
		: source;
	const why =
		(await look(desk, path, false)) !== undefined
			? 'File exists'
			: ((await missingAbove(desk, path)) ??
				(await attempt(async () => {
					if (symbolic) await files.symlink(text, full);
					else {
						const real = desk.resolve(source);
						const itself = await look(desk, source, false);
						if (itself?.kind === 'link' && !given.has('L')) await files.symlink(await files.readlink(real), full);
						else await files.link(real, full);
					}
				})));
	if (why !== undefined)
		desk.fault(
			symbolic || why === 'File exists'
				? `${what} ${shellQuoted(path)}: ${why}`
				: `${what} ${shellQuoted(path)} => ${shellQuoted(source)}: ${why}`,
		);
	else if (given.has('v')) desk.write(`${shellQuoted(path)} ${symbolic ? '->' : '=>'} ${shellQuoted(text)}\n`);
}

export async function link(desk: Desk): Promise<void> {
	const given = desk.options('');
	const [source, path, extra] = given.operands;
	if (source === undefined) throw desk.usage('missing operand');
	if (path === undefined) throw desk.usage(`missing operand after ${quote(desk, source)}`);
	if (extra !== undefined) throw desk.usage(`extra operand ${quote(desk, extra)}`);
	const stat = await look(desk, source, false);
	const why = !stat
		? await absent(desk, source)
		: stat.kind === 'directory'
			? 'Operation not permitted'
			: (await look(desk, path, false))
				? 'File exists'
				: ((await missingAbove(desk, path)) ??
					(await attempt(() => desk.shell.files.link(desk.resolve(source), desk.resolve(path)))));
	if (why !== undefined)
		throw new Leave(`link: cannot create link ${shellQuoted(path)} to ${shellQuoted(source)}: ${why}\n`);
}
