/**
 * The objects of one resource, in the order of etcd's keys (`namespace/name`, octet by octet).
 *
 * Lists are asked for often, so objects stand in order beside their keys. A list that was handed out is never changed:
 * the next write goes into a copy.
 */
import type { ApiObject } from './object.ts';

export interface ObjectTable {
	get(namespace: string | undefined, name: string): ApiObject | undefined;
	set(object: ApiObject): void;
	remove(object: ApiObject): void;
	/** All, or those of one namespace. */
	list(namespace?: string): readonly ApiObject[];
}

const keyOf = ({ metadata: { namespace, name } }: ApiObject): string =>
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

/** Up to this many new objects are put in their places one by one; more are sorted in together. */
const FEW = 64;

export const createTable = (): ObjectTable => {
	/** By namespace, the empty one for what has none; then by name. */
	const spaces = new Map<string, Map<string, ApiObject>>();
	let keys: string[] = [];
	let ordered: ApiObject[] = [];
	/** Objects that have no place in the order yet. */
	let fresh = new Set<string>();
	/** Somebody holds `ordered`. */
	let lent = false;
	const ranges = new Map<string, readonly ApiObject[]>();

	const own = (): ApiObject[] => {
		if (lent) ordered = ordered.slice();
		lent = false;
		return ordered;
	};
	const find = (namespace: string | undefined, name: string): ApiObject | undefined =>
		spaces.get(namespace ?? '')?.get(name);
	const atKey = (key: string): ApiObject => {
		const slash = key.indexOf('/');
		return (slash < 0 ? find(undefined, key) : find(key.slice(0, slash), key.slice(slash + 1)))!;
	};
	const settle = (): void => {
		if (fresh.size === 0) return;
		if (fresh.size <= FEW) {
			const list = own();
			for (const key of fresh) {
				const index = lowerBound(keys, key);
				keys.splice(index, 0, key);
				list.splice(index, 0, atKey(key));
			}
		} else {
			keys = keys.concat([...fresh]).sort();
			ordered = keys.map(atKey);
			lent = false;
		}
		fresh = new Set();
	};

	return {
		get: find,
		set(object) {
			const { namespace = '', name } = object.metadata;
			let space = spaces.get(namespace);
			if (space === undefined) {
				space = new Map();
				spaces.set(namespace, space);
			}
			const there = space.has(name);
			space.set(name, object);
			ranges.delete(namespace);
			const key = keyOf(object);
			if (!there) fresh.add(key);
			else if (!fresh.has(key)) own()[lowerBound(keys, key)] = object;
		},
		remove(object) {
			const { namespace = '', name } = object.metadata;
			if (!spaces.get(namespace)?.delete(name)) return;
			ranges.delete(namespace);
			const key = keyOf(object);
			if (fresh.delete(key)) return;
			const index = lowerBound(keys, key);
			keys.splice(index, 1);
			own().splice(index, 1);
		},
		list(namespace) {
			settle();
			if (namespace === undefined) {
				lent = true;
				return ordered;
			}
			let range = ranges.get(namespace);
			if (range === undefined) {
				// '0' follows '/'.
				range = ordered.slice(lowerBound(keys, `${namespace}/`), lowerBound(keys, `${namespace}0`));
				ranges.set(namespace, range);
			}
			return range;
		},
	};
};
