/** What programs that make, move and remove files share (coreutils v8.32). */
import { type Desk, type Given, Leave } from '../coreutils/desk.ts';
import { NO_ROOM } from '../limits.ts';
import { quote, shellQuoted } from '../texts/lines.ts';

export { quote, quoted, shellQuoted } from '../texts/lines.ts';

export interface Stat {
	readonly kind: 'file' | 'directory' | 'link';
	readonly mode: number;
	readonly size: number;
	readonly mtime: Date;
}

/** @param follow whether what a link leads to is meant; undefined when nothing is there */
export async function look(desk: Desk, path: string, follow: boolean): Promise<Stat | undefined> {
	const { files } = desk.shell;
	const full = desk.resolve(path);
	if (path === '') return undefined;
	try {
		const stat = follow ? await files.stat(full) : await files.lstat(full);
		const kind = stat.isSymbolicLink ? 'link' : stat.isDirectory ? 'directory' : 'file';
		if (path.endsWith('/') && kind === 'link') return await look(desk, path.replace(/\/+$/, ''), true);
		if (path.endsWith('/') && kind === 'file') return undefined;
		return { kind, mode: stat.mode & 0o7777, size: stat.size, mtime: stat.mtime };
	} catch {
		return undefined;
	}
}

/** Why nothing is at a path: something above it is missing, or is no directory. */
export async function absent(desk: Desk, path: string): Promise<string> {
	const full = desk.resolve(path);
	const refused = await desk.shell.files.refusal(full, 'read');
	if (refused !== undefined) return refused;
	if (path.endsWith('/') && (await look(desk, path.replace(/\/+$/, ''), true))?.kind === 'file')
		return 'Not a directory';
	for (let at = full.lastIndexOf('/'); at > 0; at = full.lastIndexOf('/', at - 1)) {
		const above = await look(desk, full.slice(0, at), true);
		if (above) return above.kind === 'directory' ? 'No such file or directory' : 'Not a directory';
	}
	return 'No such file or directory';
}

const WHY: Readonly<Record<string, string>> = {
	EACCES: 'Permission denied',
	EBUSY: 'Device or resource busy',
	EEXIST: 'File exists',
	EINVAL: 'Invalid argument',
	EISDIR: 'Is a directory',
	ELOOP: 'Too many levels of symbolic links',
	ENOENT: 'No such file or directory',
	ENOSPC: 'No space left on device',
	ENOTDIR: 'Not a directory',
	ENOTEMPTY: 'Directory not empty',
	EPERM: 'Operation not permitted',
	EROFS: 'Read-only file system',
};

/** Does something to the place's files; the kernel's words for why not. */
export async function attempt(what: () => Promise<unknown>): Promise<string | undefined> {
	try {
		await what();
		return undefined;
	} catch (error) {
		const { message } = error as Error;
		if (/byte limit exceeded/.test(message)) return NO_ROOM;
		const why = WHY[/^E[A-Z]+/.exec(message)?.[0] ?? ''];
		if (why !== undefined) return why;
		if (/quota|limit/i.test(message)) return NO_ROOM;
		throw error;
	}
}

/** Asks on standard error; whether the answer begins with a `y`. */
export async function agreed(desk: Desk, question: string): Promise<boolean> {
	desk.say(question);
	const { input } = desk;
	if (input) return /^[yY]/.test(await input.until('\n'));
	answers.set(desk, answers.get(desk) ?? desk.call.stdin().split('\n'));
	return /^[yY]/.test(answers.get(desk)!.shift() ?? '');
}
const answers = new WeakMap<Desk, string[]>();

export const plain = (path: string): string => path.replace(/(.)\/+$/, '$1');
export const lastOf = (path: string): string => plain(path).slice(plain(path).lastIndexOf('/') + 1);
export const within = (folder: string, name: string): string =>
	folder.endsWith('/') ? folder + name : `${folder}/${name}`;

/** Where the operands of cp, mv, ln and install go. */
export interface Goal {
	readonly sources: readonly string[];
	readonly target: string;
	/** Whether the target is a directory that they go into. */
	readonly inside: boolean;
}

/** @throws Leave in the words of the program */
export async function goalOf(desk: Desk, given: Given): Promise<Goal> {
	const { operands } = given;
	const folder = given.value('t');
	const { name } = desk;
	if (operands.length === 0) throw desk.usage('missing file operand');
	if (folder !== undefined) {
		if (given.has('T'))
			throw new Leave(`${name}: cannot combine --target-directory (-t) and --no-target-directory (-T)\n`);
		const there = await look(desk, folder, true);
		if (!there) throw new Leave(`${name}: failed to access ${shellQuoted(folder)}: ${await absent(desk, folder)}\n`);
		if (there.kind !== 'directory') throw new Leave(`${name}: target ${shellQuoted(folder)} is not a directory\n`);
		return { sources: operands, target: folder, inside: true };
	}
	if (operands.length === 1) throw desk.usage(`missing destination file operand after ${shellQuoted(operands[0]!)}`);
	const target = operands.at(-1)!;
	if (given.has('T')) {
		if (operands.length > 2) throw desk.usage(`extra operand ${shellQuoted(operands[2]!)}`);
		return { sources: operands.slice(0, 1), target, inside: false };
	}
	const there = await look(desk, target, true);
	const inside = there?.kind === 'directory';
	if (!there && name !== 'ln' && !target.endsWith('/') && (await absent(desk, target)) === 'Not a directory')
		throw new Leave(`${name}: cannot stat ${shellQuoted(target)}: Not a directory\n`);
	if (!inside && operands.length > 2) throw new Leave(`${name}: target ${shellQuoted(target)} is not a directory\n`);
	return { sources: operands.slice(0, -1), target, inside };
}

export const BACKUP = ['backup?', 'suffix=>S'] as const;
const CONTROLS: Readonly<Record<string, 'none' | 'simple' | 'numbered' | 'existing'>> = {
	none: 'none',
	off: 'none',
	numbered: 'numbered',
	t: 'numbered',
	existing: 'existing',
	nil: 'existing',
	simple: 'simple',
	never: 'simple',
};

/** Moves what is in the way aside, when asked to; its new name. */
export async function backedUp(desk: Desk, given: Given, path: string): Promise<string | undefined> {
	if (!given.has('b') && !given.has('backup') && !given.has('S')) return undefined;
	const word = given.value('backup') || 'existing';
	const control = CONTROLS[word];
	if (control === undefined)
		throw new Leave(
			`${desk.name}: invalid argument ${quote(desk, word)} for ${quote(desk, 'backup type')}\nTry '${desk.name} --help' for more information.\n`,
		);
	if (control === 'none') return undefined;
	const { files } = desk.shell;
	const full = desk.resolve(path);
	const folder = full.slice(0, full.lastIndexOf('/')) || '/';
	const numbers = (await files.readdir(folder))
		.map((name) => /^(.*)\.~(\d+)~$/.exec(name))
		.filter((found) => found?.[1] === lastOf(full))
		.map((found) => Number(found![2]));
	const numbered = control === 'numbered' || (control === 'existing' && numbers.length > 0);
	const other = numbered ? `${path}.~${Math.max(0, ...numbers) + 1}~` : `${path}${given.value('S') ?? '~'}`;
	await files.mv(full, desk.resolve(other));
	return other;
}

/** Whether two paths are the same file. */
export async function same(desk: Desk, a: string, b: string, follow = true): Promise<boolean> {
	const { files } = desk.shell;
	const real = async (path: string): Promise<string> => {
		const full = desk.resolve(path);
		if (follow) return files.sameFile(await files.realpath(full).catch(() => full));
		return files.sameFile(full);
	};
	return (await real(a)) === (await real(b));
}

/** Bits that are taken from what programs make. */
export const UMASK = 0o022;
