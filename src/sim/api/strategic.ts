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

/** A mistake the server has no kind of answer for (interpretStrategicMergePatchError() of patch.go). */
class OrderFault extends Error {}

const DIRECTIVE = '$patch';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';
const ORDER = '$setElementOrder/';
const RETAIN = '$retainKeys';

const subtype = (field: Field | undefined): Type | undefined => (field === undefined ? undefined : typeOf(field.type));

/** A value of the patch with directives taken out: what is added where nothing was. */
const plain = (patch: unknown, type: Type | undefined): unknown =>
	isRecord(patch) ? mergeMap({}, patch, type) : clone(patch);

const sameKey = (a: unknown, b: unknown): boolean => a === b || String(a) === String(b);

/**
 * Puts a merged list into the order the patch wants (normalizeElementOrder): what the patch does not name keeps its order
 * among the server's, and stays before the first named item that followed it there. What is new comes first.
 */
const reorder = (
	merged: readonly unknown[],
	server: readonly unknown[],
	order: readonly unknown[],
	keyOf: (item: unknown) => unknown,
): unknown[] => {
	/** Several items may have one key: the first one's place counts for all. */
	const places = (list: readonly unknown[]): ReadonlyMap<string, number> =>
		new Map(list.map((item, i) => [String(keyOf(item)), i] as const).reverse());
	const rank = places(order);
	const place = places(server);
	const by =
		(ranks: ReadonlyMap<string, number>) =>
		(a: unknown, b: unknown): number =>
			(ranks.get(String(keyOf(a))) ?? 0) - (ranks.get(String(keyOf(b))) ?? 0);
	const isNamed = (item: unknown): boolean => rank.has(String(keyOf(item)));
	const named = merged.filter(isNamed).sort(by(rank));
	const others = merged.filter((item) => !isNamed(item)).sort(by(place));
	const out: unknown[] = [];
	let o = 0;
	for (const item of named) {
		const at = place.get(String(keyOf(item)));
		while (o < others.length && at !== undefined && place.get(String(keyOf(others[o])))! < at) out.push(others[o++]);
		out.push(item);
	}
	return [...out, ...others.slice(o)];
};

const mergeObjects = (
	old: readonly unknown[],
	patch: readonly unknown[],
	key: string,
	type: Type | undefined,
): unknown[] => {
	let out = [...old];
	let replace = false;
	// Deletions go first, whatever their place (mergeSliceWithSpecialElements), and take all items of their key.
	const deletes = (item: unknown): boolean => isRecord(item) && item[DIRECTIVE] === 'delete';
	for (const item of [...patch.filter(deletes), ...patch.filter((item) => !deletes(item))]) {
		if (!isRecord(item)) throw new BadPatch('invalid JSON document');
		const directive = item[DIRECTIVE];
		if (directive === 'replace') {
			replace = true;
			continue;
		}
		const value = item[key];
		if (value === undefined) throw new BadPatch(`map: ${goMap(item)} does not contain declared merge key: ${key}`);
		if (directive === 'delete') {
			out = out.filter((there) => !(isRecord(there) && sameKey(there[key], value)));
			continue;
		}
		const index = out.findIndex((there) => isRecord(there) && sameKey(there[key], value));
		if (index >= 0) out[index] = mergeMap(out[index] as Draft, item, type);
		else out.push(plain(item, type));
	}
	const keyOf = (item: unknown): unknown => (isRecord(item) ? item[key] : undefined);
	if (!replace)
		return reorder(
			out,
			old,
			patch.filter((item) => !deletes(item)),
			keyOf,
		);
	return patch.filter((item) => isRecord(item) && item[DIRECTIVE] === undefined).map((item) => plain(item, type));
};

/** A map as Go's `%v` prints it. */
const goMap = (value: Draft): string =>
	`map[${Object.keys(value)
		.sort()
		.map((key) => `${key}:${goValue(value[key])}`)
		.join(' ')}]`;

const goValue = (value: unknown): string =>
	isRecord(value)
		? goMap(value)
		: Array.isArray(value)
			? `[${value.map(goValue).join(' ')}]`
			: value === null
				? '<nil>'
				: String(value);

/** validatePatchWithSetOrderList(): what a patch changes stands in its order, one after the other. */
const checkOrder = (name: string, patch: unknown, order: readonly unknown[], key: string): void => {
	if (!Array.isArray(patch)) return;
	const idOf = (item: unknown): unknown => (key === '' ? item : isRecord(item) ? item[key] : undefined);
	const items = patch.filter((item) => !isRecord(item) || item[DIRECTIVE] === undefined);
	let i = 0;
	for (const place of order) if (i < items.length && sameKey(idOf(items[i]), idOf(place))) i++;
	if (i < items.length)
		throw new OrderFault(
			`The order in patch list:\n${goValue(patch)}\n doesn't match ${name.slice(0, ORDER.length - 1)} list:\n${goValue(order)}\n`,
		);
};

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
		checkOrder(name, patch[key], order, mergeKey);
		const server = old[key];
		out[key] = reorder(out[key] as unknown[], Array.isArray(server) ? server : [], order, keyOf);
	}
	return out;
};

/** The object after the patch; without a type, lists are replaced. */
export const applyStrategicPatch = (object: Draft, patch: Draft, type: Type | undefined): ApiResult<ApiInput> => {
	try {
		return { value: mergeMap(object, patch, type) };
	} catch (error) {
		if (error instanceof OrderFault) return { error: { ...badRequest(error.message), reason: '', code: 500 } };
		if (error instanceof BadPatch) return { error: { ...badRequest(error.message), code: 400 } };
		throw error;
	}
};
