/**
 * bash's tokens (parse.y, read_token() @ 5.2): words with all that is quoted or expanded in them, operators, and where
 * here-documents stand. What stands in `$(...)` is read by the grammar itself.
 */

/** What is wrong with a text. */
export type Wrong =
	/** A token that may not stand there. */
	| { readonly kind: 'token'; readonly token: string; readonly at: number }
	/** It ended too early; `mark` is what would have closed what is open, `list` says that it is `name=(`. */
	| { readonly kind: 'end'; readonly mark?: string; readonly at: number; readonly list?: boolean }
	/** A sentence of its own, of `[[` and of `for ((`. */
	| { readonly kind: 'said'; readonly said: string; readonly also?: string; readonly at: number };

export class NoGrammar extends Error {
	readonly wrong: Wrong;

	constructor(wrong: Wrong) {
		super('no grammar');
		this.wrong = wrong;
	}
}

export interface Token {
	readonly kind: 'word' | 'operator' | 'newline' | 'end';
	readonly text: string;
	readonly at: number;
	/** Something in it is quoted or expanded: it is no reserved word. */
	readonly quoted?: boolean;
}

const OPERATORS = [
	...['<<<', '<<-', '&>>', ';;&', '&&', '||', ';;', ';&', '|&', '<<', '>>', '<&', '>&', '<>', '>|', '&>'],
	...['|', '&', ';', '(', ')', '<', '>'],
];
const REDIRECTIONS: ReadonlySet<string> = new Set('< > >> << <<- <<< <& >& <> >| &> &>>'.split(' '));
export const redirects = ({ kind, text }: Token): boolean => kind === 'operator' && REDIRECTIONS.has(text);

const BLANK = /[ \t]/;
const META = /[ \t\n|&;()<>]/;

/** A reader of `$(...)` and of the brackets behind `name=`: the grammar. It answers where it ends. */
export interface Inner {
	commands(from: number): number;
	list(from: number): number;
}

export class Tokens {
	readonly text: string;
	readonly #inner: Inner;
	/** Whether `@(...)` is a pattern. */
	extglob: boolean;
	at: number;
	/** Bodies that the next newline begins. */
	#doubles = 0;
	#pending: { readonly tag: string; readonly strip: boolean }[] = [];

	constructor(text: string, from: number, extglob: boolean, inner: Inner) {
		this.text = text;
		this.at = from;
		this.extglob = extglob;
		this.#inner = inner;
	}

	/** The tag of a here-document was read. */
	expect(tag: string, strip: boolean): void {
		this.#pending.push({ tag: tag.replace(/\\(.)|["']/g, '$1'), strip });
	}

	next(): Token {
		const { text } = this;
		for (;;) {
			while (BLANK.test(text[this.at] ?? '')) this.at++;
			if (text.startsWith('\\\n', this.at)) this.at += 2;
			else if (text[this.at] === '#') {
				const end = text.indexOf('\n', this.at);
				this.at = end < 0 ? text.length : end;
			} else break;
		}
		const at = this.at;
		const char = text[at];
		if (char === undefined) return { kind: 'end', text: '', at };
		if (char === '\n') {
			this.at++;
			this.#bodies();
			return { kind: 'newline', text: 'newline', at };
		}
		if (!/^[<>]\(/.test(text.slice(at, at + 2))) {
			const operator = OPERATORS.find((one) => text.startsWith(one, at));
			if (operator !== undefined) {
				this.at += operator.length;
				return { kind: 'operator', text: operator, at };
			}
		}
		return this.#word();
	}

	#bodies(): void {
		for (const { tag, strip } of this.#pending) {
			while (this.at < this.text.length) {
				const end = this.text.indexOf('\n', this.at);
				const line = this.text.slice(this.at, end < 0 ? undefined : end);
				this.at = end < 0 ? this.text.length : end + 1;
				if ((strip ? line.replace(/^\t+/, '') : line) === tag) break;
			}
		}
		this.#pending = [];
	}

	#word(): Token {
		const { text } = this;
		const at = this.at;
		let quoted = false;
		while (this.at < text.length) {
			const char = text[this.at]!;
			const two = text.slice(this.at, this.at + 2);
			if (char === '\\') {
				quoted = true;
				this.at += 2;
			} else if (char === "'" || char === '"' || char === '`' || char === '$') {
				quoted = this.#quotation() || quoted;
			} else if (/[<>]/.test(char) && two[1] === '(') {
				quoted = true;
				this.at = this.#inner.commands(this.at + 2);
			} else if (this.extglob && /^[?*+@!]\($/.test(two)) {
				this.at += 2;
				this.matched('(', ')');
			} else if (char === '(' && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=$/.test(text.slice(at, this.at))) {
				quoted = true;
				this.at = this.#inner.list(this.at + 1);
			} else if (char === '[' && /^[A-Za-z_]\w*$/.test(text.slice(at, this.at))) {
				const end = this.#subscript();
				if (end === undefined) this.at++;
				else this.at = end;
			} else if (META.test(char)) break;
			else this.at++;
		}
		this.at = Math.min(this.at, text.length);
		return { kind: 'word', text: text.slice(at, this.at), at, quoted };
	}

	/** `a[b c]=`: a subscript may have blanks when it is assigned to. */
	#subscript(): number | undefined {
		const found = /^\[[^\]\n'"`$;&|<>()]*\](?=\+?=)/.exec(this.text.slice(this.at, this.at + 400));
		return found ? this.at + found[0].length : undefined;
	}

	/** Where a quotation or an expansion ends that begins there. */
	quoted(from: number): number {
		const { at } = this;
		this.at = from;
		this.#quotation();
		const end = this.at;
		this.at = at;
		return end;
	}

	/** What begins with a quotation mark or a `$`; answers whether it was more than the character. */
	#quotation(): boolean {
		const { text } = this;
		const from = this.at;
		const rest = text.slice(from, from + 3);
		const single = rest.startsWith("$'") || rest[0] === "'";
		if (single) {
			const escapes = rest[0] === '$';
			let i = from + (escapes ? 2 : 1);
			while (i < text.length && text[i] !== "'") i += escapes && text[i] === '\\' ? 2 : 1;
			if (i >= text.length) throw this.#open("'", from);
			this.at = i + 1;
		} else if (rest[0] === '"' || rest.startsWith('$"')) {
			this.at += rest[0] === '$' ? 2 : 1;
			this.#double(from);
		} else if (rest[0] === '`') {
			let i = from + 1;
			while (i < text.length && text[i] !== '`') i += text[i] === '\\' ? 2 : 1;
			if (i >= text.length) throw this.#open('`', from);
			this.at = i + 1;
		} else if (rest === '$((' && this.#arithmetic()) {
			// It is read.
		} else if (rest === '$((') this.at = this.#subshell(from);
		else if (rest.startsWith('$(')) this.at = this.#inner.commands(from + 2);
		else if (rest.startsWith('${')) {
			this.at += 2;
			this.matched('{', '}', from);
		} else if (rest.startsWith('$[')) {
			this.at += 2;
			this.matched('[', ']', from);
		} else {
			this.at++;
			return rest[0] === '$';
		}
		return true;
	}

	/** `$((` that is `$( (`. */
	#subshell(from: number): number {
		try {
			return this.#inner.commands(from + 2);
		} catch (error) {
			if (error instanceof NoGrammar && error.wrong.kind === 'end') throw this.#open(')', from);
			throw error;
		}
	}

	#open(mark: string, at: number): NoGrammar {
		return new NoGrammar({ kind: 'end', mark, at });
	}

	/** To the end of `"..."`. */
	#double(from: number): void {
		const { text } = this;
		this.#doubles++;
		while (this.at < text.length && text[this.at] !== '"') {
			const two = text.slice(this.at, this.at + 2);
			if (two[0] === '\\') this.at += 2;
			else if (two[0] === '`' || two === '$(' || two === '${' || two === '$[') this.#quotation();
			else this.at++;
		}
		this.#doubles--;
		if (this.at >= text.length) throw this.#open('"', from);
		this.at++;
	}

	/** `$((...))`; false when it is a command substitution that begins with a subshell. */
	#arithmetic(): boolean {
		const from = this.at;
		this.at += 3;
		this.matched('(', ')', from);
		if (this.text[this.at] === ')') {
			this.at++;
			return true;
		}
		if (this.at >= this.text.length) throw this.#open(')', from);
		this.at = from;
		return false;
	}

	/** To behind the bracket that closes what is open. */
	matched(open: string, close: string, from = this.at): void {
		const { text } = this;
		let depth = 1;
		while (this.at < text.length) {
			const char = text[this.at]!;
			if (char === '\\') this.at += 2;
			else if (char === '"' || char === '`' || char === '$' || (char === "'" && (open !== '{' || this.#doubles === 0)))
				this.#quotation();
			else if (char === "'") this.#inBraces();
			else {
				this.at++;
				if (char === open && open !== '{') depth++;
				else if (char === close && --depth === 0) return;
			}
		}
		throw this.#open(close, from);
	}

	/** A `'` within `"${...}"` quotes where another one follows. */
	#inBraces(): void {
		const end = this.text.indexOf("'", this.at + 1);
		const brace = this.text.indexOf('}', this.at + 1);
		this.at =
			end < 0 || (brace >= 0 && brace < end && !this.text.slice(brace, end + 3).includes('}')) ? this.at + 1 : end + 1;
	}
}
