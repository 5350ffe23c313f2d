/** How a TCP connection begins, at either end: connect(), a SYN, and the endpoint they make. */
import { EMPTY, IPPROTO_TCP, type Ip, TCP_ACK, TCP_SYN, type Tcp } from '../wire/index.ts';
import { runConnectPrograms } from './cgroup.ts';
import { openClient } from './client.ts';
import type { Network } from './net.ts';
import { hashText } from './random.ts';
import { castOf, destinationOf, routeOutput } from './routing.ts';
import { type Client, chooseLocalPort, endpointKey, type Listener } from './socket.ts';
import type { TcpEndpoint } from './tcp-endpoint.ts';
import { dropEndpoint, INITIAL_CWND, mssFor, queueSegment, windowScale } from './tcp-output.ts';
import { gaveUp, resultOf, settle } from './tcp-process.ts';
import type { Errno, Namespace, Skb } from './types.ts';

/** How long a client waits when it is not told, microseconds: longer than the kernel itself tries. */
const DEFAULT_DEADLINE = 150_000_000;

/** The two ends of a connection, seen from here. */
export interface Identity {
	readonly localIp: Ip;
	readonly localPort: number;
	readonly remoteIp: Ip;
	readonly remotePort: number;
}

/** A new endpoint; its numbers depend on the seed, who talks to whom, and when (net/core/secure_seq.c). */
const createEndpoint = (
	net: Network,
	ns: Namespace,
	who: Identity,
	more: Pick<TcpEndpoint, 'listener' | 'client' | 'request' | 'mark'> & { readonly state: TcpEndpoint['state'] },
): TcpEndpoint => {
	const tuple = `${ns.name}/${who.localIp}:${who.localPort}/${who.remoteIp}:${who.remotePort}`;
	const isn = (hashText(net.seed ^ 0x15e, tuple) + Math.floor(net.now / 64) * 1000) >>> 0;
	const endpoint: TcpEndpoint = {
		cookie: ns.sockets.nextCookie++,
		...who,
		sndUna: isn,
		sndNxt: isn,
		sndWnd: 0,
		sndScale: 0,
		rcvNxt: 0,
		rcvEdge: 0,
		rcvScale: 0,
		mss: 536,
		timestamps: true,
		tsOffset: hashText(net.seed ^ 0x75, `${ns.name}/${who.localIp}/${who.remoteIp}`),
		tsRecent: 0,
		ipId: hashText(net.seed ^ 0x1d, tuple) & 0xffff,
		sendBuffer: EMPTY,
		cwnd: INITIAL_CWND,
		finQueued: false,
		unacked: [],
		retries: 0,
		timer: undefined,
		received: EMPTY,
		expires: 0,
		...more,
	};
	const local = endpointKey(who.localIp, who.localPort);
	let remotes = ns.sockets.tcp.get(local);
	if (!remotes) {
		remotes = new Map();
		ns.sockets.tcp.set(local, remotes);
	}
	remotes.set(endpointKey(who.remoteIp, who.remotePort), endpoint);
	return endpoint;
};

/** The live endpoint of a connection; one whose time is over is forgotten on the way. */
export const findEndpoint = (net: Network, ns: Namespace, who: Identity): TcpEndpoint | undefined => {
	const endpoint = ns.sockets.tcp
		.get(endpointKey(who.localIp, who.localPort))
		?.get(endpointKey(who.remoteIp, who.remotePort));
	if (endpoint && endpoint.expires !== 0 && endpoint.expires <= net.now) {
		dropEndpoint(net, ns, endpoint);
		return undefined;
	}
	return endpoint;
};

/** What `connect` (process.ts) asks for. */
export interface TcpConnectOptions {
	readonly dst: Ip;
	readonly dport: number;
	readonly src?: Ip;
	readonly sport?: number;
	readonly data: Uint8Array;
	/** Of UDP. */
	readonly also?: Uint8Array;
	readonly deadline?: number;
	readonly mark?: number;
	/** Without `data`: waits for a server that speaks first. */
	readonly hears?: boolean;
}

/** connect(): cgroup programs, the route, a port, a SYN. */
export const tcpConnect = (net: Network, ns: Namespace, options: TcpConnectOptions): Client => {
	const { client, asked, packet } = openClient(net, ns, IPPROTO_TCP, options);
	const told = runConnectPrograms(net, ns, IPPROTO_TCP, packet, asked);
	const fail = (errno: Errno): Client => {
		settle(net, ns, client, resultOf(errno), errno);
		return client;
	};
	if (typeof told === 'string') return fail(told);
	const remote = told.ip === 0 ? { ...told, ip: destinationOf(0, options.src ?? 0) } : told;
	client.remote = remote;
	const route = routeOutput(net, ns, { dst: remote.ip, src: options.src ?? 0, mark: options.mark });
	if (route.type === 'error') return fail(route.error === 'EINVAL' && options.src ? 'EADDRNOTAVAIL' : route.error!);
	// tcp_v4_connect(): a connection has one other end.
	if (castOf(route, remote.ip) !== 'unicast') return fail('ENETUNREACH');
	const localIp = options.src || route.src;
	const localPort = options.sport ?? chooseLocalPort(net, ns, IPPROTO_TCP, localIp, remote);
	if (localPort === undefined) return fail('EADDRNOTAVAIL');
	const who = { localIp, localPort, remoteIp: remote.ip, remotePort: remote.port };
	const busy = findEndpoint(net, ns, who);
	if (busy && busy.state !== 'TIME_WAIT') return fail('EADDRNOTAVAIL');
	client.local = { ip: localIp, port: localPort };
	const ep = createEndpoint(net, ns, who, {
		state: 'SYN_SENT',
		client,
		request: options.data,
		mark: options.mark ?? 0,
	});
	net.deadlines.set(
		client,
		net.schedule(net.now + (options.deadline ?? DEFAULT_DEADLINE), () => gaveUp(net, ns, ep)),
	);
	client.cookie = ep.cookie;
	// What OUTPUT says to a SYN does not end connect(): the kernel tries again (tcp_connect()).
	queueSegment(net, ns, ep, TCP_SYN, EMPTY, packet);
	return client;
};

/** What a SYN or SYN-ACK tells about the peer. */
export const takeOptions = (ns: Namespace, ep: TcpEndpoint, tcp: Tcp, mtu: number): void => {
	ep.mss = Math.min(tcp.mss ?? 536, mssFor(mtu));
	ep.timestamps = tcp.timestamps !== undefined;
	ep.tsRecent = tcp.timestamps?.val ?? 0;
	ep.rcvScale = tcp.wscale === undefined ? 0 : windowScale(ns);
	ep.sndScale = tcp.wscale ?? 0;
	// The window of a segment with SYN is never scaled (RFC 7323, 2.2).
	ep.sndWnd = tcp.window;
	ep.rcvNxt = (tcp.seq + 1) >>> 0;
};

/** A SYN for a listener: tcp_conn_request(). */
export const openConnection = (
	net: Network,
	ns: Namespace,
	skb: Skb,
	who: Identity,
	tcp: Tcp,
	listener: Listener,
): void => {
	const ep = createEndpoint(net, ns, who, {
		state: 'SYN_RECV',
		listener,
		client: net.clients.get(skb.packet),
		mark: 0,
	});
	const route = routeOutput(net, ns, { dst: who.remoteIp, src: who.localIp });
	takeOptions(ns, ep, tcp, route.mtu || 1500);
	queueSegment(net, ns, ep, TCP_SYN | TCP_ACK, EMPTY);
};
