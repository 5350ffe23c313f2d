/**
 * cilium_policy_EPID (cilium_policy_v2_EPID from 1.17): what an endpoint may talk to. Without any policy the agent
 * writes two entries, all identities, all ports, one for each direction. struct policy_key: bpf/lib/common.h.
 */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';

/** struct policy_key. Zero is any. */
export interface PolicyKey {
	readonly identity: number;
	readonly egress: boolean;
	readonly proto: number;
	/** Of ICMP the type. */
	readonly dport: number;
	/** Bits of the port that count: 16, fewer for a range (from 1.16), 0 for any port. */
	readonly prefix: number;
}

/** struct policy_entry. */
export interface PolicyEntry {
	/** 0: no proxy. */
	readonly proxyPort: number;
	readonly deny: boolean;
	/** A policy made it. Without, it stands for the absence of any. */
	readonly derived?: boolean;
	/** What met it, where a policy made it (policy_entry's counters). */
	readonly packets?: number;
	readonly bytes?: number;
}

export type CiliumPolicy = BpfMapHandle<PolicyKey, PolicyEntry>;

/** The map of one endpoint. `lpm`: from 1.17 a trie over protocol and port. */
export const ciliumPolicy = (endpointId: number, maxEntries: number, lpm: boolean): CiliumPolicy => {
	const id = String(endpointId).padStart(5, '0');
	return declareMap({
		name: lpm ? `cilium_policy_v2_${id}` : `cilium_policy_${id}`,
		type: lpm ? 'lpm_trie' : 'hash',
		keySize: lpm ? 12 : 8,
		valueSize: lpm ? 12 : 24,
		maxEntries,
		key: ({ identity, egress, proto, dport, prefix }) => `${identity} ${egress ? 1 : 0} ${proto} ${dport}/${prefix}`,
	});
};

/** What the agent writes for an endpoint that no policy selects. */
export const ALLOW_ALL: readonly (readonly [PolicyKey, PolicyEntry])[] = [
	[
		{ identity: 0, egress: false, proto: 0, dport: 0, prefix: 0 },
		{ proxyPort: 0, deny: false },
	],
	[
		{ identity: 0, egress: true, proto: 0, dport: 0, prefix: 0 },
		{ proxyPort: 0, deny: false },
	],
];
