/** New entries of the connection maps: ct_create4() and its kin. bpf/lib/conntrack.h @ v1.12.1, v1.18.0. */
import { IPPROTO_ICMP, IPPROTO_TCP, type Ip, TCP_SYN } from '../../wire/index.ts';
import {
	CT_F_DSR,
	CT_F_FROM_L7LB,
	CT_F_FROM_TUNNEL,
	CT_F_LB_LOOPBACK,
	CT_F_NODE_PORT,
	CT_F_PROXY_REDIRECT,
	CT_F_SEEN_NON_SYN,
	type CtEntry,
} from './ct-entry.ts';
import { type Draft, refresh } from './ct-timeout.ts';
import { type CtDirection, type CtTuple, ctMapOf, FORWARD } from './ct-tuple.ts';
import type { MapEnv } from './env.ts';
import { TUPLE_F_IN, TUPLE_F_RELATED, TUPLE_F_SERVICE, type Tuple4, type TupleKey } from './tuple.ts';

/** struct ct_state: what a new entry is to remember. */
export interface CtState {
	readonly revNatIndex?: number;
	readonly backendId?: number;
	readonly loopback?: boolean;
	readonly nodePort?: boolean;
	readonly dsr?: boolean;
	readonly proxyRedirect?: boolean;
	readonly fromL7lb?: boolean;
	readonly fromTunnel?: boolean;
	readonly ifindex?: number;
	readonly srcSecId?: number;
	readonly natAddr?: Ip;
	readonly natPort?: number;
	/** A second entry by which the answer of a pod that reached itself finds its way: the packet the pod will get. */
	readonly loopbackTuple?: Tuple4;
}

/** ct_create4(). `related`: with a companion entry for ICMP errors (map_related). Always true: these are LRU maps. */
export const ctCreate4 = (
	env: MapEnv,
	tuple: CtTuple,
	direction: CtDirection,
	state: CtState = {},
	related = direction !== 'SERVICE',
): CtEntry => {
	const { saddr, daddr, sport, dport, proto } = tuple;
	const plain = { saddr, daddr, sport, dport, proto };
	const tcp = proto === IPPROTO_TCP;
	const entry: Draft = {
		rxPackets: 0,
		rxBytes: 0,
		txPackets: 0,
		txBytes: 0,
		backendId: direction === 'SERVICE' ? (state.backendId ?? 0) : 0,
		lifetime: 0,
		flags:
			(state.loopback ? CT_F_LB_LOOPBACK : 0) |
			(state.nodePort ? CT_F_NODE_PORT : 0) |
			(state.dsr ? CT_F_DSR : 0) |
			(state.proxyRedirect ? CT_F_PROXY_REDIRECT : 0) |
			(state.fromL7lb ? CT_F_FROM_L7LB : 0) |
			(state.fromTunnel ? CT_F_FROM_TUNNEL : 0),
		revNatIndex: state.revNatIndex ?? 0,
		ifindex: state.ifindex ?? 0,
		txFlagsSeen: 0,
		rxFlagsSeen: 0,
		srcSecId: state.srcSecId ?? 0,
		lastTxReport: 0,
		lastRxReport: 0,
		natAddr: state.natAddr ?? 0,
		natPort: state.natPort ?? 0,
	};
	refresh(entry, tcp, direction, tcp ? TCP_SYN : 0, env);
	const { ctAccounting, ctOneCounter } = env.maps.features;
	if (ctAccounting) {
		if (direction === 'IN') {
			entry.rxPackets = 1;
			entry.rxBytes = tuple.bytes;
		} else if (direction === 'OUT' || ctOneCounter) {
			entry.txPackets = 1;
			entry.txBytes = tuple.bytes;
		}
	}
	ctMapOf(env.maps, proto).update(env.ns, { ...plain, flags: FORWARD[direction] }, entry);
	if (state.loopbackTuple) {
		const { saddr, daddr, sport, dport } = state.loopbackTuple;
		ctMapOf(env.maps, proto).update(env.ns, { saddr, daddr, sport, dport, proto, flags: TUPLE_F_IN }, entry);
	}
	if (related) {
		const key = { saddr, daddr, sport: 0, dport: 0, proto: IPPROTO_ICMP, flags: FORWARD[direction] | TUPLE_F_RELATED };
		env.maps.ctAny.update(env.ns, key, { ...entry, flags: entry.flags | CT_F_SEEN_NON_SYN });
	}
	return entry;
};

/** ct_update4_backend_id() and _rev_nat_index(): a service entry learns another backend. */
export const ctUpdateService = (
	env: MapEnv,
	tuple: Tuple4,
	change: Partial<Pick<CtEntry, 'backendId' | 'revNatIndex'>>,
) => {
	const { saddr, daddr, sport, dport, proto } = tuple;
	const map = ctMapOf(env.maps, proto);
	const key = { saddr, daddr, sport, dport, proto, flags: TUPLE_F_SERVICE };
	const entry = map.lookup(env.ns, key);
	if (entry) map.update(env.ns, key, { ...entry, ...change });
};

/** ct_delete4(). */
export const ctDelete4 = (env: MapEnv, key: TupleKey): boolean => ctMapOf(env.maps, key.proto).remove(env.ns, key);
