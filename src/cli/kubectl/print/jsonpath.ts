/**
 * `-o jsonpath=…`: text with expressions in braces.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/util/jsonpath/{parser,jsonpath}.go @ v0.24.0 (AllowMissingKeys):
 * fields, `[n]`, slices, unions, wildcards, recursive descent, filters, `range … end`, quoted text.
 */

type Value = unknown;

type Step =
	| { readonly kind: 'field'; readonly name: string }
	| { readonly kind: 'all' }
	| { readonly kind: 'descend' }
	| {
			readonly kind: 'slice';
			readonly from?: number;
			readonly to?: number;
			readonly step?: number;
			readonly single: boolean;
	  }
	| { readonly kind: 'union'; readonly paths: readonly (readonly Step[])[] }
	| { readonly kind: 'filter'; readonly left: Side; readonly operator: string; readonly right: Side };

type Side = { readonly literal: Value } | { readonly path: readonly Step[] };

type Piece =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'path'; readonly steps: readonly Step[] }
	| { readonly kind: 'range'; readonly steps: readonly Step[] }
	| { readonly kind: 'end' };

/** kubectl says `error: error parsing jsonpath <text>, <message>`; when running, `error: error executing jsonpath …`. */
export class JsonPathError extends Error {}

const isMap = (value: Value): value is { readonly [key: string]: Value } =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

class Reader {
	at = 0;
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}

	fail(message: string): never {
		throw new JsonPathError(message);
	}

	/** A path up to a character that cannot belong to it. */
	steps(stop: string): Step[] {
		const out: Step[] = [];
		while (this.at < this.text.length) {
			const c = this.text[this.at]!;
			if (stop.includes(c)) break;
			if (c === ' ' || c === '\t' || c === '\n') this.at++;
			else if (c === '$' || c === '@') this.at++;
			else if (c === '.') {
				this.at++;
				if (this.text[this.at] === '.') {
					this.at++;
					out.push({ kind: 'descend' });
				}
				this.field(out, stop);
			} else if (c === '[') out.push(this.bracket());
			else if (/[\p{L}\p{N}_*\\-]/u.test(c)) this.field(out, stop);
			else
				this.fail(
					`unrecognized character in action: U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${c}'`,
				);
		}
		return out;
	}

	field(out: Step[], stop: string): void {
		let name = '';
		while (this.at < this.text.length) {
			const c = this.text[this.at]!;
			if (c === '\\') {
				name += this.text[this.at + 1] ?? '';
				this.at += 2;
				continue;
			}
			if (stop.includes(c) || ' \t\n.,[]$@{}()'.includes(c)) break;
			name += c;
			this.at++;
		}
		if (name === '*') out.push({ kind: 'all' });
		else if (name !== '') out.push({ kind: 'field', name });
	}

	bracket(): Step {
		const end = this.closing();
		const inner = this.text.slice(this.at + 1, end);
		this.at = end + 1;
		if (inner.startsWith('?(') && inner.endsWith(')')) return filter(inner.slice(2, -1));
		const plain = inner.trim();
		if (plain === '*') return { kind: 'all' };
		const parts = splitOutside(plain, ',');
		if (parts.length > 1)
			return {
				kind: 'union',
				paths: parts.map((part) =>
					/^['"]/.test(part.trim()) || /^-?\d*(?::-?\d*){0,2}$/.test(part.trim())
						? [new Reader(`[${part.trim()}]`).bracket()]
						: new Reader(part.trim()).steps(''),
				),
			};
		const quoted = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/.exec(plain);
		// A quoted key is a path of its own (parseArray): dots in names are escaped here too.
		if (quoted) return { kind: 'union', paths: [new Reader(`.${quoted[1] ?? quoted[2]!}`).steps('')] };
		const slice = /^(-?\d+)?(?:(:)(-?\d+)?(?::(-?\d+)?)?)?$/.exec(plain);
		if (!slice || plain === '') this.fail(`invalid array index ${plain}`);
		const number = (text: string | undefined): { readonly value?: number } =>
			text === undefined ? {} : { value: Number(text) };
		const [, from, colon, to, step] = slice!;
		return {
			kind: 'slice',
			single: colon === undefined,
			...(number(from).value === undefined ? {} : { from: Number(from) }),
			...(number(to).value === undefined ? {} : { to: Number(to) }),
			...(number(step).value === undefined ? {} : { step: Number(step) }),
		};
	}

	/** The `]` that closes the `[` at the position. */
	closing(): number {
		let depth = 0;
		let quote = '';
		for (let i = this.at; i < this.text.length; i++) {
			const c = this.text[i]!;
			if (quote) {
				if (c === '\\') i++;
				else if (c === quote) quote = '';
			} else if (c === "'" || c === '"') quote = c;
			else if (c === '[') depth++;
			else if (c === ']' && --depth === 0) return i;
		}
		return this.fail('unterminated array');
	}
}

function splitOutside(text: string, at: string): string[] {
	const out = [''];
	let quote = '';
	let depth = 0;
	for (const c of text) {
		if (quote) quote = c === quote ? '' : quote;
		else if (c === "'" || c === '"') quote = c;
		else if ('([{'.includes(c)) depth++;
		else if (')]}'.includes(c)) depth--;
		if (c === at && !quote && depth === 0) out.push('');
		else out[out.length - 1] += c;
	}
	return out;
}

function filter(text: string): Step {
	let quote = '';
	for (let i = 0; i < text.length; i++) {
		const c = text[i]!;
		if (quote) {
			if (c === quote) quote = '';
			continue;
		}
		if (c === "'" || c === '"') {
			quote = c;
			continue;
		}
		const operator = ['==', '!=', '>=', '<=', '=~', '>', '<'].find((op) => text.startsWith(op, i));
		if (!operator) continue;
		if (operator === '=~') throw new JsonPathError('unrecognized filter operator =~');
		return { kind: 'filter', left: side(text.slice(0, i)), operator, right: side(text.slice(i + operator.length)) };
	}
	return { kind: 'filter', left: side(text), operator: 'exists', right: { literal: null } };
}

function side(text: string): Side {
	const plain = text.trim();
	const quoted = /^'((?:[^'\\]|\\.)*)'$|^"((?:[^"\\]|\\.)*)"$/.exec(plain);
	if (quoted) return { literal: (quoted[1] ?? quoted[2]!).replace(/\\(.)/g, '$1') };
	if (/^-?\d+(?:\.\d+)?$/.test(plain)) return { literal: Number(plain) };
	if (plain === 'true' || plain === 'false') return { literal: plain === 'true' };
	return { path: new Reader(plain).steps('') };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', "'": "'" };

function parse(source: string): readonly Piece[] {
	const out: Piece[] = [];
	let at = 0;
	while (at < source.length) {
		const open = source.indexOf('{', at);
		if (open < 0 || open > at) out.push({ kind: 'text', text: source.slice(at, open < 0 ? undefined : open) });
		if (open < 0) break;
		let close = -1;
		let quote = '';
		for (let i = open + 1; i < source.length; i++) {
			const c = source[i]!;
			if (quote) {
				if (c === '\\') i++;
				else if (c === quote) quote = '';
			} else if (c === "'" || c === '"') quote = c;
			else if (c === '}') {
				close = i;
				break;
			}
		}
		if (close < 0) throw new JsonPathError('unclosed action');
		out.push(...action(source.slice(open + 1, close).trim()));
		at = close + 1;
	}
	return out;
}

/** What stands between two braces: quoted text and paths, one after the other. */
function action(text: string): Piece[] {
	if (text === 'end') return [{ kind: 'end' }];
	const range = /^range\s+/.exec(text);
	if (range) return [{ kind: 'range', steps: new Reader(text.slice(range[0].length)).steps('') }];
	const quoted = /^(["'])((?:(?!\1)[^\\]|\\.)*)\1$/s.exec(text);
	if (quoted) return [{ kind: 'text', text: quoted[2]!.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c) }];
	return [{ kind: 'path', steps: new Reader(text).steps('') }];
}

function walk(values: readonly Value[], steps: readonly Step[], root: Value): Value[] {
	let at = [...values];
	for (let i = 0; i < steps.length; i++) {
		const step = steps[i]!;
		if (step.kind === 'descend') {
			const next = steps[i + 1];
			const below: Value[] = [];
			const visit = (value: Value): void => {
				below.push(value);
				for (const child of Array.isArray(value)
					? value
					: isMap(value)
						? Object.keys(value)
								.sort()
								.map((k) => value[k])
						: [])
					visit(child);
			};
			for (const value of at) visit(value);
			at = next ? below.flatMap((value) => one(value, next, root)) : below;
			i++;
			continue;
		}
		at = at.flatMap((value) => one(value, step, root));
	}
	return at;
}

function one(value: Value, step: Step, root: Value): Value[] {
	switch (step.kind) {
		case 'field':
			return isMap(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
		case 'all':
			return Array.isArray(value)
				? value
				: isMap(value)
					? Object.keys(value)
							.sort()
							.map((key) => value[key])
					: [];
		case 'union':
			return step.paths.flatMap((path) => walk([value], path, root));
		case 'slice':
			return slice(value, step);
		case 'filter':
			return (Array.isArray(value) ? value : isMap(value) ? [value] : []).filter((item) => holds(item, step, root));
		default:
			return [];
	}
}

function slice(value: Value, step: Extract<Step, { readonly kind: 'slice' }>): Value[] {
	if (!Array.isArray(value)) {
		if (value === undefined || value === null) return [];
		throw new JsonPathError(`${JSON.stringify(value)} is not array or slice`);
	}
	const size = value.length;
	const place = (n: number): number => (n < 0 ? n + size : n);
	if (step.single) {
		const i = place(step.from ?? 0);
		if (i < 0 || i >= size) throw new JsonPathError(`array index out of bounds: index ${step.from}, length ${size}`);
		return [value[i]];
	}
	const from = place(step.from ?? 0);
	const to = Math.min(place(step.to ?? size), size);
	const out: Value[] = [];
	for (let i = Math.max(0, from); i < to; i += Math.max(1, step.step ?? 1)) out.push(value[i]);
	return out;
}

function holds(item: Value, step: Extract<Step, { readonly kind: 'filter' }>, root: Value): boolean {
	const get = (of: Side): Value[] => ('path' in of ? walk([item], of.path, root) : [of.literal]);
	const [left] = get(step.left);
	if (step.operator === 'exists') return get(step.left).length > 0;
	if (get(step.left).length === 0) return false;
	const [right] = get(step.right);
	const a = left as never;
	const b = right as never;
	switch (step.operator) {
		case '==':
			return left === right;
		case '!=':
			return left !== right;
		case '<':
			return a < b;
		case '>':
			return a > b;
		case '<=':
			return a <= b;
		default:
			return a >= b;
	}
}

const show = (value: Value): string =>
	typeof value === 'string'
		? value
		: value === null || value === undefined
			? ''
			: typeof value === 'object'
				? sorted(value)
				: String(value);

const sorted = (value: Value): string =>
	JSON.stringify(value, (_, item: unknown) =>
		isMap(item)
			? Object.fromEntries(
					Object.keys(item)
						.sort()
						.map((key) => [key, item[key]]),
				)
			: item,
	);

/** kubectl lets `jsonpath=.spec` and `{.spec}` mean the same for sorting and columns (get.RelaxedJSONPathExpression). */
export function relaxedPath(text: string): string {
	const match = /^\{?\.?([^{}]+)\}?$/.exec(text);
	if (!match)
		throw new JsonPathError(
			`unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
		);
	return `{.${match[1]}}`;
}

/** All values a single expression finds. */
export function findPath(source: string, value: Value): readonly Value[] {
	const [piece] = parse(source);
	return piece?.kind === 'path' ? walk([value], piece.steps, value) : [];
}

/** A compiled template: an object in, text out. */
export function jsonPath(source: string): (value: Value) => string {
	const pieces = parse(source);
	let depth = 0;
	for (const piece of pieces) {
		if (piece.kind === 'range') depth++;
		if (piece.kind === 'end' && --depth < 0) throw new JsonPathError('not in range, nothing to end');
	}
	if (depth > 0) throw new JsonPathError('unclosed range');
	return (root) => run(pieces, 0, pieces.length, root, root);
}

function run(pieces: readonly Piece[], from: number, to: number, value: Value, root: Value): string {
	let out = '';
	for (let i = from; i < to; i++) {
		const piece = pieces[i]!;
		if (piece.kind === 'text') out += piece.text;
		else if (piece.kind === 'path') out += walk([value], piece.steps, root).map(show).join(' ');
		else if (piece.kind === 'range') {
			let depth = 1;
			let end = i + 1;
			for (; depth > 0; end++) depth += pieces[end]!.kind === 'range' ? 1 : pieces[end]!.kind === 'end' ? -1 : 0;
			for (const item of walk([value], piece.steps, root)) out += run(pieces, i + 1, end - 1, item, root);
			i = end - 1;
		}
	}
	return out;
}
