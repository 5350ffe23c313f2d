/** fmt (coreutils src/fmt.c @ v8.32): paragraphs broken where it costs least (Knuth and Plass, Breaking Paragraphs into Lines). */
import { type Desk, octets } from '../coreutils/desk.ts';
import { numberIn, shellQuoted } from './lines.ts';

interface Word {
	readonly text: string;
	/** Blanks behind it. */
	space: number;
	readonly paren: boolean;
	readonly punct: boolean;
	period: boolean;
	final: boolean;
	/** What it costs that a line begins here, the word that the next one begins with, and how long it is. */
	cost: number;
	next: number;
	length: number;
}

const square = (n: number): number => n * n;
const short = (n: number): number => square(n * 10);
const ragged = (n: number): number => Math.trunc(short(n) / 2);

interface Shape {
	readonly goal: number;
	readonly most: number;
	readonly how: 'fill' | 'crown' | 'tagged' | 'split';
	readonly uniform: boolean;
	readonly lead: number;
	readonly prefix: string;
	/** With the blanks behind it. */
	readonly full: number;
}

class Formatter {
	readonly #shape: Shape;
	readonly #text: string;
	#at = 0;
	#column = 0;
	#nextIndent = 0;
	#prefixIndent = 0;
	#first = 0;
	#other = 0;
	#tabs = false;
	#outColumn = 0;
	#lastLength = 0;
	#words: Word[] = [];
	out = '';

	constructor(shape: Shape, text: string) {
		this.#shape = shape;
		this.#text = text;
	}

	get #char(): string | undefined {
		return this.#text[this.#at];
	}

	#over(char: string | undefined): boolean {
		return char === undefined || char === '\n';
	}

	#blanks(): void {
		for (; ; this.#at++) {
			if (this.#char === ' ') this.#column++;
			else if (this.#char === '\t') {
				this.#tabs = true;
				this.#column = (Math.floor(this.#column / 8) + 1) * 8;
			} else return;
		}
	}

	/** To where the text of a line begins; the prefix of its paragraph is left behind. */
	#begin(): void {
		const { prefix, lead } = this.#shape;
		this.#column = 0;
		this.#blanks();
		if (prefix === '') {
			this.#nextIndent = Math.min(lead, this.#column);
			return;
		}
		this.#nextIndent = this.#column;
		for (const char of prefix) {
			if (this.#char !== char) return;
			this.#at++;
			this.#column++;
		}
		this.#blanks();
	}

	/** Words of a line, and the beginning of the next. */
	#line(): void {
		const { uniform } = this.#shape;
		do {
			const from = this.#at;
			while (this.#char !== undefined && !/[ \t\n\v\f\r]/.test(this.#char)) this.#at++;
			const text = this.#text.slice(from, this.#at);
			this.#column += text.length;
			const inside = /^([\s\S][\s\S]*?)[)\]'"]*$/.exec(text)?.[1] ?? text;
			const period = /[.?!]$/.test(inside);
			const start = this.#column;
			this.#blanks();
			const ends = this.#over(this.#char);
			let space = this.#column - start;
			const final = this.#char === undefined || (period && (ends || space > 1));
			if (ends || uniform) space = final ? 2 : 1;
			this.#words.push({
				text,
				space,
				paren: /^[(['`"]/.test(text),
				punct: /[!-/:-@[-`{-~]$/.test(text),
				period,
				final,
				cost: 0,
				next: 0,
				length: 0,
			});
			// What is a blank to isspace(3) but not to fmt stands for a word's end.
			if (/[\v\f\r]/.test(this.#char ?? '')) this.#at++;
		} while (!this.#over(this.#char));
		this.#at++;
		this.#begin();
	}

	get #same(): boolean {
		return (
			this.#nextIndent === this.#prefixIndent &&
			this.#column >= this.#nextIndent + this.#shape.full &&
			!this.#over(this.#char)
		);
	}

	#space(count: number): void {
		const goal = this.#outColumn + count;
		if (this.#tabs) {
			const tab = Math.floor(goal / 8) * 8;
			if (this.#outColumn + 1 < tab)
				while (this.#outColumn < tab) {
					this.out += '\t';
					this.#outColumn = (Math.floor(this.#outColumn / 8) + 1) * 8;
				}
		}
		while (this.#outColumn < goal) {
			this.out += ' ';
			this.#outColumn++;
		}
	}

	/** A line that is no part of a paragraph stays as it is. */
	#copy(): void {
		const { prefix, full } = this.#shape;
		this.#outColumn = 0;
		if (this.#column > this.#nextIndent || !this.#over(this.#char)) {
			this.#space(this.#nextIndent);
			for (const char of prefix) {
				if (this.#outColumn === this.#column) break;
				this.out += char;
				this.#outColumn++;
			}
			if (!this.#over(this.#char)) this.#space(this.#column - this.#outColumn);
			if (this.#char === undefined && this.#column >= this.#nextIndent + full) this.out += '\n';
		}
		while (!this.#over(this.#char)) this.out += this.#text[this.#at++];
	}

	/** @returns whether there was one */
	#paragraph(): boolean {
		const { full, how } = this.#shape;
		this.#lastLength = 0;
		while (this.#over(this.#char) || this.#nextIndent < this.#prefixIndent || this.#column < this.#nextIndent + full) {
			this.#copy();
			if (this.#char === undefined) return false;
			this.out += '\n';
			this.#at++;
			this.#begin();
		}
		this.#prefixIndent = this.#nextIndent;
		this.#first = this.#column;
		this.#words = [];
		this.#line();
		const same = this.#same;
		if (how === 'crown') this.#other = same ? this.#column : this.#first;
		else if (how === 'tagged') {
			if (same && this.#column !== this.#first) this.#other = this.#column;
			else if (this.#other === this.#first) this.#other = this.#first === 0 ? 3 : 0;
		} else this.#other = this.#first;
		if (how === 'crown' && same)
			do this.#line();
			while (this.#same && this.#column === this.#other);
		else if (how === 'tagged' && same && this.#column !== this.#first)
			do this.#line();
			while (this.#same && this.#column === this.#other);
		else if (how === 'fill') while (this.#same && this.#column === this.#other) this.#line();
		const last = this.#words.at(-1)!;
		last.period = true;
		last.final = true;
		return true;
	}

	/** What it costs to begin a line with a word. */
	#base(i: number): number {
		const words = this.#words;
		const word = words[i]!;
		const before = words[i - 1];
		let cost = square(70);
		if (before) {
			if (before.period) cost += before.final ? -square(50) : square(600);
			else if (before.punct) cost -= square(40);
			else if (words[i - 2]?.final) cost += Math.trunc(square(200) / (before.text.length + 2));
		}
		if (word.paren) cost -= square(40);
		else if (word.final) cost += Math.trunc(square(150) / (word.text.length + 2));
		return cost;
	}

	#fit(): void {
		const { goal, most } = this.#shape;
		const words = this.#words;
		for (let start = words.length - 1; start >= 0; start--) {
			const word = words[start]!;
			let best = Infinity;
			let length = (start === 0 ? this.#first : this.#other) + word.text.length;
			for (let i = start + 1; ; i++) {
				let cost = words[i]?.cost ?? 0;
				if (i < words.length) {
					cost += short(goal - length);
					if (words[i]!.next !== words.length) cost += ragged(length - words[i]!.length);
				}
				if (start === 0 && this.#lastLength > 0) cost += ragged(length - this.#lastLength);
				if (cost < best) {
					best = cost;
					word.next = i;
					word.length = length;
				}
				if (i === words.length) break;
				length += words[i - 1]!.space + words[i]!.text.length;
				if (length >= most) break;
			}
			word.cost = best + this.#base(start);
		}
	}

	#put(from: number, indent: number): void {
		this.#outColumn = 0;
		this.#space(this.#prefixIndent);
		this.out += this.#shape.prefix;
		this.#outColumn += this.#shape.prefix.length;
		this.#space(indent - this.#outColumn);
		const end = this.#words[from]!.next;
		for (let i = from; i < end; i++) {
			this.out += this.#words[i]!.text;
			this.#outColumn += this.#words[i]!.text.length;
			if (i < end - 1) this.#space(this.#words[i]!.space);
		}
		this.#lastLength = this.#outColumn;
		this.out += '\n';
	}

	run(): string {
		this.#begin();
		while (this.#paragraph()) {
			this.#fit();
			for (let at = 0; at < this.#words.length; at = this.#words[at]!.next)
				this.#put(at, at === 0 ? this.#first : this.#other);
		}
		return this.out;
	}
}

export async function fmt(desk: Desk): Promise<void> {
	const [, old] = /^-(\d+)$/.exec(desk.args[0] ?? '') ?? [];
	if (old !== undefined) desk.args.splice(0, 1, '-w', old);
	const given = desk.options('cp:stuw:g:', [
		'crown-margin>c',
		'prefix=>p',
		'split-only>s',
		'tagged-paragraph>t',
		'uniform-spacing>u',
		'width=>w',
		'goal=>g',
	]);
	const width = (letter: string, most: number): number | undefined => {
		const word = given.value(letter);
		return word === undefined ? undefined : numberIn(desk, word, 0, most, 'invalid width');
	};
	let most = width('w', 2500);
	let goal = width('g', most ?? 75);
	if (goal === undefined) {
		most ??= 75;
		goal = Math.floor((most * 187) / 200);
	} else most ??= goal + 10;
	const [, lead = '', rest = ''] = /^( *)([\s\S]*)$/.exec(octets(given.value('p') ?? ''))!;
	const how = given.has('t') ? 'tagged' : given.has('c') ? 'crown' : given.has('s') ? 'split' : 'fill';
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) {
			desk.fault(
				found.wrong === 'Is a directory'
					? `read error: ${found.wrong}`
					: `cannot open ${shellQuoted(file)} for reading: ${found.wrong}`,
			);
			continue;
		}
		const shape: Shape = {
			goal,
			most,
			how,
			uniform: given.has('u'),
			lead: lead.length,
			prefix: rest.replace(/ +$/, ''),
			full: rest.length,
		};
		desk.write(new Formatter(shape, found.text).run());
	}
}
