/**
 * What sets of fields say of values: the fields of one, what sets two apart, one merged into the other, fields taken
 * out of one.
 *
 * Source: sigs.k8s.io/structured-merge-diff typed/{tofieldset,typed,merge,remove}.go @ v4.2.1.
 */
import { clone, type Draft, equal, isRecord } from '../json.ts';
import { add, emptySet, type FieldSet } from './field-set.ts';
import { KEY_DEFAULTS, type Shape, settled } from './shape.ts';

type List = Extract<Shape, { kind: 'list' }>;

/** An item's element of a path: `k:{"containerPort":80,"protocol":"TCP"}`, `v:"x"`. */
const elementOf = (item: unknown, { keys }: List): string => {
	if (keys.length === 0) return `v:${JSON.stringify(item)}`;
	const values: Draft = {};
	for (const key of [...keys].sort())
		values[key] = (isRecord(item) ? item[key] : undefined) ?? KEY_DEFAULTS[key] ?? null;
	return `k:${JSON.stringify(values)}`;
};

/** The items of a list by their elements, in order; of two that are the same the first. */
const itemsOf = (value: unknown, list: List): ReadonlyMap<string, unknown> => {
	const out = new Map<string, unknown>();
	if (Array.isArray(value))
		for (const item of value) {
			const element = elementOf(item, list);
			if (!out.has(element)) out.set(element, item);
		}
	return out;
};

const hasNone = (value: unknown): boolean =>
	value === undefined ||
	value === null ||
	(Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0);

/** The fields an object has, as whoever applies it owns them; a text when it has one its type does not know. */
export const fieldsOf = (value: unknown, shape: Shape): FieldSet | { readonly unknown: readonly string[] } => {
	const set = emptySet();
	const unknown: string[] = [];
	const visit = (here: unknown, asked: Shape, path: readonly string[], text: string): void => {
		const now = settled(asked, here);
		if (now.kind === 'leaf') add(set, path);
		else if (now.kind === 'list') {
			for (const [element, item] of itemsOf(here, now)) {
				visit(item, now.item, [...path, element], text);
				add(set, [...path, element]);
			}
		} else if (isRecord(here))
			for (const [key, item] of Object.entries(here)) {
				const field = now.field(key);
				if (field === undefined) {
					unknown.push(`${text}.${key}`);
					continue;
				}
				const below = [...path, `f:${key}`];
				visit(item, field.shape, below, `${text}.${key}`);
				if (!field.named || item === null || (isRecord(item) && hasNone(item))) add(set, below);
			}
	};
	visit(value, shape, [], '');
	// Nobody owns the whole of metadata (fieldmanager/stripmeta.go @ v1.24.0).
	const meta = set.below.get('f:metadata');
	if (meta?.self) {
		if (meta.below.size === 0) set.below.delete('f:metadata');
		else meta.self = false;
	}
	return unknown.length > 0 ? { unknown } : set;
};

export interface Comparison {
	readonly added: FieldSet;
	readonly modified: FieldSet;
	readonly removed: FieldSet;
}

/** What sets `after` apart from `before`. */
export const compare = (before: unknown, after: unknown, shape: Shape): Comparison => {
	const out: Comparison = { added: emptySet(), modified: emptySet(), removed: emptySet() };
	const visit = (a: unknown, b: unknown, asked: Shape | undefined, path: readonly string[]): void => {
		if (a === undefined && b === undefined) return;
		const now = asked === undefined ? undefined : settled(asked, a, b);
		const whole = now === undefined || now.kind === 'leaf' || (hasNone(a) && hasNone(b));
		if (path.length > 0) {
			if (a === undefined) add(out.added, path);
			else if (b === undefined) add(out.removed, path);
			else if (whole && !equal(a, b)) add(out.modified, path);
		}
		if (whole) return;
		if (now.kind === 'list') {
			const [left, right] = [itemsOf(a, now), itemsOf(b, now)];
			for (const element of new Set([...left.keys(), ...right.keys()]))
				visit(left.get(element), right.get(element), now.item, [...path, element]);
			return;
		}
		const [left, right] = [isRecord(a) ? a : {}, isRecord(b) ? b : {}];
		for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
			visit(left[key], right[key], now.field(key)?.shape, [...path, `f:${key}`]);
	};
	visit(before, after, shape, []);
	return out;
};

/** `config` over `live`: fields and items of both, those of `config` winning; what is live keeps its order. */
export const merged = (live: unknown, config: unknown, asked: Shape): unknown => {
	if (config === undefined) return clone(live);
	const shape = settled(asked, live, config);
	if (live === undefined || live === null || config === null || shape.kind === 'leaf') return clone(config);
	if (shape.kind === 'list') {
		const [left, right] = [itemsOf(live, shape), itemsOf(config, shape)];
		return [
			...[...left].map(([element, item]) => merged(item, right.get(element), shape.item)),
			...[...right].filter(([element]) => !left.has(element)).map(([, item]) => clone(item)),
		];
	}
	if (!isRecord(live) || !isRecord(config)) return clone(config);
	const out: Draft = clone(live);
	for (const key in config) {
		const field = shape.field(key);
		out[key] = field === undefined ? clone(config[key]) : merged(live[key], config[key], field.shape);
	}
	return out;
};

/** The value without the fields and items of a set. */
export const without = (value: unknown, gone: FieldSet, asked: Shape): unknown => {
	const shape = settled(asked, value);
	if (shape.kind === 'leaf' || gone.below.size === 0) return value;
	if (shape.kind === 'list')
		return Array.isArray(value)
			? value.flatMap((item) => {
					const below = gone.below.get(elementOf(item, shape));
					if (below === undefined) return [item];
					return below.self ? [] : [without(item, below, shape.item)];
				})
			: value;
	if (!isRecord(value)) return value;
	const out: Draft = {};
	for (const key in value) {
		const below = gone.below.get(`f:${key}`);
		const field = shape.field(key);
		if (below === undefined || field === undefined) out[key] = value[key];
		else if (!below.self) out[key] = without(value[key], below, field.shape);
	}
	return out;
};

/** The set with the parents, by name, of all that is in it (fieldpath EnsureNamedFieldsAreMembers). */
export const withParents = (set: FieldSet, asked: Shape): FieldSet => {
	const out: FieldSet = { self: set.self, below: new Map() };
	for (const [element, child] of set.below) {
		if (asked.kind === 'map' && element.startsWith('f:')) {
			const field = asked.field(element.slice(2));
			const below = field === undefined ? child : withParents(child, field.shape);
			out.below.set(element, {
				self: child.self || (field?.named === true && child.below.size > 0),
				below: below.below,
			});
		} else if (asked.kind === 'list') out.below.set(element, withParents(child, asked.item));
		else out.below.set(element, child);
	}
	return out;
};
