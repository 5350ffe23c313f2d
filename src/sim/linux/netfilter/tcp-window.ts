/**
 * The window check: whether a segment can belong to the connection, judged from the middle
 * (tcp_in_window, net/netfilter/nf_conntrack_proto_tcp.c @ v6.12). SACK blocks are not modelled; an acknowledgement
 * is the highest right edge known.
 */
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, type Tcp } from '../../wire/index.ts';
import type { ConnectionDirection, TcpKind, TcpTrack, TcpWindow } from './conntrack.ts';

/** Sequence numbers compare modulo 2^32. */
const before = (a: number, b: number) => (a - b) >> 31 !== 0;
const after = (a: number, b: number) => before(b, a);
const u32 = (n: number) => n >>> 0;

/** MAXACKWINCONST. */
const MAX_ACK_WINDOW = 66_000;

/** segment_seq_plus_len: the sequence number after this segment. */
export function segmentEnd(tcp: Tcp): number {
	return u32(tcp.seq + tcp.data.length + (tcp.flags & TCP_SYN ? 1 : 0) + (tcp.flags & TCP_FIN ? 1 : 0));
}

/** tcp_init_sender: a SYN or SYN/ACK says where its side begins. */
function initSender(
	sender: TcpWindow,
	receiver: TcpWindow,
	tcp: Tcp,
	end: number,
	direction: ConnectionDirection,
): void {
	sender.end = sender.maxEnd = end;
	sender.maxWindow = tcp.window || 1;
	sender.windowScale = tcp.wscale !== undefined;
	sender.scale = Math.min(tcp.wscale ?? 0, 14);
	sender.maxAck = undefined;
	sender.closeInit = false;
	sender.unacked = false;
	// RFC 7323: both or neither.
	if (direction === 'reply' && !(sender.windowScale && receiver.windowScale)) sender.scale = receiver.scale = 0;
}

/** `ignore` lets the packet pass and learns nothing from it; `invalid` takes it out of its connection. */
export function tcpInWindow(
	track: TcpTrack,
	direction: ConnectionDirection,
	kind: TcpKind,
	tcp: Tcp,
	beLiberal: boolean,
): 'accept' | 'ignore' | 'invalid' {
	const sender = track.seen[direction];
	const receiver = track.seen[direction === 'original' ? 'reply' : 'original'];
	const liberal = beLiberal || track.liberal;
	const syn = (tcp.flags & TCP_SYN) !== 0;
	const hasAck = (tcp.flags & TCP_ACK) !== 0;
	const rst = (tcp.flags & TCP_RST) !== 0;
	let { seq, ack } = tcp;
	let end = segmentEnd(tcp);

	if (sender.maxWindow === 0) {
		if (syn) {
			initSender(sender, receiver, tcp, end, direction);
			if (!hasAck) return 'accept'; // simultaneous open
		} else {
			// Met midway: what the packet says is all we know.
			sender.end = end;
			sender.maxWindow = tcp.window * 2 ** sender.scale || 1;
			sender.maxEnd = u32(end + sender.maxWindow);
			if (receiver.maxWindow === 0) receiver.end = receiver.maxEnd = ack;
			else if (ack === u32(receiver.end + 1)) receiver.end = ack; // answer to a keepalive
		}
	} else if (syn && after(end, sender.end) && (track.state === 'SYN_SENT' || track.state === 'SYN_RECV')) {
		initSender(sender, receiver, tcp, end, direction);
		if (direction === 'reply' && !hasAck) return 'accept';
	}

	if (!hasAck || (rst && ack === 0)) ack = receiver.end;
	if (rst && seq === 0 && track.state === 'SYN_SENT') seq = end = sender.end;

	const lowestAck = u32(receiver.end - Math.max(sender.maxWindow, MAX_ACK_WINDOW) - 1);
	const inReceiveWindow = after(end, u32(sender.end - receiver.maxWindow - 1));
	if (!before(seq, u32(sender.maxEnd + 1))) {
		const overshot = u32(end - sender.maxEnd + 1);
		const ackOk = after(ack, lowestAck) && before(ack, u32(receiver.end + 1));
		if (receiver.maxWindow !== 0 && inReceiveWindow && ackOk && overshot <= receiver.maxWindow) {
			// More than the receiver allowed, but by less than a window: it may take it all the same.
			sender.end = end;
			sender.unacked = true;
			return 'ignore';
		}
		return liberal ? 'accept' : 'invalid';
	}
	if (!before(ack, u32(receiver.end + 1))) return liberal ? 'accept' : 'invalid';
	if (receiver.maxWindow !== 0 && !inReceiveWindow) return liberal ? 'accept' : 'ignore';
	if (!after(ack, lowestAck)) return liberal ? 'accept' : 'ignore';

	const window = syn ? tcp.window : tcp.window * 2 ** sender.scale;
	sender.maxWindow = Math.max(sender.maxWindow, window);
	if (after(end, sender.end)) {
		sender.end = end;
		sender.unacked = true;
	}
	if (hasAck && (sender.maxAck === undefined || after(ack, sender.maxAck))) sender.maxAck = ack;
	if (receiver.maxWindow !== 0 && after(end, sender.maxEnd)) receiver.maxWindow += u32(end - sender.maxEnd);
	if (after(u32(ack + window), u32(receiver.maxEnd - 1))) receiver.maxEnd = u32(ack + window + (window === 0 ? 1 : 0));
	if (ack === receiver.end) receiver.unacked = false;

	if (kind === 'ack') countRetransmission(track, direction, { seq, ack, end, window: tcp.window });
	return 'accept';
}

function countRetransmission(
	track: TcpTrack,
	direction: ConnectionDirection,
	now: { seq: number; ack: number; end: number; window: number },
): void {
	const same = track.lastDirection === direction && track.lastSeq === now.seq && track.lastAck === now.ack;
	if (same && track.lastEnd === now.end && track.lastWindow === now.window) {
		track.retrans++;
		return;
	}
	track.lastDirection = direction;
	track.lastSeq = now.seq;
	track.lastAck = now.ack;
	track.lastEnd = now.end;
	track.lastWindow = now.window;
	track.retrans = 0;
}
