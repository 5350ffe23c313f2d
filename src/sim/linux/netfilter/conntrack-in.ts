/**
 * The two hooks of connection tracking: finding the connection of a packet, and entering it in the table once its
 * first packet got through (nf_conntrack_in and __nf_conntrack_confirm, net/netfilter/nf_conntrack_core.c @ v6.12).
 */
import { type Icmp, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ipv4 } from '../../wire/index.ts';
import type { Skb } from '../types.ts';
import {
	type Connection,
	type ConnectionDirection,
	find,
	IPS_ASSURED,
	IPS_CONFIRMED,
	IPS_DYING,
	IPS_SEEN_REPLY,
	insert,
	remove,
} from './conntrack.ts';
import type { IpSkb, NetfilterContext } from './context.ts';
import { createTcpTrack, trackTcp } from './tcp-state.ts';
import { type Tracker, type TrackResult, trackerOf } from './tracker.ts';
import { invertTuple, type Tuple, tupleEqual, tupleOf } from './tuple.ts';

/** ICMP errors, which belong to the connection they quote (nf_conntrack_icmpv4_error). */
const ERROR_TYPES: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
/** ICMP types that may begin a connection: echo, timestamp, information and address mask requests. */
const REQUEST_TYPES: ReadonlySet<number> = new Set([8, 13, 15, 17]);
/** A UDP flow is a stream when it still talks after so long (nf_conntrack_proto_udp.c), microseconds. */
const STREAM_AFTER = 2_000_000;

export type ConntrackVerdict = { readonly verdict: 'accept' | 'drop'; readonly full?: true };

/**
 * nf_conntrack_in, on PREROUTING and OUTPUT: sets `skb.ct`. A packet that has one already (over loopback, or an
 * answer made by a REJECT) keeps it. Drops only when the table is full.
 */
export function conntrackIn(ctx: NetfilterContext, skb: IpSkb): ConntrackVerdict {
	if (skb.ct !== undefined && skb.ct !== 'invalid') return { verdict: 'accept' };
	const tracker = trackerOf(ctx);
	const packet = skb.net;
	const { payload } = packet;
	if (payload.kind === 'icmp' && packet.protocol === IPPROTO_ICMP && ERROR_TYPES.has(payload.type)) {
		skb.ct = ofIcmpError(tracker, packet, payload);
		return { verdict: 'accept' };
	}
	const tuple = tupleOf(packet);
	if (!tuple) {
		skb.ct = 'invalid';
		return { verdict: 'accept' };
	}
	for (;;) {
		const found = find(tracker.table, tuple, tracker.now);
		ctx.net.lookup?.({ ns: ctx.ns.name, packet: skb.packet, table: 'nf_conntrack', hit: found !== undefined });
		let connection = found?.connection;
		const direction = found?.direction ?? 'original';
		if (!connection) {
			const created = create(tracker, tuple);
			if (created === 'full') return { verdict: 'drop', full: true };
			if (!created) {
				skb.ct = 'invalid';
				return { verdict: 'accept' };
			}
			connection = created;
		}
		const seen = (connection.status & IPS_SEEN_REPLY) !== 0;
		const info = direction === 'reply' || seen ? 'ESTABLISHED' : 'NEW';
		const result = track(tracker, connection, direction, packet);
		if (result === 'repeat') continue;
		if (result === 'invalid') {
			skb.ct = 'invalid';
			return { verdict: 'accept' };
		}
		if (direction === 'reply') connection.status |= IPS_SEEN_REPLY;
		skb.ct = { connection, direction, info };
		return { verdict: 'accept' };
	}
}

function track(tracker: Tracker, connection: Connection, direction: ConnectionDirection, packet: Ipv4): TrackResult {
	switch (packet.protocol) {
		case IPPROTO_TCP:
			return trackTcp(tracker, connection, direction, packet);
		case IPPROTO_UDP:
			return trackUdp(tracker, connection);
		case IPPROTO_ICMP: {
			const { type } = packet.payload as Icmp;
			if (!(connection.status & IPS_CONFIRMED) && !REQUEST_TYPES.has(type)) return 'invalid';
			tracker.refresh(connection, tracker.timeout('ICMP'));
			return 'accept';
		}
		default:
			tracker.refresh(connection, tracker.timeout('GENERIC'));
			return 'accept';
	}
}

/** nf_conntrack_udp_packet. */
function trackUdp(tracker: Tracker, connection: Connection): TrackResult {
	if (!(connection.status & IPS_CONFIRMED)) connection.streamFrom = tracker.now + STREAM_AFTER;
	const stream = (connection.status & IPS_SEEN_REPLY) !== 0 && tracker.now > connection.streamFrom;
	tracker.refresh(connection, tracker.timeout(stream ? 'UDP_STREAM' : 'UDP'));
	if (stream) connection.status |= IPS_ASSURED;
	return 'accept';
}

/** init_conntrack. When the table is full, the oldest entry that is not ASSURED makes room (early_drop, simplified). */
function create(tracker: Tracker, tuple: Tuple): Connection | 'full' | undefined {
	const { table } = tracker;
	const reply = invertTuple(tuple);
	if (!reply) return undefined;
	if (table.connections.size >= table.max) {
		let victim: Connection | undefined;
		for (const connection of table.connections.values()) {
			if (connection.status & IPS_ASSURED && connection.timeout > tracker.now) continue;
			victim = connection;
			break;
		}
		if (!victim) return 'full';
		remove(table, victim);
	}
	return {
		id: table.nextId++,
		original: tuple,
		reply,
		status: 0,
		timeout: 0,
		mark: 0,
		tcp: tuple.protocol === IPPROTO_TCP ? createTcpTrack() : undefined,
		streamFrom: 0,
		masqIndex: 0,
	};
}

/**
 * nf_conntrack_inet_error: an error is RELATED to the connection whose packet it quotes, if it is sent to the end
 * that packet came from. Otherwise it belongs to nothing.
 */
function ofIcmpError(tracker: Tracker, packet: Ipv4, icmp: Icmp): Skb['ct'] {
	const quoted = icmp.quoted && tupleOf(icmp.quoted);
	const answer = quoted && invertTuple(quoted);
	const found = answer && find(tracker.table, answer, tracker.now);
	if (!found) return 'invalid';
	const { connection, direction } = found;
	if (connection[direction].dst !== packet.dst) return 'invalid';
	return { connection, direction, info: 'RELATED' };
}

/** nf_ct_attach: what an answer made by the kernel itself (RST, ICMP error) carries of the packet it answers. */
export function relatedTo(skb: Skb): Skb['ct'] {
	if (typeof skb.ct !== 'object') return undefined;
	const { connection, direction } = skb.ct;
	return { connection, direction: direction === 'original' ? 'reply' : 'original', info: 'RELATED' };
}

export type Confirmation = 'created' | 'already' | 'clash' | 'gone';

/**
 * __nf_conntrack_confirm, last on INPUT and POSTROUTING: the entry of a packet that got through goes into the
 * table. `clash`: another took one of its tuples meanwhile and the packet is dropped, unless (UDP, ICMP) that other
 * is the very same flow, which it then joins (nf_ct_resolve_clash). `gone`: deleted since, dropped.
 */
export function confirm(ctx: NetfilterContext, skb: IpSkb): Confirmation {
	if (typeof skb.ct !== 'object') return 'already';
	const { connection, direction } = skb.ct;
	if (connection.status & IPS_CONFIRMED || direction === 'reply') return 'already';
	if (connection.status & IPS_DYING) return 'gone';
	const { conntrack: table } = ctx.ns;
	const { now } = ctx.net;
	const taken = find(table, connection.original, now) ?? find(table, connection.reply, now);
	if (taken) {
		const winner = taken.connection;
		const same =
			taken.direction === 'original' &&
			tupleEqual(winner.original, connection.original) &&
			tupleEqual(winner.reply, connection.reply);
		if (!same || connection.original.protocol === IPPROTO_TCP) return 'clash';
		remove(table, connection);
		skb.ct = { ...skb.ct, connection: winner };
		return 'already';
	}
	connection.timeout += now;
	connection.status |= IPS_CONFIRMED;
	insert(table, connection);
	return 'created';
}
