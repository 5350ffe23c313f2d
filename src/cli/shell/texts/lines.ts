/** Input of programs of text as it comes: files one after the other, a pipe while somebody is still writing it. */
import { type Desk, Leave } from '../coreutils/desk.ts';

/** Quotation marks of GNU's messages, by the locale (gnulib quote()). */
export function quote(desk: Desk, word: string): string {
	const { env } = desk.call.state;
	const shown = word.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
	return /utf-?8/i.test(env.get('LC_ALL') ?? env.get('LANG') ?? '')
		? `‘${shown}’`
		: `'${shown.replaceAll("'", "\\'")}'`;
}

/** A name as a shell would read it, in marks only where it needs them (gnulib quotef()). */
export const quoted = (name: string): string =>
	name === '' || /[\s'"\\$`*?[\]();&|<>~#!{}=^]/.test(name) ? shellQuoted(name) : name;

/** A name as a shell would read it, in marks always (gnulib quoteaf()). */
export const shellQuoted = (name: string): string =>
	name.includes("'") && !/["$`\\]/.test(name) ? `"${name}"` : `'${name.replaceAll("'", "'\\''")}'`;

export interface Piece {
	readonly file: string;
	/** Octets; whole lines, but for the end of a file. */
	readonly text: string;
	/** Whether it is the end of its file. */
	readonly last: boolean;
}

/** All that comes of the named files (`-`, or none: standard input); what is wrong with one is said, and the next is read. */
export async function* pieces(desk: Desk, files: readonly string[], unnamed = '-'): AsyncGenerator<Piece> {
	for (const file of files.length > 0 ? files : [unnamed]) {
		if (file !== '-' || !desk.input) {
			const found = await desk.tryRead(file);
			if ('wrong' in found) desk.fault(`${quoted(file)}: ${found.wrong}`);
			else yield { file, text: found.text, last: true };
			continue;
		}
		for (;;) {
			const text = await desk.input.lines();
			yield { file, text: text ?? '', last: text === undefined };
			if (text === undefined) break;
		}
	}
}

/** Lines without their ends, some at a time, as they come; files are joined where a line stops short. */
export async function* lineGroups(
	desk: Desk,
	files: readonly string[],
	end = '\n',
	each?: (file: string) => void,
): AsyncGenerator<readonly string[]> {
	let held = '';
	let file: string | undefined;
	for await (const piece of pieces(desk, files)) {
		if (piece.file !== file) each?.(piece.file);
		file = piece.file;
		const parts = (held + piece.text).split(end);
		held = parts.pop()!;
		if (piece.last && held !== '') {
			parts.push(held);
			held = '';
		}
		if (parts.length > 0) yield parts;
		if (piece.last) file = undefined;
	}
}

/** A file whose lines are asked for one by one. */
export interface LineSource {
	next(): Promise<string | undefined>;
}

/** @throws Leave when it cannot be read */
export async function lineSource(desk: Desk, file: string, end = '\n'): Promise<LineSource> {
	let lines: string[] = [];
	let at = 0;
	let over = false;
	let held = '';
	const take = (text: string, last: boolean): void => {
		const parts = (held + text).split(end);
		held = parts.pop()!;
		if (last && held !== '') parts.push(held);
		[lines, at, over] = [parts, 0, last];
	};
	const { input } = desk;
	if (file !== '-' || !input) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) throw new Leave(`${desk.name}: ${quoted(file)}: ${found.wrong}\n`);
		take(found.text, true);
	}
	return {
		async next() {
			while (at >= lines.length) {
				if (over || !input) return undefined;
				const text = await input.lines();
				take(text ?? '', text === undefined);
			}
			return lines[at++];
		},
	};
}

/** A whole number of an option. @throws Leave with the program's word for what is wrong */
export function numberIn(
	desk: Desk,
	word: string,
	least: number,
	most: number,
	what: string,
	units = '',
	code = 1,
): number {
	const [, digits, unit = '', kind = ''] = /^\s*\+?(-?\d+)([a-zA-Z]?)(B|iB)?$/.exec(word) ?? [];
	const powers = 'KMGTPE';
	const power = powers.indexOf(unit.toUpperCase()) + 1;
	const known = unit === '' || (units.includes(unit) && (unit === 'b' || power > 0));
	if (digits === undefined || !known) throw new Leave(`${desk.name}: ${what}: ${quote(desk, word)}\n`, code);
	const value = Number(digits) * (unit === 'b' ? 512 : unit === '' ? 1 : kind === 'B' ? 1000 ** power : 1024 ** power);
	if (value >= least && value <= most) return value;
	const wide = Math.abs(value) > 2 ** 31 ? 'Value too large for defined data type' : 'Numerical result out of range';
	throw new Leave(`${desk.name}: ${what}: ${quote(desk, word)}${least === 0 && value < 0 ? '' : `: ${wide}`}\n`, code);
}
