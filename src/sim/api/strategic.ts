/**
 * Strategic merge patch: lists merged by key, `$patch`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…`,
 * `$retainKeys`.
 *
 * Source: k8s.io/apimachinery pkg/util/strategicpatch/patch.go @ v0.24.0 (mergeMap, mergeSlice, sortMergeListsByName).
 */
import { clone, type Draft, equal, isRecord } from './json.ts';
import type { ApiInput, ApiResult } from './object.ts';
import { type Field, type Type, typeOf } from './schema/read.ts';
import { badRequest } from './status.ts';

class BadPatch extends Error {}

const DIRECTIVE = '$patch';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';
const RETAIN = '$retainKeys';

const subtype = (field: Field | undefined): Type | undefined => (field === undefined ? undefined : typeOf(field.type));

/** A value of the patch with directives taken out: what is added where nothing was. */
const plain = (patch: unknown, type: Type | undefined): unknown =>
	isRecord(patch) ? mergeMap({}, patch, type) : clone(patch);

const sameKey = (a: unknown, b: unknown): boolean => a === b || String(a) === String(b);

/** Puts a merged list into the order the patch wants; items it does not name keep their place after what they followed. */
const reorder = (list: readonly unknown[], order: readonly unknown[], keyOf: (item: unknown) => unknown): unknown[] => {
	const rank = new Map(order.map((item, i) => [String(keyOf(item)), i]));
	const named = list
		.filter((item) => rank.has(String(keyOf(item))))
		.sort((a, b) => rank.get(String(keyOf(a)))! - rank.get(String(keyOf(b)))!);
	const others = list.filter((item) => !rank.has(String(keyOf(item))));
	// mergeSortedSlice: an item only the server has stays before the first named item that followed it there.
	const place = new Map(list.map((item, i) => [String(keyOf(item)), i]));
	const out: unknown[] = [];
	let n = 0;
	let o = 0;
	while (n < named.length || o < others.length) {
		if (o >= others.length) out.push(named[n++]);
		else if (n >= named.length) out.push(others[o++]);
		else if (place.get(String(keyOf(others[o])))! < place.get(String(keyOf(named[n])))!) out.push(others[o++]);
		else out.push(named[n++]);
	}
	return out;
};

const mergeObjects = (
	old: readonly unknown[],
	patch: readonly unknown[],
	key: string,
	type: Type | undefined,
): unknown[] => {
	const out = [...old];
	let replace = false;
	for (const item of patch) {
		if (!isRecord(item)) throw new BadPatch('invalid JSON document');
		const directive = item[DIRECTIVE];
		if (directive === 'replace') {
			replace = true;
			continue;
		}
		const value = item[key];
		if (value === undefined) throw new BadPatch(`map: ${goMap(item)} does not contain declared merge key: ${key}`);
		const index = out.findIndex((there) => isRecord(there) && sameKey(there[key], value));
		if (directive === 'delete') {
			if (index >= 0) out.splice(index, 1);
		} else if (index >= 0) out[index] = mergeMap(out[index] as Draft, item, type);
		else out.push(plain(item, type));
	}
	if (!replace) return out;
	return patch.filter((item) => isRecord(item) && item[DIRECTIVE] === undefined).map((item) => plain(item, type));
};

/** A map as Go's `%v` prints it. */
const goMap = (value: Draft): string =>
	`map[${Object.keys(value)
		.sort()
		.map((key) => `${key}:${isRecord(value[key]) ? goMap(value[key] as Draft) : String(value[key])}`)
		.join(' ')}]`;

const mergeMap = (old: Draft, patch: Draft, type: Type | undefined): Draft => {
	const directive = patch[DIRECTIVE];
	if (directive !== undefined) {
		if (directive === 'replace') {
			const { [DIRECTIVE]: _, ...rest } = patch;
			return clone(rest);
		}
		if (directive === 'delete') return {};
		if (directive !== 'merge') throw new BadPatch(`Unknown patch type found: ${String(directive)}`);
	}
	const out: Draft = { ...old };
	const retain = patch[RETAIN];
	if (Array.isArray(retain)) for (const key of Object.keys(out)) if (!retain.includes(key)) delete out[key];
	for (const name in patch) {
		if (!name.startsWith(DELETE_PRIMITIVES)) continue;
		const key = name.slice(DELETE_PRIMITIVES.length);
		const gone = patch[name];
		if (Array.isArray(out[key]) && Array.isArray(gone))
			out[key] = (out[key] as unknown[]).filter((item) => !gone.some((other) => sameKey(item, other)));
	}
	for (const name in patch) {
		if (name === DIRECTIVE || name === RETAIN || name.startsWith(DELETE_PRIMITIVES) || name.startsWith(ORDER)) continue;
		const value = patch[name];
		const field = type?.fields.get(name);
		if (value === null) {
			delete out[name];
			continue;
		}
		const there = out[name];
		if (isRecord(value)) {
			out[name] = isRecord(there)
				? mergeMap(there, value, field?.shape === 'one' ? subtype(field) : undefined)
				: plain(value, field?.shape === 'one' ? subtype(field) : undefined);
		} else if (Array.isArray(value) && field?.mergeKey !== undefined) {
			const list = Array.isArray(there) ? there : [];
			if (field.mergeKey === '')
				out[name] = [...list, ...value.filter((item) => !list.some((had) => equal(had, item)))];
			else out[name] = mergeObjects(list, value, field.mergeKey, subtype(field));
		} else out[name] = clone(value);
	}
	for (const name in patch) {
		if (!name.startsWith(ORDER)) continue;
		const key = name.slice(ORDER.length);
		const order = patch[name];
		const mergeKey = type?.fields.get(key)?.mergeKey;
		if (!Array.isArray(out[key]) || !Array.isArray(order) || mergeKey === undefined) continue;
		const keyOf = (item: unknown): unknown => (mergeKey === '' ? item : isRecord(item) ? item[mergeKey] : undefined);
		out[key] = reorder(out[key] as unknown[], order, keyOf);
	}
	return out;
};

/** The object after the patch; without a type, lists are replaced. */
export const applyStrategicPatch = (object: Draft, patch: Draft, type: Type | undefined): ApiResult<ApiInput> => {
	try {
		return { value: mergeMap(object, patch, type) };
	} catch (error) {
		if (error instanceof BadPatch) return { error: { ...badRequest(error.message), code: 400 } };
		throw error;
	}
};
