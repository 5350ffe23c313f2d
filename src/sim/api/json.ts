/** Plain JSON values: reading what may be missing or wrong, copying, comparing. Nothing is changed in place. */

/** A JSON object whose fields are not known yet. Only its maker may write into it. */
export type Draft = Record<string, unknown>;

/** Whether a value is an object, and neither null nor a list. */
export const isRecord = (value: unknown): value is Draft =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const NOTHING: Draft = {};

/** The object under `key`; an empty one when there is none. Not for writing. */
export const sub = (value: unknown, ...path: readonly string[]): Draft => {
	let here: unknown = value;
	for (const key of path) here = isRecord(here) ? here[key] : undefined;
	return isRecord(here) ? here : NOTHING;
};

/** The objects in the list under `key`. */
export const subs = (value: unknown, ...path: readonly string[]): readonly Draft[] => {
	const list = at(value, ...path);
	return Array.isArray(list) ? list.filter(isRecord) : [];
};

/** The texts in the list under `key`. */
export const texts = (value: unknown, ...path: readonly string[]): readonly string[] => {
	const list = at(value, ...path);
	return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
};

/** What stands at a path of keys. */
export const at = (value: unknown, ...path: readonly string[]): unknown => {
	let here: unknown = value;
	for (const key of path) here = isRecord(here) ? here[key] : undefined;
	return here;
};

export const text = (value: unknown, ...path: readonly string[]): string | undefined => {
	const found = at(value, ...path);
	return typeof found === 'string' ? found : undefined;
};

export const number = (value: unknown, ...path: readonly string[]): number | undefined => {
	const found = at(value, ...path);
	return typeof found === 'number' ? found : undefined;
};

/** Sets a field. `__proto__` is a name like any other: never the object's prototype. */
export const put = (target: Draft, key: string, value: unknown): void => {
	if (key !== '__proto__') target[key] = value;
	else Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
};

/** A copy that shares nothing; undefined fields are left out as JSON does. */
export const clone = <T>(value: T): T => {
	if (Array.isArray(value)) return value.map(clone) as T;
	if (!isRecord(value)) return value;
	const out: Draft = {};
	for (const key in value) {
		const item = value[key];
		if (item !== undefined) put(out, key, clone(item));
	}
	return out as T;
};

/** Deep equality; a field that is undefined counts as absent. */
export const equal = (a: unknown, b: unknown): boolean => {
	if (a === b) return true;
	if (Array.isArray(a)) {
		if (!Array.isArray(b) || a.length !== b.length) return false;
		for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i])) return false;
		return true;
	}
	if (!isRecord(a) || !isRecord(b)) return false;
	for (const key in a) if (!equal(a[key], b[key])) return false;
	for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
	return true;
};

/** Writes `value` under `key` unless something is there already: how defaults are filled in. */
export const fill = (target: Draft, key: string, value: unknown): void => {
	if (target[key] === undefined || target[key] === null) target[key] = value;
};

/** The object under `key`, made when missing, for writing. */
export const within = (target: Draft, key: string): Draft => {
	const found = target[key];
	if (isRecord(found)) return found;
	const made: Draft = {};
	target[key] = made;
	return made;
};

/** Whether a value is missing as Go's `omitempty` sees it. */
export const isEmpty = (value: unknown): boolean =>
	value === undefined ||
	value === null ||
	value === '' ||
	value === 0 ||
	value === false ||
	(Array.isArray(value) && value.length === 0) ||
	(isRecord(value) && Object.keys(value).length === 0);
