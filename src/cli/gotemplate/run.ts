/**
 * Runs a template over JSON.
 *
 * Source: Go text/template/{exec,funcs}.go @ go1.21; `json`, `join`, `split`, `lower`, `upper`, `title`, `pad`,
 * `truncate`, `println` of docker templates/templates.go; `base64decode` of kubectl.
 */
import { type Node, type Operand, type Pipeline, parseTemplate, TemplateError } from './parse.ts';

/** What a template walks over: JSON, where a missing thing is undefined. */
export type Data = unknown;

type Scope = Map<string, { value: Data }>[];

/** `<no value>` is what Go prints for a key a map does not have; `strict` (structs) refuses instead. */
export interface TemplateOptions {
	/** Fields that do not exist are errors, as in Docker's listings; otherwise they are `<no value>`. */
	readonly strict?: boolean;
	/** Its name in errors; kubectl's are called `output`. */
	readonly name?: string;
}

const isMap = (value: Data): value is { readonly [key: string]: Data } =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Empty in Go's sense: false, 0, nil, and collections without content. */
function truth(value: Data): boolean {
	if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
	if (Array.isArray(value)) return value.length > 0;
	return isMap(value) ? Object.keys(value).length > 0 : true;
}

/** `%v`. */
function show(value: Data): string {
	if (value === undefined) return '<no value>';
	if (value === null) return '<nil>';
	if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
	if (isMap(value))
		return `map[${Object.keys(value)
			.sort()
			.map((key) => `${key}:${show(value[key])}`)
			.join(' ')}]`;
	return String(value);
}

const sortedJson = (value: Data): string =>
	JSON.stringify(value, (_, item: unknown) =>
		isMap(item)
			? Object.fromEntries(
					Object.keys(item)
						.sort()
						.map((key) => [key, item[key]]),
				)
			: item,
	) ?? 'null';

function compare(name: string, a: Data, b: Data): number {
	if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string'))
		throw new TemplateError(`template: error calling ${name}: incompatible types for comparison`);
	return a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0;
}

/** Largest width of fmt (tooLarge() in src/fmt/print.go). */
const MOST = 1_000_000;

const spaces = (count: Data): string => ' '.repeat(Math.min(MOST, Math.max(0, Number(count) || 0)));

/** `%d`, `%s`, `%q`, `%v`, `%x`, with width and flags. */
function sprintf(format: string, args: readonly Data[]): string {
	let next = 0;
	const out = format.replace(
		/%([-+0 #]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
		(_, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
			if (verb === '%') return '%';
			// fmt's parsenum() takes no number above a million, and is then at the end of the text.
			if (Number(width ?? 0) > MOST || Number(precision ?? 0) > MOST) return '%!(NOVERB)';
			if (next >= args.length) return `%!${verb}(MISSING)`;
			const value = args[next++];
			let text =
				verb === 'q'
					? JSON.stringify(show(value))
					: verb === 'x' && typeof value === 'number'
						? value.toString(16)
						: verb === 'f' && typeof value === 'number'
							? value.toFixed(Math.min(100, Number(precision ?? 6)))
							: show(value);
			if (verb === 's' && precision !== undefined) text = text.slice(0, Number(precision));
			if (width === undefined) return text;
			return flags.includes('-')
				? text.padEnd(Number(width))
				: text.padStart(Number(width), flags.includes('0') ? '0' : ' ');
		},
	);
	return next < args.length
		? `${out}%!(EXTRA ${args
				.slice(next)
				.map((arg) => `${typeof arg}=${show(arg)}`)
				.join(', ')})`
		: out;
}

type Fn = (...args: Data[]) => Data;

const text = (value: Data): string => (typeof value === 'string' ? value : show(value));

const FUNCTIONS: Readonly<Record<string, Fn>> = {
	index: (value, ...keys) =>
		keys.reduce<Data>((at, key) => {
			if (Array.isArray(at)) {
				if (typeof key !== 'number' || key < 0 || key >= at.length)
					throw new TemplateError(`template: error calling index: index out of range: ${show(key)}`);
				return at[key];
			}
			if (typeof at === 'string' && typeof key === 'number') return at.codePointAt(key);
			if (isMap(at)) return Object.hasOwn(at, String(key)) ? at[String(key)] : undefined;
			throw new TemplateError('template: error calling index: index of untyped nil');
		}, value),
	slice: (value, from = 0, to = undefined) =>
		typeof value === 'string' || Array.isArray(value)
			? value.slice(Number(from), to === undefined ? undefined : Number(to))
			: undefined,
	len: (value) =>
		typeof value === 'string'
			? new TextEncoder().encode(value).length
			: Array.isArray(value)
				? value.length
				: isMap(value)
					? Object.keys(value).length
					: 0,
	not: (value) => !truth(value),
	print: (...args) => args.map(show).join(args.some((arg) => typeof arg === 'string') ? '' : ' '),
	println: (...args) => `${args.map(show).join(' ')}\n`,
	printf: (format, ...args) => sprintf(text(format), args),
	html: (...args) =>
		args
			.map(show)
			.join('')
			.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
	js: (...args) => JSON.stringify(args.map(show).join('')).slice(1, -1),
	urlquery: (...args) => encodeURIComponent(args.map(show).join('')),
	eq: (a, ...rest) => rest.some((b) => a === b),
	ne: (a, b) => a !== b,
	lt: (a, b) => compare('lt', a, b) < 0,
	le: (a, b) => compare('le', a, b) <= 0,
	gt: (a, b) => compare('gt', a, b) > 0,
	ge: (a, b) => compare('ge', a, b) >= 0,
	json: (value) => sortedJson(value),
	join: (list, separator) => (Array.isArray(list) ? list.map(show).join(text(separator)) : show(list)),
	split: (value, separator) => text(value).split(text(separator)),
	lower: (value) => text(value).toLowerCase(),
	upper: (value) => text(value).toUpperCase(),
	title: (value) => text(value).replace(/\b\w/g, (c) => c.toUpperCase()),
	truncate: (value, length) => text(value).slice(0, Number(length)),
	pad: (value, before, after) => spaces(before) + text(value) + spaces(after),
	base64decode: (value) => {
		try {
			return new TextDecoder().decode(Uint8Array.from(atob(text(value)), (c) => c.charCodeAt(0)));
		} catch {
			throw new TemplateError('template: error calling base64decode: illegal base64 data at input byte 0');
		}
	},
	exists: (value, ...keys) =>
		keys.reduce<Data>(
			(at, key) => (isMap(at) ? at[String(key)] : Array.isArray(at) ? at[Number(key)] : undefined),
			value,
		) !== undefined,
};

/** More steps than this and a template is a runaway. */
const BUDGET = 200_000;

class Break extends Error {}
class Continue extends Error {}

class Runner {
	out = '';
	steps = 0;
	readonly options: TemplateOptions;

	constructor(options: TemplateOptions) {
		this.options = options;
	}

	nodes(list: readonly Node[], dot: Data, scope: Scope): void {
		for (const node of list) {
			if (++this.steps > BUDGET) throw new TemplateError('template: exceeded maximum template depth');
			if (node.kind === 'text') this.out += node.text;
			else if (node.kind === 'print') {
				const value = this.pipeline(node.pipeline, dot, scope);
				if (node.pipeline.declare.length === 0) this.out += show(value);
			} else if (node.kind === 'break') throw new Break();
			else if (node.kind === 'continue') throw new Continue();
			else if ('body' in node) this.branch(node, dot, scope);
		}
	}

	branch(node: Extract<Node, { readonly body: readonly Node[] }>, dot: Data, scope: Scope): void {
		const inner: Scope = [...scope, new Map()];
		if (node.kind !== 'range') {
			const value = this.pipeline(node.pipeline, dot, inner);
			if (truth(value)) this.nodes(node.body, node.kind === 'with' ? value : dot, inner);
			else this.nodes(node.otherwise, dot, inner);
			return;
		}
		const value = this.commands(node.pipeline, dot, inner);
		const entries: readonly (readonly [Data, Data])[] = Array.isArray(value)
			? value.map((item, i) => [i, item] as const)
			: isMap(value)
				? Object.keys(value)
						.sort()
						.map((key) => [key, value[key]] as const)
				: typeof value === 'number'
					? Array.from({ length: Math.max(0, value) }, (_, i) => [i, i] as const)
					: value === undefined || value === null
						? []
						: (() => {
								throw new TemplateError(`template: range can't iterate over ${show(value)}`);
							})();
		if (entries.length === 0) {
			this.nodes(node.otherwise, dot, inner);
			return;
		}
		for (const [key, item] of entries) {
			const [first, second] = node.pipeline.declare;
			const own = new Map<string, { value: Data }>();
			if (second !== undefined) own.set(first!, { value: key }).set(second, { value: item });
			else if (first !== undefined) own.set(first, { value: item });
			try {
				this.nodes(node.body, item, [...inner, own]);
			} catch (stop) {
				if (stop instanceof Break) return;
				if (!(stop instanceof Continue)) throw stop;
			}
		}
	}

	/** The value, and the variables it is given to. */
	pipeline(pipeline: Pipeline, dot: Data, scope: Scope): Data {
		const value = this.commands(pipeline, dot, scope);
		for (const name of pipeline.declare) {
			if (!pipeline.assign) scope.at(-1)!.set(name, { value });
			else this.variable(name, scope).value = value;
		}
		return value;
	}

	commands(pipeline: Pipeline, dot: Data, scope: Scope): Data {
		let value: Data;
		pipeline.commands.forEach((command, i) => {
			value = this.command(command, dot, scope, i > 0 ? [value] : []);
		});
		return value;
	}

	command(operands: readonly Operand[], dot: Data, scope: Scope, last: readonly Data[]): Data {
		const [first, ...rest] = operands as [Operand, ...Operand[]];
		if (first.kind === 'function') {
			if (first.name === 'and' || first.name === 'or') {
				let value: Data;
				for (const operand of rest) {
					value = this.operand(operand, dot, scope);
					if (truth(value) === (first.name === 'or')) return value;
				}
				return last.length > 0 ? last[0] : value;
			}
			const fn = Object.hasOwn(FUNCTIONS, first.name) ? FUNCTIONS[first.name] : undefined;
			if (!fn) throw new TemplateError(`template: :1: function "${first.name}" not defined`);
			return fn(...rest.map((operand) => this.operand(operand, dot, scope)), ...last);
		}
		if (rest.length > 0 || last.length > 0)
			throw new TemplateError(
				`template: :1: can't give argument to non-function ${first.kind === 'field' ? `.${first.path.join('.')}` : show(this.operand(first, dot, scope))}`,
			);
		return this.operand(first, dot, scope);
	}

	operand(operand: Operand, dot: Data, scope: Scope): Data {
		switch (operand.kind) {
			case 'dot':
				return dot;
			case 'literal':
				return operand.value;
			case 'variable':
				return this.variable(operand.name, scope).value;
			case 'pipeline':
				return this.pipeline(operand.pipeline, dot, scope);
			case 'function':
				return this.command([operand], dot, scope, []);
			case 'field':
				return this.field(operand.of === undefined ? dot : this.operand(operand.of, dot, scope), operand.path);
		}
	}

	variable(name: string, scope: Scope): { value: Data } {
		for (let i = scope.length - 1; i >= 0; i--) {
			const found = scope[i]!.get(name);
			if (found) return found;
		}
		throw new TemplateError(`template: :1: undefined variable "${name}"`);
	}

	field(from: Data, path: readonly string[]): Data {
		let at = from;
		for (const name of path) {
			if (at === undefined || at === null) {
				if (this.options.strict)
					throw new TemplateError(`template: :1: nil data; no entry for key ${JSON.stringify(name)}`);
				return undefined;
			}
			if (!isMap(at))
				throw new TemplateError(
					`template: :1: can't evaluate field ${name} in type ${Array.isArray(at) ? '[]interface {}' : typeof at}`,
				);
			if (!Object.hasOwn(at, name)) {
				if (this.options.strict) throw new TemplateError(`template: :1: can't evaluate field ${name}`);
				return undefined;
			}
			at = at[name];
		}
		return at;
	}
}

const OWN = ['and', 'or'];

/** A compiled template: data in, text out. Both steps throw TemplateError. */
export function goTemplate(source: string, options: TemplateOptions = {}): (data: Data) => string {
	const named = <T>(body: () => T): T => {
		try {
			return body();
		} catch (fault) {
			if (!(fault instanceof TemplateError) || !options.name) throw fault;
			throw new TemplateError(fault.message.replace(/^template: :/, `template: ${options.name}:`));
		}
	};
	const nodes = named(() => parseTemplate(source, (name) => OWN.includes(name) || Object.hasOwn(FUNCTIONS, name)));
	return (data) =>
		named(() => {
			const runner = new Runner(options);
			runner.nodes(nodes, data, [new Map([['$', { value: data }]])]);
			return runner.out;
		});
}
