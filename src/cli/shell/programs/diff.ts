/** `diff` as GNU's writes it: the normal format, and `-u`. just-bash's own writes neither. */
import { Output } from '../call.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { octetsOf } from '../routes.ts';
import type { Shell } from '../shell.ts';
import { formatDate } from './date.ts';
import type { OwnProgram } from './index.ts';

/** Lines of a file; `open` when no line break ends the last. */
interface Side {
	readonly name: string;
	readonly lines: readonly string[];
	readonly open: boolean;
	/** Microseconds since 1970. */
	readonly changed: number;
}

/** Lines `from`..`to` of both sides, of which one replaces the other. */
interface Change {
	readonly a: readonly [number, number];
	readonly b: readonly [number, number];
}

/** Lines beyond which two files only differ. */
const MAX_LINES = 4000;

/** Longest common subsequence, by rows from the end. */
export function changesOf(a: readonly string[], b: readonly string[]): Change[] {
	const rows: Uint16Array[] = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			rows[i]![j] = a[i] === b[j] ? rows[i + 1]![j + 1]! + 1 : Math.max(rows[i + 1]![j]!, rows[i]![j + 1]!);
		}
	}
	const changes: Change[] = [];
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			i++;
			j++;
			continue;
		}
		const [fromA, fromB] = [i, j];
		while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
			if (j >= b.length || (i < a.length && rows[i + 1]![j]! >= rows[i]![j + 1]!)) i++;
			else j++;
		}
		changes.push({ a: [fromA, i], b: [fromB, j] });
	}
	return changes;
}

/** `3,5`: 1-based; of no lines, the line before. */
const range = (from: number, to: number): string =>
	to - from === 1 ? String(to) : to === from ? String(from) : `${from + 1},${to}`;

function lineOf(mark: string, side: Side, at: number): string {
	const text = `${mark}${side.lines[at]}\n`;
	return side.open && at === side.lines.length - 1 ? `${text}\\ No newline at end of file\n` : text;
}

export function normal(a: Side, b: Side, changes: readonly Change[]): string {
	let text = '';
	for (const { a: from, b: to } of changes) {
		const gone = from[1] > from[0];
		const come = to[1] > to[0];
		text += `${range(...from)}${gone && come ? 'c' : gone ? 'd' : 'a'}${range(...to)}\n`;
		for (let i = from[0]; i < from[1]; i++) text += lineOf('< ', a, i);
		if (gone && come) text += '---\n';
		for (let i = to[0]; i < to[1]; i++) text += lineOf('> ', b, i);
	}
	return text;
}

export function unified(a: Side, b: Side, changes: readonly Change[], around: number): string {
	const stamp = ({ changed }: Side): string => formatDate('%Y-%m-%d %H:%M:%S.%N +0000', changed);
	let text = `--- ${a.name}\t${stamp(a)}\n+++ ${b.name}\t${stamp(b)}\n`;
	for (let i = 0; i < changes.length; ) {
		let end = i + 1;
		while (end < changes.length && changes[end]!.a[0] - changes[end - 1]!.a[1] <= 2 * around) end++;
		const hunk = changes.slice(i, end);
		const before = Math.min(around, hunk[0]!.a[0]);
		const after = Math.min(around, a.lines.length - hunk.at(-1)!.a[1]);
		const from = [hunk[0]!.a[0] - before, hunk.at(-1)!.a[1] + after] as const;
		const to = [hunk[0]!.b[0] - before, hunk.at(-1)!.b[1] + after] as const;
		const span = ([first, last]: readonly [number, number]): string =>
			last - first === 1 ? String(last) : `${last === first ? first : first + 1},${last - first}`;
		text += `@@ -${span(from)} +${span(to)} @@\n`;
		let at = from[0];
		for (const change of hunk) {
			for (; at < change.a[0]; at++) text += lineOf(' ', a, at);
			for (; at < change.a[1]; at++) text += lineOf('-', a, at);
			for (let j = change.b[0]; j < change.b[1]; j++) text += lineOf('+', b, j);
		}
		for (; at < from[1]; at++) text += lineOf(' ', a, at);
		i = end;
	}
	return text;
}

async function sideOf(name: string, call: ProgramCall, shell: Shell): Promise<Side | string> {
	let text: string;
	let changed = shell.core.lab.epoch * 1e6 + shell.core.lab.now;
	if (name === '-') text = new TextDecoder().decode(octetsOf(call.stdin()));
	else {
		const path = shell.files.resolvePath(call.state.cwd, name);
		if (!(await shell.files.exists(path))) return `diff: ${name}: No such file or directory\n`;
		const about = await shell.files.stat(path);
		if (about.isDirectory) return `diff: ${name}: Is a directory\n`;
		text = await shell.files.readFile(path);
		changed = about.mtime.getTime() * 1000;
	}
	const open = text !== '' && !text.endsWith('\n');
	const lines = text.split('\n');
	if (!open) lines.pop();
	return { name, lines, open, changed };
}

export const diff: OwnProgram = {
	name: 'diff',
	async run(call, shell) {
		const output = new Output(call.routes);
		const say = (text: string, code: number): Result => {
			output[code === 2 ? 'err' : 'out']({ text, binary: false });
			return output.result(code);
		};
		const flags = new Set<string>();
		const names: string[] = [];
		let around: number | undefined;
		for (let i = 0; i < call.args.length; i++) {
			const word = call.args[i]!;
			const lines = /^(?:-U|--unified=)(\d*)$/.exec(word);
			if (lines) around = Number(lines[1] || call.args[++i]);
			else if (word === '--unified') around = 3;
			else if (word === '--brief') flags.add('q');
			else if (/^--(?:color|text)/.test(word)) continue;
			else if (/^-[uqsiwba]+$/.test(word)) for (const letter of word.slice(1)) flags.add(letter);
			else if (word.startsWith('-') && word !== '-')
				return say(`diff: unrecognized option '${word}'\ndiff: Try 'diff --help' for more information.\n`, 2);
			else names.push(word);
		}
		if (names.length !== 2)
			return say(
				names.length < 2
					? `diff: missing operand after '${names[0] ?? 'diff'}'\ndiff: Try 'diff --help' for more information.\n`
					: `diff: extra operand '${names[2]}'\ndiff: Try 'diff --help' for more information.\n`,
				2,
			);
		const [a, b] = [await sideOf(names[0]!, call, shell), await sideOf(names[1]!, call, shell)];
		if (typeof a === 'string') return say(a, 2);
		if (typeof b === 'string') return say(b, 2);
		if (a.lines.length > MAX_LINES || b.lines.length > MAX_LINES) return say('diff: the files are too large\n', 2);
		const key = (side: Side): string[] =>
			side.lines.map((line, i) => {
				let text = side.open && i === side.lines.length - 1 ? `${line}\0` : line;
				if (flags.has('w')) text = text.replace(/\s+/g, '');
				else if (flags.has('b')) text = text.replace(/\s+/g, ' ').replace(/ $/, '');
				return flags.has('i') ? text.toLowerCase() : text;
			});
		const changes = changesOf(key(a), key(b));
		if (changes.length === 0) return say(flags.has('s') ? `Files ${a.name} and ${b.name} are identical\n` : '', 0);
		if (flags.has('q')) return say(`Files ${a.name} and ${b.name} differ\n`, 1);
		if (flags.has('u')) around ??= 3;
		return say(around === undefined ? normal(a, b, changes) : unified(a, b, changes, around), 1);
	},
};
