/** A text, command by command, and what is come across in it. */
import { Reader } from './commands.ts';
import { NoGrammar, type Wrong } from './tokens.ts';

export interface Read {
	readonly wrong?: Wrong;
	/** Where the command begins in which something is wrong. */
	readonly from: number;
	/** Where words `select` stand that begin one. */
	readonly selects: readonly Select[];
	/** What stands between `((` and `))` of commands. */
	readonly sums: readonly (readonly [from: number, to: number])[];
	/** Where `=` or `+=` stands in words that would assign, did they begin a command. */
	readonly equals: readonly number[];
	/** Where words begin with `!(`. */
	readonly nots: readonly number[];
}

/** What a reader comes across. */
export interface Seen {
	readonly selects: Select[];
	readonly sums: [number, number][];
	readonly equals: number[];
	readonly nots: number[];
}

export interface Select {
	readonly at: number;
	readonly name: string;
	/** Where its words are; none of those of the shell itself. */
	readonly words: readonly [from: number, to: number] | undefined;
	/** Behind `do`, and where `done` stands. */
	readonly body: readonly [from: number, to: number];
}

/** Reads a text, command by command, until something is wrong. */
export function read(text: string, extglob: boolean): Read {
	const seen: Seen = { selects: [], sums: [], equals: [], nots: [] };
	let from = 0;
	try {
		const reader = new Reader(text.endsWith('\n') ? text : `${text}\n`, 0, extglob, seen);
		while (reader.token.kind !== 'end') {
			from = reader.token.at;
			if (reader.token.kind === 'newline') reader.skip();
			else {
				reader.line();
				// A line is run before the next one is read.
				if (/\bshopt +-s +.*\bextglob\b/.test(text.slice(from, reader.token.at))) reader.tokens.extglob = true;
			}
		}
		return { from, ...seen };
	} catch (error) {
		if (error instanceof NoGrammar) return { wrong: error.wrong, from, ...seen };
		// What is nested so deeply is said elsewhere.
		if (error instanceof RangeError) return { from, ...seen };
		throw error;
	}
}
