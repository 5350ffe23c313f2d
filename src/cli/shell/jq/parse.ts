/** Reads programs of jq (1.6, parser.y). */
import { BINDS, Terms } from './terms.ts';
import { type Definition, ProgramFault, type Tree } from './tree.ts';

/** What reads a program; its methods throw a ProgramFault for what is none. */
export class Parser extends Terms {
	/** @throws ProgramFault */
	program(): Tree {
		const definitions: Definition[] = [];
		while (this.is('def')) definitions.push(this.#definition());
		let tree: Tree = this.token.kind === '$end' ? { kind: 'self' } : this.pipe();
		if (this.token.kind !== '$end') throw this.unexpected('$end');
		for (const def of definitions.reverse()) tree = { kind: 'def', def, rest: tree };
		return tree;
	}

	/** Definitions alone, as a library has them. */
	definitions(): Definition[] {
		const all: Definition[] = [];
		while (this.is('def')) all.push(this.#definition());
		return all;
	}

	#definition(): Definition {
		this.next();
		const { text: name } = this.name();
		const params: string[] = [];
		if (this.skip('(')) {
			do params.push((this.skip('$') ? '$' : '') + this.name().text);
			while (this.skip(';'));
			this.expect(')');
		}
		this.expect(':');
		const body = this.pipe();
		this.expect(';');
		return { name, params, body };
	}

	pipe(): Tree {
		if (this.is('def')) {
			const def = this.#definition();
			return { kind: 'def', def, rest: this.pipe() };
		}
		const parts: Tree[] = [];
		for (;;) {
			if (this.is('def')) {
				parts.push(this.pipe());
				break;
			}
			if (this.is('label')) {
				const { at } = this.next();
				this.expect('$');
				const { text: name } = this.name();
				this.expect('|');
				parts.push({ kind: 'label', name, body: this.pipe(), at });
				break;
			}
			parts.push(this.#binary(1));
			if (!this.skip('|')) break;
		}
		return parts.length === 1 ? parts[0]! : { kind: 'pipe', parts };
	}

	#binary(least: number): Tree {
		let left = this.unary();
		for (;;) {
			const { text: op, at, kind } = this.token;
			const binds = kind === 'sign' || kind === 'keyword' ? BINDS[op] : undefined;
			if (!binds || binds[0] < least) return left;
			this.next();
			const right = this.#binary(binds[1] === 'right' ? binds[0] : binds[0] + 1);
			left = { kind: 'both', op, left, right, at };
			const again = this.token.kind === 'sign' ? BINDS[this.token.text] : undefined;
			if (binds[1] === 'none' && again?.[0] === binds[0]) throw this.unexpected();
		}
	}

	protected unary(): Tree {
		if (this.skip('-')) return { kind: 'negate', body: this.#binary(8) };
		if (this.is('if')) return this.#condition();
		if (this.skip('try')) {
			const body = this.term();
			return { kind: 'try', body, handler: this.skip('catch') ? this.term() : undefined };
		}
		if (this.is('reduce') || this.is('foreach')) {
			const { text: kind } = this.next();
			const of = this.term(false);
			this.expect('as');
			const patterns = this.patterns();
			this.expect('(', "'('");
			const from = this.pipe();
			this.expect(';');
			const update = this.pipe();
			const extract = kind === 'foreach' && this.skip(';') ? this.pipe() : undefined;
			this.expect(')');
			return kind === 'reduce'
				? { kind: 'reduce', of, patterns, from, update }
				: { kind: 'foreach', of, patterns, from, update, extract };
		}
		return this.term();
	}

	#condition(): Tree {
		const start = this.next().at;
		const open = (): ProgramFault => this.unexpected('', `Possibly unterminated 'if' statement\u0000${start}`);
		try {
			const test = this.pipe();
			if (!this.skip('then')) throw this.unexpected();
			const then = this.pipe();
			if (this.is('elif')) return { kind: 'if', test, then, otherwise: this.#condition() };
			// 1.6 wants an `else`.
			if (!this.skip('else')) throw open();
			const otherwise = this.pipe();
			if (!this.skip('end')) throw open();
			return { kind: 'if', test, then, otherwise };
		} catch (error) {
			if (error instanceof ProgramFault && error.also === undefined && this.token.kind === '$end') throw open();
			throw error;
		}
	}
}
