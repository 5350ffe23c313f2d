/**
 * The programs' own connection tracking: lookups, new entries, lifetimes. bpf/lib/conntrack.h @ v1.12.1, v1.18.0.
 * A program never asks whether an entry's lifetime is over: it is there until the agent's collector takes it away
 * (ct-gc.ts).
 */
import { IPPROTO_TCP, TCP_FIN, TCP_RST, TCP_SYN } from '../../wire/index.ts';
import { monoNow, secToMono } from '../clock.ts';
import {
	CT_F_DSR,
	CT_F_NODE_PORT,
	CT_F_RX_CLOSING,
	CT_F_SEEN_NON_SYN,
	CT_F_TX_CLOSING,
	type CtEntry,
} from './ct-entry.ts';
import { sweep } from './ct-gc.ts';
import { CLOSE_TIMEOUT, ctAlive, ctClosing, type Draft, REBALANCE, refresh, touch } from './ct-timeout.ts';
import { type CtDirection, type CtTuple, ctMapOf, FORWARD } from './ct-tuple.ts';
import type { MapEnv } from './env.ts';
import { reversed, TUPLE_F_IN, TUPLE_F_OUT, TUPLE_F_RELATED, TUPLE_F_SERVICE, type TupleKey } from './tuple.ts';

export * from './ct-create.ts';
export { ctAlive, ctClosing } from './ct-timeout.ts';
export { type CtDirection, type CtTuple, ctMapOf, ctTupleOf, hasPorts } from './ct-tuple.ts';
export type { MapEnv } from './env.ts';

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
