/**
 * The programs' own connection tracking: lookups, new entries, lifetimes. bpf/lib/conntrack.h @ v1.12.1, v1.18.0.
 * A program never asks whether an entry's lifetime is over: it is there until the agent's collector takes it away
 * (ct-gc.ts).
 */
import type { Namespace } from '../../linux/index.ts';
import {
	IPPROTO_ICMP,
	IPPROTO_TCP,
	IPPROTO_UDP,
	type Ip,
	type Ipv4,
	ipLength,
	TCP_FIN,
	TCP_RST,
	TCP_SYN,
} from '../../wire/index.ts';
import { monoNow, secToMono } from '../clock.ts';
import {
	CT_F_DSR,
	CT_F_FROM_L7LB,
	CT_F_FROM_TUNNEL,
	CT_F_LB_LOOPBACK,
	CT_F_NODE_PORT,
	CT_F_PROXY_REDIRECT,
	CT_F_RX_CLOSING,
	CT_F_SEEN_NON_SYN,
	CT_F_TX_CLOSING,
	type Ct4Map,
	type CtEntry,
} from './ct-entry.ts';
import { sweep } from './ct-gc.ts';
import type { CiliumMaps } from './index.ts';
import {
	reversed,
	TUPLE_F_IN,
	TUPLE_F_OUT,
	TUPLE_F_RELATED,
	TUPLE_F_SERVICE,
	type Tuple4,
	type TupleKey,
} from './tuple.ts';

/** What the functions here work on; a program's context is one. */
export interface MapEnv {
	readonly ns: Namespace;
	readonly net: { readonly now: number };
	readonly maps: CiliumMaps;
}

/** CT_EGRESS, CT_INGRESS, CT_SERVICE, by the entries they make. */
export type CtDirection = 'OUT' | 'IN' | 'SERVICE';

/** CT_NEW and so on; REOPENED to 1.13, NEW in its place later. */
export type CtStatus = 'NEW' | 'ESTABLISHED' | 'REPLY' | 'RELATED' | 'REOPENED';

export type CtResult =
	/** `monitor`: the trace is told of the packet (it is not aggregated). */
	| { readonly status: 'NEW'; readonly monitor: boolean; readonly entry?: undefined; readonly key?: undefined }
	| {
			readonly status: Exclude<CtStatus, 'NEW'>;
			readonly entry: CtEntry;
			readonly key: TupleKey;
			readonly monitor: boolean;
	  }
	/** A SYN on a connection that is closing: its entry lives on with closing bits cleared, to be replaced (from 1.14). */
	| { readonly status: 'NEW'; readonly entry: CtEntry; readonly key: TupleKey; readonly monitor: boolean };

/** A packet as connection tracking sees it. */
export interface CtTuple extends Tuple4 {
	/** TCP's, 0 for others and for later fragments. */
	readonly tcpFlags: number;
	/** An ICMP error: ports are 0. */
	readonly related: boolean;
	/** Of the frame. */
	readonly bytes: number;
}

const ETH_HLEN = 14;

/** ct_extract_ports4(): undefined for protocols that are not tracked (DROP_CT_UNKNOWN_PROTO). */
export const ctTupleOf = (packet: Ipv4): CtTuple | undefined => {
	const { src: saddr, dst: daddr, protocol: proto, payload } = packet;
	const more = { tcpFlags: 0, related: false, bytes: ETH_HLEN + ipLength(packet) };
	switch (payload.kind) {
		case 'tcp':
			return { saddr, daddr, proto, sport: payload.sport, dport: payload.dport, ...more, tcpFlags: payload.flags };
		case 'udp':
			return { saddr, daddr, proto, sport: payload.sport, dport: payload.dport, ...more };
		case 'icmp': {
			const id = payload.id ?? 0;
			if (payload.type === 8) return { saddr, daddr, proto, sport: id, dport: 0, ...more };
			if (payload.type === 0) return { saddr, daddr, proto, sport: 0, dport: id, ...more };
			const related = payload.type === 3 || payload.type === 11 || payload.type === 12;
			return { saddr, daddr, proto, sport: 0, dport: 0, ...more, related };
		}
		default:
			return undefined;
	}
};

/** get_ct_map4(). */
export const ctMapOf = (maps: CiliumMaps, proto: number): Ct4Map => (proto === IPPROTO_TCP ? maps.ctTcp : maps.ctAny);

/** Seconds; pkg/defaults/defaults.go. */
const SYN_TIMEOUT = 60;
const CLOSE_TIMEOUT = 10;
const NON_TCP_LIFETIME = 60;
const REPORT_INTERVAL = 5;
const REBALANCE = 60;

export const ctClosing = (entry: CtEntry): boolean => (entry.flags & (CT_F_RX_CLOSING | CT_F_TX_CLOSING)) !== 0;

/** ct_entry_alive(): not closed from both sides. */
export const ctAlive = (entry: CtEntry): boolean =>
	(entry.flags & (CT_F_RX_CLOSING | CT_F_TX_CLOSING)) !== (CT_F_RX_CLOSING | CT_F_TX_CLOSING);

type Draft = { -readonly [K in keyof CtEntry]: CtEntry[K] };

/** __ct_update_timeout(): the new lifetime; true when the trace is to be told. */
const touch = (entry: Draft, seconds: number, direction: CtDirection, tcpFlags: number, env: MapEnv): boolean => {
	const { clock } = env.maps;
	const now = monoNow(clock, env.net.now);
	entry.lifetime = now + secToMono(clock, seconds);
	const rx = direction === 'IN';
	const had = rx ? entry.rxFlagsSeen : entry.txFlagsSeen;
	const last = rx ? entry.lastRxReport : entry.lastTxReport;
	const seen = had | (tcpFlags & 0xff);
	if (last + secToMono(clock, REPORT_INTERVAL) >= now && seen === had) return false;
	if (rx) {
		entry.rxFlagsSeen = seen;
		entry.lastRxReport = now;
	} else {
		entry.txFlagsSeen = seen;
		entry.lastTxReport = now;
	}
	return true;
};

/** ct_update_timeout(). */
const refresh = (entry: Draft, tcp: boolean, direction: CtDirection, tcpFlags: number, env: MapEnv): boolean => {
	let seconds = NON_TCP_LIFETIME;
	if (tcp) {
		if (!(tcpFlags & TCP_SYN)) entry.flags |= CT_F_SEEN_NON_SYN;
		seconds = entry.flags & CT_F_SEEN_NON_SYN ? env.maps.features.ctTcpLifetime : SYN_TIMEOUT;
	}
	return touch(entry, seconds, direction, tcpFlags, env);
};

type Probe = { entry: CtEntry; key: TupleKey; monitor: boolean; reopened: boolean };

/** Entries a lookup may be about (CT_ENTRY_*, from 1.14): others are as good as not there. */
export type CtTypes = 'any' | 'node-port' | 'dsr';

const matches = (entry: CtEntry, types: CtTypes): boolean => {
	switch (types) {
		case 'any':
			return true;
		case 'node-port':
			return (entry.flags & CT_F_NODE_PORT) !== 0 && entry.revNatIndex !== 0;
		case 'dsr':
			return (entry.flags & CT_F_DSR) !== 0;
	}
};

/** __ct_lookup(). */
const probe = (
	env: MapEnv,
	tuple: CtTuple,
	key: TupleKey,
	direction: CtDirection,
	types: CtTypes,
): Probe | undefined => {
	const map = ctMapOf(env.maps, tuple.proto);
	const found = map.lookup(env.ns, key);
	if (!found || !matches(found, types)) return undefined;
	const tcp = tuple.proto === IPPROTO_TCP;
	const { clock, features } = env.maps;
	const syn = tcp && (tuple.tcpFlags & TCP_SYN) !== 0;
	if (
		features.ctRebalances &&
		direction === 'SERVICE' &&
		syn &&
		ctClosing(found) &&
		found.lastTxReport + secToMono(clock, REBALANCE) <= monoNow(clock, env.net.now)
	)
		return undefined;
	const entry: Draft = { ...found };
	let monitor = false;
	if (ctAlive(entry)) monitor = refresh(entry, tcp, direction, tuple.tcpFlags, env);
	if (features.ctAccounting) {
		if (direction === 'IN') {
			entry.rxPackets++;
			entry.rxBytes += tuple.bytes;
		} else if (direction === 'OUT' || features.ctOneCounter) {
			entry.txPackets++;
			entry.txBytes += tuple.bytes;
		}
	}
	let reopened = false;
	if (tcp && tuple.tcpFlags & (TCP_RST | TCP_FIN)) {
		const bothSyns = (entry.rxFlagsSeen & entry.txFlagsSeen & TCP_SYN) !== 0;
		const both = direction === 'SERVICE' ? features.ctServiceCloses : !bothSyns && tuple.tcpFlags & TCP_RST;
		if (both) entry.flags |= CT_F_RX_CLOSING | CT_F_TX_CLOSING;
		else entry.flags |= direction === 'IN' ? CT_F_RX_CLOSING : CT_F_TX_CLOSING;
		monitor = true;
		if (!ctAlive(entry)) touch(entry, CLOSE_TIMEOUT, direction, tuple.tcpFlags, env);
	} else if (syn && ctClosing(entry)) {
		entry.flags &= ~(CT_F_RX_CLOSING | CT_F_TX_CLOSING);
		if (!features.ctReopened) {
			// ct_reset_seen_flags(), and a lifetime as for a first SYN.
			entry.flags &= ~CT_F_SEEN_NON_SYN;
			entry.txFlagsSeen = 0;
			entry.rxFlagsSeen = 0;
		}
		monitor = refresh(entry, tcp, direction, tuple.tcpFlags, env);
		reopened = true;
	}
	map.update(env.ns, key, entry);
	return { entry, key, monitor, reopened };
};

const FORWARD: Readonly<Record<CtDirection, number>> = { OUT: TUPLE_F_OUT, IN: TUPLE_F_IN, SERVICE: TUPLE_F_SERVICE };
const BACKWARD: Readonly<Record<CtDirection, number>> = { OUT: TUPLE_F_IN, IN: TUPLE_F_OUT, SERVICE: TUPLE_F_SERVICE };

const answer = (
	found: Probe,
	status: 'ESTABLISHED' | 'REPLY' | 'RELATED',
	features: { ctReopened: boolean },
): CtResult => {
	const { entry, key, monitor } = found;
	if (!found.reopened) return { status, entry, key, monitor };
	if (!features.ctReopened) return { status: 'NEW', entry, key, monitor };
	// ct_lookup4() makes REPLY of what reopened in the reverse direction.
	return { status: status === 'ESTABLISHED' ? 'REOPENED' : status, entry, key, monitor };
};

/**
 * ct_lookup4(), ct_lazy_lookup4(): the reverse tuple first (an answer), then the tuple itself. `scope` limits it to
 * one of the two (SCOPE_REVERSE, SCOPE_FORWARD). Hits are refreshed.
 */
export const ctLookup4 = (
	env: MapEnv,
	tuple: CtTuple,
	direction: CtDirection,
	{ scope = 'both', types = 'any' }: { readonly scope?: 'both' | 'reverse' | 'forward'; readonly types?: CtTypes } = {},
): CtResult => {
	sweep(env);
	const { features } = env.maps;
	const related = tuple.related ? TUPLE_F_RELATED : 0;
	const plain = { saddr: tuple.saddr, daddr: tuple.daddr, sport: tuple.sport, dport: tuple.dport, proto: tuple.proto };
	if (direction === 'SERVICE') {
		const hit = probe(env, tuple, { ...plain, flags: TUPLE_F_SERVICE }, direction, types);
		return hit ? answer(hit, 'ESTABLISHED', features) : { status: 'NEW', monitor: true };
	}
	if (scope !== 'forward') {
		const key = { ...reversed(plain), flags: BACKWARD[direction] | related };
		const hit = probe(env, tuple, key, direction, types);
		if (hit) return answer(hit, tuple.related ? 'RELATED' : 'REPLY', features);
	}
	if (scope !== 'reverse') {
		const hit = probe(env, tuple, { ...plain, flags: FORWARD[direction] | related }, direction, types);
		if (hit) return answer(hit, 'ESTABLISHED', features);
	}
	return { status: 'NEW', monitor: true };
};

/** ct_is_reply4(): whether an egress packet answers a connection to a local endpoint; nothing is refreshed. */
export const ctIsReply4 = (env: MapEnv, tuple: CtTuple): boolean => {
	sweep(env);
	const { saddr, daddr, sport, dport, proto } = tuple;
	const key = { ...reversed({ saddr, daddr, sport, dport, proto }), flags: TUPLE_F_IN };
	return ctMapOf(env.maps, proto).lookup(env.ns, key) !== undefined;
};

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

/** A flow that has ports: those a service can be asked for. */
export const hasPorts = (tuple: Tuple4): boolean => tuple.proto === IPPROTO_TCP || tuple.proto === IPPROTO_UDP;
