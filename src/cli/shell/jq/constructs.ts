/** Filters made of filters: objects, texts with something inside, and what is tried (jq 1.6, compile.c, builtin.c). */
import { apart, type Env, type Filter, type Out } from './filter.ts';
import { isObject, JqError, type Value } from './values.ts';

/** `{…}`: of keys and members with several results, each with each. */
export function objects(items: readonly (readonly [key: Filter, member: Filter])[]): Filter {
	const from = function* (
		at: number,
		env: Env | undefined,
		value: Value,
		before: ReadonlyMap<string, Value>,
	): Generator<ReadonlyMap<string, Value>> {
		const item = items[at];
		if (!item) {
			yield before;
			return;
		}
		for (const [key] of item[0](env, value, undefined)) {
			if (typeof key !== 'string') throw new JqError(`Object keys must be strings`);
			for (const [member] of item[1](env, value, undefined))
				yield* from(at + 1, env, value, new Map([...before, [key, member]]));
		}
	};
	return function* (env, value, way) {
		for (const made of from(0, env, value, new Map())) yield [made, apart(way)];
	};
}

/** `"…\(…)…"`: the last part that is worked out changes last. */
export function texts(parts: readonly (string | Filter)[]): Filter {
	const from = function* (at: number, env: Env | undefined, value: Value): Generator<string> {
		if (at < 0) {
			yield '';
			return;
		}
		const part = parts[at]!;
		if (typeof part === 'string') for (const before of from(at - 1, env, value)) yield before + part;
		else
			for (const [text] of part(env, value, undefined))
				for (const before of from(at - 1, env, value)) yield before + String(text);
	};
	return function* (env, value, way) {
		for (const text of from(parts.length - 1, env, value)) yield [text, apart(way)];
	};
}

/** `try … catch …`, and `…?` without a handler. */
export function tried(body: Filter, handler: Filter | undefined): Filter {
	return function* (env, value, way) {
		const results = body(env, value, way);
		for (;;) {
			let next: IteratorResult<Out, void>;
			try {
				next = results.next();
			} catch (error) {
				if (!(error instanceof JqError)) throw error;
				if (isObject(error.value) && error.value.get('__jq') !== undefined) throw error;
				if (handler) yield* handler(env, error.value, apart(way));
				return;
			}
			if (next.done) return;
			yield next.value;
		}
	};
}
