/** Who went where last: cilium_lb4_affinity, and cilium_lb_affinity_match, which says what still goes together. */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';

/** struct lb4_affinity_key. */
export interface Lb4AffinityKey {
	/** The client's address; for the socket LB the cookie of its network namespace. */
	readonly client: number;
	readonly revNatIndex: number;
	readonly netnsCookie: boolean;
}

/** struct lb_affinity_val. */
export interface LbAffinityVal {
	/** Clock units (bpf_mono_now). */
	readonly lastUsed: number;
	readonly backendId: number;
}

/** struct lb_affinity_match. */
export interface LbAffinityMatch {
	readonly backendId: number;
	readonly revNatIndex: number;
}

export type Lb4Affinity = BpfMapHandle<Lb4AffinityKey, LbAffinityVal>;
export type LbAffinityMatches = BpfMapHandle<LbAffinityMatch, true>;

/** Which backend a client had last (bpf/lib/lb.h, cilium_lb4_affinity). */
export const lb4Affinity = (maxEntries: number): Lb4Affinity =>
	declareMap({
		name: 'cilium_lb4_affinity',
		type: 'lru_hash',
		keySize: 16,
		valueSize: 16,
		maxEntries,
		key: ({ client, revNatIndex, netnsCookie }) => `${client} ${revNatIndex} ${netnsCookie ? 1 : 0}`,
	});

/** Which backends are of a service with affinity (cilium_lb_affinity_match). */
export const lbAffinityMatch = (maxEntries: number): LbAffinityMatches =>
	declareMap({
		name: 'cilium_lb_affinity_match',
		type: 'hash',
		keySize: 8,
		valueSize: 1,
		maxEntries,
		key: ({ backendId, revNatIndex }) => `${backendId} ${revNatIndex}`,
	});
