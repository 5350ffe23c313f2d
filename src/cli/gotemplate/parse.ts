/**
 * Go templates, as `docker --format` and `kubectl -o go-template` take them: text to a tree.
 *
 * Source: Go text/template/parse and its documentation @ go1.21: actions with trim markers, if / else if / with /
 * range with else, variables, pipelines, parentheses, field chains, literals, comments.
 */

export type Operand =
	| { readonly kind: 'dot' }
	| { readonly kind: 'literal'; readonly value: string | number | boolean | null }
	/** `.a.b`, or a chain on a variable or on parentheses. */
	| { readonly kind: 'field'; readonly of: Operand | undefined; readonly path: readonly string[] }
	| { readonly kind: 'variable'; readonly name: string }
	| { readonly kind: 'function'; readonly name: string }
	| { readonly kind: 'pipeline'; readonly pipeline: Pipeline };

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
	| { readonly kind: 'break' | 'continue' };

/** `template: :1: unexpected "}" in command`. */
export class TemplateError extends Error {}

const fail = (line: number, text: string): never => {
	throw new TemplateError(`template: :${line}: ${text}`);
};

interface Piece {
	readonly text?: string;
	readonly action?: string;
	readonly line: number;
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
		if (text) out.push({ text, line });
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
		if (/^-\s/.test(action)) action = action.slice(1);
		trim = /\s-$/.test(action);
		if (trim) action = action.slice(0, -1);
		out.push({ action, line });
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
	/\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)'|:=|[|()=,]|\$[A-Za-z0-9_]*|(?:\.[A-Za-z_][A-Za-z0-9_]*)+|\.|[-+]?\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_]*|./gy;

function tokens(action: string, line: number): string[] {
	const out: string[] = [];
	for (const [token] of action.matchAll(TOKEN)) {
		if (/^\s/.test(token)) out.push(' ');
		else if (/^["'`|()=,$.A-Za-z0-9_:+-]/.test(token)) out.push(token);
		else fail(line, `unexpected ${JSON.stringify(token)} in command`);
	}
	return out;
}

class Reader {
	readonly known: (name: string) => boolean;
	at = 0;
	readonly list: string[];
	readonly line: number;

	constructor(list: string[], line: number, known: (name: string) => boolean) {
		this.list = list;
		this.line = line;
		this.known = known;
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
		const token = this.list[this.at++]!;
		let base: Operand;
		if (token === '(') base = { kind: 'pipeline', pipeline: this.pipeline(true) };
		else if (token === '.') return { kind: 'dot' };
		else if (token.startsWith('.')) return { kind: 'field', of: undefined, path: token.slice(1).split('.') };
		else if (token.startsWith('$')) base = { kind: 'variable', name: token };
		else if (token.startsWith('"')) base = { kind: 'literal', value: unquote(token, this.line) };
		else if (token.startsWith('`')) base = { kind: 'literal', value: token.slice(1, -1) };
		else if (token.startsWith("'")) base = { kind: 'literal', value: token.codePointAt(1)! };
		else if (/^[-+]?\d/.test(token)) base = { kind: 'literal', value: Number(token) };
		else if (token === 'true' || token === 'false') base = { kind: 'literal', value: token === 'true' };
		else if (token === 'nil') base = { kind: 'literal', value: null };
		else if (/^[A-Za-z_]/.test(token)) {
			if (!this.known(token)) fail(this.line, `function ${JSON.stringify(token)} not defined`);
			base = { kind: 'function', name: token };
		} else return fail(this.line, `unexpected ${JSON.stringify(token)} in operand`);
		const next = this.peek();
		if (next?.startsWith('.') && next !== '.' && base.kind !== 'function') {
			this.at++;
			return { kind: 'field', of: base, path: next.slice(1).split('.') };
		}
		return base;
	}
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
	readonly kind: 'if' | 'with' | 'range';
	readonly pipeline: Pipeline;
	readonly body: Node[];
	otherwise: Node[] | undefined;
	/** Closed together with this one: `else if`. */
	readonly chained: boolean;
	readonly line: number;
}

/** Reads a template; `known` are the functions there are. Throws TemplateError. */
export function parseTemplate(source: string, known: (name: string) => boolean = () => true): readonly Node[] {
	const root: Node[] = [];
	const stack: Open[] = [];
	const here = (): Node[] => {
		const top = stack.at(-1);
		return top ? (top.otherwise ?? top.body) : root;
	};
	const close = (): boolean => {
		const top = stack.pop()!;
		here().push({ kind: top.kind, pipeline: top.pipeline, body: top.body, otherwise: top.otherwise ?? [] });
		return top.chained;
	};
	for (const piece of pieces(source)) {
		if (piece.text !== undefined) {
			here().push({ kind: 'text', text: piece.text });
			continue;
		}
		const { line } = piece;
		const list = tokens(piece.action!, line);
		while (list[0] === ' ') list.shift();
		while (list.at(-1) === ' ') list.pop();
		const word = list[0];
		const rest = (from: number): Pipeline => new Reader(list.slice(from), line, known).pipeline(false);
		if (word === undefined) fail(line, 'missing value for command');
		else if (word === 'if' || word === 'with' || word === 'range')
			stack.push({ kind: word, pipeline: rest(1), body: [], otherwise: undefined, chained: false, line });
		else if (word === 'else') {
			const top = stack.at(-1);
			if (!top || top.otherwise) fail(line, 'unexpected {{else}}');
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
				});
		} else if (word === 'end') {
			if (stack.length === 0) fail(line, 'unexpected {{end}}');
			while (close());
		} else if (word === 'break' || word === 'continue') here().push({ kind: word });
		else if (word === 'define' || word === 'template' || word === 'block')
			fail(line, `${word} is not part of this lab's templates`);
		else here().push({ kind: 'print', pipeline: rest(0) });
	}
	if (stack.length > 0) fail(stack.at(-1)!.line, 'unexpected EOF');
	return root;
}
