/**
 * cilium_ct4_global and cilium_ct_any4_global: the programs' own connection tracking. bpf/lib/conntrack.h.
 *
 * Entries that ran out are as good as gone: the collector's work is not modelled.
 */
import { declareMap, type Namespace } from '../../linux/index.ts';
import { formatIp, IPPROTO_TCP, type Ip, TCP_FIN, TCP_RST, TCP_SYN } from '../../wire/index.ts';

/** struct ipv4_ct_tuple, the way a packet reads. */
export interface Tuple4 {
	readonly saddr: Ip;
	readonly daddr: Ip;
	readonly sport: number;
	readonly dport: number;
	readonly proto: number;
}

export type CtDirection = 'OUT' | 'IN' | 'SERVICE';

/** struct ct_entry. */
export interface CtEntry {
	/** Virtual microseconds. */
	expires: number;
	readonly revNatIndex: number;
	/** SERVICE entries: the backend that was chosen. */
	readonly backendId: number;
	/** LBLoopback: the pod reached itself; this is its own address. */
	readonly loopback: Ip | undefined;
	seenNonSyn: boolean;
	rxClosing: boolean;
	txClosing: boolean;
}

export type CtResult =
	| { readonly state: 'NEW' }
	| { readonly state: 'ESTABLISHED' | 'REPLY'; readonly entry: CtEntry; readonly key: string };

const keyText = (t: Tuple4 & { readonly direction: CtDirection }): string =>
	`${PROTOCOL[t.proto] ?? t.proto} ${t.direction === 'SERVICE' ? 'SVC' : t.direction} ${formatIp(t.saddr)}:${t.sport} -> ${formatIp(t.daddr)}:${t.dport}`;

const PROTOCOL: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP' };

const declare = (name: string, maxEntries: number) =>
	declareMap<Tuple4 & { readonly direction: CtDirection }, CtEntry>({
		name,
		type: 'lru_hash',
		keySize: 14,
		valueSize: 56,
		maxEntries,
		key: keyText,
	});

export const ct4Global = declare('cilium_ct4_global', 524288);
export const ctAny4Global = declare('cilium_ct_any4_global', 262144);

const mapOf = (proto: number) => (proto === IPPROTO_TCP ? ct4Global : ctAny4Global);

/** How long entries live, microseconds. */
export interface CtLifetimes {
	readonly tcp: number;
}

const SYN_LIFETIME = 60_000_000;
const OTHER_LIFETIME = 60_000_000;
const CLOSE_LIFETIME = 10_000_000;

const reversed = (t: Tuple4): Tuple4 => ({
	saddr: t.daddr,
	daddr: t.saddr,
	sport: t.dport,
	dport: t.sport,
	proto: t.proto,
});

const OTHER: Readonly<Record<CtDirection, CtDirection>> = { OUT: 'IN', IN: 'OUT', SERVICE: 'SERVICE' };

/** ct_update_timeout() and what FIN, RST and a new SYN do to an entry. */
const update = (entry: CtEntry, proto: number, flags: number, reply: boolean, now: number, tcp: number): boolean => {
	if (proto !== IPPROTO_TCP) {
		entry.expires = now + OTHER_LIFETIME;
		return true;
	}
	const syn = (flags & TCP_SYN) !== 0 && !reply;
	// A SYN on a connection that is closing begins another one.
	if (syn && (entry.rxClosing || entry.txClosing)) return false;
	if (!(flags & TCP_SYN)) entry.seenNonSyn = true;
	if (flags & (TCP_FIN | TCP_RST)) {
		if (reply) entry.rxClosing = true;
		else entry.txClosing = true;
	}
	entry.expires = now + (entry.rxClosing && entry.txClosing ? CLOSE_LIFETIME : entry.seenNonSyn ? tcp : SYN_LIFETIME);
	return true;
};

/**
 * ct_lookup4(): the reverse tuple first (an answer), then the tuple itself. `flags` are TCP's, 0 for others. Hits
 * are refreshed.
 */
export const ctLookup4 = (
	ns: Namespace,
	now: number,
	tuple: Tuple4,
	direction: CtDirection,
	flags: number,
	lifetimes: CtLifetimes,
): CtResult => {
	const map = mapOf(tuple.proto);
	const probe = (t: Tuple4, dir: CtDirection, reply: boolean): CtResult | undefined => {
		const key = { ...t, direction: dir };
		const found = map.lookup(ns, key);
		if (!found || found.expires <= now) return undefined;
		// Entries are values: the other fork keeps its own.
		const entry = { ...found };
		if (!update(entry, tuple.proto, flags, reply, now, lifetimes.tcp)) return undefined;
		map.update(ns, key, entry);
		return { state: reply ? 'REPLY' : 'ESTABLISHED', entry, key: keyText(key) };
	};
	if (direction === 'SERVICE') return probe(tuple, 'SERVICE', false) ?? { state: 'NEW' };
	return probe(reversed(tuple), OTHER[direction], true) ?? probe(tuple, direction, false) ?? { state: 'NEW' };
};

/** ct_create4(). False: the map is full (it is an LRU map, so never). */
export const ctCreate4 = (
	ns: Namespace,
	now: number,
	tuple: Tuple4,
	direction: CtDirection,
	flags: number,
	lifetimes: CtLifetimes,
	state: { readonly revNatIndex?: number; readonly backendId?: number; readonly loopback?: Ip } = {},
): void => {
	const entry: CtEntry = {
		expires: now,
		revNatIndex: state.revNatIndex ?? 0,
		backendId: state.backendId ?? 0,
		loopback: state.loopback,
		seenNonSyn: false,
		rxClosing: false,
		txClosing: false,
	};
	update(entry, tuple.proto, flags, false, now, lifetimes.tcp);
	const map = mapOf(tuple.proto);
	map.update(ns, { ...tuple, direction }, entry);
	// A pod that loops back to itself sends the answer by the same program: it must find the way back before routing.
	if (entry.loopback !== undefined) map.update(ns, { ...tuple, direction: 'IN' }, { ...entry });
};
