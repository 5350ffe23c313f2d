/** Expressions, by how tightly their operators bind. */
import { Reader } from './reader.ts';
import { AwkFault, unescaped } from './scan.ts';
import type { Expression, Target } from './tree.ts';

const ASSIGNS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);
/** Kinds of words that begin a value, so that one behind another joins them. */
const BEGINS = new Set(['name', 'call', 'builtin', 'number', 'text', 'regex', '$', '(', '++', '--']);
const COMPARES = new Set(['<', '<=', '==', '!=', '>', '>=']);

export class ExpressionParser extends Reader {
	/** Functions that are called somewhere. */
	protected readonly called: { name: string; line: number }[] = [];

	protected keys(): readonly Expression[] {
		const keys = [this.expression()];
		while (this.take(',')) keys.push(this.expression());
		this.need(']');
		return keys;
	}

	protected list(printing: boolean): Expression[] {
		const list = [this.ternary(printing)];
		while (this.take(',')) {
			this.newlines();
			list.push(this.ternary(printing));
		}
		return list;
	}

	protected expression(): Expression {
		return this.ternary(false);
	}

	/** @param printing `>` is where it goes, and no comparison */
	protected ternary(printing: boolean): Expression {
		return this.deeper(() => {
			const test = this.or(printing);
			if (isTarget(test) && ASSIGNS.has(this.token.kind)) {
				const how = this.token.kind;
				this.at++;
				this.newlines();
				return { op: 'assign', to: test, how, value: this.ternary(printing) };
			}
			if (!this.take('?')) return test;
			this.newlines();
			const yes = this.ternary(printing);
			this.newlines();
			this.need(':');
			this.newlines();
			return { op: 'either', test, yes, no: this.ternary(printing) };
		});
	}

	protected or(printing: boolean): Expression {
		const parts = [this.and(printing)];
		while (this.take('||')) {
			this.newlines();
			parts.push(this.and(printing));
		}
		return folded('||', parts);
	}

	protected and(printing: boolean): Expression {
		const parts = [this.membership(printing)];
		while (this.take('&&')) {
			this.newlines();
			parts.push(this.membership(printing));
		}
		return folded('&&', parts);
	}

	protected membership(printing: boolean): Expression {
		let left = this.matching(printing);
		while (this.take('in')) {
			const array = this.need('name').text;
			left = { op: 'has', keys: left.op === 'list' ? left.parts : [left], array };
		}
		return left;
	}

	protected matching(printing: boolean): Expression {
		let left = this.compared(printing);
		while (this.is('~', '!~')) {
			const how = this.token.kind;
			this.at++;
			left = { op: 'binary', how, left, right: this.compared(printing) };
		}
		return left;
	}

	protected compared(printing: boolean): Expression {
		let left = this.joined();
		while (COMPARES.has(this.token.kind) && !(printing && this.token.kind === '>')) {
			const how = this.token.kind;
			this.at++;
			left = { op: 'binary', how, left, right: this.joined() };
		}
		// `"date" | getline now`.
		while (this.is('|') && this.tokens[this.at + 1]?.kind === 'getline') {
			this.at += 2;
			left = { op: 'getline', kind: 'command', from: left, to: this.target() };
		}
		return left;
	}

	protected joined(): Expression {
		const parts = [this.sum()];
		while (BEGINS.has(this.token.kind)) {
			parts.push(this.sum());
		}
		return parts.length === 1 ? parts[0]! : { op: 'chain', parts };
	}

	protected sum(): Expression {
		return this.binary(['+', '-'], () => this.product());
	}

	protected product(): Expression {
		return this.binary(['*', '/', '%'], () => this.unary());
	}

	protected binary(operators: string[], next: () => Expression): Expression {
		let left = next();
		let long = 0;
		while (this.is(...operators)) {
			const how = this.token.kind;
			this.at++;
			if (++long > 2000) throw new AwkFault(`line ${this.token.line}: nested too deeply`);
			left = { op: 'binary', how, left, right: next() };
		}
		return left;
	}

	protected unary(): Expression {
		if (!this.is('!', '-', '+')) return this.power();
		return this.deeper(() => {
			const how = this.token.kind;
			this.at++;
			return { op: 'unary', how, value: this.unary() };
		});
	}

	protected power(): Expression {
		const left = this.stepped();
		if (!this.take('^')) return left;
		return this.deeper(() => ({ op: 'binary', how: '^', left, right: this.unary() }));
	}

	protected steps(): 1 | -1 {
		if (this.take('++')) return 1;
		this.need('--');
		return -1;
	}

	protected stepped(): Expression {
		if (this.is('++', '--')) {
			const by = this.steps();
			const to = this.primary();
			if (!isTarget(to)) throw this.fault();
			return { op: 'step', to, by, after: false };
		}
		const value = this.primary();
		if (!isTarget(value) || !this.is('++', '--')) return value;
		return { op: 'step', to: value, by: this.steps(), after: true };
	}

	protected target(): Target | undefined {
		if (!this.is('name', '$')) return undefined;
		const value = this.primary();
		return isTarget(value) ? value : undefined;
	}

	protected primary(): Expression {
		const token = this.token;
		this.at++;
		switch (token.kind) {
			case 'number':
				return { op: 'number', value: Number(token.text) };
			case 'text':
				return { op: 'text', value: unescaped(token.text) };
			case 'regex':
				return { op: 'regex', source: token.text };
			case '$':
				return this.deeper(() => ({
					op: 'field',
					of: this.is('++', '--') ? this.stepped() : this.is('-', '+', '!') ? this.unary() : this.primary(),
				}));
			case '(': {
				const list = this.deeper(() => this.list(false));
				this.need(')');
				if (list.length > 1) return { op: 'list', parts: list };
				// In parentheses it is no longer something that a value may be put into.
				return isTarget(list[0]!) && list[0]!.op === 'name' ? { op: 'chain', parts: list } : list[0]!;
			}
			case 'name':
				if (this.take('[')) return { op: 'item', array: token.text, keys: this.keys() };
				return { op: 'name', name: token.text };
			case 'call':
				this.called.push({ name: token.text, line: token.line });
				this.need('(');
				return { op: 'call', name: token.text, args: this.arguments(), line: token.line };
			case 'builtin':
				return { op: 'builtin', name: token.text, args: this.take('(') ? this.arguments() : [] };
			case 'getline': {
				const to = this.target();
				if (!this.take('<')) return { op: 'getline', kind: 'main', from: undefined, to };
				return { op: 'getline', kind: 'file', from: this.stepped(), to };
			}
			default:
				this.at--;
				throw this.fault();
		}
	}

	protected arguments(): readonly Expression[] {
		this.newlines();
		if (this.take(')')) return [];
		const list = this.list(false);
		this.newlines();
		this.need(')');
		return list;
	}
}

const isTarget = (value: Expression): value is Target =>
	value.op === 'name' || value.op === 'field' || value.op === 'item';

const folded = (how: string, parts: readonly Expression[]): Expression =>
	parts.reduce((left, right) => ({ op: 'binary', how, left, right }));
