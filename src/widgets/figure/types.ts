/**
 * The packet walk as data: what a figure shows, before anything is drawn or put into words. Computed from an
 * `Outcome` alone (and, for the colour of an address, from who owns it); no DOM, no language.
 */
import type { Decision, Headers } from '../../sim/trace/index.ts';
import type { Ip } from '../../sim/wire/index.ts';
import type { Outcome } from '../../sim/world/index.ts';

export type Direction = 'request' | 'reply';

/** What a place is to this connection: the same place can be entry node in one setting and backend in another. */
export type Role = 'client' | 'entry' | 'backend' | 'server' | 'transit';

/** What kind of thing has an address; decides the colour of the address, the same in every figure. */
export type OwnerKind = 'client' | 'node' | 'service' | 'pod' | 'router' | 'outside';

export interface Owner {
	readonly kind: OwnerKind;
	/** Name as the lane shows it. */
	readonly name: string;
}

/** Who is who in a world: what the trace alone cannot say. */
export interface Places {
	owner(ip: Ip): Owner | undefined;
	/** The short name of a namespace, where it has one: `worker2` for `node/basic-worker2`. */
	name(ns: string): string | undefined;
	/** The address a namespace is known by. */
	address(ns: string): Ip | undefined;
}

/** A place a packet can be: a column of the figure. */
export interface Lane {
	/** Namespace: `host`, `node/<name>`, `pod/<namespace>/<name>`, `router/<name>`, `world`. */
	readonly ns: string;
	readonly kind: OwnerKind;
	readonly roles: readonly Role[];
	readonly name: string;
	readonly ip?: Ip;
}

/**
 * What happens at a station, in the order a packet meets them: `send` leaves a socket; `arrive` is a device's
 * receive side with something to say; `pass` is a whole namespace crossed with nothing changed but the TTL;
 * `program` is a BPF program's; `receive` ends in a socket; `giveup` is a
 * client that learned that its packet came to nothing: no packet got there.
 */
export type StationKind =
	| 'send'
	| 'arrive'
	| 'prerouting'
	| 'input'
	| 'forward'
	| 'output'
	| 'postrouting'
	| 'pass'
	| 'receive'
	| 'program'
	| 'giveup';

/** A header field that can change on the way. */
export type Field = 'src' | 'sport' | 'dst' | 'dport' | 'ttl' | 'mark' | 'dsr' | 'outer';

/** How a packet's way ends at its last station. */
export type End = 'delivered' | 'dropped' | 'rejected' | 'lost';

export interface Station {
	/** Stable while the settings stay: `q1`, `q2` … for the request, `p1` … for the reply. */
	readonly id: string;
	/** 1-based, through both directions. */
	readonly number: number;
	readonly direction: Direction;
	readonly kind: StationKind;
	/** Index into `Figure.lanes`. */
	readonly lane: number;
	readonly ns: string;
	/** Device it came in by and device it leaves by, when this station has them. */
	readonly devIn?: string;
	readonly devOut?: string;
	/** Places that only switched the frame on its way here (a bridge), with their decisions in `decisions`. */
	readonly through: readonly string[];
	/** Every decision taken here, in order. */
	readonly decisions: readonly Decision[];
	/** Index in `decisions` of the one that says most: what ended the way, else what changed the packet. */
	readonly main: number;
	/** netfilter's user chains the packet went through, without their hashes, in the order they were entered. */
	readonly chains: readonly string[];
	/** Headers on the way in and on the way out; equal when nothing changed. */
	readonly before?: Headers;
	readonly after?: Headers;
	/** Fields changed here. */
	readonly changed: readonly Field[];
	/** True when more than the TTL changed: the station is drawn filled. */
	readonly rewrites: boolean;
	/** Set on the last station of a direction. */
	readonly end?: End;
	/** Packet as it leaves, when the figure should print it: at the start, and where it is new. */
	readonly label?: Label;
}

/** A packet printed on the line. */
export interface Label {
	readonly headers: Headers;
	/** Fields that are not what the last label of this direction said. */
	readonly changed: readonly Field[];
}

export interface Counts {
	/** Stations of the request and of the reply. */
	readonly there: number;
	readonly back: number;
	/** netfilter rules that matched, and rules that were compared at all, in both directions. */
	readonly hit: number;
	readonly tried: number;
}

export interface Figure {
	readonly outcome: Outcome;
	readonly lanes: readonly Lane[];
	readonly stations: readonly Station[];
	readonly counts: Counts;
	/** Station whose record is open first: the first that rewrote or ended the packet. */
	readonly focus: number;
}
