/** An awk program read into its tree: rules, functions, statements. */
import { ExpressionParser } from './parse-expression.ts';
import { AwkFault } from './scan.ts';
import type { AwkFunction, Expression, Program, Rule, Statement } from './tree.ts';

class Parser extends ExpressionParser {
	readonly functions = new Map<string, AwkFunction>();

	program(): Program {
		const rules: Rule[] = [];
		for (this.lines(); !this.is('end'); this.lines()) {
			if (this.take('function')) this.#function();
			else rules.push(this.#rule());
		}
		for (const { name, line } of this.called)
			if (!this.functions.has(name)) throw new AwkFault(`line ${line}: function ${name} never defined`);
		return { rules, functions: this.functions };
	}

	#function(): void {
		const token = this.token;
		if (!this.take('name')) this.need('call');
		this.need('(');
		const parameters: string[] = [];
		while (!this.take(')')) {
			parameters.push(this.need('name').text);
			if (!this.is(')')) this.need(',');
			this.newlines();
		}
		this.newlines();
		this.functions.set(token.text, { name: token.text, parameters, body: this.#block() });
	}

	#rule(): Rule {
		if (this.is('BEGIN', 'END')) {
			const when = this.token.kind as 'BEGIN' | 'END';
			this.at++;
			return { when, pattern: undefined, to: undefined, body: this.#block() };
		}
		let pattern: Expression | undefined;
		let to: Expression | undefined;
		if (!this.is('{')) {
			pattern = this.expression();
			if (this.take(',')) {
				this.newlines();
				to = this.expression();
			}
		}
		return { when: 'line', pattern, to, body: this.is('{') ? this.#block() : undefined };
	}

	#block(): Statement {
		this.need('{');
		return this.deeper(() => {
			const body: Statement[] = [];
			for (this.lines(); !this.take('}'); this.lines()) body.push(this.#statement());
			return { op: 'block', body };
		});
	}

	/** A simple statement's end: it may also be the brace that is not its own. */
	#end(): void {
		if (!this.take(';') && !this.take('newline') && !this.is('}', 'end')) throw this.fault();
	}

	#body(): Statement {
		this.newlines();
		if (this.take(';')) return { op: 'block', body: [] };
		return this.#statement();
	}

	#statement(): Statement {
		return this.deeper(() => this.#anyStatement());
	}

	#anyStatement(): Statement {
		const { kind } = this.token;
		switch (kind) {
			case '{':
				return this.#block();
			case 'if': {
				this.at++;
				const test = this.#inParentheses();
				const yes = this.#body();
				const back = this.at;
				this.lines();
				if (this.take('else')) return { op: 'if', test, yes, no: this.#body() };
				this.at = back;
				return { op: 'if', test, yes, no: undefined };
			}
			case 'while': {
				this.at++;
				const test = this.#inParentheses();
				return { op: 'loop', first: undefined, test, step: undefined, body: this.#body(), late: false };
			}
			case 'do': {
				this.at++;
				const body = this.#body();
				this.lines();
				this.need('while');
				const test = this.#inParentheses();
				this.#end();
				return { op: 'loop', first: undefined, test, step: undefined, body, late: true };
			}
			case 'for':
				return this.#for();
			default: {
				const statement = this.#simple();
				this.#end();
				return statement;
			}
		}
	}

	#inParentheses(): Expression {
		this.need('(');
		const value = this.expression();
		this.need(')');
		return value;
	}

	#for(): Statement {
		this.need('for');
		this.need('(');
		const [name, word, array, close] = this.tokens.slice(this.at, this.at + 4);
		if (name?.kind === 'name' && word?.kind === 'in' && array?.kind === 'name' && close?.kind === ')') {
			this.at += 4;
			return { op: 'each', name: name.text, array: array.text, body: this.#body() };
		}
		const first = this.is(';') ? undefined : this.#simple();
		this.need(';');
		this.newlines();
		const test = this.is(';') ? undefined : this.expression();
		this.need(';');
		this.newlines();
		const step = this.is(')') ? undefined : this.#simple();
		this.need(')');
		return { op: 'loop', first, test, step, body: this.#body(), late: false };
	}

	#simple(): Statement {
		const { kind } = this.token;
		switch (kind) {
			case 'print':
			case 'printf':
				return this.#print(kind === 'printf');
			case 'break':
			case 'continue':
			case 'next':
			case 'nextfile':
				this.at++;
				return { op: 'leave', how: kind };
			case 'exit':
			case 'return':
				this.at++;
				return { op: kind, value: this.is(';', 'newline', '}', 'end') ? undefined : this.expression() };
			case 'delete': {
				this.at++;
				const array = this.need('name').text;
				return { op: 'delete', array, keys: this.take('[') ? this.keys() : undefined };
			}
			default:
				return { op: 'expression', value: this.expression() };
		}
	}

	#print(formatted: boolean): Statement {
		this.at++;
		let values: Expression[] = [];
		if (!this.is(';', 'newline', '}', 'end', '>', '>>', '|')) {
			const list = this.list(true);
			// `print (a, b) > "file"`.
			const [only] = list;
			values = list.length === 1 && only!.op === 'list' ? [...only.parts] : list;
		}
		const how = this.token.kind;
		if (how !== '>' && how !== '>>' && how !== '|') return { op: 'print', formatted, values, into: undefined };
		this.at++;
		return { op: 'print', formatted, values, into: { how, name: this.joined() } };
	}
}

/** @throws AwkFault */
export const parse = (source: string): Program => new Parser(source).program();
