/**
 * Go templates, as `docker --format` and `kubectl -o go-template` take them: text to a tree.
 *
 * Source: Go text/template/parse and its documentation @ go1.21: actions with trim markers, if / else if / with /
 * range with else, variables, pipelines, parentheses, field chains, literals, comments, define / template / block.
 */

/** Where something stands in the source, in characters from its beginning, and how Go writes it in errors. */
export interface Spot {
	readonly at: number;
	readonly words: string;
}

export type Operand = (
	| { readonly kind: 'dot' }
	| { readonly kind: 'literal'; readonly value: string | number | boolean | null | bigint }
	/** `.a.b`, or a chain on a variable or on parentheses. */
	| { readonly kind: 'field'; readonly of: Operand | undefined; readonly path: readonly string[] }
	| { readonly kind: 'variable'; readonly name: string }
	| { readonly kind: 'function'; readonly name: string }
	| { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
) & { readonly spot: Spot };

export interface Pipeline {
	readonly declare: readonly string[];
	/** True for `=`, false for `:=`. */
	readonly assign: boolean;
	readonly commands: readonly (readonly Operand[])[];
}

export type Node =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'print'; readonly pipeline: Pipeline }
	| {
			readonly kind: 'if' | 'with' | 'range';
			readonly pipeline: Pipeline;
			readonly body: readonly Node[];
			readonly otherwise: readonly Node[];
	  }
	| { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined; readonly spot: Spot }
	| { readonly kind: 'break' | 'continue' };

/** A template's body, and those it defines beside. */
export interface Parsed {
	readonly body: readonly Node[];
	readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** `template: :1: unexpected "}" in command`. */
export class TemplateError extends Error {}

const fail = (line: number, text: string): never => {
	throw new TemplateError(`template: :${line}: ${text}`);
};

interface Piece {
	readonly text?: string;
	readonly action?: string;
	readonly line: number;
	/** Where the text of the action begins. */
	readonly at: number;
}

/** Text and actions, with `{{-` and `-}}` applied. */
function pieces(source: string): Piece[] {
	const out: Piece[] = [];
	let at = 0;
	let line = 1;
	let trim = false;
	while (at <= source.length) {
		const open = source.indexOf('{{', at);
		let text = open < 0 ? source.slice(at) : source.slice(at, open);
		const raw = text;
		if (trim) text = text.trimStart();
		if (open >= 0 && /^\{\{-\s/.test(source.slice(open))) text = text.trimEnd();
		if (text) out.push({ text, line, at });
		line += raw.split('\n').length - 1;
		if (open < 0) break;
		const start = open + 2;
		const comment = /^(?:-\s)?\s*\/\*/.test(source.slice(start));
		const close = comment ? source.indexOf('*/', start) : endOfAction(source, start);
		if (close < 0) fail(line, comment ? 'unclosed comment' : 'unclosed action');
		if (comment) {
			const end = source.indexOf('}}', close);
			if (end < 0) fail(line, 'comment ends before closing delimiter');
			trim = /\s-$/.test(source.slice(close + 2, end)) || source.slice(close + 2, end) === ' -';
			at = end + 2;
			continue;
		}
		let action = source.slice(start, close);
		const dash = /^-\s/.test(action);
		if (dash) action = action.slice(1);
		trim = /\s-$/.test(action);
		if (trim) action = action.slice(0, -1);
		out.push({ action, line, at: start + (dash ? 1 : 0) });
		line += action.split('\n').length - 1;
		at = close + 2;
	}
	return out;
}

/** The `}}` that is not in a string. */
function endOfAction(source: string, from: number): number {
	let quote = '';
	for (let i = from; i < source.length; i++) {
		const c = source[i]!;
		if (quote) {
			if (c === '\\' && quote === '"') i++;
			else if (c === quote) quote = '';
		} else if (c === '"' || c === '`') quote = c;
		else if (c === '}' && source[i + 1] === '}') return i;
	}
	return -1;
}

const TOKEN =
	/\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)'|:=|[|()=,]|\$[A-Za-z0-9_]*|(?:\.[A-Za-z_][A-Za-z0-9_]*)+|\.|[-+]?0[xX][0-9a-fA-F]+|[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[A-Za-z_][A-Za-z0-9_]*|./gy;

interface Tokens {
	/** Blanks are one blank. */
	readonly list: string[];
	/** Where each begins. */
	readonly spots: number[];
}

function tokens(action: string, line: number, from: number): Tokens {
	const list: string[] = [];
	const spots: number[] = [];
	for (const match of action.matchAll(TOKEN)) {
		const [token] = match;
		if (/^\s/.test(token)) list.push(' ');
		else if (/^["'`|()=,$.A-Za-z0-9_:+-]/.test(token)) list.push(token);
		else fail(line, `unexpected ${JSON.stringify(token)} in command`);
		spots.push(from + match.index);
	}
	return { list, spots };
}

class Reader {
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

/** A command, a pipeline as Go writes them in errors (parse/node.go). */
export const commandWords = (command: readonly Operand[]): string => command.map(({ spot }) => spot.words).join(' ');

export const pipelineWords = ({ declare, assign, commands }: Pipeline): string =>
	`${declare.length > 0 ? `${declare.join(', ')} ${assign ? '=' : ':='} ` : ''}${commands.map(commandWords).join(' | ')}`;

export interface Dialect {
	/** The functions there are. */
	known(name: string): boolean;
	/** Whole numbers are bigints. */
	readonly whole: boolean;
}

function unquote(token: string, line: number): string {
	try {
		return JSON.parse(
			token
				.replace(/\\'/g, "'")
				.replace(/\\a/g, '\\u0007')
				.replace(/\\v/g, '\\u000b')
				.replace(/\\x([0-9a-fA-F]{2})/g, '\\u00$1'),
		) as string;
	} catch {
		return fail(line, `bad string ${token}`);
	}
}

interface Open {
	readonly kind: 'if' | 'with' | 'range' | 'define' | 'block';
	/** Of `define` and `block`. */
	readonly name?: string;
	readonly pipeline: Pipeline | undefined;
	readonly body: Node[];
	otherwise: Node[] | undefined;
	/** Closed together with this one: `else if`. */
	readonly chained: boolean;
	readonly line: number;
	/** Variables there were before it. */
	readonly variables: readonly string[];
}

/** Reads a template; throws TemplateError. */
export function parseTemplate(source: string, dialect: Dialect): Parsed {
	const root: Node[] = [];
	const defined = new Map<string, readonly Node[]>();
	const stack: Open[] = [];
	let variables: string[] = ['$'];
	const here = (): Node[] => {
		const top = stack.at(-1);
		return top ? (top.otherwise ?? top.body) : root;
	};
	const close = (): boolean => {
		const top = stack.pop()!;
		variables = [...top.variables];
		const { kind, name = '', pipeline, body } = top;
		if (kind === 'define' || kind === 'block') {
			// An empty one does not take the place of another (text/template AddParseTree).
			if (!defined.has(name) || body.some((node) => node.kind !== 'text' || node.text.trim() !== ''))
				defined.set(name, body);
			if (kind === 'block') here().push({ kind: 'template', name, pipeline, spot: { at: 0, words: '' } });
		} else here().push({ kind, pipeline: pipeline!, body, otherwise: top.otherwise ?? [] });
		return top.chained;
	};
	for (const piece of pieces(source)) {
		if (piece.text !== undefined) {
			here().push({ kind: 'text', text: piece.text });
			continue;
		}
		const { line } = piece;
		const { list, spots } = tokens(piece.action!, line, piece.at);
		while (list[0] === ' ') {
			list.shift();
			spots.shift();
		}
		while (list.at(-1) === ' ') list.pop();
		const word = list[0];
		const rest = (from: number, of = 'command'): Pipeline => {
			if (list.slice(from).every((token) => token === ' ')) fail(line, `missing value for ${of}`);
			return new Reader({ list: list.slice(from), spots: spots.slice(from) }, line, dialect, variables).pipeline(false);
		};
		const before = [...variables];
		if (word === undefined) fail(line, 'missing value for command');
		else if (word === 'if' || word === 'with' || word === 'range')
			stack.push({
				kind: word,
				pipeline: rest(1, word),
				body: [],
				otherwise: undefined,
				chained: false,
				line,
				variables: before,
			});
		else if (word === 'else') {
			const top = stack.at(-1);
			if (!top || top.otherwise || top.kind === 'define' || top.kind === 'block') fail(line, 'unexpected {{else}}');
			top!.otherwise = [];
			const chain = list.slice(1).filter((token) => token !== ' ')[0];
			if (chain === 'if' || chain === 'with')
				stack.push({
					kind: chain,
					pipeline: rest(list.indexOf(chain) + 1),
					body: [],
					otherwise: undefined,
					chained: true,
					line,
					variables: before,
				});
		} else if (word === 'end') {
			if (stack.length === 0) fail(line, 'unexpected {{end}}');
			while (close());
		} else if (word === 'break' || word === 'continue') here().push({ kind: word });
		else if (word === 'define' || word === 'template' || word === 'block') {
			const at = list.findIndex((token, i) => i > 0 && token !== ' ');
			const name = list[at];
			if (name === undefined || !/^["`]/.test(name))
				fail(line, `unexpected ${name === undefined ? '"}}"' : JSON.stringify(name)} in ${word} clause`);
			const quoted = name!.startsWith('"') ? unquote(name!, line) : name!.slice(1, -1);
			const more = list.length > at + 1;
			if (word === 'define' && stack.length > 0) fail(line, 'unexpected {{define}}');
			if (word === 'define' && more) fail(line, `unexpected ${JSON.stringify(list.at(-1))} in define clause`);
			const pipeline = more ? rest(at + 1) : undefined;
			if (word === 'template')
				here().push({
					kind: 'template',
					name: quoted,
					pipeline,
					spot: {
						at: spots[at]!,
						words: `{{template ${name}${pipeline ? ` ${pipelineWords(pipeline)}` : ''}}}`,
					},
				});
			else
				stack.push({
					kind: word,
					name: quoted,
					pipeline,
					body: [],
					otherwise: undefined,
					chained: false,
					line,
					variables: before,
				});
			if (word === 'define') variables = ['$'];
		} else here().push({ kind: 'print', pipeline: rest(0) });
	}
	if (stack.length > 0) fail(source.split('\n').length, 'unexpected EOF');
	return { body: root, defined };
}
