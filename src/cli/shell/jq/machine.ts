/**
 * Works a program of jq out: each filter is a generator of results, which know by what path they were reached where
 * somebody asks for paths (jq 1.6, execute.c).
 */

import { binary } from './binary.ts';
import { bindings } from './bindings.ts';
import { called, type Scope, seen } from './calls.ts';
import { objects, texts, tried } from './constructs.ts';
import {
	apart,
	Break,
	bind,
	type Closure,
	Endless,
	type Env,
	each,
	type Filter,
	type Library,
	lookup,
	MOST_STEPS,
	type Out,
	type Results,
	run,
	type World,
	wayOf,
} from './filter.ts';
import { OPERATORS } from './operators.ts';
import { indexed, sliced } from './paths.ts';
import { type Definition, ProgramFault, type Tree } from './tree.ts';
import { textOf, truthy, type Value } from './values.ts';

export class Compiler {
	readonly #library: Library;
	readonly #world: World;
	readonly #known = new Map<string, Scope>();
	/** What is wrong: all of it is told. */
	readonly faults: ProgramFault[] = [];

	constructor(library: Library, world: World) {
		this.#library = library;
		this.#world = world;
	}

	/** @param variables names that are bound from outside */
	program(tree: Tree, variables: ReadonlyMap<string, Value>): Closure {
		let scope: Scope | undefined;
		let env: Env | undefined;
		for (const [name, value] of variables) {
			scope = { kind: 'value', name, key: {}, next: scope };
			env = bind(scope.key, value, env);
		}
		return { filter: this.#of(tree, scope), env };
	}

	#find(scope: Scope | undefined, name: string, kinds: string): Scope | undefined {
		for (let at = scope; at; at = at.next) if (at.name === name && kinds.includes(at.kind)) return at;
		return undefined;
	}

	#of(tree: Tree, scope: Scope | undefined): Filter {
		const filter = this.#plain(tree, scope);
		const world = this.#world;
		return (env, value, way) => {
			if (++world.steps > MOST_STEPS) throw new Endless();
			return filter(env, value, way);
		};
	}

	#plain(tree: Tree, scope: Scope | undefined): Filter {
		switch (tree.kind) {
			case 'self':
				return function* (_, value, way) {
					yield [value, way];
				};
			case 'value':
				return function* (_, __, way) {
					yield [tree.value, apart(way)];
				};
			case 'recurse':
				return this.#of({ kind: 'call', name: 'recurse', args: [], at: 0 }, scope);
			case 'pipe': {
				const parts = tree.parts.map((part) => this.#of(part, scope));
				const from = (at: number): Filter => {
					const first = parts[at]!;
					if (at === parts.length - 1) return first;
					const rest = from(at + 1);
					return function* (env, value, way) {
						for (const [result, at] of first(env, value, way)) yield* rest(env, result, at);
					};
				};
				return from(0);
			}
			case 'negate': {
				const body = this.#of(tree.body, scope);
				return function* (env, value, way) {
					for (const [result] of body(env, value, undefined)) yield [OPERATORS.negate!(result, null), apart(way)];
				};
			}
			case 'both': {
				const { op, left, right } = tree;
				// Of two numbers the parser makes one at once.
				if (op === '/' && left.kind === 'value' && right.kind === 'value' && right.value === 0)
					this.faults.push(new ProgramFault('Division by zero?', 0));
				return binary(op, this.#of(left, scope), this.#of(right, scope));
			}
			case 'index': {
				const of = this.#of(tree.of, scope);
				const at = this.#of(tree.at, scope);
				return function* (env, value, way) {
					for (const [key] of at(env, value, undefined))
						for (const [result, path] of of(env, value, way)) {
							const from = wayOf(path, result, `near attempt to access element ${textOf(key)} of `);
							yield [indexed(result, key), from && [...from, key]];
						}
				};
			}
			case 'slice': {
				const of = this.#of(tree.of, scope);
				const nothing: Tree = { kind: 'value', value: null };
				const from = this.#of(tree.from ?? nothing, scope);
				const to = this.#of(tree.to ?? nothing, scope);
				return function* (env, value, way) {
					for (const [end] of to(env, value, undefined))
						for (const [start] of from(env, value, undefined))
							for (const [result, path] of of(env, value, way)) {
								const key = new Map([
									['start', start],
									['end', end],
								]);
								const before = wayOf(path, result, `near attempt to access element ${textOf(key)} of `);
								yield [sliced(result, start, end), before && [...before, key]];
							}
				};
			}
			case 'each': {
				const of = this.#of(tree.of, scope);
				return function* (env, value, way) {
					for (const [result, path] of of(env, value, way)) yield* each(result, path);
				};
			}
			case 'try': {
				const body = this.#of(tree.body, scope);
				const handler = tree.handler && this.#of(tree.handler, scope);
				return tried(body, handler);
			}
			case 'array': {
				const body = tree.body && this.#of(tree.body, scope);
				return function* (env, value, way) {
					const items: Value[] = [];
					if (body) for (const [item] of body(env, value, undefined)) items.push(item);
					yield [items, apart(way)];
				};
			}
			case 'object': {
				const items = tree.items.map(([key, item]) => [this.#of(key, scope), this.#of(item, scope)] as const);
				return objects(items);
			}
			case 'format':
				return this.#of({ kind: 'call', name: 'format', args: [{ kind: 'value', value: tree.name }], at: 0 }, scope);
			case 'text': {
				const format: Tree = {
					kind: 'call',
					name: 'format',
					args: [{ kind: 'value', value: tree.format ?? 'text' }],
					at: 0,
				};
				const parts = tree.parts.map((part) =>
					typeof part === 'string' ? part : this.#of({ kind: 'pipe', parts: [part, format] }, scope),
				);
				return texts(parts);
			}
			case 'if': {
				const [test, then, otherwise] = [tree.test, tree.then, tree.otherwise].map((part) => this.#of(part, scope)) as [
					Filter,
					Filter,
					Filter,
				];
				return function* (env, value, way) {
					for (const [meant] of test(env, value, undefined)) yield* (truthy(meant) ? then : otherwise)(env, value, way);
				};
			}
			case 'as': {
				const of = this.#of(tree.of, scope);
				const [inner, binds] = bindings(tree.patterns, scope, (part, inner) => this.#of(part, inner));
				const body = this.#of(tree.body, inner);
				return function* (env, value, way) {
					for (const [given] of of(env, value, undefined)) yield* binds(env, given, (bound) => body(bound, value, way));
				};
			}
			case 'reduce':
			case 'foreach': {
				const of = this.#of(tree.of, scope);
				const from = this.#of(tree.from, scope);
				const [inner, binds] = bindings(tree.patterns, scope, (part, inner) => this.#of(part, inner));
				const update = this.#of(tree.update, inner);
				const extract = tree.kind === 'foreach' ? this.#of(tree.extract ?? { kind: 'self' }, inner) : undefined;
				return function* (env, value, way) {
					for (const [start, startWay] of from(env, value, way)) {
						let state: Out = [start, startWay];
						for (const [given] of of(env, value, undefined)) {
							const turn = function* (bound: Env | undefined): Results {
								// Of several results the last one stays; of none, null.
								let last: Out | undefined;
								for (const next of update(bound, state[0], state[1])) {
									last = next;
									if (extract) {
										state = next;
										yield* extract(bound, next[0], next[1]);
									}
								}
								if (!extract) state = last ?? [null, apart(way)];
							};
							yield* binds(env, given, turn);
						}
						if (!extract) yield state;
					}
				};
			}
			case 'def': {
				const inner = this.#define(tree.def, scope);
				const rest = this.#of(tree.rest, inner);
				return (env, value, way) => rest(seen(inner, env), value, way);
			}
			case 'label': {
				const key = {};
				const body = this.#of(tree.body!, { kind: 'label', name: tree.name, key, next: scope });
				return function* (env, value, way) {
					const label = {};
					try {
						yield* body(bind(key, label, env), value, way);
					} catch (error) {
						if (!(error instanceof Break) || error.label !== label) throw error;
					}
				};
			}
			case 'break': {
				const found = this.#find(scope, tree.name, 'label');
				if (!found) return this.#missing(`$*label-${tree.name}`, tree.at);
				// biome-ignore lint/correctness/useYield: it has no result
				return function* (env) {
					throw new Break(lookup(env, found.key).bound as object);
				};
			}
			case 'variable': {
				if (tree.name === 'ENV') return this.#of({ kind: 'call', name: 'env', args: [], at: tree.at }, scope);
				const found = this.#find(scope, tree.name, 'value');
				if (!found) return this.#missing(`$${tree.name}`, tree.at);
				return function* (env, _, way) {
					yield [lookup(env, found.key).bound as Value, apart(way)];
				};
			}
			case 'call':
				return this.#call(tree, scope);
		}
	}

	#missing(name: string, at: number): Filter {
		this.faults.push(new ProgramFault(`${name} is not defined`, at));
		return function* () {};
	}

	#define(def: Definition, scope: Scope | undefined): Scope {
		const params = def.params.map(
			(name) => [name.replace('$', ''), {}, name.startsWith('$') ? {} : undefined] as const,
		);
		const body: { filter: Filter | undefined } = { filter: undefined };
		const own: Scope = {
			kind: 'function',
			name: `${def.name}/${def.params.length}`,
			key: {},
			params,
			body,
			next: scope,
		};
		let inside = own;
		for (const [name, key, value] of params) {
			inside = { kind: 'closure', name: `${name}/0`, key, next: inside };
			if (value) inside = { kind: 'value', name, key: value, next: inside };
		}
		body.filter = this.#of(def.body, inside);
		return own;
	}

	#call({ name, args, at }: Tree & { kind: 'call' }, scope: Scope | undefined): Filter {
		const full = `${name}/${args.length}`;
		const given = args.map((arg) => this.#of(arg, scope));
		const found = this.#find(scope, full, 'function closure') ?? this.#known.get(full);
		if (found?.kind === 'closure') return (env, value, way) => run(lookup(env, found.key).bound as Closure, value, way);
		if (found) return called(found, given);
		const native = this.#library.native(name, args.length);
		const world = this.#world;
		if (native)
			return (env, value, way) =>
				native(
					world,
					given.map((filter) => ({ filter, env })),
					value,
					way,
				);
		const def = this.#library.defined(name, args.length);
		if (!def) return this.#missing(full, at);
		// It may call itself: it is known before it is read.
		const stub: Scope = {
			kind: 'function',
			name: full,
			key: {},
			params: [],
			body: { filter: undefined },
			next: undefined,
		};
		this.#known.set(full, stub);
		const made = this.#define(def, undefined);
		Object.assign(stub, { key: made.key, params: made.params, body: made.body });
		return called(stub, given);
	}
}
