/** A policy map's keys in words. pkg/monitor/api/types.go PolicyMatchType, pkg/maps/policymap @ v1.18.3. */
import type { PolicyKey } from '../maps/policy.ts';

/** How an entry matched, as `cilium monitor -t policy-verdict` words it. */
export type PolicyMatch = 'L3-L4' | 'L3-Only' | 'L3-Proto' | 'L4-Only' | 'Proto-Only' | 'all';

const PROTOCOLS: Readonly<Record<number, string>> = { 0: 'ANY', 1: 'ICMP', 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

/** `80/TCP`, `8000-8063/TCP`, `TCP`, `ANY`. */
export const policyPort = ({ proto, dport, prefix }: PolicyKey): string => {
	const last = prefix > 0 && prefix < 16 ? `-${dport + 2 ** (16 - prefix) - 1}` : '';
	return prefix === 0 ? (PROTOCOLS[proto] ?? String(proto)) : `${dport}${last}/${PROTOCOLS[proto] ?? proto}`;
};

export const policyColumns = (key: PolicyKey): string =>
	`${key.egress ? 'Egress' : 'Ingress'} ${key.identity || 'ANY'} ${policyPort(key)}`;
