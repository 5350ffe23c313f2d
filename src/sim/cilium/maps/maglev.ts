/**
 * cilium_lb4_maglev: for each service a table of backend ids, a map within a map. A program makes two lookups: the
 * service's rev_nat_index gives the inner array, index 0 of that gives all M ids at once. bpf/lib/lb.h.
 */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';

/** By rev_nat_index: the M backend ids of the inner array's only value. */
export type Lb4Maglev = BpfMapHandle<number, Uint32Array>;

export const lb4Maglev = (maxEntries: number): Lb4Maglev =>
	declareMap({
		name: 'cilium_lb4_maglev',
		type: 'hash_of_maps',
		keySize: 2,
		valueSize: 4,
		maxEntries,
		key: String,
	});

/** How `bpftool` lists an inner map of the given table size: no name, one value. */
export const maglevInner = (tableSize: number) =>
	({ name: 'cilium_lb4_maglev_inner', type: 'array', keySize: 4, valueSize: 4 * tableSize, maxEntries: 1 }) as const;
