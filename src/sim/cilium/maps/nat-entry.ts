/** cilium_snat_v4_external: struct ipv4_nat_entry. bpf/lib/nat.h @ v1.12.1, v1.18.0. */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';
import type { Ip } from '../../wire/index.ts';
import { type TupleKey, tupleKey } from './tuple.ts';

/** struct ipv4_nat_entry. Under an OUT key the new source, under an IN key the new destination. */
export interface NatEntry {
	/** Clock units (nanoseconds from 1.13 in life; see the printer). */
	readonly created: number;
	/** needs_ct; host_local to 1.12. */
	readonly needsCt: boolean;
	readonly toAddr: Ip;
	readonly toPort: number;
}

/** Keys read as the packet does before translation, with flag OUT or IN. */
export type SnatV4 = BpfMapHandle<TupleKey, NatEntry>;

export const snatV4External = (maxEntries: number, valueSize: number): SnatV4 =>
	declareMap({ name: 'cilium_snat_v4_external', type: 'lru_hash', keySize: 14, valueSize, maxEntries, key: tupleKey });

/** cilium_snat_v4_alloc_retries, from 1.18: how often a port was found after that many collisions; 32 stands for none. */
export type SnatRetries = BpfMapHandle<number, number>;

export const snatV4AllocRetries = (): SnatRetries =>
	declareMap({
		name: 'cilium_snat_v4_alloc_retries',
		type: 'percpu_array',
		keySize: 4,
		valueSize: 4,
		maxEntries: 33,
		key: String,
	});
