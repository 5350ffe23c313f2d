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
}

/** A face in a bucket: the entry by its id, so that buckets are shared by forks. */
interface Face {
	readonly id: number;
	readonly direction: ConnectionDirection;
	readonly next: Face | undefined;
}

/** The table of one namespace. Made by `createConntrack`, changed in place. */
export interface Conntrack {
	/** Both faces of confirmed entries, by tuple hash. */
	readonly hash: Map<number, Face>;
	/** Confirmed entries by id, in the order they were confirmed. */
	readonly connections: Map<number, Connection>;
	/** Ids of entries that are this table's alone; the others are shared with a fork and copied when they are found. */
	readonly own: Set<number>;
	/** nf_nat_bysource: ids of entries whose source side NAT has settled, by original source, newest first. */
	readonly bySource: Map<string, readonly number[]>;
	nextId: number;
	/** nf_conntrack_max. */
	max: number;
}

/** Default of nf_conntrack_max on a machine with more than 4 GB. */
export const NF_CONNTRACK_MAX = 262_144;

/** An empty table. @param max `nf_conntrack_max` */
export function createConntrack(max: number = NF_CONNTRACK_MAX): Conntrack {
	return { hash: new Map(), connections: new Map(), own: new Set(), bySource: new Map(), nextId: 1, max };
}

/**
 * A copy that goes its own way: an entry is copied when a packet finds it. `from` may be read and forked again, but
 * no packet may pass it any more.
 */
export function forkConntrack(from: Conntrack): Conntrack {
	return {
		hash: new Map(from.hash),
		connections: new Map(from.connections),
		own: new Set(),
		bySource: new Map(from.bySource),
		nextId: from.nextId,
		max: from.max,
	};
}

/** The entry of that id as one that may be changed. */
function writable(table: Conntrack, id: number): Connection {
	const connection = table.connections.get(id)!;
	if (table.own.has(id)) return connection;
	const copy = { ...connection, tcp: connection.tcp && copyTcp(connection.tcp) };
	table.connections.set(id, copy);
	table.own.add(id);
	return copy;
}

function copyTcp(tcp: TcpTrack): TcpTrack {
	return { ...tcp, seen: { original: { ...tcp.seen.original }, reply: { ...tcp.seen.reply } } };
}

/** nf_conntrack_find_get: the live entry one of whose tuples is `tuple`. Expired entries met on the way go. */
export function find(table: Conntrack, tuple: Tuple, now: number): TupleHash | undefined {
	for (let face = table.hash.get(tupleHash(tuple)); face; face = face.next) {
		const { id, direction } = face;
		const connection = table.connections.get(id)!;
		if (!tupleEqual(direction === 'original' ? connection.original : connection.reply, tuple)) continue;
		if (connection.timeout > now) return { connection: writable(table, id), direction };
		remove(table, connection);
	}
	return undefined;
}

/** Puts both faces of an entry into the table. */
export function insert(table: Conntrack, connection: Connection): void {
	const { id } = connection;
	table.connections.set(id, connection);
	table.own.add(id);
	for (const direction of ['original', 'reply'] as const) {
		const key = tupleHash(connection[direction]);
		table.hash.set(key, { id, direction, next: table.hash.get(key) });
	}
	if (connection.status & IPS_SRC_NAT_DONE) {
		const key = sourceKey(connection.original);
		table.bySource.set(key, [id, ...(table.bySource.get(key) ?? [])]);
	}
}

/** nf_ct_delete: out of every table; packets that still hold it see IPS_DYING. */
export function remove(table: Conntrack, connection: Connection): void {
	const { id } = connection;
	const held = table.connections.get(id) === connection;
	// What is shared with a fork is held by no packet of this table.
	if (!held || table.own.has(id)) connection.status |= IPS_DYING;
	if (!held) return;
	table.connections.delete(id);
	table.own.delete(id);
	for (const direction of ['original', 'reply'] as const) {
		const key = tupleHash(connection[direction]);
		const rest = without(table.hash.get(key), id, direction);
		if (rest) table.hash.set(key, rest);
		else table.hash.delete(key);
	}
	const key = sourceKey(connection.original);
	const list = table.bySource.get(key)?.filter((other) => other !== id);
	if (list && list.length > 0) table.bySource.set(key, list);
	else table.bySource.delete(key);
}

/** The bucket without that face; the part in front of it is made anew. */
function without(face: Face | undefined, id: number, direction: ConnectionDirection): Face | undefined {
	if (!face) return undefined;
	if (face.id === id && face.direction === direction) return face.next;
	return { ...face, next: without(face.next, id, direction) };
}

/** Entries alive at `now`, oldest first. */
export function connectionsAt(table: Conntrack, now: number): Connection[] {
	for (const connection of table.connections.values()) if (connection.timeout <= now) remove(table, connection);
	return [...table.connections.values()];
}

/** `conntrack -D`: forgets the entries that `match`. */
export function deleteConnections(table: Conntrack, now: number, match: (connection: Connection) => boolean): void {
	for (const connection of connectionsAt(table, now)) if (match(connection)) remove(table, connection);
}

/** Key of `bySource`: source address, source port, protocol (hash_by_src). */
export function sourceKey(tuple: Tuple): string {
	return `${tuple.src}.${tuple.sport}.${tuple.protocol}`;
}
