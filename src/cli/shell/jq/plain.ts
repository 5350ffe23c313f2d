/** Functions of values that programs may call (jq 1.6, builtin.c). */

import { type Closure, values } from './filter.ts';
import { format, plainText } from './formats.ts';
import { split } from './operators.ts';
import { deleteAll, getPath, type Path, setPath } from './paths.ts';
import { matches, matchWords } from './patterns.ts';
import { oneValue } from './read.ts';
import { brokenDown, readTime, seconds, written } from './times.ts';
import {
	briefly,
	compare,
	equal,
	isArray,
	isObject,
	JqError,
	sortedKeys,
	textOf,
	truthy,
	typeOf,
	type Value,
} from './values.ts';

export const number = (value: Value): number => {
	if (typeof value !== 'number') throw new JqError(`${briefly(value)} number required`);
	return value;
};
const list = (value: Value, what: string): readonly Value[] => {
	if (!isArray(value)) throw new JqError(`${briefly(value)} cannot be ${what}, as it is not an array`);
	return value;
};
const text = (value: Value, what: string): string => {
	if (typeof value !== 'string') throw new JqError(what);
	return value;
};

function has(value: Value, key: Value): Value {
	if (isObject(value) && typeof key === 'string') return value.has(key);
	if (isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
	throw new JqError(
		`Cannot check whether ${typeOf(value)} has a ${typeOf(key) === 'string' ? 'string' : typeOf(key)} key`,
	);
}

function contains(a: Value, b: Value): boolean {
	if (isObject(a) && isObject(b)) return [...b].every(([key, value]) => a.has(key) && contains(a.get(key)!, value));
	if (isArray(a) && isArray(b)) return b.every((one) => a.some((other) => contains(other, one)));
	if (typeof a === 'string' && typeof b === 'string') return a.includes(b);
	return equal(a, b);
}

function indices(value: Value, wanted: Value): Value {
	if (value === null) return null;
	if (typeof value === 'string' && typeof wanted === 'string') {
		const found: number[] = [];
		if (wanted !== '') for (let at = value.indexOf(wanted); at >= 0; at = value.indexOf(wanted, at + 1)) found.push(at);
		return found.length > 0 ? found : wanted === '' ? null : found;
	}
	if (isArray(value) && isArray(wanted)) return getPath(value, [wanted]);
	if (isArray(value)) return value.flatMap((one, i) => (equal(one, wanted) ? [i] : []));
	return getPath(value, [wanted]);
}

const sorted = (values: readonly Value[]): Value[] => [...values].sort(compare);

/** What is gone through. @throws JqError */
function members(value: Value): Value[] {
	if (isArray(value)) return [...value];
	if (isObject(value)) return [...value.values()];
	throw new JqError(`Cannot iterate over ${briefly(value)}`);
}

/** Values by what a filter says of each; equal ones stay in their order. */
export function keyed(value: Value, f: Closure): (readonly [Value, Value])[] {
	return members(value)
		.map((item) => [[...values(f, item)] as Value, item] as const)
		.sort(([a], [b]) => compare(a, b));
}

export function groups(value: Value, f: Closure): Value[][] {
	const all: Value[][] = [];
	let last: Value | undefined;
	for (const [key, item] of keyed(value, f)) {
		if (last !== undefined && equal(last, key)) all.at(-1)!.push(item);
		else all.push([item]);
		last = key;
	}
	return all;
}

export function extreme(value: Value, f: Closure | undefined, sign: 1 | -1): Value {
	const items = members(value);
	let best: readonly [Value, Value] | undefined;
	for (const item of items) {
		const key: Value = f ? [...values(f, item)] : item;
		const order = best ? compare(key, best[0]) * sign : -1;
		if (order < 0 || (order === 0 && sign === -1)) best = [key, item];
	}
	return best?.[1] ?? null;
}

const flat = (value: Value, depth: number): Value[] =>
	[...(isArray(value) ? value : isObject(value) ? value.values() : list(value, 'flattened'))].flatMap((item) =>
		isArray(item) && depth > 0 ? flat(item, depth - 1) : [item],
	);

const octetsOf = (value: string): number => new TextEncoder().encode(value).length;

function toNumber(value: Value): Value {
	if (typeof value === 'number') return value;
	if (typeof value !== 'string') throw new JqError(`${briefly(value)} cannot be parsed as a number`);
	return parsed(value);
}

function parsed(value: string): Value {
	try {
		return oneValue(value) ?? null;
	} catch (error) {
		throw new JqError(`${(error as Error).message} (while parsing '${value}')`);
	}
}

export type Plain = (value: Value, ...args: Value[]) => Value;
const math =
	(f: (x: number) => number): Plain =>
	(value) =>
		f(number(value));
const trimmed = (value: Value, part: Value, front: boolean): Value => {
	if (typeof value !== 'string' || typeof part !== 'string' || part === '') return value;
	if (front) return value.startsWith(part) ? value.slice(part.length) : value;
	return value.endsWith(part) ? value.slice(0, -part.length) : value;
};

/** Functions of values: each combination of what their arguments give. */
export const PLAIN: Readonly<Record<string, Plain>> = {
	'not/0': (value) => !truthy(value),
	'length/0': (value) => {
		if (value === null) return 0;
		if (typeof value === 'boolean') throw new JqError(`${briefly(value)} has no length`);
		if (typeof value === 'number') return Math.abs(value);
		return typeof value === 'string' ? [...value].length : isArray(value) ? value.length : value.size;
	},
	'utf8bytelength/0': (value) => octetsOf(text(value, `${briefly(value)} only strings have UTF-8 byte length`)),
	'keys/0': (value) => {
		if (isArray(value)) return value.map((_, i) => i);
		if (isObject(value)) return sortedKeys(value);
		throw new JqError(`${briefly(value)} has no keys`);
	},
	'keys_unsorted/0': (value) => {
		if (isArray(value)) return value.map((_, i) => i);
		if (isObject(value)) return [...value.keys()];
		throw new JqError(`${briefly(value)} has no keys`);
	},
	'has/1': has,
	'contains/1': (a, b) => {
		if (typeOf(a) !== typeOf(b))
			throw new JqError(`${briefly(a)} and ${briefly(b)} cannot have their containment checked`);
		return contains(a, b);
	},
	'type/0': typeOf,
	'tostring/0': plainText,
	'tojson/0': (value) => textOf(value),
	'fromjson/0': (value) => parsed(text(value, `${briefly(value)} only strings can be parsed`)),
	'tonumber/0': toNumber,
	'format/1': (value, name) => format(text(name, `${briefly(name)} is not a valid format`), value),
	'sort/0': (value) => {
		if (!isArray(value)) throw new JqError(`${briefly(value)} cannot be sorted, as it is not an array`);
		return sorted(value);
	},
	'reverse/0': (value) =>
		value === null
			? []
			: typeof value === 'string'
				? [...value].reverse().join('')
				: [...list(value, 'reversed')].reverse(),
	'min/0': (value) => extreme(value, undefined, 1),
	'max/0': (value) => extreme(value, undefined, -1),
	'_flatten/1': (value, depth) => flat(value, number(depth)),
	'explode/0': (value) => [...text(value, 'explode input must be a string')].map((char) => char.codePointAt(0)!),
	'implode/0': (value) => {
		if (!isArray(value)) throw new JqError('implode input must be an array');
		return String.fromCodePoint(...value.map(number));
	},
	'split/1': (value, by) =>
		split(
			text(value, 'split input and separator must be strings'),
			text(by, 'split input and separator must be strings'),
		),
	'startswith/1': (value, part) =>
		text(value, 'startswith() requires string inputs').startsWith(text(part, 'startswith() requires string inputs')),
	'endswith/1': (value, part) =>
		text(value, 'endswith() requires string inputs').endsWith(text(part, 'endswith() requires string inputs')),
	'ltrimstr/1': (value, part) => trimmed(value, part, true),
	'rtrimstr/1': (value, part) => trimmed(value, part, false),
	'indices/1': indices,
	'setpath/2': (value, path, to) => {
		if (!isArray(path)) throw new JqError('Path must be specified as an array');
		return setPath(value, path, to);
	},
	'delpaths/1': (value, paths) => {
		if (!isArray(paths)) throw new JqError('Paths must be specified as an array');
		return deleteAll(value, paths as readonly Path[]);
	},
	'_match/2': (value, pattern, flags) => matches(value, pattern, flags),
	'_words/1': (_, pattern) => matchWords(pattern),
	'_told/0': (value) => briefly(value),
	'infinite/0': () => Number.POSITIVE_INFINITY,
	'nan/0': () => Number.NaN,
	'null/0': () => null,
	'true/0': () => true,
	'false/0': () => false,
	'isinfinite/0': (value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY,
	'isnan/0': (value) => Number.isNaN(number(value)),
	'isnormal/0': (value) => Number.isFinite(number(value)) && Math.abs(number(value)) >= 2.2250738585072014e-308,
	'gmtime/0': (value) => brokenDown(value, 'gmtime'),
	'localtime/0': (value) => brokenDown(value, 'localtime'),
	'mktime/0': seconds,
	'strftime/1': (value, pattern) => written(value, pattern),
	'strflocaltime/1': (value, pattern) => written(value, pattern, 'strflocaltime'),
	'strptime/1': readTime,
	'pow/2': (_, base, power) => number(base) ** number(power),
	'atan2/2': (_, y, x) => Math.atan2(number(y), number(x)),
	'fmin/2': (_, a, b) => Math.min(number(a), number(b)),
	'fmax/2': (_, a, b) => Math.max(number(a), number(b)),
	'fmod/2': (_, a, b) => number(a) % number(b),
	...Object.fromEntries(
		(
			[
				'floor',
				'ceil',
				'sqrt',
				'trunc',
				'log',
				'log2',
				'log10',
				'exp',
				'sin',
				'cos',
				'tan',
				'asin',
				'acos',
				'atan',
				'cbrt',
			] as const
		).map((name) => [`${name}/0`, math(Math[name])]),
	),
	'fabs/0': math(Math.abs),
	'exp10/0': math((x) => 10 ** x),
	'exp2/0': math((x) => 2 ** x),
	'round/0': math((x) => Math.sign(x) * Math.round(Math.abs(x))),
	'get_search_list/0': () => ['~/.jq', '$ORIGIN/../lib/jq', '$ORIGIN/lib'],
};
