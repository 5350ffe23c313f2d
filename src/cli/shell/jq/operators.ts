/** What stands between two values (jq 1.6, builtin.c). */
import { briefly, compare, isArray, isObject, JqError, type Value } from './values.ts';

const cannot = (a: Value, b: Value, what: string): JqError =>
	new JqError(`${briefly(a)} and ${briefly(b)} cannot be ${what}`);

function merged(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): Value {
	const all = new Map(a);
	for (const [key, value] of b) {
		const old = all.get(key);
		all.set(key, isObject(old) && isObject(value) ? merged(old, value) : value);
	}
	return all;
}

/** By one text, or into single characters. */
export function split(text: string, by: string): Value {
	if (text === '') return [];
	return by === '' ? [...text] : text.split(by);
}

export const OPERATORS: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
	negate(a) {
		if (typeof a !== 'number') throw new JqError(`${briefly(a)} cannot be negated`);
		return -a;
	},
	'+'(a, b) {
		if (a === null) return b;
		if (b === null) return a;
		if (typeof a === 'number' && typeof b === 'number') return a + b;
		if (typeof a === 'string' && typeof b === 'string') return a + b;
		if (isArray(a) && isArray(b)) return [...a, ...b];
		if (isObject(a) && isObject(b)) return new Map([...a, ...b]);
		throw cannot(a, b, 'added');
	},
	'-'(a, b) {
		if (typeof a === 'number' && typeof b === 'number') return a - b;
		if (isArray(a) && isArray(b)) return a.filter((one) => !b.some((other) => compare(one, other) === 0));
		throw cannot(a, b, 'subtracted');
	},
	'*'(a, b) {
		if (typeof a === 'number' && typeof b === 'number') return a * b;
		if (typeof a === 'string' && typeof b === 'number') {
			if (a.length * b > 1e7) throw new JqError('Repeat string result too long');
			return b > 0 ? a.repeat(Math.max(1, Math.ceil(b))) : null;
		}
		if (isObject(a) && isObject(b)) return merged(a, b);
		throw cannot(a, b, 'multiplied');
	},
	'/'(a, b) {
		if (typeof a === 'number' && typeof b === 'number') {
			if (b === 0) throw cannot(a, b, 'divided because the divisor is zero');
			return a / b;
		}
		if (typeof a === 'string' && typeof b === 'string') return split(a, b);
		throw cannot(a, b, 'divided');
	},
	'%'(a, b) {
		if (typeof a !== 'number' || typeof b !== 'number') throw cannot(a, b, 'divided');
		const by = Math.abs(Math.trunc(b));
		if (by === 0) throw cannot(a, b, 'divided (remainder) because the divisor is zero');
		return (Math.trunc(a) % by) + 0;
	},
	'==': (a, b) => compare(a, b) === 0,
	'!=': (a, b) => compare(a, b) !== 0,
	'<': (a, b) => compare(a, b) < 0,
	'>': (a, b) => compare(a, b) > 0,
	'<=': (a, b) => compare(a, b) <= 0,
	'>=': (a, b) => compare(a, b) >= 0,
};
