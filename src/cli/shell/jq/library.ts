/** What programs may call (jq 1.6, builtin.c and builtin.jq). */
import { DEFINED } from './defined.ts';
import {
	apart,
	type Closure,
	type Library,
	type Native,
	type Results,
	run,
	values,
	type Way,
	type World,
	wayOf,
} from './filter.ts';
import { Parser } from './parse.ts';
import { getPath } from './paths.ts';
import { extreme, groups, keyed, number, PLAIN, type Plain } from './plain.ts';
import type { Definition } from './tree.ts';
import { isArray, JqError, textOf, truthy, type Value } from './values.ts';

let defined: ReadonlyMap<string, Definition> | undefined;

function* combined(args: readonly Closure[], value: Value, at = args.length - 1): Generator<Value[]> {
	if (at < 0) {
		yield [];
		return;
	}
	for (const last of values(args[at]!, value))
		for (const before of combined(args, value, at - 1)) yield [...before, last];
}

/** Says that the program ends now. */
export class Halt extends Error {
	readonly code: number;
	readonly value: Value | undefined;

	constructor(code: number, value?: Value) {
		super('halt');
		this.code = code;
		this.value = value;
	}
}

/** Functions of filters, and of what is outside. */
const NATIVE: Readonly<Record<string, Native>> = {
	*'empty/0'() {},
	// biome-ignore lint/correctness/useYield: it has no result
	*'error/0'(_, __, value) {
		throw new JqError(value);
	},
	// biome-ignore lint/correctness/useYield: it has no result
	*'error/1'(_, [message], value): Results {
		for (const what of values(message!, value)) throw new JqError(what);
	},
	*'path/1'(_, [f], value, way) {
		for (const [result, path] of run(f!, value, [])) yield [[...wayOf(path, result, 'with result ')!], apart(way)];
	},
	*'getpath/1'(_, [path], value, way) {
		for (const keys of values(path!, value)) {
			if (!isArray(keys)) throw new JqError('Path must be specified as an array');
			const from = wayOf(way, value, 'near attempt to access element of ');
			yield [getPath(value, keys), from && [...from, ...keys]];
		}
	},
	*'recurse/1'(_, [f], value, way): Results {
		const left: Results[] = [];
		yield [value, way];
		left.push(run(f!, value, way));
		while (left.length > 0) {
			const next = left.at(-1)!.next();
			if (next.done) left.pop();
			else {
				yield next.value;
				left.push(run(f!, ...next.value));
			}
		}
	},
	*'repeat/1'(_, [f], value, way): Results {
		// As 1.6 does: of the same value again and again.
		for (;;) yield* run(f!, value, way);
	},
	*'while/2'(_, [test, update], value, way): Results {
		let now: (readonly [Value, Way])[] = [[value, way]];
		while (now.length > 0) {
			const [first, ...rest] = now as [readonly [Value, Way], ...(readonly [Value, Way])[]];
			now = rest;
			for (const meant of values(test!, first[0])) {
				if (!truthy(meant)) continue;
				yield first;
				now = [...run(update!, first[0], first[1]), ...now];
			}
		}
	},
	*'limit/2'(_, [count, f], value, way) {
		for (const most of values(count!, value)) {
			let left = number(most);
			if (left === 0) left = 1;
			for (const out of run(f!, value, way)) {
				yield out;
				if (--left === 0) break;
			}
		}
	},
	*'first/1'(_, [f], value, way) {
		for (const out of run(f!, value, way)) {
			yield out;
			return;
		}
	},
	*'range/1'(_, [to], value, way) {
		for (const end of values(to!, value)) for (let i = 0; i < number(end); i++) yield [i, apart(way)];
	},
	*'range/2'(_, [from, to], value, way) {
		for (const end of values(to!, value))
			for (const start of values(from!, value)) for (let i = number(start); i < number(end); i++) yield [i, apart(way)];
	},
	*'range/3'(_, [from, to, by], value, way) {
		for (const each of values(by!, value))
			for (const end of values(to!, value))
				for (const start of values(from!, value)) {
					const [a, b, c] = [number(start), number(end), number(each)];
					if (c > 0) for (let i = a; i < b; i += c) yield [i, apart(way)];
					else if (c < 0) for (let i = a; i > b; i += c) yield [i, apart(way)];
					else if (a < b) yield [a, apart(way)];
				}
	},
	*'sort_by/1'(_, [f], value, way) {
		yield [keyed(value, f!).map(([, item]) => item), apart(way)];
	},
	*'group_by/1'(_, [f], value, way) {
		yield [groups(value, f!), apart(way)];
	},
	*'unique_by/1'(_, [f], value, way) {
		yield [groups(value, f!).map(([first]) => first!), apart(way)];
	},
	*'min_by/1'(_, [f], value, way) {
		yield [extreme(value, f, 1), apart(way)];
	},
	*'max_by/1'(_, [f], value, way) {
		yield [extreme(value, f, -1), apart(way)];
	},
	*'env/0'(world, _, __, way) {
		yield [new Map(world.env), apart(way)];
	},
	*'now/0'(world, _, __, way) {
		yield [world.now(), apart(way)];
	},
	*'input/0'(world, _, __, way) {
		yield [world.input(), apart(way)];
	},
	*'inputs/0'(world, _, __, way) {
		for (;;) {
			let value: Value;
			try {
				value = world.input();
			} catch (error) {
				if (error instanceof JqError && error.value === 'break') return;
				throw error;
			}
			yield [value, apart(way)];
		}
	},
	*'input_filename/0'(world, _, __, way) {
		yield [world.file(), apart(way)];
	},
	*'_line/0'(world, _, __, way) {
		yield [world.line(), apart(way)];
	},
	*'debug/0'(world, _, value, way) {
		world.debug(`["DEBUG:",${textOf(value)}]\n`);
		yield [value, way];
	},
	*'stderr/0'(world, _, value, way) {
		world.debug(textOf(value));
		yield [value, way];
	},
	// biome-ignore lint/correctness/useYield: it has no result
	*'halt/0'() {
		throw new Halt(0);
	},
	// biome-ignore lint/correctness/useYield: it has no result
	*'halt_error/1'(_, [code], value): Results {
		for (const number of values(code!, value)) throw new Halt(typeof number === 'number' ? number : 5, value);
	},
	*'builtins/0'(_, __, ___, way) {
		yield [names(), apart(way)];
	},
};

function definitions(): ReadonlyMap<string, Definition> {
	defined ??= new Map(new Parser(DEFINED).definitions().map((def) => [`${def.name}/${def.params.length}`, def]));
	return defined;
}

const names = (): string[] =>
	[...new Set([...definitions().keys(), ...Object.keys(PLAIN), ...Object.keys(NATIVE)])].filter(
		(full) => !full.startsWith('_'),
	);

const plainNative = (f: Plain): Native =>
	function* (_: World, args, value, way) {
		for (const given of combined(args, value)) yield [f(value, ...given), apart(way)];
	};

export const library: Library = {
	native(name, arity) {
		const full = `${name}/${arity}`;
		if (Object.hasOwn(NATIVE, full)) return NATIVE[full];
		return Object.hasOwn(PLAIN, full) ? plainNative(PLAIN[full]!) : undefined;
	},
	defined: (name, arity) => definitions().get(`${name}/${arity}`),
};
