/** Reads programs of jq (1.6, lexer.l and parser.y). */
import { type Definition, type Pattern, ProgramFault, type Tree } from './tree.ts';

const KEYWORDS = new Set(
	'as import include module def if then else elif end reduce foreach try catch label and or __loc__'.split(' '),
);
const TOKEN =
	/(?:[ \t\r\n]|#[^\n]*)*(?:((?:[a-zA-Z_]\w*::)*[a-zA-Z_]\w*)|(\.[a-zA-Z_]\w*)|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(@\w+)|(\?\/\/|\/\/=|!=|==|\/\/|\|=|\+=|-=|\*=|\/=|%=|<=|>=|\.\.|[.?=;,:|+\-*/%$<>[\]{}()])|(")|$|([\s\S]))/y;
/** Operators by how strongly they bind, and to which side. */
const BINDS: Readonly<Record<string, readonly [level: number, side: 'left' | 'right' | 'none']>> = {
	',': [1, 'left'],
	'//': [2, 'right'],
	...Object.fromEntries(['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='].map((op) => [op, [3, 'none'] as const])),
	or: [4, 'left'],
	and: [5, 'left'],
	...Object.fromEntries(['<', '>', '==', '!=', '<=', '>='].map((op) => [op, [6, 'none'] as const])),
	'+': [7, 'left'],
	'-': [7, 'left'],
	'*': [8, 'left'],
	'/': [8, 'left'],
	'%': [8, 'left'],
};
const HINT = ' (Unix shell quoting issues?)';

interface Token {
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

export class Parser {
	readonly #text: string;
	#token: Token;
	#depth = 0;

	constructor(text: string) {
		this.#text = text;
		this.#token = this.#scan(0, 0);
	}

	#scan(from: number, last: number): Token {
		TOKEN.lastIndex = from;
		const [whole, ident, field, number, format, sign, quote, other] = TOKEN.exec(this.#text)!;
		const end = from + whole.length;
		const of = (kind: Token['kind'], text: string): Token => ({ kind, text, at: end - text.length, end });
		if (ident !== undefined) return of(KEYWORDS.has(ident) ? 'keyword' : 'IDENT', ident);
		if (field !== undefined) return of('FIELD', field);
		if (number !== undefined) return of('LITERAL', number);
		if (format !== undefined) return of('FORMAT', format);
		if (sign === ')' && this.#depth === 0) return of('INVALID_CHARACTER', sign);
		if (sign !== undefined) return of('sign', sign);
		if (quote !== undefined) return of('QQSTRING_START', quote);
		if (other !== undefined) return of('INVALID_CHARACTER', other);
		// flex has seen the blanks behind it.
		return { kind: '$end', text: '', at: /\s$/.test(whole) ? from : last, end };
	}

	#next(): Token {
		const token = this.#token;
		if (token.kind === 'sign' && '([{'.includes(token.text)) this.#depth++;
		if (token.kind === 'sign' && ')]}'.includes(token.text)) this.#depth--;
		this.#token = this.#scan(token.end, token.at);
		return token;
	}

	#is(text: string): boolean {
		const { kind } = this.#token;
		return (kind === 'sign' || kind === 'keyword') && this.#token.text === text;
	}

	#skip(text: string): boolean {
		if (!this.#is(text)) return false;
		this.#next();
		return true;
	}

	#unexpected(expecting = '', also?: string): ProgramFault {
		const { kind, text, at } = this.#token;
		const named = kind === 'sign' ? (text.length === 1 ? `'${text}'` : text) : kind === 'keyword' ? text : kind;
		return new ProgramFault(
			`syntax error, unexpected ${named}${expecting && `, expecting ${expecting}`}${HINT}`,
			at,
			also,
		);
	}

	#expect(text: string, says = ''): void {
		if (!this.#skip(text)) throw this.#unexpected(says);
	}

	/** @throws ProgramFault */
	program(): Tree {
		const definitions: Definition[] = [];
		while (this.#is('def')) definitions.push(this.#definition());
		let tree: Tree = this.#token.kind === '$end' ? { kind: 'self' } : this.pipe();
		if (this.#token.kind !== '$end') throw this.#unexpected('$end');
		for (const def of definitions.reverse()) tree = { kind: 'def', def, rest: tree };
		return tree;
	}

	/** Definitions alone, as a library has them. */
	definitions(): Definition[] {
		const all: Definition[] = [];
		while (this.#is('def')) all.push(this.#definition());
		return all;
	}

	#definition(): Definition {
		this.#next();
		const { text: name } = this.#name();
		const params: string[] = [];
		if (this.#skip('(')) {
			do params.push((this.#skip('$') ? '$' : '') + this.#name().text);
			while (this.#skip(';'));
			this.#expect(')');
		}
		this.#expect(':');
		const body = this.pipe();
		this.#expect(';');
		return { name, params, body };
	}

	#name(): Token {
		if (this.#token.kind !== 'IDENT' && this.#token.kind !== 'keyword') throw this.#unexpected('IDENT');
		return this.#next();
	}

	pipe(): Tree {
		if (this.#is('def')) {
			const def = this.#definition();
			return { kind: 'def', def, rest: this.pipe() };
		}
		const parts: Tree[] = [];
		for (;;) {
			if (this.#is('def')) {
				parts.push(this.pipe());
				break;
			}
			if (this.#is('label')) {
				const { at } = this.#next();
				this.#expect('$');
				const { text: name } = this.#name();
				this.#expect('|');
				parts.push({ kind: 'label', name, body: this.pipe(), at });
				break;
			}
			parts.push(this.#binary(1));
			if (!this.#skip('|')) break;
		}
		return parts.length === 1 ? parts[0]! : { kind: 'pipe', parts };
	}

	#binary(least: number): Tree {
		let left = this.#unary();
		for (;;) {
			const { text: op, at, kind } = this.#token;
			const binds = kind === 'sign' || kind === 'keyword' ? BINDS[op] : undefined;
			if (!binds || binds[0] < least) return left;
			this.#next();
			const right = this.#binary(binds[1] === 'right' ? binds[0] : binds[0] + 1);
			left = { kind: 'both', op, left, right, at };
			const again = this.#token.kind === 'sign' ? BINDS[this.#token.text] : undefined;
			if (binds[1] === 'none' && again?.[0] === binds[0]) throw this.#unexpected();
		}
	}

	#unary(): Tree {
		if (this.#skip('-')) return { kind: 'negate', body: this.#binary(8) };
		if (this.#is('if')) return this.#condition();
		if (this.#skip('try')) {
			const body = this.#term();
			return { kind: 'try', body, handler: this.#skip('catch') ? this.#term() : undefined };
		}
		if (this.#is('reduce') || this.#is('foreach')) {
			const { text: kind } = this.#next();
			const of = this.#term(false);
			this.#expect('as');
			const patterns = this.#patterns();
			this.#expect('(', "'('");
			const from = this.pipe();
			this.#expect(';');
			const update = this.pipe();
			const extract = kind === 'foreach' && this.#skip(';') ? this.pipe() : undefined;
			this.#expect(')');
			return kind === 'reduce'
				? { kind: 'reduce', of, patterns, from, update }
				: { kind: 'foreach', of, patterns, from, update, extract };
		}
		return this.#term();
	}

	#condition(): Tree {
		const start = this.#next().at;
		const open = (): ProgramFault => this.#unexpected('', `Possibly unterminated 'if' statement\u0000${start}`);
		try {
			const test = this.pipe();
			if (!this.#skip('then')) throw this.#unexpected();
			const then = this.pipe();
			if (this.#is('elif')) return { kind: 'if', test, then, otherwise: this.#condition() };
			// 1.6 wants an `else`.
			if (!this.#skip('else')) throw open();
			const otherwise = this.pipe();
			if (!this.#skip('end')) throw open();
			return { kind: 'if', test, then, otherwise };
		} catch (error) {
			if (error instanceof ProgramFault && error.also === undefined && this.#token.kind === '$end') throw open();
			throw error;
		}
	}

	#patterns(): Pattern[] {
		const all = [this.#pattern()];
		while (this.#skip('?//')) all.push(this.#pattern());
		return all;
	}

	#pattern(): Pattern {
		if (this.#skip('$')) return { kind: 'name', name: this.#name().text };
		if (this.#skip('[')) {
			const items: Pattern[] = [];
			do items.push(this.#pattern());
			while (this.#skip(','));
			this.#expect(']');
			return { kind: 'array', items };
		}
		if (!this.#skip('{')) throw this.#unexpected("'$' or '[' or '{'");
		const items: [Tree | string, string | undefined, Pattern | undefined][] = [];
		do {
			let key: Tree | string;
			let name: string | undefined;
			if (this.#skip('$')) {
				name = this.#name().text;
				key = name;
			} else if (this.#skip('(')) {
				key = this.pipe();
				this.#expect(')');
			} else if (this.#token.kind === 'QQSTRING_START') key = this.#string(undefined);
			else key = this.#name().text;
			const inside = this.#skip(':') ? this.#pattern() : undefined;
			if (!inside && name === undefined) throw this.#unexpected("':'");
			items.push([key, name, inside]);
		} while (this.#skip(','));
		this.#expect('}');
		return { kind: 'object', items };
	}

	#term(binds = true): Tree {
		let tree = this.#simple();
		for (;;) {
			const { kind, text } = this.#token;
			if (kind === 'FIELD') {
				this.#next();
				tree = { kind: 'index', of: tree, at: { kind: 'value', value: text.slice(1) } };
			} else if (this.#is('.')) {
				this.#next();
				if (this.#token.kind === 'QQSTRING_START') tree = { kind: 'index', of: tree, at: this.#string(undefined) };
				else if (this.#token.kind === 'sign' && this.#token.text === '[') tree = this.#brackets(tree);
				else throw this.#unexpected('FORMAT or QQSTRING_START');
			} else if (this.#is('[')) tree = this.#brackets(tree);
			else if (this.#skip('?')) tree = { kind: 'try', body: tree, handler: undefined };
			else if (binds && this.#skip('as')) {
				const patterns = this.#patterns();
				this.#expect('|', "'|'");
				return { kind: 'as', of: tree, patterns, body: this.pipe() };
			} else return tree;
		}
	}

	#brackets(of: Tree): Tree {
		this.#next();
		if (this.#skip(']')) return { kind: 'each', of };
		if (this.#skip(':')) {
			const to = this.pipe();
			this.#expect(']');
			return { kind: 'slice', of, from: undefined, to };
		}
		const at = this.pipe();
		if (this.#skip(':')) {
			const to = this.#is(']') ? undefined : this.pipe();
			this.#expect(']');
			return { kind: 'slice', of, from: at, to };
		}
		this.#expect(']');
		return { kind: 'index', of, at };
	}

	#simple(): Tree {
		const { kind, text, at } = this.#token;
		if (kind === 'QQSTRING_START') return this.#string(undefined);
		if (kind === 'FORMAT') {
			this.#next();
			if (this.#token.kind === 'QQSTRING_START') return this.#string(text.slice(1));
			return { kind: 'format', name: text.slice(1) };
		}
		if (kind === 'LITERAL') {
			this.#next();
			return { kind: 'value', value: Number(text) };
		}
		if (kind === 'FIELD') {
			this.#next();
			return { kind: 'index', of: { kind: 'self' }, at: { kind: 'value', value: text.slice(1) } };
		}
		if (kind === 'IDENT') return this.#call();
		if (this.#skip('..')) return { kind: 'recurse' };
		if (this.#skip('.')) {
			if ((this.#token.kind as string) === 'QQSTRING_START')
				return { kind: 'index', of: { kind: 'self' }, at: this.#string(undefined) };
			return { kind: 'self' };
		}
		if (this.#skip('$')) {
			if (this.#skip('__loc__')) {
				const line = this.#text.slice(0, at).split('\n').length;
				return {
					kind: 'value',
					value: new Map<string, string | number>([
						['file', '<top-level>'],
						['line', line],
					]),
				};
			}
			return { kind: 'variable', name: this.#name().text, at };
		}
		if (this.#skip('(')) {
			const inside = this.pipe();
			this.#expect(')');
			return inside;
		}
		if (this.#skip('[')) {
			if (this.#skip(']')) return { kind: 'array', body: undefined };
			const body = this.pipe();
			this.#expect(']');
			return { kind: 'array', body };
		}
		if (this.#skip('{')) return this.#object();
		// In the place of a term these are terms too: `1 + if … end`.
		if (['if', 'reduce', 'foreach'].some((word) => this.#is(word))) return this.#unary();
		const begins =
			at === 0 && (kind === 'INVALID_CHARACTER' || (kind === 'sign' && (BINDS[text] !== undefined || text === '?//')));
		throw this.#unexpected(begins ? '$end' : '');
	}

	#call(): Tree {
		const { text: name, at } = this.#next();
		if (name === 'break') {
			this.#expect('$', "'$'");
			return { kind: 'break', name: this.#name().text, at };
		}
		const args: Tree[] = [];
		if (this.#skip('(')) {
			do args.push(this.pipe());
			while (this.#skip(';'));
			this.#expect(')');
		}
		return { kind: 'call', name, args, at };
	}

	#object(): Tree {
		const items: [Tree, Tree][] = [];
		const of = (key: Tree): Tree => ({ kind: 'index', of: { kind: 'self' }, at: key });
		while (!this.#is('}')) {
			const { kind, text, at } = this.#token;
			let key: Tree;
			let value: Tree | undefined;
			if (this.#skip('$')) {
				const { text: name } = this.#name();
				key = { kind: 'value', value: name };
				value = { kind: 'variable', name, at };
			} else if (this.#skip('(')) {
				key = this.pipe();
				this.#expect(')');
				if (!this.#is(':')) throw this.#unexpected("':'");
			} else if (kind === 'QQSTRING_START') key = this.#string(undefined);
			else if (kind === 'FORMAT') {
				this.#next();
				key = this.#string(text.slice(1));
			} else if (kind === 'IDENT' || kind === 'keyword') key = { kind: 'value', value: this.#next().text };
			else throw this.#unexpected();
			if (value === undefined && this.#skip(':')) value = this.#member();
			items.push([key, value ?? of(key)]);
			if (!this.#skip(',') && !this.#is('}')) throw this.#unexpected(this.#token.kind === '$end' ? '' : "'}'");
		}
		this.#next();
		return { kind: 'object', items };
	}

	/** A member's value: terms between `|`, without commas. */
	#member(): Tree {
		const parts: Tree[] = [];
		do {
			let minus = 0;
			while (this.#skip('-')) minus++;
			let part = this.#term();
			for (; minus > 0; minus--) part = { kind: 'negate', body: part };
			parts.push(part);
		} while (this.#skip('|'));
		return parts.length === 1 ? parts[0]! : { kind: 'pipe', parts };
	}

	/** A text with what is worked out inside of it. */
	#string(format: string | undefined): Tree {
		const parts: (string | Tree)[] = [];
		let at = this.#token.end;
		let piece = '';
		for (;;) {
			const char = this.#text[at];
			if (char === undefined)
				throw new ProgramFault(
					`syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END${HINT}`,
					this.#token.at + 1,
				);
			if (char === '"') break;
			if (char !== '\\') {
				piece += char;
				at++;
				continue;
			}
			const mark = this.#text[at + 1] ?? '';
			if (mark === '(') {
				if (piece !== '') parts.push(piece);
				piece = '';
				this.#depth++;
				this.#token = this.#scan(at + 2, at);
				parts.push(this.pipe());
				if (!this.#is(')')) throw this.#unexpected();
				this.#depth--;
				at = this.#token.end;
				continue;
			}
			const code = /^u([0-9a-fA-F]{4})/.exec(this.#text.slice(at + 1, at + 6))?.[1];
			const plain = (
				{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as Record<string, string>
			)[mark];
			if (code === undefined && plain === undefined)
				throw new ProgramFault(`syntax error, unexpected INVALID_CHARACTER${HINT}`, at);
			piece += code === undefined ? plain : String.fromCharCode(Number.parseInt(code, 16));
			at += code === undefined ? 2 : 6;
		}
		if (piece !== '') parts.push(piece);
		this.#token = this.#scan(at + 1, at);
		if (parts.every((part) => typeof part === 'string')) return { kind: 'value', value: parts.join('') };
		return { kind: 'text', format, parts };
	}
}
