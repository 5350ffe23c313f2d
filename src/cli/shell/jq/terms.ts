/** Terms of programs of jq (1.6, parser.y: Term, MkDict, String, Patterns). */

import { HINT, Tokens } from './tokens.ts';
import { type Pattern, ProgramFault, type Tree } from './tree.ts';

/** Operators by how strongly they bind, and to which side. */
export const BINDS: Readonly<Record<string, readonly [level: number, side: 'left' | 'right' | 'none']>> = {
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
/** Terms of a program, and what they are bound to; what stands between them is `Parser`'s. */
export abstract class Terms extends Tokens {
	/** Filters behind each other: the widest there is. */
	abstract pipe(): Tree;
	/** A term, or what stands in the place of one: `if`, `reduce`, `foreach`. */
	protected abstract unary(): Tree;

	protected patterns(): Pattern[] {
		const all = [this.#pattern()];
		while (this.skip('?//')) all.push(this.#pattern());
		return all;
	}

	#pattern(): Pattern {
		if (this.skip('$')) return { kind: 'name', name: this.name().text };
		if (this.skip('[')) {
			const items: Pattern[] = [];
			do items.push(this.#pattern());
			while (this.skip(','));
			this.expect(']');
			return { kind: 'array', items };
		}
		if (!this.skip('{')) throw this.unexpected("'$' or '[' or '{'");
		const items: [Tree | string, string | undefined, Pattern | undefined][] = [];
		do {
			let key: Tree | string;
			let name: string | undefined;
			if (this.skip('$')) {
				name = this.name().text;
				key = name;
			} else if (this.skip('(')) {
				key = this.pipe();
				this.expect(')');
			} else if (this.token.kind === 'QQSTRING_START') key = this.#string(undefined);
			else key = this.name().text;
			const inside = this.skip(':') ? this.#pattern() : undefined;
			if (!inside && name === undefined) throw this.unexpected("':'");
			items.push([key, name, inside]);
		} while (this.skip(','));
		this.expect('}');
		return { kind: 'object', items };
	}

	protected term(binds = true): Tree {
		let tree = this.#simple();
		for (;;) {
			const { kind, text } = this.token;
			if (kind === 'FIELD') {
				this.next();
				tree = { kind: 'index', of: tree, at: { kind: 'value', value: text.slice(1) } };
			} else if (this.is('.')) {
				this.next();
				if (this.token.kind === 'QQSTRING_START') tree = { kind: 'index', of: tree, at: this.#string(undefined) };
				else if (this.token.kind === 'sign' && this.token.text === '[') tree = this.#brackets(tree);
				else throw this.unexpected('FORMAT or QQSTRING_START');
			} else if (this.is('[')) tree = this.#brackets(tree);
			else if (this.skip('?')) tree = { kind: 'try', body: tree, handler: undefined };
			else if (binds && this.skip('as')) {
				const patterns = this.patterns();
				this.expect('|', "'|'");
				return { kind: 'as', of: tree, patterns, body: this.pipe() };
			} else return tree;
		}
	}

	#brackets(of: Tree): Tree {
		this.next();
		if (this.skip(']')) return { kind: 'each', of };
		if (this.skip(':')) {
			const to = this.pipe();
			this.expect(']');
			return { kind: 'slice', of, from: undefined, to };
		}
		const at = this.pipe();
		if (this.skip(':')) {
			const to = this.is(']') ? undefined : this.pipe();
			this.expect(']');
			return { kind: 'slice', of, from: at, to };
		}
		this.expect(']');
		return { kind: 'index', of, at };
	}

	#simple(): Tree {
		const { kind, text, at } = this.token;
		if (kind === 'QQSTRING_START') return this.#string(undefined);
		if (kind === 'FORMAT') {
			this.next();
			if (this.token.kind === 'QQSTRING_START') return this.#string(text.slice(1));
			return { kind: 'format', name: text.slice(1) };
		}
		if (kind === 'LITERAL') {
			this.next();
			return { kind: 'value', value: Number(text) };
		}
		if (kind === 'FIELD') {
			this.next();
			return { kind: 'index', of: { kind: 'self' }, at: { kind: 'value', value: text.slice(1) } };
		}
		if (kind === 'IDENT') return this.#call();
		if (this.skip('..')) return { kind: 'recurse' };
		if (this.skip('.')) {
			if ((this.token.kind as string) === 'QQSTRING_START')
				return { kind: 'index', of: { kind: 'self' }, at: this.#string(undefined) };
			return { kind: 'self' };
		}
		if (this.skip('$')) {
			if (this.skip('__loc__')) {
				const line = this.text.slice(0, at).split('\n').length;
				return {
					kind: 'value',
					value: new Map<string, string | number>([
						['file', '<top-level>'],
						['line', line],
					]),
				};
			}
			return { kind: 'variable', name: this.name().text, at };
		}
		if (this.skip('(')) {
			const inside = this.pipe();
			this.expect(')');
			return inside;
		}
		if (this.skip('[')) {
			if (this.skip(']')) return { kind: 'array', body: undefined };
			const body = this.pipe();
			this.expect(']');
			return { kind: 'array', body };
		}
		if (this.skip('{')) return this.#object();
		// In the place of a term these are terms too: `1 + if … end`.
		if (['if', 'reduce', 'foreach'].some((word) => this.is(word))) return this.unary();
		const begins =
			at === 0 && (kind === 'INVALID_CHARACTER' || (kind === 'sign' && (BINDS[text] !== undefined || text === '?//')));
		throw this.unexpected(begins ? '$end' : '');
	}

	#call(): Tree {
		const { text: name, at } = this.next();
		if (name === 'break') {
			this.expect('$', "'$'");
			return { kind: 'break', name: this.name().text, at };
		}
		const args: Tree[] = [];
		if (this.skip('(')) {
			do args.push(this.pipe());
			while (this.skip(';'));
			this.expect(')');
		}
		return { kind: 'call', name, args, at };
	}

	#object(): Tree {
		const items: [Tree, Tree][] = [];
		const of = (key: Tree): Tree => ({ kind: 'index', of: { kind: 'self' }, at: key });
		while (!this.is('}')) {
			const { kind, text, at } = this.token;
			let key: Tree;
			let value: Tree | undefined;
			if (this.skip('$')) {
				const { text: name } = this.name();
				key = { kind: 'value', value: name };
				value = { kind: 'variable', name, at };
			} else if (this.skip('(')) {
				key = this.pipe();
				this.expect(')');
				if (!this.is(':')) throw this.unexpected("':'");
			} else if (kind === 'QQSTRING_START') key = this.#string(undefined);
			else if (kind === 'FORMAT') {
				this.next();
				key = this.#string(text.slice(1));
			} else if (kind === 'IDENT' || kind === 'keyword') key = { kind: 'value', value: this.next().text };
			else throw this.unexpected();
			if (value === undefined && this.skip(':')) value = this.#member();
			items.push([key, value ?? of(key)]);
			if (!this.skip(',') && !this.is('}')) throw this.unexpected(this.token.kind === '$end' ? '' : "'}'");
		}
		this.next();
		return { kind: 'object', items };
	}

	/** A member's value: terms between `|`, without commas. */
	#member(): Tree {
		const parts: Tree[] = [];
		do {
			let minus = 0;
			while (this.skip('-')) minus++;
			let part = this.term();
			for (; minus > 0; minus--) part = { kind: 'negate', body: part };
			parts.push(part);
		} while (this.skip('|'));
		return parts.length === 1 ? parts[0]! : { kind: 'pipe', parts };
	}

	/** A text with what is worked out inside of it. */
	#string(format: string | undefined): Tree {
		const parts: (string | Tree)[] = [];
		let at = this.token.end;
		let piece = '';
		for (;;) {
			const char = this.text[at];
			if (char === undefined)
				throw new ProgramFault(
					`syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END${HINT}`,
					this.token.at + 1,
				);
			if (char === '"') break;
			if (char !== '\\') {
				piece += char;
				at++;
				continue;
			}
			const mark = this.text[at + 1] ?? '';
			if (mark === '(') {
				if (piece !== '') parts.push(piece);
				piece = '';
				this.depth++;
				this.token = this.scan(at + 2, at);
				parts.push(this.pipe());
				if (!this.is(')')) throw this.unexpected();
				this.depth--;
				at = this.token.end;
				continue;
			}
			const code = /^u([0-9a-fA-F]{4})/.exec(this.text.slice(at + 1, at + 6))?.[1];
			const plain = (
				{ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as Record<string, string>
			)[mark];
			if (code === undefined && plain === undefined)
				throw new ProgramFault(`syntax error, unexpected INVALID_CHARACTER${HINT}`, at);
			piece += code === undefined ? plain : String.fromCharCode(Number.parseInt(code, 16));
			at += code === undefined ? 2 : 6;
		}
		if (piece !== '') parts.push(piece);
		this.token = this.scan(at + 1, at);
		if (parts.every((part) => typeof part === 'string')) return { kind: 'value', value: parts.join('') };
		return { kind: 'text', format, parts };
	}
}
