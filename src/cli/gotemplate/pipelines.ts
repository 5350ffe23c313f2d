/** Reads pipelines out of an action's tokens (text/template/parse/parse.go @ go1.21). */
import { fail, type Tokens, unquote } from './tokens.ts';
import { type Operand, type Pipeline, pipelineWords, type Spot } from './tree.ts';

export class Reader {
	readonly known: (name: string) => boolean;
	at = 0;
	readonly list: string[];
	readonly spots: number[];
	readonly line: number;
	readonly whole: boolean;
	/** Those declared so far. */
	readonly variables: string[];

	constructor({ list, spots }: Tokens, line: number, { known, whole }: Dialect, variables: string[]) {
		this.variables = variables;
		this.list = list;
		this.spots = spots;
		this.line = line;
		this.known = known;
		this.whole = whole;
	}

	blank(): void {
		while (this.list[this.at] === ' ') this.at++;
	}

	peek(): string | undefined {
		return this.list[this.at];
	}

	pipeline(close: boolean): Pipeline {
		this.blank();
		const declared = this.declaration();
		const commands: Operand[][] = [];
		for (;;) {
			const command = this.command();
			if (command.length === 0)
				fail(this.line, commands.length > 0 || declared ? 'missing value for command' : 'missing value for command');
			commands.push(command);
			if (this.peek() !== '|') break;
			this.at++;
		}
		if (close) {
			if (this.peek() !== ')') fail(this.line, 'unclosed left paren');
			this.at++;
		} else if (this.at < this.list.length) fail(this.line, `unexpected ${JSON.stringify(this.peek())} in command`);
		return { declare: declared?.names ?? [], assign: declared?.assign ?? false, commands };
	}

	/** `$x :=`, `$i, $v :=`, `$x =`. */
	declaration(): { names: string[]; assign: boolean } | undefined {
		const start = this.at;
		const names: string[] = [];
		for (;;) {
			this.blank();
			const name = this.peek();
			if (!name?.startsWith('$') || name === '$') break;
			names.push(name);
			this.at++;
			this.blank();
			if (this.peek() === ',') {
				this.at++;
				continue;
			}
			if (this.peek() === ':=' || this.peek() === '=') {
				const assign = this.list[this.at++] === '=';
				if (!assign) this.variables.push(...names);
				for (const name of names) this.check(name);
				return { names, assign };
			}
			break;
		}
		this.at = start;
		return undefined;
	}

	command(): Operand[] {
		const out: Operand[] = [];
		for (;;) {
			this.blank();
			const token = this.peek();
			if (token === undefined || token === '|' || token === ')') return out;
			out.push(this.operand());
		}
	}

	operand(): Operand {
		const at = this.spots[this.at]!;
		const token = this.list[this.at++]!;
		const spot: Spot = { at, words: token };
		let base: Operand;
		if (token === '(') {
			const pipeline = this.pipeline(true);
			base = { kind: 'pipeline', pipeline, spot: { at: at + 1, words: `(${pipelineWords(pipeline)})` } };
		} else if (token === '.') return { kind: 'dot', spot };
		else if (token.startsWith('.')) {
			const path = token.slice(1).split('.');
			// A chain stands where its second part does (parse.go operand()).
			return {
				kind: 'field',
				of: undefined,
				path,
				spot: chainSpot(at, token, path.length > 1 ? path[0]!.length + 1 : 0),
			};
		} else if (token.startsWith('$')) base = { kind: 'variable', name: this.check(token), spot };
		else if (token.startsWith('"')) base = { kind: 'literal', value: unquote(token, this.line), spot };
		else if (token.startsWith('`')) base = { kind: 'literal', value: token.slice(1, -1), spot };
		else if (token.startsWith("'")) base = { kind: 'literal', value: this.number(String(token.codePointAt(1)!)), spot };
		else if (/^[-+]?\d/.test(token)) base = { kind: 'literal', value: this.number(token), spot };
		else if (token === 'true' || token === 'false') base = { kind: 'literal', value: token === 'true', spot };
		else if (token === 'nil') base = { kind: 'literal', value: null, spot };
		else if (/^[A-Za-z_]/.test(token)) {
			if (!this.known(token)) fail(this.line, `function ${JSON.stringify(token)} not defined`);
			base = { kind: 'function', name: token, spot };
		} else return fail(this.line, `unexpected ${JSON.stringify(token)} in operand`);
		const next = this.peek();
		if (next?.startsWith('.') && next !== '.' && base.kind !== 'function') {
			const where = this.spots[this.at++]!;
			return {
				kind: 'field',
				of: base,
				path: next.slice(1).split('.'),
				spot: chainSpot(where, base.spot.words + next, 0),
			};
		}
		return base;
	}

	check(name: string): string {
		if (!this.variables.includes(name)) fail(this.line, `undefined variable ${JSON.stringify(name)}`);
		return name;
	}

	/** Whole numbers are apart from others where the difference shows. */
	number(token: string): number | bigint {
		if (!this.whole || !/^[-+]?(?:0[xX][0-9a-fA-F]+|\d+)$/.test(token)) return Number(token);
		return token.startsWith('-') ? -BigInt(token.slice(1)) : BigInt(token.replace('+', ''));
	}
}

const chainSpot = (at: number, words: string, further: number): Spot => ({ at: at + further, words });

export interface Dialect {
	/** The functions there are. */
	known(name: string): boolean;
	/** Whole numbers are bigints. */
	readonly whole: boolean;
}
