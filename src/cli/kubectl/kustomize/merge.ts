/**
 * Strategic merge patches as kustomize makes them: items that a patch adds stand before those that were there.
 *
 * Source: kustomize kyaml/yaml/merge2/merge2.go, kyaml/yaml/walk/{map,associative_sequence}.go @ kustomize/v4.5.4.
 */
import { clone, equal, isRecord, rootType, type Type, typeOf } from '../../../sim/api/index.ts';
import type { Draft } from './resource.ts';

/** The object after the patch; undefined when the patch deletes it. */
export function mergeInto(object: Draft, patch: Draft): Draft | undefined {
	if (patch.$patch === 'delete') return undefined;
	const { $patch: directive, ...rest } = patch;
	if (directive === 'replace') return clone(rest);
	return maps(object, rest, rootType(String(object.kind)));
}

function maps(old: Draft, patch: Draft, type: Type | undefined): Draft {
	const out: Draft = { ...old };
	for (const [key, value] of Object.entries(patch)) {
		if (key.startsWith('$')) continue;
		const field = type?.fields.get(key);
		const inner = field && typeOf(field.type);
		const there = out[key];
		if (value === null) delete out[key];
		else if (isRecord(value)) {
			if (value.$patch === 'delete') delete out[key];
			else if (value.$patch === 'replace') {
				const { $patch: _, ...rest } = value;
				out[key] = clone(rest);
			} else out[key] = maps(isRecord(there) ? there : {}, value, field?.shape === 'one' ? inner : undefined);
		} else if (Array.isArray(value) && Array.isArray(there) && field?.mergeKey !== undefined)
			out[key] = field.mergeKey === '' ? union(there, value) : lists(there, value, field.mergeKey, inner);
		else out[key] = Array.isArray(value) ? value.filter((item) => !isDirective(item)) : value;
	}
	return out;
}

const isDirective = (item: unknown): boolean => isRecord(item) && item.$patch !== undefined;

const union = (old: readonly unknown[], patch: readonly unknown[]): unknown[] => [
	...patch,
	...old.filter((item) => !patch.some((other) => equal(item, other))),
];

/** Ports are the same by port and protocol, everything else by its one key. */
const keysOf = (key: string): readonly string[] =>
	key === 'containerPort' || key === 'port' ? [key, 'protocol'] : [key];

function lists(
	old: readonly unknown[],
	patch: readonly unknown[],
	mergeKey: string,
	type: Type | undefined,
): unknown[] {
	if (patch.some((item) => isRecord(item) && item.$patch === 'replace'))
		return patch.filter((item) => !isDirective(item));
	const keys = keysOf(mergeKey);
	const same = (a: unknown, b: unknown): boolean =>
		isRecord(a) &&
		isRecord(b) &&
		a[mergeKey] === b[mergeKey] &&
		keys.every((key) => a[key] === b[key] || a[key] === undefined || b[key] === undefined);
	let rest = [...old];
	const first: unknown[] = [];
	for (const item of patch) {
		const found = rest.find((there) => same(there, item));
		if (isRecord(item) && item.$patch === 'delete') {
			rest = rest.filter((there) => there !== found);
			continue;
		}
		rest = rest.filter((there) => there !== found);
		first.push(isRecord(found) && isRecord(item) ? maps(found, item, type) : item);
	}
	return [...first, ...rest];
}
