/** Commands and what they are made of, read by descent. */
import { conditional } from './conditional.ts';
import { NoGrammar, redirects, type Token, Tokens, type Wrong } from './tokens.ts';

const OPENERS: ReadonlySet<string> = new Set('if while until for select case { (( ( [['.split(' '));
/** Reserved words that begin no command. */
const CLOSERS: ReadonlySet<string> = new Set('then else elif fi do done esac }'.split(' '));

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
}

/** What a reader comes across. */
interface Seen {
	readonly selects: Select[];
	readonly sums: [number, number][];
	readonly equals: number[];
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
	const seen: Seen = { selects: [], sums: [], equals: [] };
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

export class Reader {
	readonly tokens: Tokens;
	readonly #text: string;
	readonly #seen: Seen;
	token: Token;

	constructor(text: string, from: number, extglob: boolean, seen: Seen) {
		this.#text = text;
		this.#seen = seen;
		this.tokens = new Tokens(text, from, extglob, {
			commands: (at) => this.#substituted(at),
			list: (at) => this.#list(at),
		});
		this.token = this.tokens.next();
	}

	get text(): string {
		return this.#text;
	}

	/** To the next token. */
	skip(): Token {
		const { token } = this;
		this.token = this.tokens.next();
		return token;
	}

	/** The token that is there may not be. */
	wrong(token = this.token): NoGrammar {
		if (token.kind === 'end') return new NoGrammar({ kind: 'end', at: token.at });
		return new NoGrammar({ kind: 'token', token: token.text, at: token.at });
	}

	is(text: string): boolean {
		const { kind, quoted } = this.token;
		return this.token.text === text && (kind === 'operator' || (kind === 'word' && !quoted));
	}

	#expect(text: string): void {
		if (!this.is(text)) throw this.wrong();
		this.skip();
	}

	newlines(): void {
		while (this.token.kind === 'newline') this.skip();
	}

	/** Up to the end of a line of the script. */
	line(): void {
		for (;;) {
			this.#andOr();
			if (this.is(';') || this.is('&')) {
				this.skip();
				if (this.token.kind === 'newline' || this.token.kind === 'end') break;
			} else break;
		}
		if (this.token.kind === 'newline') this.skip();
		else if (this.token.kind !== 'end') throw this.wrong();
	}

	/** Commands up to a word or mark that closes them; there has to be one. */
	#commands(): void {
		this.newlines();
		for (;;) {
			this.#andOr();
			const ended = this.is(';') || this.is('&') || this.token.kind === 'newline';
			if (!ended) return;
			this.skip();
			this.newlines();
			if (this.#closes()) return;
		}
	}

	#closes(): boolean {
		const { kind, text, quoted } = this.token;
		if (kind === 'end') return true;
		if (kind === 'operator') return text === ')' || text === ';;' || text === ';&' || text === ';;&';
		return kind === 'word' && !quoted && CLOSERS.has(text);
	}

	#andOr(): void {
		this.#pipeline();
		while (this.is('&&') || this.is('||')) {
			this.skip();
			this.newlines();
			this.#pipeline();
		}
	}

	#pipeline(): void {
		let asked = false;
		while (this.is('!') || this.is('time')) {
			asked = true;
			if (this.skip().text === 'time') while (this.is('-p') || this.is('--')) this.skip();
		}
		if (asked && (this.is(';') || this.token.kind === 'newline')) return;
		this.#command();
		while (this.is('|') || this.is('|&')) {
			this.skip();
			this.newlines();
			if (this.is('!') || this.is('time')) this.#pipeline();
			else this.#command();
		}
	}

	#command(): void {
		const { token } = this;
		if (token.kind === 'operator' && token.text === '(') this.#parentheses();
		else if (token.kind === 'operator' && !redirects(token)) throw this.wrong();
		else if (token.kind === 'newline' || token.kind === 'end') throw this.wrong();
		else if (token.kind === 'word' && !token.quoted && OPENERS.has(token.text)) this.#compound();
		else if (token.kind === 'word' && !token.quoted && CLOSERS.has(token.text)) throw this.wrong();
		else {
			if (this.is('function')) this.#function();
			else if (this.is('coproc')) this.#coproc();
			else this.#simple();
			return;
		}
		this.#redirections();
	}

	#coproc(): void {
		this.skip();
		if (this.token.kind !== 'word') {
			if (!this.is('(') && !redirects(this.token)) throw this.wrong();
			this.#command();
			return;
		}
		const named =
			!OPENERS.has(this.token.text) &&
			/^\s*(?:[({]|(?:if|while|until|for|case)\s)/.test(this.#text.slice(this.tokens.at));
		if (named) this.skip();
		this.#command();
	}

	#redirections(): void {
		for (;;) {
			const { token } = this;
			const before =
				token.kind === 'word' && /^(?:\d+|\{\w+\})$/.test(token.text) && /[<>]/.test(this.#text[this.tokens.at] ?? '');
			if (before) this.skip();
			else if (!redirects(token)) return;
			this.#redirection();
		}
	}

	#redirection(): void {
		const operator = this.skip();
		if (this.token.kind !== 'word') throw this.wrong();
		if (operator.text === '<<' || operator.text === '<<-') this.tokens.expect(this.token.text, operator.text === '<<-');
		this.skip();
	}

	#simple(): void {
		let words = 0;
		for (;;) {
			const { token } = this;
			if (redirects(token)) this.#redirection();
			else if (token.kind === 'word') {
				const assigns = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(token.text);
				this.skip();
				if (words === 0 && !assigns && this.is('(')) {
					this.skip();
					this.#expect(')');
					this.#body();
					return;
				}
				if (!assigns) words++;
			} else if (this.is('(')) throw this.wrong();
			else return;
		}
	}

	/** What a function does. */
	#body(): void {
		this.newlines();
		const { kind, quoted, text } = this.token;
		if (kind === 'word' && !quoted && OPENERS.has(text)) this.#compound();
		else if (this.is('(')) this.#parentheses();
		else throw this.wrong();
		this.#redirections();
	}

	#function(): void {
		this.skip();
		if (this.token.kind !== 'word') throw this.wrong();
		this.skip();
		if (this.is('(')) {
			const before = this.tokens.at;
			if (this.#text[before] !== '(') {
				this.skip();
				this.#expect(')');
			}
		}
		this.#body();
	}

	#parentheses(): void {
		if (this.#text[this.tokens.at] === '(' && this.#arithmetic()) return;
		this.skip();
		this.#commands();
		this.#expect(')');
	}

	/** `((...))`, where its brackets close together. */
	#arithmetic(): boolean {
		const { at } = this.tokens;
		this.tokens.at = at + 1;
		this.tokens.matched('(', ')', this.token.at);
		if (this.#text[this.tokens.at] === ')') {
			this.#seen.sums.push([at + 1, this.tokens.at - 1]);
			this.tokens.at++;
			this.skip();
			return true;
		}
		this.tokens.at = at;
		return false;
	}

	#compound(): void {
		const opener = this.skip();
		switch (opener.text) {
			case '{':
				this.#commands();
				this.#expect('}');
				break;
			case '[[':
				conditional(this, opener);
				break;
			case 'if':
				for (;;) {
					this.#commands();
					this.#expect('then');
					this.#commands();
					if (!this.is('elif')) break;
					this.skip();
				}
				if (this.is('else')) {
					this.skip();
					this.#commands();
				}
				this.#expect('fi');
				break;
			case 'while':
			case 'until':
				this.#commands();
				this.#expect('do');
				this.#commands();
				this.#expect('done');
				break;
			case 'case':
				this.#case();
				break;
			default:
				this.#for(opener);
		}
	}

	#for(opener: Token): void {
		if (opener.text === 'for' && this.is('(') && this.#text[this.tokens.at] === '(') {
			this.#counting();
			return;
		}
		const name = this.token;
		if (name.kind !== 'word') throw this.wrong();
		this.skip();
		const asked = this.token.kind === 'newline';
		this.newlines();
		let words: [number, number] | undefined;
		if (this.is('in')) {
			const from = this.skip().at + 2;
			// Those of `select` become a command's.
			while (this.token.kind === 'word') opener.text === 'for' ? this.#word() : this.skip();
			words = [from, this.token.at];
			if (!this.is(';') && this.token.kind !== 'newline') throw this.wrong();
			this.skip();
		} else if (!asked && this.is(';')) this.skip();
		this.newlines();
		const [from, to] = this.#loop();
		if (opener.text === 'select') this.#seen.selects.push({ at: opener.at, name: name.text, words, body: [from, to] });
	}

	/** A word that assigns nothing where it stands, whatever it looks like. */
	#word(): void {
		const { at } = this.skip();
		const name = /^[A-Za-z_]\w*(?:\[[^\]\s]*\])?(?=\+?=)/.exec(this.#text.slice(at, at + 200));
		if (name) this.#seen.equals.push(at + name[0].length);
	}

	/** What is between `do` and `done`, or between braces. */
	#loop(): [number, number] {
		const brace = this.is('{');
		if (!brace && !this.is('do')) throw this.wrong();
		const from = this.token.at + (brace ? 1 : 2);
		this.skip();
		this.#commands();
		const to = this.token.at;
		this.#expect(brace ? '}' : 'done');
		return [from, to];
	}

	/** `for ((a; b; c))`. */
	#counting(): void {
		const from = this.tokens.at + 1;
		this.tokens.at = from;
		this.tokens.matched('(', ')', this.token.at);
		const inside = this.#text.slice(from, this.tokens.at - 1);
		if (this.#text[this.tokens.at] !== ')') throw new NoGrammar({ kind: 'end', mark: ')', at: this.token.at });
		const parts = inside.replace(/"[^"]*"|'[^']*'|\$?\([^()]*\)/g, '').split(';').length;
		if (parts !== 3) {
			const why = parts < 3 ? 'arithmetic expression required' : "`;' unexpected";
			const also = `syntax error: \`((${inside}))'`;
			throw new NoGrammar({ kind: 'said', said: `syntax error: ${why}`, also, at: from });
		}
		this.tokens.at++;
		this.skip();
		if (this.is(';')) this.skip();
		this.newlines();
		this.#loop();
	}

	#case(): void {
		if (this.token.kind !== 'word') throw this.wrong();
		this.#word();
		this.newlines();
		this.#expect('in');
		this.newlines();
		while (!this.is('esac')) {
			if (this.is('(')) this.skip();
			for (;;) {
				if (this.token.kind !== 'word') throw this.wrong();
				this.#word();
				if (!this.is('|')) break;
				this.skip();
			}
			this.#expect(')');
			this.newlines();
			if (!this.#ends() && !this.is('esac')) this.#commands();
			if (!this.#ends()) break;
			this.skip();
			this.newlines();
		}
		this.#expect('esac');
	}

	#ends(): boolean {
		return this.is(';;') || this.is(';&') || this.is(';;&');
	}

	/** `$(...)` and `<(...)`; answers where it ends. */
	#substituted(from: number): number {
		let inner: Reader;
		try {
			inner = new Reader(this.#text, from, this.tokens.extglob, this.#seen);
			inner.newlines();
			if (!inner.is(')')) inner.#commands();
			if (!inner.is(')')) throw inner.wrong();
		} catch (error) {
			// Of what ends too early, it is the bracket that is missed.
			if (error instanceof NoGrammar && error.wrong.kind === 'end' && error.wrong.mark === undefined)
				throw new NoGrammar({ kind: 'end', mark: '$)', at: from });
			throw error;
		}
		return inner.token.at + 1;
	}

	/** Words of `name=(...)`. */
	#list(from: number): number {
		const tokens = new Tokens(this.#text, from, this.tokens.extglob, {
			commands: (at) => this.#substituted(at),
			list: (at) => this.#list(at),
		});
		for (;;) {
			const token = tokens.next();
			if (token.kind === 'operator' && token.text === ')') return tokens.at;
			if (token.kind === 'end') throw new NoGrammar({ kind: 'end', mark: ')', at: from - 1, list: true });
			if (token.kind === 'operator') throw new NoGrammar({ kind: 'token', token: token.text, at: token.at });
		}
	}
}
