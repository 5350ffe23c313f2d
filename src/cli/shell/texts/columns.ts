/** fold, expand and unexpand (coreutils src/{fold,expand,unexpand,expand-common}.c @ v8.32): an octet is a column. */
import { type Desk, type Given, Leave } from '../coreutils/desk.ts';
import { numberIn, pieces, quote } from './lines.ts';

/** Where the next character of a line would stand, after one. */
const after = (column: number, char: string, bytes: boolean): number => {
	if (bytes) return column + 1;
	if (char === '\b') return Math.max(0, column - 1);
	if (char === '\r') return 0;
	return char === '\t' ? column + 8 - (column % 8) : column + 1;
};

export async function fold(desk: Desk): Promise<void> {
	const old = desk.args.findIndex((word) => /^-\d+$/.test(word));
	if (old >= 0 && !desk.args.slice(0, old).includes('--')) desk.args.splice(old, 1, '-w', desk.args[old]!.slice(1));
	const given = desk.options('bsw:', ['bytes>b', 'spaces>s', 'width=>w']);
	const wide = given.value('w');
	const width = wide === undefined ? 80 : numberIn(desk, wide, 1, 2 ** 53, 'invalid number of columns');
	const bytes = given.has('b');
	let line = '';
	let column = 0;
	for await (const { text, last } of pieces(desk, given.operands)) {
		let out = '';
		for (const char of text) {
			if (char === '\n') {
				out += `${line}\n`;
				[line, column] = ['', 0];
				continue;
			}
			for (;;) {
				const next = after(column, char, bytes);
				if (next <= width) {
					line += char;
					column = next;
					break;
				}
				const space = given.has('s') ? Math.max(line.lastIndexOf(' '), line.lastIndexOf('\t')) : -1;
				if (space >= 0) {
					out += `${line.slice(0, space + 1)}\n`;
					line = line.slice(space + 1);
					column = 0;
					for (const rest of line) column = after(column, rest, bytes);
				} else if (line === '') {
					line = char;
					column = next;
					break;
				} else {
					out += `${line}\n`;
					[line, column] = ['', 0];
				}
			}
		}
		if (last && line !== '') {
			out += line;
			[line, column] = ['', 0];
		}
		if (out !== '') desk.write(out);
	}
}

/** Where tabs lead to. */
interface Stops {
	/** The next one behind a column; undefined behind the last one. */
	next(column: number): number | undefined;
}

function stopsOf(desk: Desk, given: Given): Stops {
	const list: number[] = [];
	let every: number | undefined;
	let plus: number | undefined;
	for (const [name, value] of given.all) {
		if (name !== 't') continue;
		for (const word of value.split(/[,\s]+/).filter(Boolean)) {
			const [, kind = '', digits] = /^([/+]?)(\d+)$/.exec(word) ?? [];
			if (digits === undefined) {
				if (/^[/+]?$/.test(word)) continue;
				const rest = word.replace(/^[/+]?\d*/, '');
				if (/^[/+]/.test(rest))
					throw new Leave(`${desk.name}: '${rest[0]}' specifier not at start of number: ${quote(desk, rest)}\n`);
				throw new Leave(`${desk.name}: tab size contains invalid character(s): ${quote(desk, rest)}\n`);
			}
			const size = Number(digits);
			if (size > 2 ** 53) throw new Leave(`${desk.name}: tab stop is too large ${quote(desk, digits)}\n`);
			if (kind === '/') every = size;
			else if (kind === '+') plus = size;
			else list.push(size);
		}
	}
	for (const [i, stop] of list.entries()) {
		if (stop === 0) throw new Leave(`${desk.name}: tab size cannot be 0\n`);
		if (i > 0 && stop <= list[i - 1]!) throw new Leave(`${desk.name}: tab sizes must be ascending\n`);
	}
	if (every !== undefined && plus !== undefined)
		throw new Leave(`${desk.name}: '/' specifier is mutually exclusive with '+'\n`);
	if (list.length === 0) {
		const size = every || plus || 8;
		return { next: (column) => column + size - (column % size) };
	}
	if (list.length === 1 && !every && !plus) {
		const size = list[0]!;
		return { next: (column) => column + size - (column % size) };
	}
	const end = list.at(-1)!;
	return {
		next(column) {
			const stop = list.find((at) => at > column);
			if (stop !== undefined) return stop;
			if (every) return column + every - (column % every);
			return plus ? column + plus - ((column - end) % plus) : undefined;
		},
	};
}

/** `-4` and `-1,9`: tab stops as they were given of old. */
function oldStops(desk: Desk): void {
	for (const [i, word] of desk.args.entries()) {
		if (word === '--') return;
		if (/^-\d[\d,]*$/.test(word)) desk.args[i] = `--tabs=${word.slice(1)}`;
	}
}

export async function expand(desk: Desk): Promise<void> {
	oldStops(desk);
	const given = desk.options('it:', ['initial>i', 'tabs=>t']);
	const stops = stopsOf(desk, given);
	let column = 0;
	let initial = true;
	for await (const { text } of pieces(desk, given.operands)) {
		let out = '';
		for (const char of text) {
			if (char === '\n') {
				[column, initial] = [0, true];
				out += char;
				continue;
			}
			if (char === '\t' && initial) {
				const next = stops.next(column) ?? column + 1;
				out += ' '.repeat(next - column);
				column = next;
				continue;
			}
			if (char === '\b') column = Math.max(0, column - 1);
			else if (char === '\t') column = stops.next(column) ?? column + 1;
			else column++;
			if (given.has('i') && char !== ' ' && char !== '\t') initial = false;
			out += char;
		}
		if (out !== '') desk.write(out);
	}
}

/** One line's blanks, held back until it is known whether they become tabs. */
class Blanks {
	readonly #stops: Stops;
	readonly #all: boolean;
	#column = 0;
	#held: string[] = [];
	/** Whether the first that is held stands by itself in front of a tab stop. */
	#alone = false;
	/** Whether a blank came last. */
	#blank = true;
	#converts = true;

	constructor(stops: Stops, all: boolean) {
		this.#stops = stops;
		this.#all = all;
	}

	/** What is to be written now that this came. */
	take(char: string): string {
		if (!this.#converts) return char;
		const blank = char === ' ' || char === '\t';
		let shown = char;
		if (blank) {
			const next = this.#stops.next(this.#column);
			if (next === undefined) this.#converts = false;
			else {
				if (char === '\t') {
					this.#column = next;
					if (this.#held.length > 0) this.#held[0] = '\t';
				} else {
					this.#column++;
					const atStop = this.#column === next;
					if (!this.#blank || !atStop) {
						this.#alone ||= atStop;
						this.#held.push(char);
						this.#blank = true;
						return '';
					}
					shown = '\t';
					this.#held[0] = '\t';
				}
				this.#held.length = this.#alone ? 1 : 0;
			}
		} else if (char === '\b') this.#column = Math.max(0, this.#column - 1);
		else this.#column++;
		const before = this.rest();
		this.#blank = blank;
		this.#converts &&= this.#all || blank;
		return before + shown;
	}

	/** What is held, when nothing follows. */
	rest(): string {
		if (this.#held.length > 1 && this.#alone) this.#held[0] = '\t';
		const text = this.#held.join('');
		this.#held = [];
		this.#alone = false;
		return text;
	}
}

export async function unexpand(desk: Desk): Promise<void> {
	oldStops(desk);
	const given = desk.options('at:', ['all>a', 'first-only', 'tabs=>t']);
	const stops = stopsOf(desk, given);
	const all = !given.has('first-only') && (given.has('a') || given.has('t'));
	let blanks = new Blanks(stops, all);
	for await (const { text } of pieces(desk, given.operands)) {
		let out = '';
		for (const char of text) {
			out += blanks.take(char);
			if (char === '\n') blanks = new Blanks(stops, all);
		}
		if (out !== '') desk.write(out);
	}
	desk.write(blanks.rest());
}
