/**
 * Sets of fields of an object, as trees whose edges are path elements in the notation of FieldsV1: `f:spec`,
 * `k:{"name":"web"}`, `v:"example.com/finalizer"`. Nothing is changed in place except by `add`.
 *
 * Source: sigs.k8s.io/structured-merge-diff fieldpath/{set,element,serialize,serialize-pe}.go @ v4.2.1.
 */

export interface FieldSet {
	/** Whether the field itself is in the set; `.` of FieldsV1 where something below it is as well. */
	self: boolean;
	readonly below: Map<string, FieldSet>;
}

export const emptySet = (): FieldSet => ({ self: false, below: new Map() });

export const isEmptySet = (set: FieldSet): boolean => !set.self && [...set.below.values()].every(isEmptySet);

/** Puts a path in. Writes into the set. */
export const add = (set: FieldSet, path: readonly string[]): void => {
	let here = set;
	for (const element of path) {
		let next = here.below.get(element);
		if (next === undefined) {
			next = emptySet();
			here.below.set(element, next);
		}
		here = next;
	}
	here.self = true;
};

/** The set of one path. */
export const setOf = (path: readonly string[]): FieldSet => {
	const set = emptySet();
	add(set, path);
	return set;
};

export const has = (set: FieldSet, path: readonly string[]): boolean => {
	let here: FieldSet | undefined = set;
	for (const element of path) here = here?.below.get(element);
	return here?.self === true;
};

/** Both sets walked at once; subtrees with nothing in them are left out. */
const combined = (
	a: FieldSet | undefined,
	b: FieldSet | undefined,
	keep: (inA: boolean, inB: boolean) => boolean,
): FieldSet => {
	const out: FieldSet = { self: keep(a?.self === true, b?.self === true), below: new Map() };
	for (const element of new Set([...(a?.below.keys() ?? []), ...(b?.below.keys() ?? [])])) {
		const child = combined(a?.below.get(element), b?.below.get(element), keep);
		if (!isEmptySet(child)) out.below.set(element, child);
	}
	return out;
};

export const union = (a: FieldSet, b: FieldSet): FieldSet => combined(a, b, (x, y) => x || y);
export const difference = (a: FieldSet, b: FieldSet): FieldSet => combined(a, b, (x, y) => x && !y);
export const intersection = (a: FieldSet, b: FieldSet): FieldSet => combined(a, b, (x, y) => x && y);

/** All paths, those of one depth before what is below them, each in the order of its notation. */
export function* paths(set: FieldSet, path: readonly string[] = []): Generator<readonly string[]> {
	const elements = [...set.below.keys()].sort();
	for (const element of elements) if (set.below.get(element)!.self) yield [...path, element];
	for (const element of elements) {
		const child = set.below.get(element)!;
		yield* paths({ self: false, below: child.below }, [...path, element]);
	}
}

/** `.spec.template.spec.containers[name="web"].image` */
export const pathText = (path: readonly string[]): string =>
	path
		.map((element) => {
			const rest = element.slice(2);
			if (element.startsWith('f:')) return `.${rest}`;
			if (element.startsWith('v:')) return `[=${rest}]`;
			const keys = JSON.parse(rest) as Record<string, unknown>;
			return `[${Object.keys(keys)
				.map((key) => `${key}=${JSON.stringify(keys[key])}`)
				.join(',')}]`;
		})
		.join('');

/** metav1.FieldsV1. */
export type FieldsV1 = { readonly [element: string]: FieldsV1 };

export const fieldsV1 = (set: FieldSet): FieldsV1 => {
	const out: Record<string, FieldsV1> = {};
	if (set.self && set.below.size > 0) out['.'] = {};
	for (const element of [...set.below.keys()].sort()) out[element] = fieldsV1(set.below.get(element)!);
	return out;
};
