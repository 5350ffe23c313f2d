/** What the editor's keys do to a text. It knows no DOM. Lines and columns count from 1, places from 0. */

export const INDENT = '  ';

/** Characters an editor takes. A file that is larger is not opened either (cli/editor). */
export const MOST = 1_000_000;

/** A change: `insert` takes the place of what stands from `from` to `to`; the selection afterwards. */
export interface Change {
	readonly from: number;
	readonly to: number;
	readonly insert: string;
	readonly start: number;
	readonly end: number;
}

export const lineStart = (text: string, at: number): number => (at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1);

/** Line and column of a place. */
export function positionOf(text: string, at: number): { readonly line: number; readonly column: number } {
	let line = 1;
	for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
	return { line, column: at - lineStart(text, at) + 1 };
}

/** The place of a line and column; the nearest one there is. */
export function placeOf(text: string, line: number, column = 1): number {
	let start = 0;
	for (let n = 1; n < line; n++) {
		const next = text.indexOf('\n', start);
		if (next < 0) break;
		start = next + 1;
	}
	const end = text.indexOf('\n', start);
	return Math.min(start + column - 1, end < 0 ? text.length : end);
}

export const lineCount = (text: string): number => text.split('\n').length;

/** The numbers of a text's lines, one below the other: those before a line, that line's, and those behind it. */
export function gutterOf(text: string, line?: number): readonly [string, string, string] {
	const numbers = Array.from({ length: lineCount(text) }, (_, i) => i + 1);
	const at = line && line <= numbers.length ? line : numbers.length + 1;
	return [numbers.slice(0, at - 1), numbers.slice(at - 1, at), numbers.slice(at)].map((part) => part.join('\n')) as [
		string,
		string,
		string,
	];
}

/** Tab: blanks up to the next indent, or all selected lines one indent to the right. */
export function indent(text: string, start: number, end: number): Change {
	if (!text.slice(start, end).includes('\n')) {
		const insert = INDENT.slice((start - lineStart(text, start)) % INDENT.length);
		return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
	}
	return lines(text, start, end, (line) => (line === '' ? line : INDENT + line));
}

/** Shift-Tab: all selected lines one indent to the left. */
export const outdent = (text: string, start: number, end: number): Change =>
	lines(text, start, end, (line) => line.replace(/^ {1,2}|^\t/, ''));

function lines(text: string, start: number, end: number, change: (line: string) => string): Change {
	const from = lineStart(text, start);
	// A selection that ends where a line begins does not have that line.
	const last = end > start && text[end - 1] === '\n' ? end - 1 : end;
	const next = text.indexOf('\n', last);
	const to = next < 0 ? text.length : next;
	const before = text.slice(from, to).split('\n');
	const after = before.map(change);
	const insert = after.join('\n');
	const moved = after[0]!.length - before[0]!.length;
	const begin = Math.max(from, start + moved);
	return { from, to, insert, start: begin, end: Math.max(begin, end + insert.length - (to - from)) };
}

/** Enter: the next line begins where this one does, and further in behind a colon. */
export function newLine(text: string, start: number, end: number): Change {
	const line = text.slice(lineStart(text, start), start);
	const begun = /^[ \t]*(?:- )?/.exec(line)![0];
	const deeper = /:\s*$/.test(line) && line.trim() !== '' ? INDENT : '';
	const insert = `\n${begun.replace('- ', INDENT)}${deeper}`;
	return { from: start, to: end, insert, start: start + insert.length, end: start + insert.length };
}

/** The next place of a text behind `from`, from the beginning again at the end; letters of either case. */
export function findNext(text: string, part: string, from: number): number | undefined {
	if (part === '') return undefined;
	const all = text.toLowerCase();
	const wanted = part.toLowerCase();
	const found = all.indexOf(wanted, from);
	const at = found < 0 ? all.indexOf(wanted) : found;
	return at < 0 ? undefined : at;
}

/** What vi's users type after a colon. */
export type Command =
	| { readonly save: boolean; readonly leave: boolean; readonly force: boolean }
	| { readonly line: number };

export function commandOf(typed: string): Command | undefined {
	const word = typed.trim().replace(/^:/, '');
	if (/^\d+$/.test(word)) return { line: Number(word) };
	const known = /^(w|wq|x|q)a?(!?)$/.exec(word);
	if (!known) return undefined;
	const name = known[1]!;
	return { save: name !== 'q', leave: name !== 'w', force: known[2] === '!' };
}
