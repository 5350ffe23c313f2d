/** Ways into values: reading, writing and deleting by them (jq 1.6, jv_aux.c). */
import { briefly, compare, isArray, isObject, JqError, typeOf, type Value } from './values.ts';

export type Path = readonly Value[];

/** A value as errors about steps name it; null and others alike. */
export const step = (value: Value): string => briefly(value);

const isSlice = (key: Value): key is ReadonlyMap<string, Value> => isObject(key) && key.has('start') && key.has('end');

function bounds(length: number, from: Value, to: Value): [number, number] {
	for (const end of [from, to])
		if (end !== null && typeof end !== 'number')
			throw new JqError('Start and end indices of an array slice must be numbers');
	const within = (n: number): number => Math.min(length, Math.max(0, n < 0 ? n + length : n));
	const start = within(Math.floor((from as number | null) ?? 0));
	return [start, Math.max(start, within(Math.ceil((to as number | null) ?? length)))];
}

export function sliced(value: Value, from: Value, to: Value): Value {
	if (value === null) return null;
	if (typeof value === 'string') {
		const all = [...value];
		return all.slice(...bounds(all.length, from, to)).join('');
	}
	if (!isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with object`);
	return value.slice(...bounds(value.length, from, to));
}

function places(value: readonly Value[], wanted: readonly Value[]): number[] {
	if (wanted.length === 0) return [];
	return value.flatMap((_, i) =>
		i + wanted.length <= value.length && wanted.every((one, k) => compare(one, value[i + k]!) === 0) ? [i] : [],
	);
}

export function indexed(value: Value, key: Value): Value {
	if (isObject(value) && typeof key === 'string') return value.get(key) ?? null;
	if (isArray(value) && typeof key === 'number') {
		const at = Math.floor(key);
		return value[at < 0 ? at + value.length : at] ?? null;
	}
	if (isSlice(key) && (value === null || isArray(value) || typeof value === 'string'))
		return sliced(value, key.get('start')!, key.get('end')!);
	if (isArray(value) && isArray(key)) return places(value, key);
	if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null)) return null;
	throw new JqError(
		typeof key === 'string'
			? `Cannot index ${typeOf(value)} with string "${key}"`
			: `Cannot index ${typeOf(value)} with ${typeOf(key)}`,
	);
}

export function getPath(value: Value, path: Path): Value {
	let at = value;
	for (const key of path) at = at === null ? null : indexed(at, key);
	return at;
}

export function setPath(value: Value, path: Path, to: Value): Value {
	if (path.length === 0) return to;
	const [key, ...rest] = path as [Value, ...Value[]];
	if (isSlice(key) && (value === null || isArray(value))) {
		const old = value ?? [];
		const [start, end] = bounds(old.length, key.get('start')!, key.get('end')!);
		const part = setPath(value === null ? null : old.slice(start, end), rest, to);
		if (!isArray(part)) throw new JqError('A slice of an array can only be assigned another array');
		return [...old.slice(0, start), ...part, ...old.slice(end)];
	}
	const next = setPath(indexed(value, key), rest, to);
	if (typeof key === 'string') return new Map(value as ReadonlyMap<string, Value> | null).set(key, next);
	const list = [...((value as readonly Value[] | null) ?? [])];
	const at = Math.floor(key as number);
	if (at < 0 && at + list.length < 0) throw new JqError('Out of bounds negative array index');
	if (at > 536_870_911) throw new JqError('Array index too large');
	while (list.length < at) list.push(null);
	list[at < 0 ? at + list.length : at] = next;
	return list;
}

function deleteOne(value: Value, path: Path): Value {
	if (value === null) return null;
	const [key, ...rest] = path as [Value, ...Value[]];
	if (rest.length > 0) {
		const inside = indexed(value, key);
		return inside === null ? value : setPath(value, [key], deleteOne(inside, rest));
	}
	if (isObject(value) && typeof key === 'string') {
		const copy = new Map(value);
		copy.delete(key);
		return copy;
	}
	if (isArray(value) && typeof key === 'number') {
		const at = key < 0 ? key + value.length : key;
		return value.filter((_, i) => i !== at);
	}
	if (isArray(value) && isSlice(key)) {
		const [start, end] = bounds(value.length, key.get('start')!, key.get('end')!);
		return [...value.slice(0, start), ...value.slice(end)];
	}
	throw new JqError(
		isObject(value)
			? `Cannot delete field at object index of ${typeOf(key) === 'number' ? 'object' : typeOf(value)}`
			: `Cannot delete field at ${typeof key === 'string' ? 'object' : 'array'} index of ${typeOf(value)}`,
	);
}

/** The last ones first, so that places stay what they are. */
export function deleteAll(value: Value, paths: readonly Path[]): Value {
	let left = value;
	for (const path of [...paths].sort(compare).reverse()) {
		if (path.length === 0) return null;
		left = deleteOne(left, path);
	}
	return left;
}
