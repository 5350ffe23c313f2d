/** An awk program as a tree (POSIX.1-2017 awk, "Grammar"). */
import { AwkFault, scan, type Token, unescaped } from './scan.ts';

export type Expression =
	| { readonly op: 'number'; readonly value: number }
	| { readonly op: 'text'; readonly value: string }
	| { readonly op: 'regex'; readonly source: string }
	| Target
	| { readonly op: 'assign'; readonly to: Target; readonly how: string; readonly value: Expression }
	| { readonly op: 'step'; readonly to: Target; readonly by: 1 | -1; readonly after: boolean }
	| { readonly op: 'binary'; readonly how: string; readonly left: Expression; readonly right: Expression }
	| { readonly op: 'chain'; readonly parts: readonly Expression[] }
	| { readonly op: 'unary'; readonly how: string; readonly value: Expression }
	| { readonly op: 'either'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
	| { readonly op: 'has'; readonly keys: readonly Expression[]; readonly array: string }
	| { readonly op: 'builtin'; readonly name: string; readonly args: readonly Expression[] }
	| { readonly op: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly line: number }
	| { readonly op: 'list'; readonly parts: readonly Expression[] }
	| {
			readonly op: 'getline';
			readonly to: Target | undefined;
			readonly from: Expression | undefined;
			readonly kind: 'main' | 'file' | 'command';
	  };

export type Target =
	| { readonly op: 'name'; readonly name: string }
	| { readonly op: 'field'; readonly of: Expression }
	| { readonly op: 'item'; readonly array: string; readonly keys: readonly Expression[] };

export type Statement =
	| { readonly op: 'block'; readonly body: readonly Statement[] }
	| { readonly op: 'expression'; readonly value: Expression }
	| {
			readonly op: 'print';
			readonly formatted: boolean;
			readonly values: readonly Expression[];
			readonly into: { readonly how: '>' | '>>' | '|'; readonly name: Expression } | undefined;
	  }
	| { readonly op: 'if'; readonly test: Expression; readonly yes: Statement; readonly no: Statement | undefined }
	| {
			readonly op: 'loop';
			readonly first: Statement | undefined;
			readonly test: Expression | undefined;
			readonly step: Statement | undefined;
			readonly body: Statement;
			/** Whether it looks at its test only behind the body. */
			readonly late: boolean;
	  }
	| { readonly op: 'each'; readonly name: string; readonly array: string; readonly body: Statement }
	| { readonly op: 'leave'; readonly how: 'break' | 'continue' | 'next' | 'nextfile' }
	| { readonly op: 'exit' | 'return'; readonly value: Expression | undefined }
	| { readonly op: 'delete'; readonly array: string; readonly keys: readonly Expression[] | undefined };

export interface Rule {
	readonly when: 'BEGIN' | 'END' | 'line';
	readonly pattern: Expression | undefined;
	readonly to: Expression | undefined;
	/** Prints the record when absent. */
	readonly body: Statement | undefined;
}

export interface AwkFunction {
	readonly name: string;
	readonly parameters: readonly string[];
	body: Statement;
}

export interface Program {
	readonly rules: readonly Rule[];
	readonly functions: ReadonlyMap<string, AwkFunction>;
}

/** Expressions inside each other beyond which a program is refused, before the host's own stack ends. */
const MOST_DEEP = 200;

const ASSIGNS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=']);
/** Kinds of words that begin a value, so that one behind another joins them. */
const BEGINS = new Set(['name', 'call', 'builtin', 'number', 'text', 'regex', '$', '(', '++', '--']);
const COMPARES = new Set(['<', '<=', '==', '!=', '>', '>=']);

class Parser {
	readonly #tokens: readonly Token[];
	#at = 0;
	#depth = 0;
	readonly functions = new Map<string, AwkFunction>();
	readonly #called: { name: string; line: number }[] = [];

	constructor(source: string) {
		this.#tokens = scan(source);
	}

	get #token(): Token {
		return this.#tokens[this.#at]!;
	}

	#is(...kinds: string[]): boolean {
		return kinds.includes(this.#token.kind);
	}

	#take(kind: string): boolean {
		if (this.#token.kind !== kind) return false;
		this.#at++;
		return true;
	}

	#fault(): AwkFault {
		const { kind, text, line } = this.#token;
		if (kind === 'end') return new AwkFault(`line ${line + 1}: missing } near end of file`);
		return new AwkFault(
			`line ${line}: syntax error at or near ${kind === 'newline' ? 'end of line' : kind === 'text' ? `"${text}"` : text}`,
		);
	}

	#need(kind: string): Token {
		const token = this.#token;
		if (token.kind !== kind) throw this.#fault();
		this.#at++;
		return token;
	}

	#lines(): void {
		while (this.#take('newline') || this.#take(';'));
	}

	#newlines(): void {
		while (this.#take('newline'));
	}

	#deeper<T>(act: () => T): T {
		if (++this.#depth > MOST_DEEP) throw new AwkFault(`line ${this.#token.line}: nested too deeply`);
		try {
			return act();
		} finally {
			this.#depth--;
		}
	}

	program(): Program {
		const rules: Rule[] = [];
		for (this.#lines(); !this.#is('end'); this.#lines()) {
			if (this.#take('function')) this.#function();
			else rules.push(this.#rule());
		}
		for (const { name, line } of this.#called)
			if (!this.functions.has(name)) throw new AwkFault(`line ${line}: function ${name} never defined`);
		return { rules, functions: this.functions };
	}

	#function(): void {
		const token = this.#token;
		if (!this.#take('name')) this.#need('call');
		this.#need('(');
		const parameters: string[] = [];
		while (!this.#take(')')) {
			parameters.push(this.#need('name').text);
			if (!this.#is(')')) this.#need(',');
			this.#newlines();
		}
		this.#newlines();
		this.functions.set(token.text, { name: token.text, parameters, body: this.#block() });
	}

	#rule(): Rule {
		if (this.#is('BEGIN', 'END')) {
			const when = this.#token.kind as 'BEGIN' | 'END';
			this.#at++;
			return { when, pattern: undefined, to: undefined, body: this.#block() };
		}
		let pattern: Expression | undefined;
		let to: Expression | undefined;
		if (!this.#is('{')) {
			pattern = this.#expression();
			if (this.#take(',')) {
				this.#newlines();
				to = this.#expression();
			}
		}
		return { when: 'line', pattern, to, body: this.#is('{') ? this.#block() : undefined };
	}

	#block(): Statement {
		this.#need('{');
		return this.#deeper(() => {
			const body: Statement[] = [];
			for (this.#lines(); !this.#take('}'); this.#lines()) body.push(this.#statement());
			return { op: 'block', body };
		});
	}

	/** A simple statement's end: it may also be the brace that is not its own. */
	#end(): void {
		if (!this.#take(';') && !this.#take('newline') && !this.#is('}', 'end')) throw this.#fault();
	}

	#body(): Statement {
		this.#newlines();
		if (this.#take(';')) return { op: 'block', body: [] };
		return this.#statement();
	}

	#statement(): Statement {
		return this.#deeper(() => this.#anyStatement());
	}

	#anyStatement(): Statement {
		const { kind } = this.#token;
		switch (kind) {
			case '{':
				return this.#block();
			case 'if': {
				this.#at++;
				const test = this.#inParentheses();
				const yes = this.#body();
				const back = this.#at;
				this.#lines();
				if (this.#take('else')) return { op: 'if', test, yes, no: this.#body() };
				this.#at = back;
				return { op: 'if', test, yes, no: undefined };
			}
			case 'while': {
				this.#at++;
				const test = this.#inParentheses();
				return { op: 'loop', first: undefined, test, step: undefined, body: this.#body(), late: false };
			}
			case 'do': {
				this.#at++;
				const body = this.#body();
				this.#lines();
				this.#need('while');
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
		this.#need('(');
		const value = this.#expression();
		this.#need(')');
		return value;
	}

	#for(): Statement {
		this.#need('for');
		this.#need('(');
		const [name, word, array, close] = this.#tokens.slice(this.#at, this.#at + 4);
		if (name?.kind === 'name' && word?.kind === 'in' && array?.kind === 'name' && close?.kind === ')') {
			this.#at += 4;
			return { op: 'each', name: name.text, array: array.text, body: this.#body() };
		}
		const first = this.#is(';') ? undefined : this.#simple();
		this.#need(';');
		this.#newlines();
		const test = this.#is(';') ? undefined : this.#expression();
		this.#need(';');
		this.#newlines();
		const step = this.#is(')') ? undefined : this.#simple();
		this.#need(')');
		return { op: 'loop', first, test, step, body: this.#body(), late: false };
	}

	#simple(): Statement {
		const { kind } = this.#token;
		switch (kind) {
			case 'print':
			case 'printf':
				return this.#print(kind === 'printf');
			case 'break':
			case 'continue':
			case 'next':
			case 'nextfile':
				this.#at++;
				return { op: 'leave', how: kind };
			case 'exit':
			case 'return':
				this.#at++;
				return { op: kind, value: this.#is(';', 'newline', '}', 'end') ? undefined : this.#expression() };
			case 'delete': {
				this.#at++;
				const array = this.#need('name').text;
				return { op: 'delete', array, keys: this.#take('[') ? this.#keys() : undefined };
			}
			default:
				return { op: 'expression', value: this.#expression() };
		}
	}

	#keys(): readonly Expression[] {
		const keys = [this.#expression()];
		while (this.#take(',')) keys.push(this.#expression());
		this.#need(']');
		return keys;
	}

	#print(formatted: boolean): Statement {
		this.#at++;
		let values: Expression[] = [];
		if (!this.#is(';', 'newline', '}', 'end', '>', '>>', '|')) {
			const list = this.#list(true);
			// `print (a, b) > "file"`.
			const [only] = list;
			values = list.length === 1 && only!.op === 'list' ? [...only.parts] : list;
		}
		const how = this.#token.kind;
		if (how !== '>' && how !== '>>' && how !== '|') return { op: 'print', formatted, values, into: undefined };
		this.#at++;
		return { op: 'print', formatted, values, into: { how, name: this.#joined() } };
	}

	#list(printing: boolean): Expression[] {
		const list = [this.#ternary(printing)];
		while (this.#take(',')) {
			this.#newlines();
			list.push(this.#ternary(printing));
		}
		return list;
	}

	#expression(): Expression {
		return this.#ternary(false);
	}

	/** @param printing `>` is where it goes, and no comparison */
	#ternary(printing: boolean): Expression {
		return this.#deeper(() => {
			const test = this.#or(printing);
			if (isTarget(test) && ASSIGNS.has(this.#token.kind)) {
				const how = this.#token.kind;
				this.#at++;
				this.#newlines();
				return { op: 'assign', to: test, how, value: this.#ternary(printing) };
			}
			if (!this.#take('?')) return test;
			this.#newlines();
			const yes = this.#ternary(printing);
			this.#newlines();
			this.#need(':');
			this.#newlines();
			return { op: 'either', test, yes, no: this.#ternary(printing) };
		});
	}

	#or(printing: boolean): Expression {
		const parts = [this.#and(printing)];
		while (this.#take('||')) {
			this.#newlines();
			parts.push(this.#and(printing));
		}
		return folded('||', parts);
	}

	#and(printing: boolean): Expression {
		const parts = [this.#membership(printing)];
		while (this.#take('&&')) {
			this.#newlines();
			parts.push(this.#membership(printing));
		}
		return folded('&&', parts);
	}

	#membership(printing: boolean): Expression {
		let left = this.#matching(printing);
		while (this.#take('in')) {
			const array = this.#need('name').text;
			left = { op: 'has', keys: left.op === 'list' ? left.parts : [left], array };
		}
		return left;
	}

	#matching(printing: boolean): Expression {
		let left = this.#compared(printing);
		while (this.#is('~', '!~')) {
			const how = this.#token.kind;
			this.#at++;
			left = { op: 'binary', how, left, right: this.#compared(printing) };
		}
		return left;
	}

	#compared(printing: boolean): Expression {
		let left = this.#joined();
		while (COMPARES.has(this.#token.kind) && !(printing && this.#token.kind === '>')) {
			const how = this.#token.kind;
			this.#at++;
			left = { op: 'binary', how, left, right: this.#joined() };
		}
		// `"date" | getline now`.
		while (this.#is('|') && this.#tokens[this.#at + 1]?.kind === 'getline') {
			this.#at += 2;
			left = { op: 'getline', kind: 'command', from: left, to: this.#target() };
		}
		return left;
	}

	#joined(): Expression {
		const parts = [this.#sum()];
		while (BEGINS.has(this.#token.kind)) {
			parts.push(this.#sum());
		}
		return parts.length === 1 ? parts[0]! : { op: 'chain', parts };
	}

	#sum(): Expression {
		return this.#binary(['+', '-'], () => this.#product());
	}

	#product(): Expression {
		return this.#binary(['*', '/', '%'], () => this.#unary());
	}

	#binary(operators: string[], next: () => Expression): Expression {
		let left = next();
		let long = 0;
		while (this.#is(...operators)) {
			const how = this.#token.kind;
			this.#at++;
			if (++long > 2000) throw new AwkFault(`line ${this.#token.line}: nested too deeply`);
			left = { op: 'binary', how, left, right: next() };
		}
		return left;
	}

	#unary(): Expression {
		if (!this.#is('!', '-', '+')) return this.#power();
		return this.#deeper(() => {
			const how = this.#token.kind;
			this.#at++;
			return { op: 'unary', how, value: this.#unary() };
		});
	}

	#power(): Expression {
		const left = this.#stepped();
		if (!this.#take('^')) return left;
		return this.#deeper(() => ({ op: 'binary', how: '^', left, right: this.#unary() }));
	}

	#steps(): 1 | -1 {
		if (this.#take('++')) return 1;
		this.#need('--');
		return -1;
	}

	#stepped(): Expression {
		if (this.#is('++', '--')) {
			const by = this.#steps();
			const to = this.#primary();
			if (!isTarget(to)) throw this.#fault();
			return { op: 'step', to, by, after: false };
		}
		const value = this.#primary();
		if (!isTarget(value) || !this.#is('++', '--')) return value;
		return { op: 'step', to: value, by: this.#steps(), after: true };
	}

	#target(): Target | undefined {
		if (!this.#is('name', '$')) return undefined;
		const value = this.#primary();
		return isTarget(value) ? value : undefined;
	}

	#primary(): Expression {
		const token = this.#token;
		this.#at++;
		switch (token.kind) {
			case 'number':
				return { op: 'number', value: Number(token.text) };
			case 'text':
				return { op: 'text', value: unescaped(token.text) };
			case 'regex':
				return { op: 'regex', source: token.text };
			case '$':
				return this.#deeper(() => ({
					op: 'field',
					of: this.#is('++', '--') ? this.#stepped() : this.#is('-', '+', '!') ? this.#unary() : this.#primary(),
				}));
			case '(': {
				const list = this.#deeper(() => this.#list(false));
				this.#need(')');
				if (list.length > 1) return { op: 'list', parts: list };
				// In parentheses it is no longer something that a value may be put into.
				return isTarget(list[0]!) && list[0]!.op === 'name' ? { op: 'chain', parts: list } : list[0]!;
			}
			case 'name':
				if (this.#take('[')) return { op: 'item', array: token.text, keys: this.#keys() };
				return { op: 'name', name: token.text };
			case 'call':
				this.#called.push({ name: token.text, line: token.line });
				this.#need('(');
				return { op: 'call', name: token.text, args: this.#arguments(), line: token.line };
			case 'builtin':
				return { op: 'builtin', name: token.text, args: this.#take('(') ? this.#arguments() : [] };
			case 'getline': {
				const to = this.#target();
				if (!this.#take('<')) return { op: 'getline', kind: 'main', from: undefined, to };
				return { op: 'getline', kind: 'file', from: this.#stepped(), to };
			}
			default:
				this.#at--;
				throw this.#fault();
		}
	}

	#arguments(): readonly Expression[] {
		this.#newlines();
		if (this.#take(')')) return [];
		const list = this.#list(false);
		this.#newlines();
		this.#need(')');
		return list;
	}
}

const isTarget = (value: Expression): value is Target =>
	value.op === 'name' || value.op === 'field' || value.op === 'item';

const folded = (how: string, parts: readonly Expression[]): Expression =>
	parts.reduce((left, right) => ({ op: 'binary', how, left, right }));

/** @throws AwkFault */
export const parse = (source: string): Program => new Parser(source).program();
