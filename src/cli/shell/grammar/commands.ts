/** Commands and what they are made of, read by descent. */
import { conditional } from './conditional.ts';
import { caseCommand, forCommand } from './loops.ts';
import type { Seen } from './read.ts';
import { NoGrammar, redirects, type Token, Tokens } from './tokens.ts';

const OPENERS: ReadonlySet<string> = new Set('if while until for select case { (( ( [['.split(' '));
/** Reserved words that begin no command. */
const CLOSERS: ReadonlySet<string> = new Set('then else elif fi do done esac }'.split(' '));

export class Reader {
	readonly tokens: Tokens;
	readonly #text: string;
	readonly seen: Seen;
	token: Token;

	constructor(text: string, from: number, extglob: boolean, seen: Seen) {
		this.#text = text;
		this.seen = seen;
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
		this.#not(token);
		this.token = this.tokens.next();
		return token;
	}

	#not({ kind, text, at }: Token): void {
		if (kind === 'word' && text.startsWith('!(')) this.seen.nots.push(at);
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

	/** This word or mark, and nothing else. */
	expect(text: string): void {
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
	commands(): void {
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
					this.expect(')');
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
				this.expect(')');
			}
		}
		this.#body();
	}

	#parentheses(): void {
		if (this.#text[this.tokens.at] === '(' && this.#arithmetic()) return;
		this.skip();
		this.commands();
		this.expect(')');
	}

	/** `((...))`, where its brackets close together. */
	#arithmetic(): boolean {
		const { at } = this.tokens;
		this.tokens.at = at + 1;
		this.tokens.matched('(', ')', this.token.at);
		if (this.#text[this.tokens.at] === ')') {
			this.seen.sums.push([at + 1, this.tokens.at - 1]);
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
				this.commands();
				this.expect('}');
				break;
			case '[[':
				conditional(this, opener);
				break;
			case 'if':
				for (;;) {
					this.commands();
					this.expect('then');
					this.commands();
					if (!this.is('elif')) break;
					this.skip();
				}
				if (this.is('else')) {
					this.skip();
					this.commands();
				}
				this.expect('fi');
				break;
			case 'while':
			case 'until':
				this.commands();
				this.expect('do');
				this.commands();
				this.expect('done');
				break;
			case 'case':
				caseCommand(this);
				break;
			default:
				forCommand(this, opener);
		}
	}

	/** `$(...)` and `<(...)`; answers where it ends. */
	#substituted(from: number): number {
		let inner: Reader;
		try {
			inner = new Reader(this.#text, from, this.tokens.extglob, this.seen);
			inner.newlines();
			if (!inner.is(')')) inner.commands();
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
			this.#not(token);
			if (token.kind === 'operator' && token.text === ')') return tokens.at;
			if (token.kind === 'end') throw new NoGrammar({ kind: 'end', mark: ')', at: from - 1, list: true });
			if (token.kind === 'operator') throw new NoGrammar({ kind: 'token', token: token.text, at: token.at });
		}
	}
}
