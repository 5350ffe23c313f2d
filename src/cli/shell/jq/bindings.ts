/** Names that `as`, `reduce` and `foreach` bind to parts of a value (jq 1.6, compile.c gen_destructure()). */
import type { Scope } from './calls.ts';
import { bind, type Env, type Filter, type Results } from './filter.ts';
import { indexed } from './paths.ts';
import type { Pattern, Tree } from './tree.ts';
import { isArray, JqError, typeOf, type Value } from './values.ts';

/** Does something for each way in which a value is taken apart, with the names that are bound then. */
type Binds = (env: Env | undefined, value: Value, body: (env: Env | undefined) => Results) => Results;

/** Names that patterns bind, and how: of several patterns (`?//`) the first that goes without an error. */
export function bindings(
	patterns: readonly Pattern[],
	scope: Scope | undefined,
	of: (tree: Tree, scope: Scope | undefined) => Filter,
): readonly [inner: Scope | undefined, binds: Binds] {
	const names = new Map<string, object>();
	const collect = (pattern: Pattern): void => {
		if (pattern.kind === 'name') names.set(pattern.name, names.get(pattern.name) ?? {});
		else if (pattern.kind === 'array') pattern.items.forEach(collect);
		else
			for (const [, name, inside] of pattern.items) {
				if (name !== undefined) names.set(name, names.get(name) ?? {});
				if (inside) collect(inside);
			}
	};
	patterns.forEach(collect);
	let inner = scope;
	for (const [name, key] of names) inner = { kind: 'value', name, key, next: inner };
	const keyed = new Map<Tree, Filter>();
	const compileKeys = (pattern: Pattern): void => {
		if (pattern.kind === 'array') pattern.items.forEach(compileKeys);
		if (pattern.kind === 'object')
			for (const [key, , inside] of pattern.items) {
				if (typeof key !== 'string') keyed.set(key, of(key, inner));
				if (inside) compileKeys(inside);
			}
	};
	patterns.forEach(compileKeys);
	function* bound(pattern: Pattern, env: Env | undefined, value: Value): Generator<Env | undefined> {
		if (pattern.kind === 'name') {
			yield bind(names.get(pattern.name)!, value, env);
			return;
		}
		function* from(at: number, before: Env | undefined): Generator<Env | undefined> {
			const item = (pattern as { items: readonly unknown[] }).items[at];
			if (item === undefined) {
				yield before;
				return;
			}
			if (pattern.kind === 'array') {
				if (value !== null && !isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with number`);
				for (const next of bound(item as Pattern, before, indexed(value, at))) yield* from(at + 1, next);
				return;
			}
			const [key, name, inside] = item as readonly [Tree | string, string | undefined, Pattern | undefined];
			const keys = typeof key === 'string' ? [key] : [...keyed.get(key)!(before, value, undefined)].map(([k]) => k);
			for (const one of keys) {
				const member = indexed(value, one);
				const named = name === undefined ? before : bind(names.get(name)!, member, before);
				if (!inside) yield* from(at + 1, named);
				else for (const next of bound(inside, named, member)) yield* from(at + 1, next);
			}
		}
		yield* from(0, env);
	}
	const binds: Binds = function* (env, value, body) {
		let all = env;
		for (const key of names.values()) all = bind(key, null, all);
		for (const [i, pattern] of patterns.entries()) {
			try {
				for (const env of bound(pattern, all, value)) yield* body(env);
				return;
			} catch (error) {
				if (!(error instanceof JqError) || i === patterns.length - 1) throw error;
			}
		}
	};
	return [inner, binds];
}
