/**
 * Patches from states: what `kubectl apply`, `edit` and `label` send.
 *
 * Source: k8s.io/apimachinery pkg/util/strategicpatch/patch.go (CreateTwoWayMergePatch, CreateThreeWayMergePatch,
 * diffMaps, diffLists) and pkg/util/jsonmergepatch/patch.go @ v0.24.0.
 */
import { clone, type Draft, equal, isRecord } from './json.ts';
import type { Resource } from './object.ts';
import { type Field, rootType, type Type, typeOf } from './schema/read.ts';

/** Which half of a difference is wanted. */
interface Wanted {
	readonly deletions: boolean;
	readonly changes: boolean;
}

const subtype = (field: Field | undefined): Type | undefined => (field ? typeOf(field.type) : undefined);

const diffMaps = (old: Draft, next: Draft, type: Type | undefined, wanted: Wanted, retain = false): Draft => {
	const patch: Draft = {};
	for (const key of Object.keys(old).sort()) {
		const before = old[key];
		const after = next[key];
		if (after === undefined || after === null) {
			if (wanted.deletions && before !== null) patch[key] = null;
			continue;
		}
		const field = type?.fields.get(key);
		if (isRecord(before) && isRecord(after)) {
			const inner = field?.shape === 'one' ? subtype(field) : undefined;
			const diff = diffMaps(before, after, inner, wanted, field?.retainKeys);
			if (Object.keys(diff).length > 0) patch[key] = diff;
		} else if (Array.isArray(before) && Array.isArray(after) && field?.mergeKey !== undefined)
			diffLists(patch, field, before, after, wanted);
		else if (wanted.changes && !equal(before, after)) patch[key] = clone(after);
	}
	if (wanted.changes)
		for (const key of Object.keys(next).sort())
			if ((old[key] === undefined || old[key] === null) && next[key] !== undefined && next[key] !== null)
				patch[key] = clone(next[key]);
	if (retain) {
		const extra = Object.keys(old).some((key) => next[key] === undefined);
		const kept = Object.keys(next).filter((key) => next[key] !== undefined && old[key] !== undefined);
		if (kept.length > 0 && (Object.keys(patch).length > 0 || extra)) patch.$retainKeys = Object.keys(next).sort();
	}
	return patch;
};

const diffLists = (
	patch: Draft,
	field: Field,
	old: readonly unknown[],
	next: readonly unknown[],
	wanted: Wanted,
): void => {
	if (field.mergeKey === '') diffScalars(patch, field, old, next, wanted);
	else if (old.length === 0) {
		if (wanted.changes && next.length > 0) patch[field.name] = clone(next);
	} else diffItems(patch, field, old, next, wanted);
};

const diffScalars = (
	patch: Draft,
	field: Field,
	old: readonly unknown[],
	next: readonly unknown[],
	wanted: Wanted,
): void => {
	const has = (list: readonly unknown[], value: unknown): boolean => list.some((other) => equal(other, value));
	const changes = wanted.changes ? next.filter((value) => !has(old, value)) : [];
	const deletions = wanted.deletions ? old.filter((value) => !has(next, value)) : [];
	if (changes.length > 0) patch[field.name] = changes;
	if (deletions.length > 0) patch[`$deleteFromPrimitiveList/${field.name}`] = deletions;
	const moved = !equal(
		old.filter((value) => has(next, value)),
		next.filter((value) => has(old, value)),
	);
	if (changes.length + deletions.length > 0 || moved) patch[`$setElementOrder/${field.name}`] = clone(next);
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Items are paired in the order of their keys. Several may have one key (53 of UDP and of TCP): those are paired from the
 * last one, since `Less()` of SortableSliceOfMaps holds of equal ones too, and so they come out the other way round.
 */
const diffItems = (
	patch: Draft,
	field: Field,
	old: readonly unknown[],
	next: readonly unknown[],
	wanted: Wanted,
): void => {
	const key = field.mergeKey!;
	const idOf = (item: unknown): unknown => (isRecord(item) ? item[key] : undefined);
	const sorted = (list: readonly unknown[]): readonly unknown[] =>
		list.toReversed().sort((a, b) => compare(String(idOf(a)), String(idOf(b))));
	const [before, after] = [sorted(old), sorted(next)];
	const changes: unknown[] = [];
	const deletions: unknown[] = [];
	for (let i = 0, j = 0; i < before.length || j < after.length; ) {
		const [was, item] = [before[i], after[j]];
		const order = i >= before.length ? 1 : j >= after.length ? -1 : compare(String(idOf(was)), String(idOf(item)));
		if (order === 0 && isRecord(was) && isRecord(item)) {
			const diff = diffMaps(was, item, subtype(field), wanted, field.retainKeys);
			if (Object.keys(diff).length > 0) changes.push({ ...diff, [key]: item[key] });
		} else if (order > 0 && wanted.changes) changes.push(clone(item));
		else if (order < 0 && wanted.deletions) deletions.push({ $patch: 'delete', [key]: idOf(was) });
		if (order <= 0) i++;
		if (order >= 0) j++;
	}
	const place = (item: unknown): number => next.findIndex((other) => equal(idOf(other), idOf(item)));
	changes.sort((a, b) => place(a) - place(b));
	const all = [...changes, ...deletions];
	if (all.length > 0) patch[field.name] = all;
	const moved = wanted.changes && !equal(old.map(idOf), next.map(idOf));
	if ((all.length > 0 || moved) && next.length > 0)
		patch[`$setElementOrder/${field.name}`] = next.map((item) => ({ [key]: idOf(item) }));
};

/** Two patches in one: `second` wins, lists of changes are joined by key. */
const join = (first: Draft, second: Draft, type: Type | undefined): Draft => {
	const out: Draft = { ...first };
	for (const key of Object.keys(second)) {
		const [a, b] = [out[key], second[key]];
		const field = type?.fields.get(key);
		if (isRecord(a) && isRecord(b)) out[key] = join(a, b, subtype(field));
		else if (Array.isArray(a) && Array.isArray(b) && field?.mergeKey) {
			const id = field.mergeKey;
			const idOf = (item: unknown): unknown => (isRecord(item) ? item[id] : undefined);
			// Each change finds the first of its key, a deletion or a change before it.
			const joined = [...a];
			for (const item of b) {
				const index = joined.findIndex((had) => equal(idOf(had), idOf(item)));
				const had = joined[index];
				if (isRecord(item) && isRecord(had)) joined[index] = join(had, item, subtype(field));
				else joined.push(item);
			}
			const deletes = (item: unknown): boolean => isRecord(item) && item.$patch === 'delete';
			const order = second[`$setElementOrder/${key}`] ?? first[`$setElementOrder/${key}`];
			const place = (item: unknown): number =>
				Array.isArray(order) ? order.findIndex((other) => equal(idOf(other), idOf(item))) : 0;
			const changed = joined.filter((item) => !deletes(item)).sort((one, other) => place(one) - place(other));
			out[key] = [...changed, ...joined.filter(deletes)];
		} else out[key] = b;
	}
	return out;
};

const typeFor = (resource: Resource): Type | undefined => rootType(resource.kind);

/** A strategic merge patch that takes `old` to `next`; empty when they are the same. */
export const createPatch = (resource: Resource, old: Draft, next: Draft): Draft =>
	diffMaps(old, next, typeFor(resource), { deletions: true, changes: true });

/**
 * What `kubectl apply` sends for a built-in kind: deletions are what the last applied configuration had and the new one
 * has not; changes and additions are those against what is stored.
 */
export const createThreeWayPatch = (resource: Resource, original: Draft, modified: Draft, current: Draft): Draft => {
	const type = typeFor(resource);
	const changes = diffMaps(current, modified, type, { deletions: false, changes: true });
	const deletions = diffMaps(original, modified, type, { deletions: true, changes: false });
	return join(deletions, changes, type);
};

/** The same as a JSON merge patch, for custom resources: lists are replaced as a whole. */
export const createThreeWayMergePatch = (original: Draft, modified: Draft, current: Draft): Draft => {
	const changes = diffMaps(current, modified, undefined, { deletions: false, changes: true });
	const deletions = diffMaps(original, modified, undefined, { deletions: true, changes: false });
	return join(deletions, changes, undefined);
};
