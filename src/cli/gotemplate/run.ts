/**
 * Runs a template over JSON.
 *
 * Source: Go text/template/exec.go @ go1.21.
 */
import { FUNCTIONS } from './functions.ts';
import { parseTemplate } from './parse.ts';
import { TemplateError } from './tokens.ts';
import type { Node, Operand, Parsed } from './tree.ts';
import { type Data, isMap, show, truth } from './values.ts';
import { Break, Continue, type Scope, Walk } from './walk.ts';

export type { Data } from './values.ts';

/** `<no value>` is what Go prints for a key a map does not have; `strict` (structs) refuses instead. */
export interface TemplateOptions {
	/** Fields that do not exist are errors, as in Docker's listings; otherwise they are `<no value>`. */
	readonly strict?: boolean;
	/** With `strict`: names of fields that are maps, whose keys may be missing. */
	readonly maps?: ReadonlySet<string>;
	/** Its name in errors; kubectl's are called `output`. */
	readonly name?: string;
}

/** More steps than this and a template is a runaway. */
const BUDGET = 200_000;

/** maxExecDepth in exec.go is 100,000; a page's stack is smaller. */
const MOST_DEEP = 500;

class Runner extends Walk {
	out = '';
	steps = 0;
	readonly options: TemplateOptions;
	readonly defined: Parsed['defined'];
	depth = 0;

	constructor(options: TemplateOptions, defined: Parsed['defined']) {
		super();
		this.options = options;
		this.defined = defined;
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
			else if (node.kind === 'template') {
				const body = this.defined.get(node.name);
				if (!body) throw new TemplateError(`template: :1: template ${JSON.stringify(node.name)} not defined`);
				const value = node.pipeline && this.pipeline(node.pipeline, dot, scope);
				if (++this.depth > MOST_DEEP) throw new TemplateError('template: exceeded maximum template depth');
				this.nodes(body, value, [new Map([['$', { value }]])]);
				this.depth--;
			} else if ('body' in node) this.branch(node, dot, scope);
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
		this.each(node, entries, dot, inner);
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
			const args = [...rest.map((operand) => this.operand(operand, dot, scope)), ...last];
			const value = fn(...args);
			// A key that a map of texts has not is the empty text.
			const [from] = args;
			const texts = isMap(from) && Object.values(from).every((item) => typeof item === 'string');
			return first.name === 'index' && value === undefined && this.options.strict && texts ? '' : value;
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
		let before = '';
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
				if (this.options.strict && !this.options.maps?.has(before))
					throw new TemplateError(`template: :1: can't evaluate field ${name}`);
				return undefined;
			}
			at = at[name];
			before = name;
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
	const { body, defined } = named(() =>
		parseTemplate(source, {
			known: (name) => OWN.includes(name) || Object.hasOwn(FUNCTIONS, name),
			whole: false,
		}),
	);
	return (data) =>
		named(() => {
			const runner = new Runner(options, defined);
			runner.nodes(body, data, [new Map([['$', { value: data }]])]);
			return runner.out;
		});
}
