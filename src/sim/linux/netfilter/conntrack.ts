/**
 * The connection table: struct nf_conn and the hash of both its tuples
 * (net/netfilter/nf_conntrack_core.c @ v6.12).
 *
 * An entry exists twice: as `original`, what the first packet looked like, and as `reply`, what an answer will look
 * like. NAT is nothing but a `reply` that is not the mirror of `original`. A new entry is in no table until its first
 * packet has survived every rule (`confirm`). Expiry is checked on read, as nf_ct_is_expired does.
 */
import { type Tuple, tupleEqual, tupleHash } from './tuple.ts';

export type ConnectionDirection = 'original' | 'reply';

/** enum ip_conntrack_status (include/uapi/linux/netfilter/nf_conntrack_common.h), same bits. */
export const IPS_SEEN_REPLY = 1 << 1;
export const IPS_ASSURED = 1 << 2;
export const IPS_CONFIRMED = 1 << 3;
export const IPS_SRC_NAT = 1 << 4;
export const IPS_DST_NAT = 1 << 5;
export const IPS_SRC_NAT_DONE = 1 << 7;
export const IPS_DST_NAT_DONE = 1 << 8;
export const IPS_DYING = 1 << 9;

export type TcpState =
	| 'NONE'
	| 'SYN_SENT'
	| 'SYN_RECV'
	| 'ESTABLISHED'
	| 'FIN_WAIT'
	| 'CLOSE_WAIT'
	| 'LAST_ACK'
	| 'TIME_WAIT'
	| 'CLOSE'
	| 'SYN_SENT2';

/** struct ip_ct_tcp_state: what one end has sent and may send, for the window check. */
export interface TcpWindow {
	/** Highest sequence number sent, plus one. */
	end: number;
	/** Highest sequence number this end may send, by the other's window. */
	maxEnd: number;
	maxWindow: number;
	/** Highest acknowledgement this end gave; undefined before the first. */
	maxAck?: number;
	scale: number;
	windowScale: boolean;
	/** IP_CT_TCP_FLAG_CLOSE_INIT: sent the first FIN. */
	closeInit: boolean;
	/** IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED. */
	unacked?: boolean;
}

/** What kind of segment it is, by its strongest flag (enum tcp_bit_set). */
export type TcpKind = 'syn' | 'synack' | 'fin' | 'ack' | 'rst' | 'none';

/** struct ip_ct_tcp. */
export interface TcpTrack {
	state: TcpState;
	readonly seen: { original: TcpWindow; reply: TcpWindow };
	/** Last packet: direction, kind of flags, numbers; to tell retransmissions and to answer half-open peers. */
	lastDirection?: ConnectionDirection;
	lastKind?: TcpKind;
	lastSeq: number;
	lastAck: number;
	lastEnd: number;
	lastWindow: number;
	retrans: number;
	/** IP_CT_TCP_FLAG_BE_LIBERAL: met midway, its windows are not known. */
	liberal: boolean;
	/** IP_CT_TCP_SIMULTANEOUS_OPEN. */
	simultaneous: boolean;
	/** IP_CT_EXP_CHALLENGE_ACK. */
	challenge: boolean;
	/** Window scale of a SYN let through unjudged. */
	lastWindowScale: number | undefined;
}

/** struct nf_conn. */
export interface Connection {
	readonly id: number;
	readonly original: Tuple;
	/** Changed by NAT, before confirmation only. */
	reply: Tuple;
	/** IPS_* bits. */
	status: number;
	/** Microseconds: the time it ends; before confirmation, how long it will live. */
	timeout: number;
	/** connmark. */
	mark: number;
	/** Present on TCP. */
	readonly tcp?: TcpTrack;
	/** UDP: from when on an answered flow counts as a stream, microseconds. */
	streamFrom: number;
	/** Device that MASQUERADE took its address from (nat->masq_index); 0 when none did. */
	masqIndex: number;
}

/** struct nf_conntrack_tuple_hash: one of the two faces of an entry. */
export interface TupleHash {
	readonly connection: Connection;
	readonly direction: ConnectionDirection;
	next: TupleHash | undefined;
}

/** The table of one namespace. Made by `createConntrack`, changed in place. */
export interface Conntrack {
	/** Both faces of confirmed entries, by tuple hash. */
	readonly hash: Map<number, TupleHash>;
	/** Confirmed entries in the order they were confirmed. */
	readonly connections: Set<Connection>;
	/** nf_nat_bysource: entries whose source side NAT has settled, by original source, newest first. */
	readonly bySource: Map<string, Connection[]>;
	nextId: number;
	/** nf_conntrack_max. */
	max: number;
}

/** Default of nf_conntrack_max on a machine with more than 4 GB. */
export const NF_CONNTRACK_MAX = 262_144;

export function createConntrack(max: number = NF_CONNTRACK_MAX): Conntrack {
	return { hash: new Map(), connections: new Set(), bySource: new Map(), nextId: 1, max };
}

/** An independent copy: entries are copied, so that neither table sees what happens in the other. */
export function forkConntrack(from: Conntrack): Conntrack {
	const copy = createConntrack(from.max);
	copy.nextId = from.nextId;
	for (const connection of from.connections) {
		insert(copy, { ...connection, tcp: connection.tcp && copyTcp(connection.tcp) });
	}
	return copy;
}

function copyTcp(tcp: TcpTrack): TcpTrack {
	return { ...tcp, seen: { original: { ...tcp.seen.original }, reply: { ...tcp.seen.reply } } };
}

/** nf_conntrack_find_get: the live entry one of whose tuples is `tuple`. Expired entries met on the way go. */
export function find(table: Conntrack, tuple: Tuple, now: number): TupleHash | undefined {
	let node = table.hash.get(tupleHash(tuple));
	while (node) {
		const { connection, direction } = node;
		const next: TupleHash | undefined = node.next;
		if (tupleEqual(direction === 'original' ? connection.original : connection.reply, tuple)) {
			if (connection.timeout > now) return node;
			remove(table, connection);
		}
		node = next;
	}
	return undefined;
}

/** Puts both faces of an entry into the table. */
export function insert(table: Conntrack, connection: Connection): void {
	table.connections.add(connection);
	for (const direction of ['original', 'reply'] as const) {
		const key = tupleHash(connection[direction]);
		table.hash.set(key, { connection, direction, next: table.hash.get(key) });
	}
	if (connection.status & IPS_SRC_NAT_DONE) {
		const key = sourceKey(connection.original);
		table.bySource.set(key, [connection, ...(table.bySource.get(key) ?? [])]);
	}
}

/** nf_ct_delete: out of every table; packets that still hold it see IPS_DYING. */
export function remove(table: Conntrack, connection: Connection): void {
	connection.status |= IPS_DYING;
	if (!table.connections.delete(connection)) return;
	for (const direction of ['original', 'reply'] as const) {
		const key = tupleHash(connection[direction]);
		const rest = without(table.hash.get(key), connection, direction);
		if (rest) table.hash.set(key, rest);
		else table.hash.delete(key);
	}
	const key = sourceKey(connection.original);
	const list = table.bySource.get(key)?.filter((c) => c !== connection);
	if (list && list.length > 0) table.bySource.set(key, list);
	else table.bySource.delete(key);
}

function without(node: TupleHash | undefined, connection: Connection, direction: ConnectionDirection) {
	if (!node) return undefined;
	if (node.connection === connection && node.direction === direction) return node.next;
	node.next = without(node.next, connection, direction);
	return node;
}

/** Entries alive at `now`, oldest first. */
export function connectionsAt(table: Conntrack, now: number): Connection[] {
	for (const connection of table.connections) if (connection.timeout <= now) remove(table, connection);
	return [...table.connections];
}

/** Key of `bySource`: source address, source port, protocol (hash_by_src). */
export function sourceKey(tuple: Tuple): string {
	return `${tuple.src}.${tuple.sport}.${tuple.protocol}`;
}
