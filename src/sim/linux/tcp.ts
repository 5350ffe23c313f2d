/** TCP's receiving side: the states of RFC 9293 as net/ipv4/tcp_input.c walks them. */
import {
	formatIp,
	IPPROTO_TCP,
	type Ipv4,
	TCP_ACK,
	TCP_FIN,
	TCP_PSH,
	TCP_RST,
	TCP_SYN,
	type Tcp,
} from '../wire/index.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import { routeOutput } from './routing.ts';
import { findListener } from './socket.ts';
import type { TcpEndpoint } from './tcp-endpoint.ts';
import { findEndpoint, openConnection, takeOptions } from './tcp-open.ts';
import {
	armTimer,
	before,
	dropEndpoint,
	enterFinWait2,
	enterTimeWait,
	mssFor,
	pushData,
	queueSegment,
	sendAck,
} from './tcp-output.ts';
import { clientConnected, dataArrived, peerClosed, serverAccepted, tcpAborted } from './tcp-process.ts';
import { sendReset } from './tcp-reset.ts';
import type { Errno, Namespace, Skb } from './types.ts';

/** tcp_v4_rcv(): finds the socket. */
export const tcpReceive = (net: Network, ns: Namespace, skb: Skb): void => {
	const ip = skb.net as Ipv4;
	if (ip.payload.kind !== 'tcp' || skb.dst?.type === 'broadcast') return;
	const tcp = ip.payload;
	const who = { localIp: ip.dst, localPort: tcp.dport, remoteIp: ip.src, remotePort: tcp.sport };
	let ep = findEndpoint(net, ns, who);
	if (ep?.state === 'TIME_WAIT' && tcp.flags & TCP_SYN && !(tcp.flags & TCP_ACK) && before(ep.rcvNxt, tcp.seq)) {
		// tcp_timewait_state_process(): a new connection may take the place of the old one.
		dropEndpoint(net, ns, ep);
		ep = undefined;
	}
	if (ep) {
		segmentArrives(net, ns, ep, skb, tcp);
		return;
	}
	const listener = findListener(ns.sockets, IPPROTO_TCP, ip.dst, tcp.dport);
	if (listener && !(tcp.flags & (TCP_RST | TCP_ACK)) && tcp.flags & TCP_SYN) {
		openConnection(net, ns, skb, who, tcp, listener);
		return;
	}
	if (tcp.flags & TCP_RST) return;
	if (net.recorder)
		note(
			net,
			ns,
			skb,
			'socket',
			'miss',
			listener
				? { code: 'socket.unexpected', port: tcp.dport }
				: { code: 'socket.none', protocol: 'tcp', ip: formatIp(ip.dst), port: tcp.dport },
			{ table: 'sockets', key: `${formatIp(ip.dst)}:${tcp.dport}` },
		);
	sendReset(net, ns, skb);
};

/** tcp_rcv_state_process(), with the parts of tcp_validate_incoming() that a well-behaved network needs. */
const segmentArrives = (net: Network, ns: Namespace, ep: TcpEndpoint, skb: Skb, tcp: Tcp): void => {
	const mine = ep.client && !ep.listener ? ep.client : undefined;
	if (mine && mine.firstReply === undefined) mine.firstReply = skb.packet;
	const acks = (tcp.flags & TCP_ACK) !== 0;
	if (ep.state === 'SYN_SENT') {
		synSent(net, ns, ep, skb, tcp);
		return;
	}
	if (tcp.flags & TCP_RST) {
		// RFC 5961: only an exact hit ends the connection.
		if (tcp.seq === ep.rcvNxt) tcpAborted(net, ns, ep, ep.state === 'SYN_RECV' ? 'ECONNREFUSED' : 'ECONNRESET');
		return;
	}
	if (tcp.flags & TCP_SYN) {
		// A repeated SYN is answered again; any other in a connection gets a challenge (RFC 5961).
		const first = ep.unacked[0];
		if (ep.state === 'SYN_RECV' && first && (tcp.seq + 1) >>> 0 === ep.rcvNxt) resend(net, ns, ep);
		else sendAck(net, ns, ep);
		return;
	}
	if (!acks) return;
	if (ep.state === 'SYN_RECV') {
		if (tcp.ack !== ep.sndNxt) {
			sendReset(net, ns, skb);
			return;
		}
		ep.state = 'ESTABLISHED';
		serverAccepted(net, ns, ep, skb.packet);
	}
	if (tcp.timestamps && !before(tcp.timestamps.val, ep.tsRecent)) ep.tsRecent = tcp.timestamps.val;
	acknowledged(net, ns, ep, tcp);
	if (ep.state !== 'CLOSE') segmentData(net, ns, ep, tcp);
};

const resend = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	armTimer(net, ns, ep);
	const first = ep.unacked.shift()!;
	ep.sndNxt = first.seq;
	queueSegment(net, ns, ep, first.flags, first.data);
};

/** tcp_rcv_synsent_state_process(). */
const synSent = (net: Network, ns: Namespace, ep: TcpEndpoint, skb: Skb, tcp: Tcp): void => {
	const acks = (tcp.flags & TCP_ACK) !== 0;
	if (acks && tcp.ack !== ep.sndNxt) {
		sendReset(net, ns, skb);
		return;
	}
	if (tcp.flags & TCP_RST) {
		if (acks) tcpAborted(net, ns, ep, 'ECONNREFUSED');
		return;
	}
	if (!acks || !(tcp.flags & TCP_SYN)) return;
	const route = routeOutput(net, ns, { dst: ep.remoteIp, src: ep.localIp });
	takeOptions(ns, ep, tcp, route.mtu || 1500);
	// The window announced in the SYN counts from the first octet the peer sends.
	ep.rcvEdge = (ep.rcvEdge + ep.rcvNxt) >>> 0;
	ep.sndUna = tcp.ack;
	ep.unacked = [];
	ep.retries = 0;
	net.cancel(ep.timer);
	ep.timer = undefined;
	ep.state = 'ESTABLISHED';
	sendAck(net, ns, ep);
	clientConnected(net, ns, ep);
};

/** tcp_ack(): forgets what arrived, follows the window, walks the closing states. */
const acknowledged = (net: Network, ns: Namespace, ep: TcpEndpoint, tcp: Tcp): void => {
	if (before(ep.sndNxt, tcp.ack)) return;
	ep.sndWnd = tcp.window << ep.sndScale;
	if (before(ep.sndUna, tcp.ack)) {
		ep.sndUna = tcp.ack;
		ep.retries = 0;
		const waiting = ep.unacked.length;
		ep.unacked = ep.unacked.filter((s) => before(tcp.ack, endOf(s)));
		ep.cwnd += waiting - ep.unacked.length;
		armTimer(net, ns, ep);
	}
	if (ep.sndUna === ep.sndNxt) {
		if (ep.state === 'FIN_WAIT1') enterFinWait2(net, ep);
		else if (ep.state === 'CLOSING') enterTimeWait(net, ns, ep);
		else if (ep.state === 'LAST_ACK') {
			dropEndpoint(net, ns, ep);
			return;
		}
	}
	if (ep.sendBuffer.length > 0 || ep.finQueued) pushData(net, ns, ep);
};

const endOf = (s: { readonly seq: number; readonly flags: number; readonly data: Uint8Array }): number =>
	(s.seq + s.data.length + (s.flags & (TCP_SYN | TCP_FIN) ? 1 : 0)) >>> 0;

/** Data and FIN, in order only: what comes out of order is asked for again. */
const segmentData = (net: Network, ns: Namespace, ep: TcpEndpoint, tcp: Tcp): void => {
	const fin = (tcp.flags & TCP_FIN) !== 0;
	if (tcp.data.length === 0 && !fin) return;
	if (tcp.seq !== ep.rcvNxt || ep.state === 'TIME_WAIT') {
		sendAck(net, ns, ep);
		return;
	}
	if (tcp.data.length > 0) {
		ep.rcvNxt = (ep.rcvNxt + tcp.data.length) >>> 0;
		if (!fin) sendAck(net, ns, ep);
		dataArrived(net, ns, ep, tcp.data, (tcp.flags & TCP_PSH) !== 0 || fin);
	}
	if (!fin) return;
	ep.rcvNxt = (ep.rcvNxt + 1) >>> 0;
	if (ep.state === 'ESTABLISHED') {
		// The process closes at once, and its FIN carries the acknowledgement.
		ep.state = 'CLOSE_WAIT';
		peerClosed(net, ns, ep);
	} else if (ep.state === 'FIN_WAIT1') {
		ep.state = 'CLOSING';
		sendAck(net, ns, ep);
	} else if (ep.state === 'FIN_WAIT2') {
		sendAck(net, ns, ep);
		enterTimeWait(net, ns, ep);
	}
};

/** tcp_v4_err(): an ICMP error about a segment we sent. */
export const tcpIcmpError = (
	net: Network,
	ns: Namespace,
	skb: Skb,
	quoted: Ipv4,
	errno: Errno,
	fragNeeded: boolean,
): void => {
	if (quoted.payload.kind !== 'tcp') return;
	const { sport, dport, seq } = quoted.payload;
	const ep = findEndpoint(net, ns, { localIp: quoted.src, localPort: sport, remoteIp: quoted.dst, remotePort: dport });
	if (!ep || ep.state === 'TIME_WAIT' || before(seq, ep.sndUna) || before(ep.sndNxt, seq)) return;
	const mine = ep.client && !ep.listener ? ep.client : undefined;
	if (mine && mine.firstReply === undefined) mine.firstReply = skb.packet;
	if (net.recorder)
		note(net, ns, skb, 'socket', 'error', { code: 'socket.icmp-error', errno, from: formatIp((skb.net as Ipv4).src) });
	if (fragNeeded) {
		shrink(net, ns, ep, mssFor(ns.pathMtus.get(quoted.dst)?.mtu ?? 1500));
		return;
	}
	if (ep.state === 'SYN_SENT' || ep.state === 'SYN_RECV') tcpAborted(net, ns, ep, errno);
};

/** tcp_simple_retransmit() after a smaller path MTU: what was in flight is cut anew. */
const shrink = (net: Network, ns: Namespace, ep: TcpEndpoint, mss: number): void => {
	if (mss >= ep.mss || ep.state === 'SYN_SENT' || ep.state === 'SYN_RECV') return;
	ep.mss = mss;
	let octets: number[] = [];
	for (const segment of ep.unacked) {
		octets = octets.concat([...segment.data]);
		if (segment.flags & TCP_FIN) ep.finQueued = true;
	}
	ep.sendBuffer = Uint8Array.from([...octets, ...ep.sendBuffer]);
	ep.sndNxt = ep.sndUna;
	ep.unacked = [];
	net.cancel(ep.timer);
	ep.timer = undefined;
	pushData(net, ns, ep);
};
