/** Records out of text that comes piece by piece. */
import type { Maybe, Source } from './machine.ts';
import { patternOf } from './patterns.ts';

export class Records implements Source {
	readonly #pull: () => Promise<string | undefined>;
	#held = '';
	#at = 0;
	#done = false;

	/** @param pull the next piece, octets; undefined at the end */
	constructor(pull: () => Promise<string | undefined>) {
		this.#pull = pull;
	}

	next(separator: string): Maybe<string | undefined> {
		for (;;) {
			if (separator === '') while (this.#held[this.#at] === '\n') this.#at++;
			const end = this.#end(separator);
			if (end) {
				const record = this.#held.slice(this.#at, end.from);
				this.#at = end.to;
				return record;
			}
			if (!this.#done) return this.#more().then(() => this.next(separator));
			const rest = this.#held.slice(this.#at);
			this.#at = this.#held.length;
			if (rest === '') return undefined;
			return separator === '' ? rest.replace(/\n+$/, '') : rest;
		}
	}

	async #more(): Promise<void> {
		const piece = await this.#pull();
		if (piece === undefined) this.#done = true;
		else {
			this.#held = this.#held.slice(this.#at) + piece;
			this.#at = 0;
		}
	}

	/** Where the next record ends, and the one behind it begins. */
	#end(separator: string): { readonly from: number; readonly to: number } | undefined {
		if (separator.length === 1) {
			const from = this.#held.indexOf(separator, this.#at);
			return from < 0 ? undefined : { from, to: from + 1 };
		}
		if (separator === '') {
			const from = this.#held.indexOf('\n\n', this.#at);
			return from < 0 ? undefined : { from, to: from + 2 };
		}
		const rest = this.#held.slice(this.#at);
		const pattern = patternOf(separator);
		let match = pattern.find(rest, 0);
		while (match && match.to === match.from) match = pattern.find(rest, match.to + 1);
		// What ends where the text does may go on.
		if (!match || (match.to === rest.length && !this.#done)) return undefined;
		return { from: this.#at + match.from, to: this.#at + match.to };
	}
}
