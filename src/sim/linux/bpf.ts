/**
 * BPF maps: what programs may remember. A map belongs to the namespace its programs run in, and is copied with it:
 * entries are shared between forks until somebody writes.
 */
import type { Namespace } from './types.ts';

/** BPF_MAP_TYPE_*, as far as they are used. */
export type BpfMapType = 'hash' | 'lru_hash' | 'lpm_trie' | 'array';

/** A map as `bpftool map show` lists it, with its entries. Keys are what the declaration makes of them. */
export interface BpfMap {
	readonly name: string;
	readonly type: BpfMapType;
	/** Octets. */
	readonly keySize: number;
	readonly valueSize: number;
	readonly maxEntries: number;
	entries: Map<string, unknown>;
	/** The entries are another fork's too: copy before writing. */
	shared: boolean;
}

/** All maps of a namespace for its fork. */
export const forkBpfMaps = (maps: Namespace['bpfMaps']): Namespace['bpfMaps'] => {
	const out: Namespace['bpfMaps'] = new Map();
	for (const [name, map] of maps) out.set(name, { ...map, shared: true });
	return out;
};

/** A map's declaration: how it looks and how its keys are written. */
export interface BpfMapSpec<K> {
	readonly name: string;
	readonly type: BpfMapType;
	readonly keySize: number;
	readonly valueSize: number;
	readonly maxEntries: number;
	/** One text for one key. */
	readonly key: (key: K) => string;
}

/** The helpers a program has on a declared map. */
export interface BpfMapHandle<K, V> {
	readonly spec: BpfMapSpec<K>;
	/** bpf_map_lookup_elem. Undefined too when the namespace has no such map. */
	lookup(ns: Namespace, key: K): V | undefined;
	/** bpf_map_update_elem. False: E2BIG, the map is full (LRU maps throw out their oldest entry instead). */
	update(ns: Namespace, key: K, value: V): boolean;
	/** bpf_map_delete_elem. False: no such entry. */
	remove(ns: Namespace, key: K): boolean;
	/** From outside: all entries, in the order they were written. */
	entries(ns: Namespace): readonly (readonly [string, V])[];
	/** From outside: replaces everything at once. The map comes into being. */
	replace(ns: Namespace, entries: Iterable<readonly [K, V]>): void;
}

/** Declares a map. The namespace gets it with the first write. */
export const declareMap = <K, V>(spec: BpfMapSpec<K>): BpfMapHandle<K, V> => {
	const { key: _, ...shape } = spec;
	const writable = (ns: Namespace): BpfMap => {
		let map = ns.bpfMaps.get(spec.name);
		if (!map) {
			map = { ...shape, entries: new Map(), shared: false };
			ns.bpfMaps.set(spec.name, map);
		} else if (map.shared) {
			map.entries = new Map(map.entries);
			map.shared = false;
		}
		return map;
	};
	return {
		spec,
		lookup: (ns, key) => ns.bpfMaps.get(spec.name)?.entries.get(spec.key(key)) as V | undefined,
		update(ns, key, value) {
			const { entries } = writable(ns);
			const name = spec.key(key);
			if (!entries.has(name) && entries.size >= spec.maxEntries) {
				if (spec.type !== 'lru_hash') return false;
				for (const oldest of entries.keys()) {
					entries.delete(oldest);
					break;
				}
			}
			// Least recently used, as far as writing is using.
			if (spec.type === 'lru_hash') entries.delete(name);
			entries.set(name, value);
			return true;
		},
		remove: (ns, key) => (ns.bpfMaps.has(spec.name) ? writable(ns).entries.delete(spec.key(key)) : false),
		entries: (ns) => [...(ns.bpfMaps.get(spec.name)?.entries ?? [])] as [string, V][],
		replace(ns, entries) {
			const map = writable(ns);
			map.entries = new Map();
			for (const [key, value] of entries) map.entries.set(spec.key(key), value);
		},
	};
};
