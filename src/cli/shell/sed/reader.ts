/** The characters of one script, octet by octet: places in it are counted in octets. */
import { ScriptFault } from './faults.ts';

export interface Script {
	/** Octets. */
	readonly text: string;
	/** Its file; else it is the n-th of `-e`. */
	readonly file?: string;
	readonly number: number;
}

/** Behind the last octet. */
export const END = '';

const BLANK = /[ \t]/;
export const SPACE = /[ \t\n\v\f\r]/;
export const DIGIT = /[0-9]/;

export class Reader {
	readonly #script: Script;
	#at = 0;

	constructor(script: Script) {
		this.#script = script;
	}

	get at(): number {
		return this.#at;
	}

	next(): string {
		const { text } = this.#script;
		return this.#at < text.length ? text[this.#at++]! : END;
	}

	/** The one read last is to be read again. */
	back(octet: string): void {
		if (octet !== END) this.#at--;
	}

	/** The next that is no blank. */
	solid(): string {
		for (;;) {
			const octet = this.next();
			if (octet === END || !BLANK.test(octet)) return octet;
		}
	}

	/** A number that begins with a digit; 0 when it is none. */
	number(first: string): number {
		if (first === END || !DIGIT.test(first)) {
			this.back(first);
			return 0;
		}
		let digits = first;
		for (;;) {
			const octet = this.next();
			if (octet === END || !DIGIT.test(octet)) {
				this.back(octet);
				return Number(digits);
			}
			digits += octet;
		}
	}

	/** Up to the end of the line; empty when there is none. */
	line(): string {
		let text = '';
		for (let octet = this.solid(); octet !== END && octet !== '\n'; octet = this.next()) text += octet;
		return text;
	}

	label(): string {
		let text = '';
		let octet = this.solid();
		for (; octet !== END && !SPACE.test(octet) && !';}#'.includes(octet); octet = this.next()) text += octet;
		this.back(octet);
		return text;
	}

	/** Up to a delimiter, which is taken away; undefined when there is none. @param pattern whether it is a pattern */
	delimited(delimiter: string, pattern: boolean): string | undefined {
		if (delimiter > '\x7f') throw this.fault('delimiter character is not a single-byte character');
		let text = '';
		for (;;) {
			let octet = this.next();
			if (octet === END || octet === '\n') {
				this.back(octet);
				return undefined;
			}
			if (octet === delimiter) return text;
			if (octet === '\\') {
				octet = this.next();
				if (octet === END) return undefined;
				if (octet === 'n' && pattern) octet = '\\n';
				else if (octet !== '\n' && (octet !== delimiter || (!pattern && octet === '&'))) text += '\\';
			} else if (octet === '[' && pattern) {
				const set = this.#set();
				if (set === undefined) return undefined;
				octet = `[${set}`;
			}
			text += octet;
		}
	}

	/** What is in brackets, with the one that closes them: a delimiter is none there. */
	#set(): string | undefined {
		const { text } = this.#script;
		const found = /(?:\^|(?!\^))(?:\]|(?!\]))(?:\[([.:=])[^\n]*?\1\]|[^\]\n])*\]/y;
		found.lastIndex = this.#at;
		const set = found.exec(text)?.[0];
		if (set === undefined) {
			const end = text.indexOf('\n', this.#at);
			this.#at = end < 0 ? text.length : end;
			return undefined;
		}
		this.#at += set.length;
		return set;
	}

	/** Where it is now, in sed's words. @param start whether at no place in particular */
	where(start = false): string {
		const { file, number, text } = this.#script;
		if (file === undefined) return `-e expression #${number}, char ${start ? 0 : this.#at}`;
		return `file ${file} line ${text.slice(0, this.#at).split('\n').length}`;
	}

	fault(what: string): ScriptFault {
		return new ScriptFault(this.where(), what);
	}
}
