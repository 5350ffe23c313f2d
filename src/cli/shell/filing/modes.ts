/** Modes of files in words (gnulib modechange.c, coreutils src/chmod.c @ v8.32). */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { absent, attempt, look, quote, quoted, type Stat, shellQuoted, UMASK, within } from './common.ts';

export type Change = (mode: number, directory: boolean) => number;

const WHO: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

/** `644` or `u+x,g=`; undefined of what is no mode. */
export function modeChange(word: string, umask = UMASK): Change | undefined {
	if (/^[0-7]{1,5}$/.test(word)) {
		const value = Number.parseInt(word, 8);
		if (value > 0o7777) return undefined;
		// Digits leave the special bits of a directory, unless there are five of them.
		return (mode, directory) => (directory && word.length < 5 ? value | (mode & 0o6000) : value);
	}
	const steps: Change[] = [];
	for (const clause of word.split(',')) {
		const [, who = '', actions = ''] = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]|[0-7]+))+)$/.exec(clause) ?? [];
		if (actions === '') return undefined;
		const all = [...who].reduce((mask, letter) => mask | WHO[letter]!, 0);
		for (const [, op = '', what = ''] of actions.matchAll(/([-+=])([rwxXst]+|[ugo]|[0-7]+|)/g))
			steps.push((mode, directory) => {
				const mask = all === 0 ? 0o7777 & ~umask : all;
				let bits = 0;
				if (/^[0-7]+$/.test(what)) bits = Number.parseInt(what, 8);
				else if (/^[ugo]$/.test(what)) {
					const part = (mode >> { u: 6, g: 3, o: 0 }[what as 'u']) & 7;
					bits = part | (part << 3) | (part << 6);
				} else
					for (const letter of what) {
						if (letter === 'r') bits |= 0o444;
						else if (letter === 'w') bits |= 0o222;
						else if (letter === 'x' || (letter === 'X' && (directory || (mode & 0o111) !== 0))) bits |= 0o111;
						else if (letter === 's') bits |= 0o6000;
						else if (letter === 't') bits |= 0o1000;
					}
				bits &= /^[0-7]/.test(what) ? 0o7777 : mask;
				if (op === '+') return mode | bits;
				if (op === '-') return mode & ~bits;
				const cleared = all === 0 ? (directory ? 0o1777 : 0o7777) : mask & (directory ? 0o1777 : 0o7777);
				return (mode & ~cleared) | bits;
			});
	}
	return (mode, directory) => steps.reduce((now, step) => step(now, directory), mode);
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** `rw-r--r--`. */
export function modeWords(mode: number): string {
	const three = (shift: number, special: number, set: string, bare: string): string => {
		const part = (mode >> shift) & 7;
		const runs = (part & 1) !== 0;
		const x = (mode & special) !== 0 ? (runs ? set : bare) : runs ? 'x' : '-';
		return `${part & 4 ? 'r' : '-'}${part & 2 ? 'w' : '-'}${x}`;
	};
	return `${three(6, 0o4000, 's', 'S')}${three(3, 0o2000, 's', 'S')}${three(0, 0o1000, 't', 'T')}`;
}

export async function chmod(desk: Desk): Promise<void> {
	// `-x` and `-w,o+r` are modes, whatever options look like.
	const at = desk.args.findIndex((word) => /^-[rwxXstugoa,=+0-7][-rwxXstugoa,=+0-7]*$/.test(word));
	const minus = at < 0 || desk.args.slice(0, at).includes('--') ? undefined : desk.args.splice(at, 1)[0];
	const given = desk.options('Rcfv', [
		'changes>c',
		'recursive>R',
		'no-preserve-root',
		'preserve-root',
		'quiet>f',
		'silent>f',
		'reference=',
		'verbose>v',
	]);
	const reference = given.value('reference');
	const words = [...given.operands];
	const word = reference !== undefined ? undefined : (minus ?? words.shift());
	if (word === undefined && reference === undefined) throw desk.usage('missing operand');
	if (words.length === 0)
		throw desk.usage(word === undefined || minus ? 'missing operand' : `missing operand after ${quote(desk, word)}`);
	let change: Change | undefined;
	if (reference !== undefined) {
		const known = await look(desk, reference, true);
		if (!known)
			throw new Leave(
				`chmod: failed to get attributes of ${shellQuoted(reference)}: ${await absent(desk, reference)}\n`,
			);
		change = () => known.mode;
	} else change = modeChange(word!);
	const naive = minus === undefined ? undefined : modeChange(minus, 0);
	if (!change) throw desk.usage(`invalid mode: ${quote(desk, word!)}`);
	const { files } = desk.shell;
	const silent = given.has('f');
	const tell = (text: string): void => (silent ? undefined : desk.say(`chmod: ${text}\n`));
	const one = async (path: string, named: boolean): Promise<void> => {
		const itself = await look(desk, path, false);
		const stat: Stat | undefined = itself?.kind === 'link' ? await look(desk, path, true) : itself;
		if (itself?.kind === 'link' && !named) {
			if (given.has('v')) desk.write(`neither symbolic link ${shellQuoted(path)} nor referent has been changed\n`);
			return;
		}
		if (!stat) {
			desk.code = 1;
			tell(
				itself
					? `cannot operate on dangling symlink ${shellQuoted(path)}`
					: `cannot access ${shellQuoted(path)}: ${await absent(desk, path)}`,
			);
			if (given.has('v') && !itself)
				desk.write(`failed to change mode of ${shellQuoted(path)} from 0000 (---------) to 0000 (---------)\n`);
			return;
		}
		const now = change!(stat.mode, stat.kind === 'directory');
		const why = await attempt(() => files.chmod(desk.resolve(path), now));
		if (why !== undefined) {
			desk.code = 1;
			tell(`changing permissions of ${shellQuoted(path)}: ${why}`);
		}
		const [old, next] = [`${octal(stat.mode)} (${modeWords(stat.mode)})`, `${octal(now)} (${modeWords(now)})`];
		if (why !== undefined) {
			if (given.has('v')) desk.write(`failed to change mode of ${shellQuoted(path)} from ${old} to ${next}\n`);
		} else if (now !== stat.mode && (given.has('v') || given.has('c')))
			desk.write(`mode of ${shellQuoted(path)} changed from ${old} to ${next}\n`);
		else if (now === stat.mode && given.has('v')) desk.write(`mode of ${shellQuoted(path)} retained as ${next}\n`);
		const wished = naive?.(stat.mode, stat.kind === 'directory') ?? now;
		if (why === undefined && (now & ~wished) !== 0) {
			desk.code = 1;
			tell(`${quoted(path)}: new permissions are ${modeWords(now)}, not ${modeWords(wished)}`);
		}
		if (given.has('R') && stat.kind === 'directory' && itself?.kind === 'directory')
			for (const name of await files.readdir(desk.resolve(path))) await one(within(path, name), false);
	};
	for (const path of words) await one(path, true);
}
