/** The line that is being written, and the keys of readline that change it. It knows no DOM. */

export interface Edited {
	readonly text: string;
	/** Where the cursor is, in UTF-16 units. */
	readonly at: number;
}

export interface Key {
	readonly key: string;
	readonly ctrl: boolean;
	readonly alt: boolean;
	readonly shift?: boolean;
}

/** What a key means when it is not only a change of the line. */
export type Action =
	| { readonly kind: 'edit'; readonly line: Edited }
	| { readonly kind: 'submit' | 'interrupt' | 'eof' | 'clear' | 'complete' }
	/** Not ours: the browser does it. */
	| { readonly kind: 'none' };

const edit = (text: string, at: number): Action => ({ kind: 'edit', line: { text, at } });

const WORD = /[\p{L}\p{N}_]/u;

/** Start of the word before a place, as Alt-B goes there. */
export function wordBefore(text: string, at: number): number {
	let i = at;
	while (i > 0 && !WORD.test(text[i - 1]!)) i--;
	while (i > 0 && WORD.test(text[i - 1]!)) i--;
	return i;
}

export function wordAfter(text: string, at: number): number {
	let i = at;
	while (i < text.length && !WORD.test(text[i]!)) i++;
	while (i < text.length && WORD.test(text[i]!)) i++;
	return i;
}

/** Start of what Ctrl-W takes: back to a blank. */
export function blankBefore(text: string, at: number): number {
	let i = at;
	while (i > 0 && text[i - 1] === ' ') i--;
	while (i > 0 && text[i - 1] !== ' ') i--;
	return i;
}

/** From the cursor to the end of its word, or of the next one. */
function recased(text: string, at: number, change: (word: string) => string): Action {
	const to = wordAfter(text, at);
	return edit(text.slice(0, at) + change(text.slice(at, to)) + text.slice(to), to);
}

/** Keys that mean nothing by themselves. */
export const MODIFIERS: ReadonlySet<string> = new Set(['Alt', 'AltGraph', 'Control', 'Meta', 'Shift']);

/** What goes from line to line: what was cut, and what was typed before. */
export class LineEditor {
	#cut = '';
	/** The line as the last cut left it: what is cut next to it joins it. */
	#cutLeft: Edited | undefined;
	/** Where Alt-. took a word from, and what stands there. */
	#lastWord: { readonly place: number; readonly from: number; readonly line: Edited } | undefined;
	/** Lines before each change, for Ctrl-_. */
	#before: Edited[] = [];
	#history: readonly string[] = [];
	/** Where in the history one is; its length is the line being written. */
	#place = 0;
	#draft = '';

	/** A new prompt: the lines typed until now. */
	begin(history: readonly string[]): void {
		this.#history = history;
		this.#place = history.length;
		this.#draft = '';
		this.#before = [];
	}

	/** What a key does. Changes that the browser makes itself are seen at the next key. */
	press(key: Key, line: Edited): Action {
		if (key.ctrl && !key.alt && (key.key === '_' || key.key === '/')) return this.#undo(line);
		if (this.#before.at(-1)?.text !== line.text) this.#before.push(line);
		const cut = this.#cutLeft;
		const action = this.#press(key, line);
		// Only cuts one right after the other are one.
		if (cut === this.#cutLeft && !MODIFIERS.has(key.key)) this.#cutLeft = undefined;
		return action;
	}

	#undo({ text, at }: Edited): Action {
		while (this.#before.at(-1)?.text === text) this.#before.pop();
		const before = this.#before.at(-1);
		return edit(before?.text ?? '', before?.at ?? (text === '' ? at : 0));
	}

	#press({ key, ctrl, alt }: Key, { text, at }: Edited): Action {
		const plain = !ctrl && !alt;
		if (plain) {
			switch (key) {
				case 'Enter':
					return { kind: 'submit' };
				case 'Tab':
					return text.trim() === '' ? { kind: 'none' } : { kind: 'complete' };
				case 'ArrowUp':
					return this.#go(-1, text);
				case 'ArrowDown':
					return this.#go(1, text);
				default:
					return { kind: 'none' };
			}
		}
		if (alt && !ctrl) return this.#alt(key, text, at);
		if (!ctrl || alt) return { kind: 'none' };
		switch (key.toLowerCase()) {
			case 'a':
				return edit(text, 0);
			case 'e':
				return edit(text, text.length);
			case 'b':
				return edit(text, Math.max(0, at - 1));
			case 'f':
				return edit(text, Math.min(text.length, at + 1));
			case 'p':
				return this.#go(-1, text);
			case 'n':
				return this.#go(1, text);
			case 'k':
				return this.#take(text, at, text.length);
			case 'u':
				return this.#take(text, 0, at);
			case 'w':
				return this.#take(text, blankBefore(text, at), at);
			case 't': {
				// The two letters around the cursor, at the end the two before it.
				const right = Math.min(at, text.length - 1);
				if (right < 1) return edit(text, at);
				return edit(text.slice(0, right - 1) + text[right] + text[right - 1] + text.slice(right + 1), right + 1);
			}
			case 'y':
				return edit(text.slice(0, at) + this.#cut + text.slice(at), at + this.#cut.length);
			case 'h':
				return at === 0 ? edit(text, 0) : edit(text.slice(0, at - 1) + text.slice(at), at - 1);
			case 'd':
				return text === '' ? { kind: 'eof' } : edit(text.slice(0, at) + text.slice(at + 1), at);
			case 'l':
				return { kind: 'clear' };
			case 'c':
				return { kind: 'interrupt' };
			case 'm':
			case 'j':
				return { kind: 'submit' };
			default:
				return { kind: 'none' };
		}
	}

	/** The newest line before `from` that holds the text; for Ctrl-R. */
	search(part: string, from = this.#history.length): { readonly line: string; readonly index: number } | undefined {
		for (let i = Math.min(from, this.#history.length) - 1; i >= 0; i--) {
			if (this.#history[i]!.includes(part)) return { line: this.#history[i]!, index: i };
		}
		return undefined;
	}

	#alt(key: string, text: string, at: number): Action {
		switch (key) {
			case 'b':
			case 'ArrowLeft':
				return edit(text, wordBefore(text, at));
			case 'f':
			case 'ArrowRight':
				return edit(text, wordAfter(text, at));
			case 'd':
				return this.#take(text, at, wordAfter(text, at));
			case 'Backspace':
				return this.#take(text, wordBefore(text, at), at);
			case '.':
			case '_':
				return this.#wordOfLast(text, at);
			case 'u':
				return recased(text, at, (word) => word.toUpperCase());
			case 'l':
				return recased(text, at, (word) => word.toLowerCase());
			case 'c':
				return recased(text, at, (word) =>
					word.replace(
						/([\p{L}\p{N}])(.*)/u,
						(_, first: string, rest: string) => first.toUpperCase() + rest.toLowerCase(),
					),
				);
			case '<':
				return this.#to(0, text);
			case '>':
				return this.#to(this.#history.length, text);
			case '#':
				return edit(`#${text}`, text.length + 1);
			default:
				return { kind: 'none' };
		}
	}

	#take(text: string, from: number, to: number): Action {
		const left: Edited = { text: text.slice(0, from) + text.slice(to), at: from };
		if (to > from) {
			const last = this.#cutLeft;
			const joins = last?.text === text && (last.at === from || last.at === to);
			const cut = text.slice(from, to);
			this.#cut = !joins ? cut : last.at === from ? this.#cut + cut : cut + this.#cut;
			this.#cutLeft = left;
		}
		return { kind: 'edit', line: left };
	}

	/** The last word of the line before; again, of the one before that. */
	#wordOfLast(text: string, at: number): Action {
		const last = this.#lastWord;
		const again = last?.line.text === text && last.line.at === at;
		const from = again ? last.from : at;
		const place = (again ? last.place : this.#history.length) - 1;
		if (place < 0) return edit(text, at);
		const word = this.#history[place]!.trim().split(/\s+/).at(-1) ?? '';
		const line: Edited = { text: text.slice(0, from) + word + text.slice(at), at: from + word.length };
		this.#lastWord = { place, from, line };
		return { kind: 'edit', line };
	}

	#to(place: number, text: string): Action {
		return this.#go(place - this.#place, text);
	}

	#go(by: number, text: string): Action {
		const place = this.#place + by;
		if (place < 0 || place > this.#history.length) return edit(text, text.length);
		if (this.#place === this.#history.length) this.#draft = text;
		this.#place = place;
		const line = place === this.#history.length ? this.#draft : this.#history[place]!;
		return edit(line, line.length);
	}
}

/** What all of the words begin with. */
export function commonStart(words: readonly string[]): string {
	const [first = '', ...rest] = words;
	let length = first.length;
	for (const word of rest) {
		while (!word.startsWith(first.slice(0, length))) length--;
	}
	return first.slice(0, length);
}
