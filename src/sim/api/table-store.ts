/**
 * The objects of one resource, in the order of etcd's keys (`namespace/name`, octet by octet).
 *
 * Lists are asked for often and change seldom, so the sorted keys are kept and a list is made once per change.
 */
import type { ApiObject } from './object.ts';

export interface ObjectTable {
	get(namespace: string | undefined, name: string): ApiObject | undefined;
	set(object: ApiObject): void;
	remove(object: ApiObject): void;
	/** All, or those of one namespace. */
	list(namespace?: string): readonly ApiObject[];
	readonly size: number;
}

const keyOf = (namespace: string | undefined, name: string): string =>
	namespace === undefined ? name : `${namespace}/${name}`;

/** Index of the first key that is not below `key`. */
const lowerBound = (keys: readonly string[], key: string): number => {
	let low = 0;
	let high = keys.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (keys[middle]! < key) low = middle + 1;
		else high = middle;
	}
	return low;
};

/** Up to this many new keys are put in their places one by one; more are sorted in together. */
const FEW = 64;

export const createTable = (): ObjectTable => {
	const objects = new Map<string, ApiObject>();
	let keys: string[] = [];
	let fresh: string[] = [];
	let all: readonly ApiObject[] | undefined;
	const ranges = new Map<string, readonly ApiObject[]>();

	const settle = (): void => {
		if (fresh.length === 0) return;
		if (fresh.length <= FEW) for (const key of fresh) keys.splice(lowerBound(keys, key), 0, key);
		else keys = keys.concat(fresh).sort();
		fresh = [];
	};
	const changed = (namespace: string | undefined): void => {
		all = undefined;
		if (namespace !== undefined) ranges.delete(namespace);
	};

	return {
		get size() {
			return objects.size;
		},
		get: (namespace, name) => objects.get(keyOf(namespace, name)),
		set(object) {
			const { namespace, name } = object.metadata;
			const key = keyOf(namespace, name);
			if (!objects.has(key)) fresh.push(key);
			objects.set(key, object);
			changed(namespace);
		},
		remove(object) {
			const { namespace, name } = object.metadata;
			const key = keyOf(namespace, name);
			if (!objects.delete(key)) return;
			settle();
			keys.splice(lowerBound(keys, key), 1);
			changed(namespace);
		},
		list(namespace) {
			settle();
			if (namespace === undefined) {
				all ??= keys.map((key) => objects.get(key)!);
				return all;
			}
			let range = ranges.get(namespace);
			if (range === undefined) {
				const from = lowerBound(keys, `${namespace}/`);
				// '0' follows '/'.
				const to = lowerBound(keys, `${namespace}0`);
				range = keys.slice(from, to).map((key) => objects.get(key)!);
				ranges.set(namespace, range);
			}
			return range;
		},
	};
};
