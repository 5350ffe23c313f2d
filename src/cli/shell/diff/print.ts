/** A difference as text: normal, context, unified, scripts for ed and RCS (diffutils src/{normal,context,ed}.c @ 3.8). */
import type { Change } from './compare.ts';

/** Lines of a file, of octets; `open` when no line break ends the last. */
export interface Side {
	readonly name: string;
	readonly lines: readonly string[];
	readonly open: boolean;
	/** Microseconds since 1970. */
	readonly changed: number;
	/** What stands for its name and time in headers (`--label`). */
	readonly label?: string | undefined;
}

export interface Style {
	/** Lines around a change. */
	readonly around: number;
	/** Between the mark and the line. */
	readonly tab: string;
	/** A line as it is shown (`-t`). */
	readonly shown: (line: string) => string;
	/** Which lines are headings that a hunk says it stands under (`-p`, `-F`). */
	readonly heading: ((line: string) => boolean) | undefined;
	readonly stamp: (changed: number) => string;
	readonly colour: boolean;
}

type Colour = 'bold' | 'number' | 'gone' | 'come' | undefined;
const CODES = { bold: '1', number: '36', gone: '31', come: '32' } as const;

const paint = (text: string, colour: Colour, { colour: on }: Style): string =>
	on && colour ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;

function lineOf(mark: string, side: Side, at: number, style: Style, colour?: Colour): string {
	const line = side.lines[at]!;
	const text = `${paint(`${mark}${mark !== '' && (line !== '' || mark.trim() !== '') ? style.tab : ''}${style.shown(line)}`, colour, style)}\n`;
	return side.open && at === side.lines.length - 1 ? `${text}\\ No newline at end of file\n` : text;
}

/** `3,5`: from 1; of no lines, the line before. */
const range = ([from, to]: readonly [number, number]): string =>
	to - from === 1 ? String(to) : to === from ? String(from) : `${from + 1},${to}`;

export function normal(a: Side, b: Side, changes: readonly Change[], style: Style): string {
	let text = '';
	for (const { a: from, b: to } of changes) {
		const gone = from[1] > from[0];
		const come = to[1] > to[0];
		text += `${paint(`${range(from)}${gone && come ? 'c' : gone ? 'd' : 'a'}${range(to)}`, 'number', style)}\n`;
		const gap = style.tab === '' ? ' ' : '';
		for (let i = from[0]; i < from[1]; i++) text += lineOf(`<${gap}`, a, i, style, 'gone');
		if (gone && come) text += '---\n';
		for (let i = to[0]; i < to[1]; i++) text += lineOf(`>${gap}`, b, i, style, 'come');
	}
	return text;
}

interface Hunk {
	readonly changes: readonly Change[];
	readonly a: readonly [number, number];
	readonly b: readonly [number, number];
}

function hunks(a: Side, changes: readonly Change[], around: number): Hunk[] {
	const list: Hunk[] = [];
	for (let i = 0; i < changes.length; ) {
		let end = i + 1;
		while (end < changes.length && changes[end]!.a[0] - changes[end - 1]!.a[1] <= 2 * around) end++;
		const own = changes.slice(i, end);
		const before = Math.min(around, own[0]!.a[0]);
		const after = Math.min(around, a.lines.length - own.at(-1)!.a[1]);
		list.push({
			changes: own,
			a: [own[0]!.a[0] - before, own.at(-1)!.a[1] + after],
			b: [own[0]!.b[0] - before, own.at(-1)!.b[1] + after],
		});
		i = end;
	}
	return list;
}

function headingOf(a: Side, before: number, { heading }: Style): string {
	if (!heading) return '';
	for (let i = before - 1; i >= 0; i--)
		if (heading(a.lines[i]!)) return ` ${a.lines[i]!.trimStart().slice(0, 40).trimEnd()}`;
	return '';
}

const header = (mark: string, side: Side, style: Style): string =>
	`${paint(`${mark} ${side.label ?? `${side.name}\t${style.stamp(side.changed)}`}`, 'bold', style)}\n`;

export function unified(a: Side, b: Side, changes: readonly Change[], style: Style): string {
	let text = header('---', a, style) + header('+++', b, style);
	const span = ([first, last]: readonly [number, number]): string =>
		last - first === 1 ? String(last) : `${last === first ? first : first + 1},${last - first}`;
	for (const hunk of hunks(a, changes, style.around)) {
		text += `${paint(`@@ -${span(hunk.a)} +${span(hunk.b)} @@`, 'number', style)}${headingOf(a, hunk.a[0], style)}\n`;
		let [at] = hunk.a;
		const same = (to: number): void => {
			for (; at < to; at++) text += lineOf(style.tab === '' ? ' ' : '', a, at, style).replace(/^/, style.tab);
		};
		for (const change of hunk.changes) {
			same(change.a[0]);
			for (; at < change.a[1]; at++) text += lineOf('-', a, at, style, 'gone');
			for (let j = change.b[0]; j < change.b[1]; j++) text += lineOf('+', b, j, style, 'come');
		}
		same(hunk.a[1]);
	}
	return text;
}

export function context(a: Side, b: Side, changes: readonly Change[], style: Style): string {
	let text = header('***', a, style) + header('---', b, style);
	const span = ([first, last]: readonly [number, number]): string =>
		last - first <= 1 ? String(last) : `${first + 1},${last}`;
	const gap = style.tab === '' ? ' ' : '';
	for (const hunk of hunks(a, changes, style.around)) {
		const part = (side: Side, key: 'a' | 'b', alone: string, colour: Colour): string => {
			if (hunk.changes.every((change) => change[key][0] === change[key][1])) return '';
			let part = '';
			let [at] = hunk[key];
			for (const change of hunk.changes) {
				const both = change.a[0] < change.a[1] && change.b[0] < change.b[1];
				for (; at < change[key][0]; at++) part += lineOf(` ${gap}`, side, at, style);
				for (; at < change[key][1]; at++) part += lineOf(`${both ? '!' : alone}${gap}`, side, at, style, colour);
			}
			for (; at < hunk[key][1]; at++) part += lineOf(` ${gap}`, side, at, style);
			return part;
		};
		text += `***************${headingOf(a, hunk.a[0], style)}\n`;
		text += `${paint(`*** ${span(hunk.a)} ****`, 'number', style)}\n${part(a, 'a', '-', 'gone')}`;
		text += `${paint(`--- ${span(hunk.b)} ----`, 'number', style)}\n${part(b, 'b', '+', 'come')}`;
	}
	return text;
}

/** For ed, from the end to the beginning. */
export function ed(_: Side, b: Side, changes: readonly Change[]): string {
	let text = '';
	for (const { a: from, b: to } of [...changes].reverse()) {
		const gone = from[1] > from[0];
		const come = to[1] > to[0];
		text += `${range(from)}${gone && come ? 'c' : gone ? 'd' : 'a'}\n`;
		if (come) text += `${b.lines.slice(...to).join('\n')}\n.\n`;
	}
	return text;
}

/** For RCS. */
export function rcs(_: Side, b: Side, changes: readonly Change[]): string {
	let text = '';
	for (const { a: from, b: to } of changes) {
		if (from[1] > from[0]) text += `d${from[0] + 1} ${from[1] - from[0]}\n`;
		if (to[1] > to[0]) text += `a${from[1]} ${to[1] - to[0]}\n${b.lines.slice(...to).join('\n')}\n`;
	}
	return text;
}
