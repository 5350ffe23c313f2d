/**
 * cilium_egress_gw_policy_v4: by which gateway, and from which address, a pod reaches a part of the world. struct
 * egress_gw_policy_key, egress_gw_policy_entry: bpf/lib/egress_policies.h @ v1.12.1, egress_gateway.h @ v1.18.0.
 */
import { declareMap, type Namespace } from '../../linux/index.ts';
import { type Ip, type Prefix, prefixOf } from '../../wire/index.ts';

export interface EgressKey {
	/** The pod: all 32 bits count. */
	readonly source: Ip;
	readonly destination: Prefix;
}

export interface EgressEntry {
	/** Known to the gateway alone; 0 everywhere else, and where the gateway has none. */
	readonly egressIP: Ip;
	/** A node's address, or one of the two below. */
	readonly gatewayIP: Ip;
}

/** EGRESS_GATEWAY_NO_GATEWAY, EGRESS_GATEWAY_EXCLUDED_CIDR, EGRESS_GATEWAY_NO_EGRESS_IP. */
export const NO_GATEWAY: Ip = 0;
export const EXCLUDED_CIDR: Ip = 1;
export const NO_EGRESS_IP: Ip = 0;

export const egressPolicyMap = declareMap<EgressKey, EgressEntry>({
	name: 'cilium_egress_gw_policy_v4',
	type: 'lpm_trie',
	keySize: 12,
	valueSize: 8,
	maxEntries: 16384,
	key: ({ source, destination }) => `${source} ${destination.address}/${destination.length}`,
});

/** lookup_ip4_egress_gw_policy(): of one source's destinations, the longest that holds the address. */
export const lookupEgressPolicy = (
	ns: Namespace,
	source: Ip,
	ip: Ip,
): { readonly key: EgressKey; readonly entry: EgressEntry } | undefined => {
	if (egressPolicyMap.size(ns) === 0) return undefined;
	for (let length = 32; length >= 0; length--) {
		const key = { source, destination: prefixOf(ip, length) };
		const entry = egressPolicyMap.lookup(ns, key);
		if (entry) return { key, entry };
	}
	return undefined;
};
