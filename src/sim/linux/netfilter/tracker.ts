/** What the protocol trackers (TCP, UDP, ICMP) work with: the table, the clock and the sysctls of the namespace. */
import { type Connection, type Conntrack, IPS_CONFIRMED } from './conntrack.ts';
import type { NetfilterContext } from './context.ts';

/** `invalid`: not of this connection. `repeat`: the entry is gone, look the packet up again. */
export type TrackResult = 'accept' | 'invalid' | 'repeat';

/**
 * Seconds each state lives: nf_conntrack_{tcp_timeout_*,udp_timeout*,icmp_timeout,generic_timeout} @ v6.12.
 * `Sysctls.conntrackTimeouts` overrides by the same keys.
 */
export const CONNTRACK_TIMEOUTS = {
	NONE: 120,
	SYN_SENT: 120,
	SYN_RECV: 60,
	ESTABLISHED: 432_000,
	FIN_WAIT: 120,
	CLOSE_WAIT: 60,
	LAST_ACK: 30,
	TIME_WAIT: 120,
	CLOSE: 10,
	SYN_SENT2: 120,
	RETRANS: 300,
	UNACK: 300,
	UDP: 30,
	UDP_STREAM: 120,
	ICMP: 30,
	GENERIC: 600,
} as const;

export type TimeoutName = keyof typeof CONNTRACK_TIMEOUTS;

export interface Tracker {
	readonly table: Conntrack;
	/** Microseconds. */
	readonly now: number;
	/** nf_conntrack_tcp_be_liberal. */
	readonly beLiberal: boolean;
	/** Microseconds. */
	timeout(name: TimeoutName): number;
	/** nf_ct_refresh: `after` microseconds from now, or from confirmation on when there was none yet. */
	refresh(connection: Connection, after: number): void;
}

export function trackerOf({ net, ns }: NetfilterContext): Tracker {
	const { now } = net;
	const { conntrackTimeouts, nf_conntrack_tcp_be_liberal } = ns.sysctls;
	return {
		table: ns.conntrack,
		now,
		beLiberal: nf_conntrack_tcp_be_liberal,
		timeout: (name) => (conntrackTimeouts[name] ?? CONNTRACK_TIMEOUTS[name]) * 1_000_000,
		refresh(connection, after) {
			connection.timeout = connection.status & IPS_CONFIRMED ? now + after : after;
		},
	};
}
