/** Perl's regular expressions, as much of them as people write behind `grep -P` (pcrepattern(3)). */
import { CLASSES, caseless, char, isWord, not, only, PatternError, type Test, type Tree } from './tree.ts';

const digit = CLASSES.digit!;
const space = CLASSES.space!;
const across: Test = (c) => c === 32 || c === 9 || c === 0xa0;
const SETS: Readonly<Record<string, Test>> = {
	d: digit,
	D: not(digit),
	w: isWord,
	W: not(isWord),
	s: space,
	S: not(space),
	h: across,
	H: not(across),
	N: (c) => c !== 10,
};
const SIGNS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, e: 27, a: 7 };

export class PerlReader {
	readonly #text: string;
	#anyCase: boolean;
	#at = 0;
	#groups = 0;
	readonly #names = new Map<string, number>();

	constructor(text: string, anyCase: boolean) {
		this.#text = text;
		this.#anyCase = anyCase;
	}

	/** @throws PatternError */
	read(): Tree {
		const tree = this.#either();
		if (this.#at < this.#text.length) throw new PatternError('unmatched closing parenthesis');
		return tree;
	}

	#skip(pattern: RegExp): RegExpExecArray | null {
		const sticky = new RegExp(pattern.source, 'sy');
		sticky.lastIndex = this.#at;
		const found = sticky.exec(this.#text);
		if (found) this.#at += found[0].length;
		return found;
	}

	#either(): Tree {
		const before = this.#anyCase;
		const parts = [this.#all()];
		while (this.#skip(/\|/)) parts.push(this.#all());
		this.#anyCase = before;
		return parts.length === 1 ? parts[0]! : { kind: 'either', parts };
	}

	#all(): Tree {
		const parts: Tree[] = [];
		while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
			const part = this.#one();
			if (part) parts.push(this.#repeated(part));
		}
		return parts.length === 1 ? parts[0]! : { kind: 'all', parts };
	}

	#repeated(part: Tree): Tree {
		const found = this.#skip(/([*+?]|\{(\d+)(,?)(\d*)\})([?+]?)/);
		if (!found) return part;
		const [, mark, low, comma, high, more] = found;
		const min = mark === '+' ? 1 : low === undefined ? 0 : Number(low);
		const max = mark === '?' ? 1 : low === undefined ? Infinity : comma ? (high ? Number(high) : Infinity) : min;
		if (more === '+') throw new PatternError('possessive quantifiers are not there in this terminal');
		return { kind: 'repeat', part, min, max, lazy: more === '?' };
	}

	#one(): Tree | undefined {
		const letter = this.#text[this.#at]!;
		if (letter === '(') return this.#group();
		if (letter === '[') return this.#bracket();
		if ('*+?'.includes(letter)) throw new PatternError('quantifier does not follow a repeatable item');
		if (letter === '\\') return this.#escaped();
		if (letter === '^' || letter === '$') {
			this.#at++;
			return { kind: 'assert', what: letter === '^' ? 'begin' : 'end' };
		}
		if (letter === '.') {
			this.#at++;
			return char(() => true);
		}
		return char(only(this.#point(), this.#anyCase));
	}

	#point(): number {
		const code = this.#text.codePointAt(this.#at)!;
		this.#at += code > 0xffff ? 2 : 1;
		return code;
	}

	#group(): Tree | undefined {
		if (this.#skip(/\(\?#[^)]*\)/)) return undefined;
		const flags = this.#skip(/\(\?(-?)i\)/);
		if (flags) {
			this.#anyCase = flags[1] === '';
			return undefined;
		}
		const look = this.#skip(/\(\?(<?)([=!])/);
		if (look) {
			const part = this.#closed();
			return { kind: 'look', ahead: look[1] === '', not: look[2] === '!', part };
		}
		if (this.#skip(/\(\?:/)) return this.#closed();
		if (this.#skip(/\(\?i:/)) {
			const before = this.#anyCase;
			this.#anyCase = true;
			const part = this.#closed();
			this.#anyCase = before;
			return part;
		}
		const named = this.#skip(/\(\?P?[<'](\w+)[>']/);
		if (!named && this.#skip(/\(\?/)) throw new PatternError('unrecognized character after (? or (?-');
		if (!named) this.#at++;
		const number = ++this.#groups;
		if (named) this.#names.set(named[1]!, number);
		return { kind: 'group', number, part: this.#closed() };
	}

	#closed(): Tree {
		const part = this.#either();
		if (!this.#skip(/\)/)) throw new PatternError('missing closing parenthesis');
		return part;
	}

	#escaped(): Tree | undefined {
		const quoted = this.#skip(/\\Q(.*?)(?:\\E|$)/);
		if (quoted) return { kind: 'all', parts: [...quoted[1]!].map((c) => char(only(c.codePointAt(0)!, this.#anyCase))) };
		if (this.#skip(/\\E/)) return undefined;
		if (this.#skip(/\\K/)) return { kind: 'keep' };
		if (this.#skip(/\\R/)) return char((c) => c === 10 || c === 13);
		const back = this.#skip(/\\(?:([1-9]\d?)|g\{?([1-9]\d?)\}?|k[<{'](\w+)[>}'])/);
		if (back) {
			const number = back[3] === undefined ? Number(back[1] ?? back[2]) : (this.#names.get(back[3]) ?? 0);
			if (number === 0 || number > this.#groups) throw new PatternError('reference to non-existent subpattern');
			return { kind: 'same', number };
		}
		const edge = this.#skip(/\\([bBAZzG])/);
		if (edge) {
			const what = ({ b: 'word', B: 'inside', A: 'begin', G: 'begin' } as const)[edge[1]!] ?? 'end';
			return { kind: 'assert', what };
		}
		const property = this.#skip(/\\([pP])(?:\{(\^?)(\w+)\}|(\w))/);
		if (property) {
			const test = unicode(property[3] ?? property[4]!);
			return char((property[1] === 'P') !== (property[2] === '^') ? not(test) : test);
		}
		return char(this.#set());
	}

	/** An escape that stands for characters. */
	#set(): Test {
		const code = this.#skip(/\\x\{([0-9a-fA-F]+)\}|\\x([0-9a-fA-F]{1,2})|\\0([0-7]{0,2})/);
		if (code)
			return only(
				code[3] === undefined ? Number.parseInt((code[1] ?? code[2])!, 16) : Number.parseInt(code[3] || '0', 8),
				this.#anyCase,
			);
		this.#at++;
		if (this.#at >= this.#text.length) throw new PatternError('\\ at end of pattern');
		const point = this.#point();
		const letter = String.fromCodePoint(point);
		if (Object.hasOwn(SETS, letter)) return SETS[letter]!;
		if (Object.hasOwn(SIGNS, letter)) return only(SIGNS[letter]!, false);
		if (/[A-Za-z]/.test(letter)) throw new PatternError('unrecognized character follows \\');
		return only(point, this.#anyCase);
	}

	#bracket(): Tree {
		this.#at++;
		const other = this.#skip(/\^/) !== null;
		const tests: Test[] = [];
		for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
			if (this.#at >= this.#text.length) throw new PatternError('missing terminating ] for character class');
			const named = this.#skip(/\[:(\^?)(\w+):\]/);
			if (named) {
				const test = CLASSES[named[2]!];
				if (!test) throw new PatternError('unknown POSIX class name');
				tests.push(named[1] ? not(test) : test);
				continue;
			}
			if (this.#text[this.#at] === '\\' && !this.#skip(/(?=\\b)/)) {
				const single = /^\\(?:[^A-Za-z0-9]|[tnrfea]|x)/.test(this.#text.slice(this.#at));
				if (!single) {
					tests.push(this.#set());
					continue;
				}
			}
			const from = this.#member();
			if (!/^-[^\]]/.test(this.#text.slice(this.#at, this.#at + 2))) {
				tests.push((c) => c === from);
				continue;
			}
			this.#at++;
			const to = this.#member();
			if (to < from) throw new PatternError('range out of order in character class');
			tests.push((c) => c >= from && c <= to);
		}
		this.#at++;
		const any = caseless((c) => tests.some((test) => test(c)), this.#anyCase);
		return char(other ? not(any) : any);
	}

	#member(): number {
		const code = this.#skip(/\\x\{([0-9a-fA-F]+)\}|\\x([0-9a-fA-F]{1,2})/);
		if (code) return Number.parseInt((code[1] ?? code[2])!, 16);
		if (this.#skip(/\\b/)) return 8;
		if (this.#skip(/\\(?=[tnrfea])/)) return SIGNS[String.fromCodePoint(this.#point())]!;
		this.#skip(/\\(?=.)/);
		return this.#point();
	}
}

/** @throws PatternError for a name that there is none of */
function unicode(name: string): Test {
	try {
		const pattern = new RegExp(
			`\\p{${/^(?:Greek|Latin|Cyrillic|Han|Hangul|Hiragana|Katakana|Arabic|Hebrew)$/.test(name) ? `Script=${name}` : name}}`,
			'u',
		);
		return (c) => pattern.test(String.fromCodePoint(c));
	} catch {
		throw new PatternError('unknown property name after \\P or \\p');
	}
}
