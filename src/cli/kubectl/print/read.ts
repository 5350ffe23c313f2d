/** Reading JSON whose fields may be missing. */

export type Fields = { readonly [key: string]: unknown };

const NOTHING: Fields = {};

/** Whether a value is an object, and neither null nor a list. */
export const isMap = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path of keys. */
export const at = (value: unknown, ...path: readonly string[]): unknown => {
	let here: unknown = value;
	for (const key of path) here = isMap(here) && Object.hasOwn(here, key) ? here[key] : undefined;
	return here;
};

/** The object at a path; an empty one when there is none. */
export const sub = (value: unknown, ...path: readonly string[]): Fields => {
	const found = at(value, ...path);
	return isMap(found) ? found : NOTHING;
};

/** The objects of a list. */
export const subs = (value: unknown, ...path: readonly string[]): readonly Fields[] => {
	const found = at(value, ...path);
	return Array.isArray(found) ? found.filter(isMap) : [];
};

/** The texts of a list; numbers become text. */
export const texts = (value: unknown, ...path: readonly string[]): readonly string[] => {
	const found = at(value, ...path);
	return Array.isArray(found) ? found.filter((item) => typeof item !== 'object').map(String) : [];
};

/** A scalar as text; empty when there is none. */
export const text = (value: unknown, ...path: readonly string[]): string => {
	const found = at(value, ...path);
	return found === undefined || found === null || typeof found === 'object' ? '' : String(found);
};

/** A number, 0 when there is none: what Go's zero value prints. */
export const number = (value: unknown, ...path: readonly string[]): number => {
	const found = at(value, ...path);
	return typeof found === 'number' ? found : 0;
};

/** Whether something other than null stands at a path. */
export const has = (value: unknown, ...path: readonly string[]): boolean => {
	const found = at(value, ...path);
	return found !== undefined && found !== null;
};

/** Keys of a map, sorted; none of what is no map. */
export const sortedKeys = (value: unknown): readonly string[] => (isMap(value) ? Object.keys(value).sort() : []);
