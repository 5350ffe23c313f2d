/** Operators between two filters: `,`, `//`, `and`, `or`, assignments and sums (jq 1.6, parser.y gen_binop(), gen_update()). */
import { apart, type Env, type Filter, wayOf } from './filter.ts';
import { OPERATORS } from './operators.ts';
import { deleteAll, getPath, type Path, setPath } from './paths.ts';
import { truthy, type Value } from './values.ts';

const BINDING: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '%=', '//=']);

/** The filter of an operator by its two sides; each result of one side meets each of the other. */
export function binary(op: string, a: Filter, b: Filter): Filter {
	if (op === ',')
		return function* (env, value, way) {
			yield* a(env, value, way);
			yield* b(env, value, way);
		};
	if (op === '//')
		return function* (env, value, way) {
			let any = false;
			for (const out of a(env, value, way)) {
				if (!truthy(out[0])) continue;
				any = true;
				yield out;
			}
			if (!any) yield* b(env, value, way);
		};
	if (op === 'and' || op === 'or')
		return function* (env, value, way) {
			for (const [first] of a(env, value, undefined)) {
				if (truthy(first) === (op === 'or')) yield [op === 'or', apart(way)];
				else for (const [second] of b(env, value, undefined)) yield [truthy(second), apart(way)];
			}
		};
	const paths = (env: Env | undefined, value: Value): Path[] =>
		[...a(env, value, [])].map(([result, way]) => wayOf(way, result, 'with result ')!);
	if (op === '|=')
		return function* (env, value, way) {
			let state = value;
			for (const path of paths(env, value)) {
				const next = b(env, getPath(state, path), undefined).next();
				state = next.done ? deleteAll(state, [path]) : setPath(state, path, next.value[0]);
			}
			yield [state, apart(way)];
		};
	const operator =
		op === '='
			? undefined
			: op === '//='
				? (x: Value, y: Value) => (truthy(x) ? x : y)
				: OPERATORS[op.replace('=', '')];
	if (BINDING.has(op))
		return function* (env, value, way) {
			for (const [given] of b(env, value, undefined)) {
				let state = value;
				for (const path of paths(env, value))
					state = setPath(state, path, operator ? operator(getPath(state, path), given) : given);
				yield [state, apart(way)];
			}
		};
	const work = OPERATORS[op]!;
	return function* (env, value, way) {
		for (const [second] of b(env, value, undefined))
			for (const [first] of a(env, value, undefined)) yield [work(first, second), apart(way)];
	};
}
