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
	const key = field.mergeKey!;
	const idOf = (item: unknown): unknown => (key === '' ? item : isRecord(item) ? item[key] : undefined);
	const find = (list: readonly unknown[], id: unknown): unknown => list.find((item) => equal(idOf(item), id));
	const changes: unknown[] = [];
	const deletions: unknown[] = [];
	for (const item of next) {
		const before = find(old, idOf(item));
		if (before === undefined) {
			if (wanted.changes) changes.push(clone(item));
		} else if (key !== '' && isRecord(before) && isRecord(item)) {
			const diff = diffMaps(before, item, subtype(field), wanted, field.retainKeys);
			if (Object.keys(diff).length > 0) changes.push({ ...diff, [key]: item[key] });
		}
	}
	if (wanted.deletions)
		for (const item of old)
			if (find(next, idOf(item)) === undefined)
				deletions.push(key === '' ? item : { $patch: 'delete', [key]: idOf(item) });
	if (key === '') {
		if (changes.length > 0) patch[field.name] = changes;
		if (deletions.length > 0) patch[`$deleteFromPrimitiveList/${field.name}`] = deletions;
	} else if (changes.length + deletions.length > 0) patch[field.name] = [...changes, ...deletions];
	const common = (list: readonly unknown[], other: readonly unknown[]): readonly unknown[] =>
		list.map(idOf).filter((id) => other.some((item) => equal(idOf(item), id)));
	const moved = !equal(common(old, next), common(next, old));
	if (changes.length + deletions.length > 0 || moved)
		patch[`$setElementOrder/${field.name}`] = next.map((item) => (key === '' ? item : { [key]: idOf(item) }));
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
			const joined = a.map((item) => {
				const other = b.find((candidate) => equal(idOf(candidate), idOf(item)));
				return isRecord(item) && isRecord(other) ? join(item, other, subtype(field)) : item;
			});
			out[key] = [...joined, ...b.filter((item) => !a.some((had) => equal(idOf(had), idOf(item))))];
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
