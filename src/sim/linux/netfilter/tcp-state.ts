/**
 * TCP as conntrack follows it, from between the two ends: the state table and what moves it
 * (net/netfilter/nf_conntrack_proto_tcp.c @ v6.12). The window check is in tcp-window.ts.
 */
import { type Ipv4, TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, type Tcp } from '../../wire/index.ts';
import {
	type Connection,
	type ConnectionDirection,
	IPS_ASSURED,
	IPS_CONFIRMED,
	IPS_SEEN_REPLY,
	remove,
	type TcpKind,
	type TcpState,
	type TcpTrack,
} from './conntrack.ts';
import { segmentEnd, tcpInWindow } from './tcp-window.ts';
import type { Tracker, TrackResult } from './tracker.ts';

const STATES: readonly TcpState[] = [
	'NONE',
	'SYN_SENT',
	'SYN_RECV',
	'ESTABLISHED',
	'FIN_WAIT',
	'CLOSE_WAIT',
	'LAST_ACK',
	'TIME_WAIT',
	'CLOSE',
	'SYN_SENT2',
];

type Next = TcpState | 'INVALID' | 'IGNORE';

const SHORT: Readonly<Record<string, Next>> = {
	SS: 'SYN_SENT',
	SR: 'SYN_RECV',
	ES: 'ESTABLISHED',
	FW: 'FIN_WAIT',
	CW: 'CLOSE_WAIT',
	LA: 'LAST_ACK',
	TW: 'TIME_WAIT',
	CL: 'CLOSE',
	S2: 'SYN_SENT2',
	'--': 'INVALID',
	'..': 'IGNORE',
};

/** One row: the next state for each old state, in the order of STATES. `--` is invalid, `..` let through unjudged. */
const row = (cells: string): ReadonlyMap<TcpState, Next> =>
	new Map(cells.split(' ').map((cell, i) => [STATES[i]!, SHORT[cell]!]));

/** tcp_conntracks[direction][kind][old state]. */
const TRANSITIONS: Readonly<Record<ConnectionDirection, Readonly<Record<TcpKind, ReadonlyMap<TcpState, Next>>>>> = {
	//                NO SS SR ES FW CW LA TW CL S2
	original: {
		syn: row('SS SS .. .. .. .. .. SS SS S2'),
		synack: row('-- -- SR -- -- -- -- -- -- SR'),
		fin: row('-- -- FW FW LA LA LA TW CL --'),
		ack: row('ES -- ES ES CW CW TW TW CL --'),
		rst: row('-- CL CL CL CL CL CL CL CL CL'),
		none: row('-- -- -- -- -- -- -- -- -- --'),
	},
	reply: {
		syn: row('-- S2 -- -- -- -- -- SS -- S2'),
		synack: row('-- SR .. .. .. .. .. .. .. SR'),
		fin: row('-- -- FW FW LA LA LA TW CL --'),
		ack: row('-- .. SR ES CW CW TW TW CL ..'),
		rst: row('-- CL CL CL CL CL CL CL CL CL'),
		none: row('-- -- -- -- -- -- -- -- -- --'),
	},
};

/** get_conntrack_index. */
export function tcpKind(flags: number): TcpKind {
	if (flags & TCP_RST) return 'rst';
	if (flags & TCP_SYN) return flags & TCP_ACK ? 'synack' : 'syn';
	if (flags & TCP_FIN) return 'fin';
	return flags & TCP_ACK ? 'ack' : 'none';
}

const TCP_URG = 0x20;
/** tcp_valid_flags: what may stand on the wire once PSH, ECE and CWR are left out. */
const VALID_FLAGS = new Set([
	TCP_SYN,
	TCP_SYN | TCP_URG,
	TCP_SYN | TCP_ACK,
	TCP_RST,
	TCP_RST | TCP_ACK,
	TCP_FIN | TCP_ACK,
	TCP_FIN | TCP_ACK | TCP_URG,
	TCP_ACK,
	TCP_ACK | TCP_URG,
]);
const JUDGED = TCP_FIN | TCP_SYN | TCP_RST | TCP_ACK | TCP_URG;

export function createTcpTrack(): TcpTrack {
	const window = () => ({ end: 0, maxEnd: 0, maxWindow: 0, scale: 0, windowScale: false, closeInit: false });
	return {
		state: 'NONE',
		seen: { original: window(), reply: window() },
		lastSeq: 0,
		lastAck: 0,
		lastEnd: 0,
		lastWindow: 0,
		retrans: 0,
		liberal: false,
		simultaneous: false,
		challenge: false,
		lastWindowScale: undefined,
	};
}

/** tcp_new: what the first packet of an entry says. False when no connection may begin so. */
function begin(track: TcpTrack, tcp: Tcp): boolean {
	const next = TRANSITIONS.original[tcpKind(tcp.flags)].get('NONE')!;
	if (next === 'INVALID' || next === 'IGNORE') return false;
	const client = track.seen.original;
	client.end = segmentEnd(tcp);
	client.maxWindow = tcp.window || 1;
	if (next === 'SYN_SENT') {
		client.maxEnd = client.end;
		client.windowScale = tcp.wscale !== undefined;
		client.scale = Math.min(tcp.wscale ?? 0, 14);
	} else {
		// A connection met midway (nf_conntrack_tcp_loose): nothing is known of its windows.
		client.maxEnd = (client.end + client.maxWindow) >>> 0;
		track.liberal = true;
	}
	return true;
}

/** nf_conntrack_tcp_packet. */
export function trackTcp(
	tracker: Tracker,
	connection: Connection,
	direction: ConnectionDirection,
	packet: Ipv4,
): TrackResult {
	const tcp = packet.payload as Tcp;
	const track = connection.tcp!;
	if (!VALID_FLAGS.has(tcp.flags & JUDGED)) return 'invalid';
	if (!(connection.status & IPS_CONFIRMED) && !begin(track, tcp)) return 'invalid';

	const kind = tcpKind(tcp.flags);
	const old = track.state;
	let next = TRANSITIONS[direction][kind].get(old)!;
	let checkWindow = true;

	if (next === 'INVALID') return 'invalid';
	if (next === 'SYN_SENT' && (old === 'TIME_WAIT' || old === 'CLOSE')) {
		const closed = track.seen.original.closeInit || track.seen.reply.closeInit;
		if (closed || (track.lastDirection === direction && track.lastKind === 'rst')) {
			// The same ports again after the end: a new connection.
			remove(tracker.table, connection);
			return 'repeat';
		}
		next = 'IGNORE';
	}
	if (next === 'IGNORE') {
		if (!resynchronise(track, direction, kind, tcp)) {
			letThrough(track, direction, kind, tcp, old);
			return 'accept';
		}
		next = 'SYN_RECV';
	} else if (next === 'TIME_WAIT') {
		const challenged = old === 'LAST_ACK' && kind === 'ack' && track.lastDirection !== direction;
		if (challenged && track.lastKind === 'syn' && track.challenge) {
			track.challenge = false;
			return 'accept';
		}
	} else if (next === 'SYN_SENT2') {
		track.simultaneous = true;
	} else if (next === 'SYN_RECV' && direction === 'reply' && kind === 'ack' && track.simultaneous) {
		next = 'ESTABLISHED';
	} else if (next === 'CLOSE' && kind === 'rst') {
		const judged = judgeReset(connection, track, direction, tcp);
		if (judged === 'invalid' && !tracker.beLiberal) return 'invalid';
		if (judged === 'keep') next = old;
		if (judged === 'in-window') checkWindow = false;
	}

	if (checkWindow) {
		const verdict = tcpInWindow(track, direction, kind, tcp, tracker.beLiberal);
		if (verdict !== 'accept') return verdict === 'ignore' ? 'accept' : 'invalid';
	}

	track.lastKind = kind;
	track.lastDirection = direction;
	track.state = next as TcpState;
	if (old !== next && next === 'FIN_WAIT') track.seen[direction].closeInit = true;

	let timeout = lifetime(tracker, track, kind);
	if (!(connection.status & IPS_SEEN_REPLY)) {
		// Only a reset came back: there is no connection, and the entry goes at once.
		if (tcp.flags & TCP_RST) {
			remove(tracker.table, connection);
			return 'accept';
		}
		if (next === 'ESTABLISHED') timeout = Math.min(timeout, tracker.timeout('UNACK'));
	} else if (next === 'ESTABLISHED' && (old === 'SYN_RECV' || old === 'ESTABLISHED')) {
		connection.status |= IPS_ASSURED;
	}
	tracker.refresh(connection, timeout);
	return 'accept';
}

/** nf_conntrack_tcp_set_closing (since v6.3): a REJECT that answered with a reset knows that the connection is over. */
export function setClosing(tracker: Tracker, connection: Connection): void {
	if (!connection.tcp || !(connection.status & IPS_CONFIRMED)) return;
	connection.tcp.state = 'CLOSE';
	tracker.refresh(connection, tracker.timeout('CLOSE'));
}

/** A SYN/ACK that acknowledges a SYN we had let through unjudged: both ends agree, we follow. */
function resynchronise(track: TcpTrack, direction: ConnectionDirection, kind: TcpKind, tcp: Tcp): boolean {
	const { lastDirection } = track;
	if (kind !== 'synack' || track.lastKind !== 'syn' || !lastDirection || lastDirection === direction) return false;
	if (tcp.ack !== track.lastEnd) return false;
	const sender = track.seen[lastDirection];
	sender.end = sender.maxEnd = track.lastEnd;
	sender.maxWindow = track.lastWindow || 1;
	sender.scale = track.lastWindowScale ?? 0;
	sender.windowScale = track.lastWindowScale !== undefined;
	sender.maxAck = undefined;
	sender.closeInit = false;
	sender.unacked = false;
	track.challenge = false;
	const answering = track.seen[direction];
	answering.end = answering.maxEnd = answering.maxWindow = answering.scale = 0;
	answering.windowScale = answering.closeInit = false;
	answering.maxAck = undefined;
	answering.unacked = false;
	return true;
}

/** A packet that may or may not be of this connection: noted, so that the answer to it is understood. */
function letThrough(track: TcpTrack, direction: ConnectionDirection, kind: TcpKind, tcp: Tcp, old: TcpState): void {
	track.lastKind = kind;
	track.lastDirection = direction;
	track.lastSeq = tcp.seq;
	track.lastEnd = segmentEnd(tcp);
	track.lastWindow = tcp.window;
	if (kind === 'syn' && direction === 'original') {
		track.lastWindowScale = tcp.wscale;
		track.challenge = old === 'LAST_ACK';
	}
	if (old === 'SYN_SENT' && kind === 'ack' && direction === 'reply') track.lastAck = tcp.ack;
}

/** RFC 5961 seen from the middle: which resets end the connection. */
function judgeReset(
	connection: Connection,
	track: TcpTrack,
	direction: ConnectionDirection,
	tcp: Tcp,
): 'invalid' | 'keep' | 'in-window' | 'check' {
	const { state } = track;
	// tcp_can_early_drop: closing already, the numbers may be outdated.
	if (['FIN_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT'].includes(state)) return 'in-window';
	const maxAck = track.seen[direction === 'original' ? 'reply' : 'original'].maxAck;
	let verdict: 'keep' | 'check' = 'check';
	if (maxAck !== undefined && track.lastKind !== 'syn') {
		const established = state === 'ESTABLISHED';
		if (tcp.seq === 0 && !established) return 'check';
		if ((tcp.seq - maxAck) >> 31) return 'invalid';
		if (!established || tcp.seq === maxAck) return 'check';
		if (track.lastKind === 'ack' && track.lastDirection === direction && tcp.seq === track.lastEnd) return 'check';
		verdict = 'keep';
	}
	const seenReply = (connection.status & IPS_SEEN_REPLY) !== 0;
	const assured = (connection.status & IPS_ASSURED) !== 0;
	const answersIgnored = (seenReply && track.lastKind === 'syn') || (!assured && track.lastKind === 'ack');
	if (answersIgnored && tcp.ack === track.lastEnd) return 'in-window';
	return verdict;
}

/** nf_ct_tcp_max_retrans. */
const MAX_RETRANS = 3;

function lifetime(tracker: Tracker, track: TcpTrack, kind: TcpKind): number {
	const full = tracker.timeout(track.state);
	if (track.retrans >= MAX_RETRANS && full > tracker.timeout('RETRANS')) return tracker.timeout('RETRANS');
	if (kind === 'rst') return tracker.timeout('CLOSE');
	const unacked = track.seen.original.unacked || track.seen.reply.unacked;
	if (unacked && full > tracker.timeout('UNACK')) return tracker.timeout('UNACK');
	if (track.lastWindow === 0 && full > tracker.timeout('RETRANS')) return tracker.timeout('RETRANS');
	return full;
}
