/**
 * Templates that know each other, as a program uses them: functions with types, methods, errors with their place.
 *
 * Source: Go text/template/{exec,funcs,template}.go, parse/parse.go (ErrorContext) @ go1.18: `and` and `or` stop early.
 */
import { BUILTINS } from './builtins.ts';
import { GoStruct, goPrinted, goType, isTable } from './go-print.ts';
import { parseTemplate } from './parse.ts';
import { CallError, type Functions } from './set-types.ts';
import { TemplateError } from './tokens.ts';
import { commandWords, type Node, type Operand, type Spot } from './tree.ts';
import type { Data } from './values.ts';
import { Break, Continue, type Scope, Walk } from './walk.ts';

export { CallError, type Functions, type TypedFunction } from './set-types.ts';

interface Compiled {
	/** Of the file. */
	readonly file: string;
	readonly source: string;
	readonly name: string;
	readonly body: readonly Node[];
}

/** More steps than this and a template is a runaway. */
const BUDGET = 2_000_000;
const MOST_DEEP = 400;

export class TemplateSet {
	readonly functions: Functions;
	readonly #templates = new Map<string, Compiled>();
	#steps = 0;
	#depth = 0;

	constructor(functions: Functions) {
		this.functions = functions;
	}

	/** Adds a file and what it defines; throws TemplateError `template: file:line: …`. */
	parse(file: string, source: string): void {
		let parsed: ReturnType<typeof parseTemplate>;
		try {
			parsed = parseTemplate(source, {
				known: (name) =>
					Object.hasOwn(this.functions, name) || Object.hasOwn(BUILTINS, name) || /^(?:and|or)$/.test(name),
				whole: true,
			});
		} catch (fault) {
			if (!(fault instanceof TemplateError)) throw fault;
			throw new TemplateError(fault.message.replace(/^template: :/, `template: ${file}:`));
		}
		const add = (name: string, body: readonly Node[]): void => {
			const empty = body.every((node) => node.kind === 'text' && node.text.trim() === '');
			// An empty body does not take the place of one with content (AddParseTree).
			if (empty && this.#templates.has(name)) return;
			this.#templates.set(name, { file, source, name, body });
		};
		for (const [name, body] of parsed.defined) add(name, body);
		add(file, parsed.body);
	}

	has(name: string): boolean {
		return this.#templates.has(name);
	}

	/** Throws TemplateError `template: file:line:column: executing "name" at <words>: …`. */
	execute(name: string, data: Data): string {
		const template = this.#templates.get(name);
		if (!template)
			throw new CallError(`template: no template ${JSON.stringify(name)} associated with template "gotpl"`);
		if (++this.#depth > MOST_DEEP) throw new CallError('exceeded maximum template depth');
		try {
			const run = new Execution(this, template);
			run.nodes(template.body, data, [new Map([['$', { value: data }]])]);
			return run.out;
		} finally {
			this.#depth--;
		}
	}

	/** A template of the set from inside another, with the same output. */
	within(name: string): Compiled | undefined {
		return this.#templates.get(name);
	}

	step(): void {
		if (++this.#steps > BUDGET)
			throw new TemplateError('the simulator renders no more than two million steps of templates');
	}
}

const truth = (value: Data): boolean => {
	if (value === undefined || value === null || value === false || value === 0 || value === 0n || value === '')
		return false;
	if (Array.isArray(value)) return value.length > 0;
	return isTable(value) ? Object.keys(value).length > 0 : true;
};

class Execution extends Walk {
	out = '';
	spot: Spot = { at: 0, words: '' };
	readonly set: TemplateSet;
	template: Compiled;

	constructor(set: TemplateSet, template: Compiled) {
		super();
		this.set = set;
		this.template = template;
	}

	fail(message: string): never {
		const { file, source, name } = this.template;
		const before = source.slice(0, this.spot.at);
		const line = before.split('\n').length;
		const column = new TextEncoder().encode(before.slice(before.lastIndexOf('\n') + 1)).length;
		throw new TemplateError(
			`template: ${file}:${line}:${column}: executing ${JSON.stringify(name)} at <${this.spot.words}>: ${message}`,
		);
	}

	nodes(list: readonly Node[], dot: Data, scope: Scope): void {
		for (const node of list) {
			this.set.step();
			if (node.kind === 'text') this.out += node.text;
			else if (node.kind === 'print') {
				const value = this.pipeline(node.pipeline, dot, scope);
				if (node.pipeline.declare.length === 0) this.out += goPrinted(value);
			} else if (node.kind === 'break') throw new Break();
			else if (node.kind === 'continue') throw new Continue();
			else if (node.kind === 'template') this.call(node, dot, scope);
			else this.branch(node as Extract<Node, { readonly body: readonly Node[] }>, dot, scope);
		}
	}

	call(node: Extract<Node, { readonly kind: 'template' }>, dot: Data, scope: Scope): void {
		this.spot = node.spot;
		const found = this.set.within(node.name);
		if (!found) this.fail(`template ${JSON.stringify(node.name)} not defined`);
		const value = node.pipeline && this.pipeline(node.pipeline, dot, scope);
		this.out += this.set.execute(node.name, value);
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
		let entries: readonly (readonly [Data, Data])[] = [];
		if (Array.isArray(value)) entries = value.map((item, i) => [BigInt(i), item] as const);
		else if (isTable(value))
			entries = Object.keys(value)
				.sort()
				.map((key) => [key, value[key]] as const);
		else if (value !== undefined && value !== null) this.fail(`range can't iterate over ${goPrinted(value)}`);
		this.each(node, entries, dot, inner);
	}

	command(operands: readonly Operand[], dot: Data, scope: Scope, last: readonly Data[]): Data {
		const [first, ...rest] = operands as [Operand, ...Operand[]];
		this.spot = first.spot;
		if (first.kind === 'function') return this.invoke(first.name, first.spot, operands, rest, dot, scope, last);
		if (first.kind === 'field') return this.field(first, rest, dot, scope, last);
		if (rest.length > 0 || last.length > 0) {
			const what =
				first.kind === 'literal' || first.kind === 'dot' || first.kind === 'pipeline'
					? first.spot.words
					: first.spot.words;
			this.fail(`can't give argument to non-function ${what}`);
		}
		if (first.kind === 'literal' && first.value === null) this.fail('nil is not a command');
		return this.operand(first, dot, scope);
	}

	invoke(
		name: string,
		spot: Spot,
		operands: readonly Operand[],
		rest: readonly Operand[],
		dot: Data,
		scope: Scope,
		last: readonly Data[],
	): Data {
		if (name === 'and' || name === 'or') {
			let value: Data;
			if (rest.length + last.length === 0) this.fail(`wrong number of args for ${name}: want at least 1 got 0`);
			for (const operand of rest) {
				value = this.operand(operand, dot, scope);
				if (truth(value) === (name === 'or')) return value;
			}
			return last.length > 0 ? last[0] : value;
		}
		const fn = Object.hasOwn(this.set.functions, name) ? this.set.functions[name]! : BUILTINS[name]!;
		const many = fn.types.endsWith('*');
		const types = many ? fn.types.slice(0, -1) : fn.types;
		const given = rest.length + last.length;
		if (many ? given < types.length - 1 : given !== types.length)
			this.fail(
				`wrong number of args for ${name}: want ${many ? `at least ${types.length - 1}` : types.length} got ${given}`,
			);
		const typeOf = (i: number): string => types[Math.min(i, types.length - 1)]!;
		const args = rest.map((operand, i) => {
			this.spot = operand.spot;
			return this.typed(typeOf(i), this.operand(operand, dot, scope), operand);
		});
		for (const value of last) args.push(this.typed(typeOf(rest.length), value, undefined));
		return this.guard(name, commandSpot(operands, spot), () => fn.call(...args));
	}

	/** Runs what is not a template's own; its refusals get their place. */
	guard(name: string, spot: Spot, body: () => Data): Data {
		try {
			return body();
		} catch (fault) {
			if (!(fault instanceof CallError || fault instanceof TemplateError)) throw fault;
			this.spot = spot;
			return this.fail(`error calling ${name}: ${fault.message}`);
		}
	}

	/** validateType() of exec.go, and what a literal may stand for. */
	typed(type: string, value: Data, operand: Operand | undefined): Data {
		const want = TYPES[type]!;
		if (type === 'a') return value;
		if (operand?.kind === 'literal' && operand.value !== null) {
			const literal = operand.value;
			if (type === 'f' && typeof literal === 'bigint') return Number(literal);
			if (type === 'f' && typeof literal === 'number') return literal;
			if (type === 's' && typeof literal !== 'string') this.fail(`expected string; found ${operand.spot.words}`);
			if (type === 'i' && typeof literal !== 'bigint') this.fail(`expected integer; found ${operand.spot.words}`);
			if (type === 'b' && typeof literal !== 'boolean') this.fail(`expected bool; found ${operand.spot.words}`);
		}
		if (value === undefined || value === null) {
			if (operand?.kind === 'field') this.fail(`wrong type for value; expected ${want.name}; got interface {}`);
			if (type === 'm' || type === 'l') return type === 'm' ? {} : [];
			this.fail(`invalid value; expected ${want.name}`);
		}
		if (!want.is(value)) this.fail(`wrong type for value; expected ${want.name}; got ${goType(value)}`);
		return value;
	}

	operand(operand: Operand, dot: Data, scope: Scope): Data {
		this.spot = operand.spot;
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
				return this.field(operand, [], dot, scope, []);
		}
	}

	variable(name: string, scope: Scope): { value: Data } {
		for (let i = scope.length - 1; i >= 0; i--) {
			const found = scope[i]!.get(name);
			if (found) return found;
		}
		return this.fail(`undefined variable: ${name}`);
	}

	field(
		operand: Extract<Operand, { readonly kind: 'field' }>,
		rest: readonly Operand[],
		dot: Data,
		scope: Scope,
		last: readonly Data[],
	): Data {
		let at = operand.of === undefined ? dot : this.operand(operand.of, dot, scope);
		this.spot = operand.spot;
		operand.path.forEach((name, i) => {
			const final = i === operand.path.length - 1;
			const given = final ? rest.length + last.length : 0;
			if (at instanceof GoStruct && Object.hasOwn(at.methods, name)) {
				const method = at.methods[name]!;
				if (given !== method.length) this.fail(`wrong number of args for ${name}: want ${method.length} got ${given}`);
				const args = final ? [...rest.map((arg) => this.operand(arg, dot, scope)), ...last] : [];
				at = this.guard(name, commandSpot([operand, ...rest], operand.spot), () => method(...args));
				return;
			}
			if (at === undefined || at === null) this.fail(`nil pointer evaluating interface {}.${name}`);
			if (at instanceof GoStruct) {
				if (!Object.hasOwn(at.fields, name)) this.fail(`can't evaluate field ${name} in type ${at.type}`);
				at = at.fields[name];
			} else if (isTable(at)) {
				if (given > 0) this.fail(`${name} is not a method but has arguments`);
				at = Object.hasOwn(at, name) ? at[name] : undefined;
			} else this.fail(`can't evaluate field ${name} in type interface {}`);
			if (given > 0 && final && !(at instanceof GoStruct))
				this.fail(`${name} has arguments but cannot be invoked as function`);
		});
		return at;
	}
}

const commandSpot = (operands: readonly Operand[], spot: Spot): Spot => ({
	at: spot.at,
	words: commandWords(operands),
});

const TYPES: Readonly<Record<string, { readonly name: string; readonly is: (value: Data) => boolean }>> = {
	a: { name: 'interface {}', is: () => true },
	s: { name: 'string', is: (value) => typeof value === 'string' },
	i: { name: 'int', is: (value) => typeof value === 'bigint' },
	f: { name: 'float64', is: (value) => typeof value === 'number' },
	b: { name: 'bool', is: (value) => typeof value === 'boolean' },
	l: { name: '[]interface {}', is: Array.isArray },
	m: { name: 'map[string]interface {}', is: isTable },
};
