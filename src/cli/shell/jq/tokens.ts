/** Words and signs of programs of jq (1.6, lexer.l). */
import { ProgramFault } from './tree.ts';

const KEYWORDS = new Set(
	'as import include module def if then else elif end reduce foreach try catch label and or __loc__'.split(' '),
);
const TOKEN =
	/(?:[ \t\r\n]|#[^\n]*)*(?:((?:[a-zA-Z_]\w*::)*[a-zA-Z_]\w*)|(\.[a-zA-Z_]\w*)|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(@\w+)|(\?\/\/|\/\/=|!=|==|\/\/|\|=|\+=|-=|\*=|\/=|%=|<=|>=|\.\.|[.?=;,:|+\-*/%$<>[\]{}()])|(")|$|([\s\S]))/y;
export const HINT = ' (Unix shell quoting issues?)';

export interface Token {
	readonly kind:
		| 'IDENT'
		| 'FIELD'
		| 'LITERAL'
		| 'FORMAT'
		| 'QQSTRING_START'
		| 'INVALID_CHARACTER'
		| '$end'
		| 'sign'
		| 'keyword';
	readonly text: string;
	readonly at: number;
	readonly end: number;
}

/** A text of a program as its tokens come, one at a time. */
export class Tokens {
	protected readonly text: string;
	protected token: Token;
	protected depth = 0;

	constructor(text: string) {
		this.text = text;
		this.token = this.scan(0, 0);
	}

	protected scan(from: number, last: number): Token {
		TOKEN.lastIndex = from;
		const [whole, ident, field, number, format, sign, quote, other] = TOKEN.exec(this.text)!;
		const end = from + whole.length;
		const of = (kind: Token['kind'], text: string): Token => ({ kind, text, at: end - text.length, end });
		if (ident !== undefined) return of(KEYWORDS.has(ident) ? 'keyword' : 'IDENT', ident);
		if (field !== undefined) return of('FIELD', field);
		if (number !== undefined) return of('LITERAL', number);
		if (format !== undefined) return of('FORMAT', format);
		if (sign === ')' && this.depth === 0) return of('INVALID_CHARACTER', sign);
		if (sign !== undefined) return of('sign', sign);
		if (quote !== undefined) return of('QQSTRING_START', quote);
		if (other !== undefined) return of('INVALID_CHARACTER', other);
		// flex has seen the blanks behind it.
		return { kind: '$end', text: '', at: /\s$/.test(whole) ? from : last, end };
	}

	protected next(): Token {
		const token = this.token;
		if (token.kind === 'sign' && '([{'.includes(token.text)) this.depth++;
		if (token.kind === 'sign' && ')]}'.includes(token.text)) this.depth--;
		this.token = this.scan(token.end, token.at);
		return token;
	}

	protected is(text: string): boolean {
		const { kind } = this.token;
		return (kind === 'sign' || kind === 'keyword') && this.token.text === text;
	}

	protected skip(text: string): boolean {
		if (!this.is(text)) return false;
		this.next();
		return true;
	}

	protected unexpected(expecting = '', also?: string): ProgramFault {
		const { kind, text, at } = this.token;
		const named = kind === 'sign' ? (text.length === 1 ? `'${text}'` : text) : kind === 'keyword' ? text : kind;
		return new ProgramFault(
			`syntax error, unexpected ${named}${expecting && `, expecting ${expecting}`}${HINT}`,
			at,
			also,
		);
	}

	protected expect(text: string, says = ''): void {
		if (!this.skip(text)) throw this.unexpected(says);
	}

	protected name(): Token {
		if (this.token.kind !== 'IDENT' && this.token.kind !== 'keyword') throw this.unexpected('IDENT');
		return this.next();
	}
}
