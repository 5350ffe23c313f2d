/** Basic and extended regular expressions as GNU reads them (grep.info, "Regular Expressions"; glibc's regcomp(3)). */
import { CLASSES, caseless, char, EMPTY, isWord, not, only, PatternError, type Test, type Tree } from './tree.ts';

const MAX_REPEAT = 32_767;

/** What sed has its own way with (sed/regexp.c @ v4.8). */
export interface Dialect {
	/** What repeats nothing is refused, and a parenthesis that closes nothing. */
	readonly strict: boolean;
	/** `^` and `$` are the ends of each line, and only what is asked for by name matches a newline. */
	readonly lines: boolean;
	/** Without GNU's own escapes and operators. */
	readonly plain: boolean;
	/** The character that is meant by what stands behind a backslash, and where it ends. */
	escape(text: string, at: number): { readonly code: number; readonly to: number } | undefined;
}

const BAD_REPEAT = 'Invalid preceding regular expression';
/** Octets that are no character, as sed keeps them. */
const noCharacter: Test = (c) => c >= 0xdc80 && c <= 0xdcff;

export class PosixReader {
	readonly #text: string;
	readonly #dialect: Dialect | undefined;
	readonly #extended: boolean;
	readonly #anyCase: boolean;
	#at = 0;
	#groups = 0;
	#closed = new Set<number>();
	#depth = 0;

	constructor(text: string, extended: boolean, anyCase: boolean, dialect?: Dialect) {
		this.#text = text;
		this.#dialect = dialect;
		this.#extended = extended;
		this.#anyCase = anyCase;
	}

	/** @throws PatternError */
	read(): Tree {
		const tree = this.#either();
		if (this.#at < this.#text.length) throw new PatternError('Unmatched ) or \\)');
		return tree;
	}

	/** How many parentheses it has. */
	get groups(): number {
		return this.#groups;
	}

	/** Whether an operator stands here: `|` in one language, `\|` in the other. */
	#is(operator: string, at = this.#at): boolean {
		return this.#extended ? this.#text[at] === operator : this.#text[at] === '\\' && this.#text[at + 1] === operator;
	}

	#take(operator: string): boolean {
		if (!this.#is(operator)) return false;
		this.#at += this.#extended ? 1 : 2;
		return true;
	}

	#either(): Tree {
		const parts = [this.#all()];
		while (this.#take('|')) parts.push(this.#all());
		return parts.length === 1 ? parts[0]! : { kind: 'either', parts };
	}

	#all(): Tree {
		const parts: Tree[] = [];
		// A parenthesis that closes nothing is itself in an extended expression.
		const closes = (): boolean =>
			this.#is(')') && (this.#depth > 0 || !this.#extended || this.#dialect?.strict === true);
		while (this.#at < this.#text.length && !this.#is('|') && !closes()) {
			const part = this.#one(parts.length === 0);
			parts.push(this.#repeated(part));
		}
		return parts.length === 1 ? parts[0]! : { kind: 'all', parts };
	}

	#repeated(part: Tree): Tree {
		let tree = part;
		for (;;) {
			const bounds = this.#bounds(part);
			if (!bounds) return tree;
			tree = { kind: 'repeat', part: tree, ...bounds };
			// RE_CONTEXT_INVALID_DUP
			if (this.#dialect && !this.#extended && (this.#text[this.#at] === '*' || this.#is('{')))
				throw new PatternError(BAD_REPEAT);
		}
	}

	#bounds(part: Tree): { min: number; max: number } | undefined {
		// `^*` in a basic expression is a star.
		if (part.kind === 'assert' && this.#dialect) {
			// No anchor is repeated: what would do it is a character, or refused (parse_expression of glibc's regcomp.c).
			const { strict } = this.#dialect;
			if (this.#extended ? strict && '*+?{'.includes(this.#text[this.#at] || '-') : this.#is('{'))
				throw new PatternError(BAD_REPEAT);
			if (!this.#extended) return undefined;
		} else if (!this.#extended && part.kind === 'assert' && part.what === 'begin') return undefined;
		if (this.#text[this.#at] === '*') {
			this.#at++;
			return { min: 0, max: Infinity };
		}
		const more = this.#extended || !this.#dialect?.plain;
		if (more && this.#take('+')) return { min: 1, max: Infinity };
		if (more && this.#take('?')) return { min: 0, max: 1 };
		if (!this.#is('{')) return undefined;
		const rest = this.#text.slice(this.#at + (this.#extended ? 1 : 2));
		const found = (this.#extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(rest);
		if (!found || found[1] + found[2]! === '') {
			// A brace that begins no interval is one.
			if (this.#extended && !this.#dialect) return undefined;
			throw new PatternError(
				rest.includes(this.#extended ? '}' : '\\}') ? 'Invalid content of \\{\\}' : 'Unmatched \\{',
			);
		}
		this.#at += (this.#extended ? 1 : 2) + found[0].length;
		const min = Number(found[1] || 0);
		const max = found[2] ? (found[3] ? Number(found[3]) : Infinity) : min;
		if (this.#dialect && Math.max(min, max === Infinity ? 0 : max) > MAX_REPEAT)
			throw new PatternError('Regular expression too big');
		if (min > max || (max !== Infinity && max > MAX_REPEAT)) throw new PatternError('Invalid content of \\{\\}');
		return { min, max };
	}

	#one(first: boolean): Tree {
		if (this.#take('(')) {
			const number = ++this.#groups;
			this.#depth++;
			const part = this.#either();
			this.#depth--;
			if (!this.#take(')')) throw new PatternError('Unmatched ( or \\(');
			this.#closed.add(number);
			return { kind: 'group', number, part };
		}
		const letter = this.#text[this.#at]!;
		if (first && this.#dialect && (this.#extended ? '*+?{'.includes(letter) && this.#dialect.strict : this.#is('{')))
			throw new PatternError(BAD_REPEAT);
		if (letter === '*' && first) {
			// Nothing to repeat: itself in one language, nothing at all in the other.
			this.#at++;
			return this.#extended ? EMPTY : char(only(42, false));
		}
		if (this.#extended && first && (letter === '+' || letter === '?')) {
			this.#at++;
			return EMPTY;
		}
		if (letter === '\\') return this.#escaped();
		if (letter === '[') return this.#bracket();
		if (letter === '^' && (this.#extended || first)) {
			this.#at++;
			return { kind: 'assert', what: this.#dialect?.lines ? 'lineBegin' : 'begin' };
		}
		if (letter === '$' && (this.#extended || this.#endsHere())) {
			this.#at++;
			return { kind: 'assert', what: this.#dialect?.lines ? 'lineEnd' : 'end' };
		}
		if (letter === '.') {
			this.#at++;
			return char(this.#any(() => true));
		}
		return char(only(this.#point(), this.#anyCase));
	}

	/** Of a point, and of brackets that say what is not meant. */
	#any(test: Test): Test {
		if (!this.#dialect) return test;
		const { lines } = this.#dialect;
		return (c) => test(c) && !noCharacter(c) && !(lines && c === 10);
	}

	#endsHere(): boolean {
		return this.#at + 1 >= this.#text.length || this.#is(')', this.#at + 1) || this.#is('|', this.#at + 1);
	}

	#point(): number {
		const code = this.#text.codePointAt(this.#at)!;
		this.#at += code > 0xffff ? 2 : 1;
		return code;
	}

	#escaped(): Tree {
		this.#at++;
		if (this.#at >= this.#text.length) throw new PatternError('Trailing backslash');
		const meant = this.#dialect?.escape(this.#text, this.#at);
		if (meant) {
			this.#at = meant.to;
			return char(only(meant.code, this.#anyCase));
		}
		const code = this.#point();
		const letter = String.fromCodePoint(code);
		if (letter >= '1' && letter <= '9') {
			if (!this.#closed.has(Number(letter))) throw new PatternError('Invalid back reference');
			return { kind: 'same', number: Number(letter) };
		}
		return (this.#dialect?.plain ? undefined : gnuEscape(letter)) ?? char(only(code, this.#anyCase));
	}

	#bracket(): Tree {
		const open = 'Unmatched [, [^, [:, [., or [=';
		this.#at++;
		const other = this.#text[this.#at] === '^';
		if (other) this.#at++;
		const tests: Test[] = [];
		for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
			if (this.#at >= this.#text.length) throw new PatternError(open);
			const named = /^\[([:=.])(.*?)\1\]/.exec(this.#text.slice(this.#at));
			if (named && named[1] === ':') {
				const test = CLASSES[named[2]!];
				if (!test) throw new PatternError('Invalid character class name');
				this.#at += named[0].length;
				tests.push(test);
				continue;
			}
			const from = this.#member(named);
			if (this.#text[this.#at] !== '-' || this.#text[this.#at + 1] === ']' || this.#at + 1 >= this.#text.length) {
				tests.push((c) => c === from);
				continue;
			}
			this.#at++;
			const to = this.#member(/^\[([=.])(.*?)\1\]/.exec(this.#text.slice(this.#at)));
			if (to < from) throw new PatternError('Invalid range end');
			tests.push((c) => c >= from && c <= to);
		}
		this.#at++;
		const any = caseless((c) => tests.some((test) => test(c)), this.#anyCase);
		return char(other ? this.#any(not(any)) : any);
	}

	#member(named: RegExpExecArray | null): number {
		if (named?.[2]) {
			this.#at += named[0].length;
			return named[2].codePointAt(0)!;
		}
		const meant =
			this.#text[this.#at] === '\\' && !this.#dialect?.plain
				? this.#dialect?.escape(this.#text, this.#at + 1)
				: undefined;
		if (meant) {
			this.#at = meant.to;
			return meant.code;
		}
		return this.#point();
	}
}

/** What GNU's own escapes stand for. */
function gnuEscape(letter: string): Tree | undefined {
	switch (letter) {
		case 'w':
			return char(isWord);
		case 'W':
			return char(not(isWord));
		case 's':
			return char(CLASSES.space!);
		case 'S':
			return char(not(CLASSES.space!));
		case 'b':
			return { kind: 'assert', what: 'word' };
		case 'B':
			return { kind: 'assert', what: 'inside' };
		case '<':
			return { kind: 'assert', what: 'wordBegin' };
		case '>':
			return { kind: 'assert', what: 'wordEnd' };
		case '`':
			return { kind: 'assert', what: 'begin' };
		case "'":
			return { kind: 'assert', what: 'end' };
		default:
			return undefined;
	}
}
