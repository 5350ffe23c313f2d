/**
 * BPF maps: what programs may remember. A map belongs to the namespace its programs run in, and is copied with it:
 * entries are shared between forks until somebody writes.
 */
import { lookedUp } from './bpf-count.ts';
import type { Namespace } from './types.ts';

/** BPF_MAP_TYPE_*, as far as they are used. */
export type BpfMapType =
	| 'hash'
	| 'lru_hash'
	| 'percpu_hash'
	| 'lru_percpu_hash'
	| 'lpm_trie'
	| 'array'
	| 'percpu_array'
	| 'hash_of_maps'
	| 'prog_array';

/**
 * Entries somebody computes instead of storing them, shared by any number of maps: what an agent writes on every
 * node alike. `get` must give for one key what `entries` gives for it, always.
 */
export interface BpfBlock<K, V> {
	get(key: K): V | undefined;
	entries(): Iterable<readonly [K, V]>;
	size(): number;
}

/** A map as `bpftool map show` lists it, with its entries. Keys are what the declaration makes of them. */
export interface BpfMap {
	readonly name: string;
	readonly type: BpfMapType;
	/** Octets. */
	readonly keySize: number;
	readonly valueSize: number;
	readonly maxEntries: number;
	/** By the key's text: the key and the value. */
	entries: Map<string, readonly [key: unknown, value: unknown]>;
	/** The entries are another fork's too: copy before writing. */
	shared: boolean;
	/** Entries below those of `entries`; the first block that has a key answers. */
	blocks: readonly BpfBlock<unknown, unknown>[];
	/** When a collector in user space last went through it, virtual microseconds. */
	swept: number;
}

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
	/** The map with no entries, as the agent makes it when it starts; nothing when it is there already. */
	create(ns: Namespace): void;
	/** Whether the map is there (pinned). */
	exists(ns: Namespace): boolean;
	/** bpf_map_lookup_elem. Undefined too when the namespace has no such map. */
	lookup(ns: Namespace, key: K): V | undefined;
	/** bpf_map_lookup_elem of an LPM trie: `keyOf` gives the key for each length of prefix, 32 first. One lookup. */
	lookupLongest(ns: Namespace, keyOf: (length: number) => K): V | undefined;
	/** From outside: one entry, as a tool or the agent reads it. No lookup of any packet's. */
	peek(ns: Namespace, key: K): V | undefined;
	/**
	 * bpf_map_update_elem. False: E2BIG, the map is full (LRU maps throw out their oldest entry instead), or EEXIST
	 * with the flag `noexist` (BPF_NOEXIST).
	 */
	update(ns: Namespace, key: K, value: V, flag?: 'noexist'): boolean;
	/** bpf_map_delete_elem. False: no such entry. */
	remove(ns: Namespace, key: K): boolean;
	/** From outside: all entries, in the order they were written, by their keys' text. */
	entries(ns: Namespace): readonly (readonly [string, V])[];
	/** From outside: all entries with their keys, in the order they were written. */
	dump(ns: Namespace): Iterable<readonly [K, V]>;
	/** How many entries there are. */
	size(ns: Namespace): number;
	/** From outside: replaces everything at once. The map comes into being. */
	replace(ns: Namespace, entries: Iterable<readonly [K, V]>): void;
	/** From outside: as `replace`, with entries that are computed when they are looked at. */
	provide(ns: Namespace, blocks: readonly BpfBlock<K, V>[]): void;
}

const LRU: ReadonlySet<BpfMapType> = new Set(['lru_hash', 'lru_percpu_hash']);

/** Declares a map. The namespace gets it with `create` or the first write. */
export const declareMap = <K, V>(spec: BpfMapSpec<K>): BpfMapHandle<K, V> => {
	const { key: _, ...shape } = spec;
	const lru = LRU.has(spec.type);
	const create = (ns: Namespace): BpfMap => {
		let map = ns.bpfMaps.get(spec.name);
		if (!map) {
			map = { ...shape, entries: new Map(), shared: false, blocks: [], swept: 0 };
			ns.bpfMaps.set(spec.name, map);
		}
		return map;
	};
	/** Every entry in `entries`, which nobody else has. */
	const writable = (ns: Namespace): BpfMap => {
		const map = create(ns);
		if (map.blocks.length > 0) {
			map.entries = new Map([...dumped(map)].map((entry) => [spec.key(entry[0]), entry]));
			map.blocks = [];
			map.shared = false;
		} else if (map.shared) {
			map.entries = new Map(map.entries);
			map.shared = false;
		}
		return map;
	};
	function* dumped(map: BpfMap): Iterable<readonly [K, V]> {
		yield* map.entries.values() as Iterable<readonly [K, V]>;
		const seen = map.blocks.length > 1 ? new Set(map.entries.keys()) : map.entries;
		for (const block of map.blocks)
			for (const entry of block.entries() as Iterable<readonly [K, V]>) {
				if (map.blocks.length === 1 && map.entries.size === 0) {
					yield entry;
					continue;
				}
				const name = spec.key(entry[0]);
				if (seen.has(name)) continue;
				if (seen instanceof Set) seen.add(name);
				yield entry;
			}
	}
	const find = (map: BpfMap, key: K, name: string): V | undefined => {
		const own = map.entries.get(name);
		if (own) return own[1] as V;
		for (const block of map.blocks) {
			const value = block.get(key);
			if (value !== undefined) return value as V;
		}
		return undefined;
	};
	const peek = (ns: Namespace, key: K): V | undefined => {
		const map = ns.bpfMaps.get(spec.name);
		if (!map || (map.entries.size === 0 && map.blocks.length === 0)) return undefined;
		return find(map, key, spec.key(key));
	};
	return {
		spec,
		create,
		peek,
		exists: (ns) => ns.bpfMaps.has(spec.name),
		lookup(ns, key) {
			const map = ns.bpfMaps.get(spec.name);
			if (!map) return undefined;
			const value = peek(ns, key);
			// Every index of an array has a value, which is zero at first.
			lookedUp(spec.name, value !== undefined || spec.type === 'percpu_array');
			// Being looked up is being used. It matters only to a map that may soon throw out entries.
			if (value !== undefined && lru && map.entries.size > spec.maxEntries * 0.75) {
				const name = spec.key(key);
				const { entries } = writable(ns);
				const entry = entries.get(name)!;
				entries.delete(name);
				entries.set(name, entry);
			}
			return value;
		},
		lookupLongest(ns, keyOf) {
			let value: V | undefined;
			for (let length = 32; length >= 0 && value === undefined; length--) value = peek(ns, keyOf(length));
			if (ns.bpfMaps.has(spec.name)) lookedUp(spec.name, value !== undefined);
			return value;
		},
		update(ns, key, value, flag) {
			const { entries } = writable(ns);
			const name = spec.key(key);
			const present = entries.has(name);
			if (present && flag === 'noexist') return false;
			if (!present && entries.size >= spec.maxEntries) {
				if (!lru) return false;
				for (const oldest of entries.keys()) {
					entries.delete(oldest);
					break;
				}
			}
			if (lru) entries.delete(name);
			entries.set(name, [key, value]);
			return true;
		},
		remove(ns, key) {
			const map = ns.bpfMaps.get(spec.name);
			const name = spec.key(key);
			return map !== undefined && find(map, key, name) !== undefined && writable(ns).entries.delete(name);
		},
		entries(ns) {
			const map = ns.bpfMaps.get(spec.name);
			return map ? [...dumped(map)].map(([key, value]) => [spec.key(key), value] as const) : [];
		},
		*dump(ns) {
			const map = ns.bpfMaps.get(spec.name);
			if (map) yield* dumped(map);
		},
		size(ns) {
			const map = ns.bpfMaps.get(spec.name);
			if (!map) return 0;
			if (map.blocks.length > 1 || (map.blocks.length === 1 && map.entries.size > 0)) return [...dumped(map)].length;
			return map.entries.size + (map.blocks[0]?.size() ?? 0);
		},
		replace(ns, entries) {
			const map = create(ns);
			map.entries = new Map();
			map.blocks = [];
			map.shared = false;
			for (const entry of entries) map.entries.set(spec.key(entry[0]), entry);
		},
		provide(ns, blocks) {
			const map = create(ns);
			map.entries = new Map();
			map.blocks = blocks;
			map.shared = false;
		},
	};
};
