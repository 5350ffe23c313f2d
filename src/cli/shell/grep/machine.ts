/**
 * Finds a pattern in a line. Each place of the program is tried at most once at each place of the line, so time grows
 * with their product and not faster; only patterns with back-references are tried again, so many times and no more.
 */
import { type Assertion, isWord, PatternError, type Test, type Tree } from './tree.ts';

type Step =
	| { readonly op: 'char'; readonly test: Test }
	| { readonly op: 'fork'; first: number; second: number }
	| { readonly op: 'jump'; to: number }
	| { readonly op: 'assert'; readonly what: Assertion }
	| { readonly op: 'save'; readonly slot: number }
	| { readonly op: 'same'; readonly number: number }
	/** Goes on only when the text has gone on since the slot was saved. */
	| { readonly op: 'moved'; readonly slot: number }
	| { readonly op: 'look'; readonly ahead: boolean; readonly not: boolean; readonly machine: Machine }
	| { readonly op: 'match' };

export interface Match {
	readonly from: number;
	readonly to: number;
	/** Where the n-th parentheses began and ended, at 2n and 2n + 1; absent or -1 when they matched nothing. */
	readonly slots: readonly number[];
}

const MOST_STEPS = 20_000;
/** PCRE's match limit is 10,000,000 of smaller steps. */
const MOST_TRIES = 1_000_000;
const TOO_LONG = "exceeded PCRE's backtracking limit";

export class Machine {
	readonly #steps: Step[] = [];
	readonly #longest: boolean;
	readonly #most: number;
	readonly #remembers: boolean;
	/** Of each place at each place of the line the number of the search that was there last. */
	#seen = new Uint16Array(0);
	#search = 0;
	/** Steps of all searches, when one may have only so many. */
	spent = 0;
	/** Slots behind those of parentheses: where a round of a repetition began. */
	#rounds: number;

	/**
	 * @param longest POSIX: of the matches that begin first the longest; Perl: the first by the pattern's order
	 * @param most steps of one search
	 */
	constructor(tree: Tree, longest: boolean, most = Infinity) {
		this.#longest = longest;
		this.#most = most;
		this.#remembers = remembers(tree);
		this.#rounds = 2 * (groups(tree) + 1);
		this.#compile(tree);
		this.#add({ op: 'match' });
	}

	#add<S extends Step>(step: S): S {
		if (this.#steps.length >= MOST_STEPS) throw new PatternError('Regular expression too big');
		this.#steps.push(step);
		return step;
	}

	get #next(): number {
		return this.#steps.length;
	}

	#compile(tree: Tree): void {
		switch (tree.kind) {
			case 'char':
				this.#add({ op: 'char', test: tree.test });
				return;
			case 'all':
				for (const part of tree.parts) this.#compile(part);
				return;
			case 'either': {
				const ends: { to: number }[] = [];
				for (const [i, part] of tree.parts.entries()) {
					if (i === tree.parts.length - 1) this.#compile(part);
					else {
						const fork = this.#add({ op: 'fork', first: this.#next + 1, second: 0 });
						this.#compile(part);
						ends.push(this.#add({ op: 'jump', to: 0 }));
						fork.second = this.#next;
					}
				}
				for (const end of ends) end.to = this.#next;
				return;
			}
			case 'repeat':
				this.#repeat(tree);
				return;
			case 'group':
				this.#add({ op: 'save', slot: 2 * tree.number });
				this.#compile(tree.part);
				this.#add({ op: 'save', slot: 2 * tree.number + 1 });
				return;
			case 'assert':
				this.#add({ op: 'assert', what: tree.what });
				return;
			case 'same':
				this.#add({ op: 'same', number: tree.number });
				return;
			case 'look': {
				const { ahead, not } = tree;
				this.#add({ op: 'look', ahead, not, machine: new Machine(tree.part, false) });
				return;
			}
			case 'keep':
				this.#add({ op: 'save', slot: 0 });
		}
	}

	#repeat({ part, min, max, lazy }: Tree & { kind: 'repeat' }): void {
		for (let i = 0; i < min; i++) this.#compile(part);
		const fork = (): { first: number; second: number } => this.#add({ op: 'fork', first: 0, second: 0 });
		const aim = (step: { first: number; second: number }, into: number, past: number): void => {
			step.first = lazy ? past : into;
			step.second = lazy ? into : past;
		};
		if (max === Infinity) {
			const at = this.#next;
			const step = fork();
			// Where places are tried again, a round that takes nothing would have another one behind it without end.
			const slot = this.#rounds;
			if (this.#remembers) {
				this.#rounds++;
				this.#add({ op: 'save', slot });
			}
			this.#compile(part);
			if (this.#remembers) this.#add({ op: 'moved', slot });
			this.#add({ op: 'jump', to: at });
			aim(step, at + 1, this.#next);
			return;
		}
		const steps: [{ first: number; second: number }, number][] = [];
		for (let i = min; i < max; i++) {
			steps.push([fork(), this.#next]);
			this.#compile(part);
		}
		for (const [step, into] of steps) aim(step, into, this.#next);
	}

	/** The first match that begins at `from` or behind. @throws PatternError when it would take too long */
	find(text: string, from: number): Match | undefined {
		const tries = this.#begin(text);
		const { left } = tries;
		let match: Match | undefined;
		for (let at = from; at <= text.length && !match; at++) {
			const code = text.charCodeAt(at);
			if (code >= 0xdc00 && code <= 0xdfff && at > 0) continue;
			match = this.#at(text, at, tries);
		}
		if (left !== Infinity) this.spent += left - tries.left;
		return match;
	}

	/** The match that begins here. */
	at(text: string, at: number): Match | undefined {
		return this.#at(text, at, this.#begin(text));
	}

	/** Whether it matches from here on, or, with `end`, up to there. */
	matchesAt(text: string, at: number, end?: number): boolean {
		return this.#at(text, at, this.#begin(text), end) !== undefined;
	}

	/** A search of its own: nothing was seen yet. */
	#begin(text: string): { left: number } {
		if (this.#remembers) return { left: Math.min(MOST_TRIES, this.#most) };
		const size = this.#steps.length * (text.length + 1);
		if (size > 4 * this.#most) throw new PatternError(TOO_LONG);
		if (this.#seen.length < size) {
			this.#seen = new Uint16Array(size);
			this.#search = 0;
		}
		if (++this.#search > 65_535) {
			this.#seen.fill(0);
			this.#search = 1;
		}
		return { left: this.#most };
	}

	#at(text: string, start: number, tries: { left: number }, end?: number): Match | undefined {
		const width = text.length + 1;
		const seen = this.#seen;
		const search = this.#search;
		const slots: number[] = [start];
		let best: Match | undefined;
		/** Places to try, last first; a negative place puts a slot back to what it was. */
		const todo: number[] = [0, start];
		while (todo.length > 0) {
			let at = todo.pop()!;
			let place = todo.pop()!;
			if (place < 0) {
				slots[-place - 1] = at;
				continue;
			}
			for (;;) {
				if (--tries.left < 0) throw new PatternError(TOO_LONG);
				if (!this.#remembers) {
					const key = place * width + at;
					if (seen[key] === search) break;
					seen[key] = search;
				}
				const step = this.#steps[place]!;
				if (step.op === 'match') {
					if (end !== undefined && at !== end) break;
					if (!best || at > best.to) best = { from: slots[0]!, to: at, slots: slots.slice() };
					// Nothing is longer than up to the end.
					if (!this.#longest || at === text.length) return best;
					break;
				}
				if (step.op === 'char') {
					if (at >= text.length) break;
					const code = text.codePointAt(at)!;
					if (!step.test(code)) break;
					at += code > 0xffff ? 2 : 1;
					place++;
				} else if (step.op === 'fork') {
					todo.push(step.second, at);
					place = step.first;
				} else if (step.op === 'jump') place = step.to;
				else if (step.op === 'save') {
					todo.push(-step.slot - 1, slots[step.slot] ?? -1);
					slots[step.slot] = at;
					place++;
				} else if (step.op === 'same') {
					const from = slots[2 * step.number] ?? -1;
					const to = slots[2 * step.number + 1] ?? -1;
					if (from < 0 || to < 0) break;
					if (!text.startsWith(text.slice(from, to), at)) break;
					at += to - from;
					place++;
				} else if (step.op === 'moved') {
					if (slots[step.slot] === at) break;
					place++;
				} else if (step.op === 'look') {
					if (looks(step, text, at) === step.not) break;
					place++;
				} else {
					if (!holds(step.what, text, at)) break;
					place++;
				}
			}
		}
		return best;
	}
}

/** Whether it has a back-reference: what matches depends on the way there. */
function remembers(tree: Tree): boolean {
	switch (tree.kind) {
		case 'same':
			return true;
		case 'all':
		case 'either':
			return tree.parts.some(remembers);
		case 'repeat':
		case 'group':
			return remembers(tree.part);
		default:
			return false;
	}
}

/** The highest number of its parentheses. */
function groups(tree: Tree): number {
	switch (tree.kind) {
		case 'all':
		case 'either':
			return Math.max(0, ...tree.parts.map(groups));
		case 'repeat':
			return groups(tree.part);
		case 'group':
			return Math.max(tree.number, groups(tree.part));
		default:
			return 0;
	}
}

function looks({ ahead, machine }: { ahead: boolean; machine: Machine }, text: string, at: number): boolean {
	if (ahead) return machine.matchesAt(text, at);
	for (let from = at; from >= 0; from--) if (machine.matchesAt(text, from, at)) return true;
	return false;
}

function holds(what: Assertion, text: string, at: number): boolean {
	if (what === 'begin') return at === 0;
	if (what === 'end') return at === text.length;
	if (what === 'lineBegin') return at === 0 || text[at - 1] === '\n';
	if (what === 'lineEnd') return at === text.length || text[at] === '\n';
	const before = at > 0 && isWord(codeBefore(text, at));
	const after = at < text.length && isWord(text.codePointAt(at)!);
	switch (what) {
		case 'word':
			return before !== after;
		case 'inside':
			return before === after;
		case 'wordBegin':
			return !before && after;
		case 'wordEnd':
			return before && !after;
		case 'noWordBefore':
			return !before;
		case 'noWordAfter':
			return !after;
	}
}

function codeBefore(text: string, at: number): number {
	const low = text.charCodeAt(at - 1);
	return low >= 0xdc00 && low <= 0xdfff && at > 1 ? text.codePointAt(at - 2)! : low;
}
