/** TCP's sending side: segments, windows, timers (net/ipv4/tcp_output.c, tcp_timer.c). */
import { EMPTY, IPPROTO_TCP, TCP_ACK, TCP_FIN, TCP_PSH, TCP_SYN, type Tcp } from '../wire/index.ts';
import { sendLocal } from './ip-output.ts';
import { kernelAtLeast } from './namespace.ts';
import type { Network } from './net.ts';
import { routeOutput } from './routing.ts';
import { endpointKey } from './socket.ts';
import type { TcpEndpoint, Unacked } from './tcp-endpoint.ts';
import { tcpAborted } from './tcp-process.ts';
import type { Errno, Namespace } from './types.ts';

/** tcp_rmem[2], which the window scale must let us offer: 6 MB, and 32 MB from Linux 6.16 on. */
export const windowScale = (ns: Namespace): number => (kernelAtLeast(ns, 6, 16) ? 10 : 7);
/** Half of tcp_rmem[1]: what is offered at first. */
const INITIAL_SPACE = 65536;
/** Octets of the timestamps option, padded. */
const TIMESTAMPS = 12;
/** tcp_init_cwnd. */
export const INITIAL_CWND = 10;
/** TCP_TIMEOUT_INIT, TCP_RTO_MIN, TCP_RTO_MAX, microseconds. */
const RTO_INITIAL = 1_000_000;
const RTO_MIN = 200_000;
const RTO_MAX = 120_000_000;
/** tcp_orphan_retries, when the sysctl is 0. */
const ORPHAN_RETRIES = 8;
/** tcp_syn_linear_timeouts, kernels from 6.5 on. */
const LINEAR_TIMEOUTS = 4;
/** TCP_TIMEWAIT_LEN and tcp_fin_timeout, microseconds. */
const TIME_WAIT = 60_000_000;

/** Serial number arithmetic (RFC 1982): whether a is before b. */
export const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** Largest segment a device of this MTU lets us announce; the loopback device's is cut to what a header can say. */
export const mssFor = (mtu: number): number => Math.min(mtu - 40, 65495);

/** tcp_select_initial_window(): a whole number of segments. */
const initialWindow = (mss: number): number => Math.min(65535, Math.floor(INITIAL_SPACE / mss) * mss);

/** The window to announce now; never moves the edge we promised back. */
const currentWindow = (ep: TcpEndpoint): number => {
	let window = (ep.rcvEdge - ep.rcvNxt) >>> 0;
	if (window < INITIAL_SPACE / 2) window = INITIAL_SPACE;
	const scaled = Math.min(65535, Math.ceil(window / (1 << ep.rcvScale)));
	ep.rcvEdge = (ep.rcvNxt + (scaled << ep.rcvScale)) >>> 0;
	return scaled;
};

/** Builds one segment and gives it to IP. Answers what IP says. */
export const sendSegment = (
	net: Network,
	ns: Namespace,
	ep: TcpEndpoint,
	segment: Unacked,
	packet: number = net.nextPacketId(),
): Errno | undefined => {
	const route = routeOutput(net, ns, { dst: ep.remoteIp, src: ep.localIp, mark: ep.mark });
	const syn = (segment.flags & TCP_SYN) !== 0;
	const payload: Tcp = {
		kind: 'tcp',
		sport: ep.localPort,
		dport: ep.remotePort,
		seq: segment.seq,
		ack: segment.flags & TCP_ACK ? ep.rcvNxt : 0,
		flags: segment.flags,
		window: 0,
		data: segment.data,
	};
	if (syn) {
		const mss = mssFor(route.mtu || 1500);
		payload.mss = mss;
		const answer = (segment.flags & TCP_ACK) !== 0;
		payload.window = initialWindow(answer && ep.timestamps ? mss - TIMESTAMPS : mss);
		ep.rcvEdge = (ep.rcvNxt + payload.window) >>> 0;
		if (!answer || ep.rcvScale) payload.wscale = windowScale(ns);
		payload.sackOk = true;
	} else payload.window = currentWindow(ep);
	if (ep.timestamps)
		payload.timestamps = {
			val: (Math.floor(net.now / 1000) + ep.tsOffset) >>> 0,
			ecr: segment.flags & TCP_ACK ? ep.tsRecent : 0,
		};
	// A SYN-ACK is sent with identification 0 (ip_build_and_send_pkt()), all else counts up from inet_id.
	const id = syn && segment.flags & TCP_ACK ? 0 : ep.ipId;
	if (id !== 0 || !syn) ep.ipId = (ep.ipId + 1) & 0xffff;
	if (ep.client && ep.client.outcome === undefined) net.clients.set(packet, ep.client);
	return sendLocal(
		net,
		ns,
		{
			src: ep.localIp,
			dst: ep.remoteIp,
			protocol: IPPROTO_TCP,
			payload,
			df: true,
			id,
			mark: ep.mark,
			packet,
		},
		route,
	);
};

/** A bare acknowledgement. */
export const sendAck = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	sendSegment(net, ns, ep, { seq: ep.sndNxt, flags: TCP_ACK, data: EMPTY });
};

/** Sends what must be acknowledged, and keeps it until it is. */
export const queueSegment = (
	net: Network,
	ns: Namespace,
	ep: TcpEndpoint,
	flags: number,
	data: Uint8Array,
	packet?: number,
): Errno | undefined => {
	const segment: Unacked = { seq: ep.sndNxt, flags, data };
	ep.sndNxt = (ep.sndNxt + data.length + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0)) >>> 0;
	ep.unacked.push(segment);
	const errno = sendSegment(net, ns, ep, segment, packet);
	if (!ep.timer) armTimer(net, ns, ep);
	return errno;
};

/** tcp_write_xmit(): sends as much as both windows let, then a FIN that waits. */
export const pushData = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	const step = ep.mss - (ep.timestamps ? TIMESTAMPS : 0);
	while (ep.sendBuffer.length > 0 && ep.unacked.length < ep.cwnd) {
		const room = ep.sndWnd - ((ep.sndNxt - ep.sndUna) >>> 0);
		const length = Math.min(step, ep.sendBuffer.length, room);
		if (length <= 0) return;
		const data = ep.sendBuffer.subarray(0, length);
		ep.sendBuffer = ep.sendBuffer.subarray(length);
		queueSegment(net, ns, ep, ep.sendBuffer.length === 0 ? TCP_ACK | TCP_PSH : TCP_ACK, data);
	}
	if (ep.sendBuffer.length > 0 || !ep.finQueued) return;
	ep.finQueued = false;
	if (ep.state === 'ESTABLISHED') ep.state = 'FIN_WAIT1';
	else if (ep.state === 'CLOSE_WAIT') ep.state = 'LAST_ACK';
	queueSegment(net, ns, ep, TCP_FIN | TCP_ACK, EMPTY);
};

/** close(): what is buffered goes first. */
export const closeEndpoint = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	if (ep.state !== 'ESTABLISHED' && ep.state !== 'CLOSE_WAIT') return;
	ep.finQueued = true;
	pushData(net, ns, ep);
};

/** How long to wait for an answer after `retries` repetitions, and how many repetitions there may be. */
const patience = (ns: Namespace, ep: TcpEndpoint): { readonly wait: number; readonly limit: number } => {
	const n = ep.retries;
	if (ep.state === 'SYN_SENT') {
		const linear = kernelAtLeast(ns, 6, 5) ? LINEAR_TIMEOUTS : 0;
		return {
			wait: Math.min(RTO_MAX, RTO_INITIAL * 2 ** Math.max(0, n - linear)),
			limit: ns.sysctls.tcp_syn_retries + linear,
		};
	}
	if (ep.state === 'SYN_RECV')
		return { wait: Math.min(RTO_MAX, RTO_INITIAL * 2 ** n), limit: ns.sysctls.tcp_synack_retries };
	const orphan = ep.state === 'FIN_WAIT1' || ep.state === 'CLOSING' || ep.state === 'LAST_ACK';
	return { wait: Math.min(RTO_MAX, RTO_MIN * 2 ** n), limit: orphan ? ORPHAN_RETRIES : ns.sysctls.tcp_retries2 };
};

/** Starts the retransmission timer for the first segment that waits for an answer. */
export const armTimer = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	net.cancel(ep.timer);
	ep.timer = undefined;
	if (ep.unacked.length === 0) return;
	const { wait, limit } = patience(ns, ep);
	ep.timer = net.schedule(net.now + wait, () => {
		ep.timer = undefined;
		const first = ep.unacked[0];
		if (!first) return;
		if (ep.retries >= limit) {
			tcpAborted(net, ns, ep, 'ETIMEDOUT');
			return;
		}
		ep.retries++;
		armTimer(net, ns, ep);
		sendSegment(net, ns, ep, first);
	});
};

/** The endpoint is forgotten: nothing finds it any more, no timer holds it. */
export const dropEndpoint = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	net.cancel(ep.timer);
	ep.timer = undefined;
	ep.unacked = [];
	ep.state = 'CLOSE';
	const local = endpointKey(ep.localIp, ep.localPort);
	const remotes = ns.sockets.tcp.get(local);
	if (remotes?.get(endpointKey(ep.remoteIp, ep.remotePort)) !== ep) return;
	remotes.delete(endpointKey(ep.remoteIp, ep.remotePort));
	if (remotes.size === 0) ns.sockets.tcp.delete(local);
};

/** TIME_WAIT is a date, not an event: expired ones go when others come, or when a packet asks. */
export const enterTimeWait = (net: Network, ns: Namespace, ep: TcpEndpoint): void => {
	net.cancel(ep.timer);
	ep.timer = undefined;
	ep.unacked = [];
	ep.state = 'TIME_WAIT';
	ep.expires = net.now + TIME_WAIT;
	const { timeWait } = ns.sockets;
	timeWait.push(ep);
	let expired = 0;
	while (expired < timeWait.length && timeWait[expired]!.expires <= net.now) expired++;
	if (expired > 0)
		for (const old of timeWait.splice(0, expired)) if (old.state === 'TIME_WAIT') dropEndpoint(net, ns, old);
};

/** FIN_WAIT2 without anybody who reads ends after tcp_fin_timeout, checked on read like TIME_WAIT. */
export const enterFinWait2 = (net: Network, ep: TcpEndpoint): void => {
	ep.state = 'FIN_WAIT2';
	ep.expires = net.now + TIME_WAIT;
};
