/** Sockets of a namespace: what listens, what is connected, and how a packet finds its socket. */
import { IPPROTO_TCP, type Ip } from '../wire/index.ts';
import type { SocketView } from './netfilter/index.ts';
import type { TcpEndpoint } from './tcp-endpoint.ts';
import type { Errno, Namespace, Net } from './types.ts';

export interface Endpoint {
	readonly ip: Ip;
	readonly port: number;
}

/** What a program on a cgroup socket-address hook sees and may rewrite (struct bpf_sock_addr). */
export interface SockAddr {
	readonly net: Net;
	readonly ns: Namespace;
	readonly hook: 'connect4' | 'sendmsg4' | 'recvmsg4' | 'getpeername4' | 'post_bind4' | 'sock_release';
	readonly protocol: number;
	/** Socket cookie: unique in the namespace. */
	readonly cookie: number;
	/** Identity of the first packet, for records. */
	readonly packet: number;
	/**
	 * user_ip4 and user_port: the peer. connect4 and sendmsg4 say where to go, recvmsg4 and getpeername4 what the
	 * program is told. post_bind4: the socket's own address.
	 */
	ip: Ip;
	port: number;
}

/** A BPF program on cgroup/connect4 or one of its kin. `deny` gives EPERM, from Linux 5.18 a program may choose. */
export interface ConnectProgram {
	readonly name: string;
	readonly hook: SockAddr['hook'];
	run(address: SockAddr): 'allow' | 'deny' | { readonly errno: Errno };
}

/**
 * What a server answers to what it was sent. Undefined: nothing, it keeps the connection open and is silent.
 * Must depend on its arguments only: it is shared by every fork.
 */
export type Respond = (request: Uint8Array, peer: Endpoint, local: Endpoint) => Uint8Array | undefined;

/** A process that listens. Immutable: shared by forks. */
export interface Listener {
	readonly protocol: number;
	/** 0 for every address. */
	readonly ip: Ip;
	readonly port: number;
	readonly respond: Respond;
	/** Who answers, for outcomes and records: a pod's or a process's name. */
	readonly owner: string;
	/** Who closes a TCP connection first after the answer: the client as HTTP/1.1 has it, or the server. */
	readonly closes: 'client' | 'server';
	readonly transparent: boolean;
	/** What it says of its own to who said nothing yet; undefined for nothing. */
	readonly greets?: (peer: Endpoint) => Uint8Array | undefined;
	/** How long its last answer took, microseconds: it leaves that much later. */
	readonly took?: () => number;
	/** Whether it ends the connection behind that answer, whoever `closes` otherwise. */
	readonly ends?: () => boolean;
}

/** Where a connection ended up, seen from above: who accepted it and whom that process believes it talks to. */
export interface Accepted {
	readonly ns: string;
	readonly owner: string;
	/** Source address and port the server's accept() or recvfrom() gave. */
	readonly peer: Endpoint;
	readonly local: Endpoint;
	/** The server speaks first. */
	readonly greets?: true;
}

/** What a client's connection came to. */
export interface ClientOutcome {
	/** RST or ICMP 3/3 is refused; no answer is timeout; other errors (EPERM too) are unreachable. */
	readonly result: 'connected' | 'refused' | 'timeout' | 'unreachable';
	/** What connect(), send() or recv() gave; absent on success and when the program itself gave up. */
	readonly errno?: Errno;
	/** Octets the server answered with. */
	readonly reply: Uint8Array;
	/** When it was settled, microseconds. */
	readonly at: number;
}

/** A client as its caller holds it. Read it after `run`. */
export interface Client {
	readonly protocol: number;
	/** Local address and port, once chosen. */
	local: Endpoint | undefined;
	/** Where connect() was asked to go. */
	readonly asked: Endpoint;
	/** Where the socket goes: differs from `asked` when a cgroup program rewrote it. */
	remote: Endpoint;
	/** Of its socket, once there is one. */
	cookie?: number;
	/** Packet ids of the first packet sent and of the first packet that came back to the socket (an error too). */
	firstPacket: number;
	firstReply: number | undefined;
	accepted: Accepted | undefined;
	/** Of sendto(): who the answer came from, as recvfrom() told the program. */
	answeredBy?: Endpoint;
	/** Says nothing and listens whether the server does. */
	readonly hears?: true;
	/** Undefined while the connection goes on. */
	outcome: ClientOutcome | undefined;
}

/** A UDP socket of a client: connected, as `nc -u` has it; or not, then `local` and `remote` are 0 but for the port. */
export interface UdpSocket {
	readonly cookie: number;
	readonly local: Endpoint;
	readonly remote: Endpoint;
	/** Called with a datagram that came, or an error that ICMP reported. */
	readonly receive: (data: Uint8Array, packet: number, peer: Endpoint) => void;
	readonly fail: (errno: Errno, packet: number) => void;
}

/** A raw ICMP socket that waits for echo replies. */
export interface PingSocket {
	readonly id: number;
	readonly receive: (seq: number, from: Ip, ttl: number, packet: number) => void;
	readonly fail: (errno: Errno, from: Ip, packet: number) => void;
}

/** All sockets of a namespace. Keys of endpoints are `endpointKey`. */
export interface SocketTable {
	/** By protocol and port. */
	readonly listeners: Map<number, readonly Listener[]>;
	/** TCP, by local then remote. */
	readonly tcp: Map<number, Map<number, TcpEndpoint>>;
	/** Sockets in TIME_WAIT, oldest first. */
	timeWait: TcpEndpoint[];
	/** Connected UDP, by local then remote. */
	readonly udp: Map<number, Map<number, UdpSocket>>;
	readonly pings: Map<number, PingSocket>;
	nextCookie: number;
}

export const createSocketTable = (): SocketTable => ({
	listeners: new Map(),
	tcp: new Map(),
	timeWait: [],
	udp: new Map(),
	pings: new Map(),
	nextCookie: 1,
});

/** Listeners are shared, connections copied; clients' handles and half-done exchanges stay with the original. */
export const forkSocketTable = (from: SocketTable): SocketTable => {
	const table = createSocketTable();
	table.nextCookie = from.nextCookie;
	for (const [key, list] of from.listeners) table.listeners.set(key, list);
	const twins = new Map<TcpEndpoint, TcpEndpoint>();
	for (const [local, remotes] of from.tcp) {
		const copies = new Map<number, TcpEndpoint>();
		for (const [remote, endpoint] of remotes) {
			const twin = { ...endpoint, unacked: [...endpoint.unacked], timer: undefined };
			twins.set(endpoint, twin);
			copies.set(remote, twin);
		}
		table.tcp.set(local, copies);
	}
	for (const endpoint of from.timeWait) {
		const twin = twins.get(endpoint);
		if (twin) table.timeWait.push(twin);
	}
	return table;
};

/** One number for an address and a port. */
export const endpointKey = (ip: Ip, port: number): number => ip * 65536 + port;

const listenKey = (protocol: number, port: number): number => protocol * 65536 + port;

/** The listener for a destination: one bound to the address before one bound to all. */
export const findListener = (table: SocketTable, protocol: number, ip: Ip, port: number): Listener | undefined => {
	let any: Listener | undefined;
	for (const listener of table.listeners.get(listenKey(protocol, port)) ?? []) {
		if (listener.ip === ip) return listener;
		if (listener.ip === 0) any = listener;
	}
	return any;
};

/** Adds a listener; false when the address and port are taken (EADDRINUSE). */
export const addListener = (table: SocketTable, listener: Listener): boolean => {
	const key = listenKey(listener.protocol, listener.port);
	const list = table.listeners.get(key) ?? [];
	if (list.some((other) => other.ip === listener.ip || other.ip === 0 || listener.ip === 0)) return false;
	table.listeners.set(key, [...list, listener]);
	return true;
};

export const removeListener = (table: SocketTable, listener: Listener): void => {
	const key = listenKey(listener.protocol, listener.port);
	const rest = (table.listeners.get(key) ?? []).filter((other) => other !== listener);
	if (rest.length > 0) table.listeners.set(key, rest);
	else table.listeners.delete(key);
};

/** Whether any socket of the protocol is bound to the port on the address (or on all). */
const portTaken = (table: SocketTable, protocol: number, local: Ip, port: number, remoteKey: number): boolean => {
	for (const listener of table.listeners.get(listenKey(protocol, port)) ?? [])
		if (listener.ip === 0 || listener.ip === local) return true;
	const sockets: Map<number, Map<number, unknown>> = protocol === IPPROTO_TCP ? table.tcp : table.udp;
	const at = sockets.get(endpointKey(local, port));
	if (!at) return false;
	// UDP ports are bound before they are connected; TCP may share a port between destinations.
	return protocol === IPPROTO_TCP ? at.has(remoteKey) : at.size > 0;
};

/**
 * A free local port from ip_local_port_range, or undefined when all are taken. TCP tries the ports of the parity of
 * the range's start first (net/ipv4/inet_hashtables.c, __inet_hash_connect()).
 */
export const chooseLocalPort = (
	net: Net,
	ns: Namespace,
	protocol: number,
	local: Ip,
	remote: Endpoint,
): number | undefined => {
	const [low, high] = ns.sysctls.ip_local_port_range;
	const count = high - low + 1;
	const remoteKey = endpointKey(remote.ip, remote.port);
	const start = net.random('port', `${ns.name}/${protocol}/${remoteKey}`, count);
	const tcp = protocol === IPPROTO_TCP && count > 1;
	const offset = tcp ? start & ~1 : start;
	const step = tcp ? 2 : 1;
	for (let parity = 0; parity < step; parity++)
		for (let i = 0; i < count; i += step) {
			const port = low + ((offset + i) % count) + parity;
			if (port <= high && !portTaken(ns.sockets, protocol, local, port, remoteKey)) return port;
		}
	return undefined;
};

/** The socket that would take a packet, for xt_socket and TPROXY. */
export const lookupSocket = (
	ns: Namespace,
	flow: {
		readonly protocol: number;
		readonly src: Ip;
		readonly sport: number;
		readonly dst: Ip;
		readonly dport: number;
	},
): SocketView | undefined => {
	const table = ns.sockets;
	const connected: Map<number, Map<number, unknown>> = flow.protocol === IPPROTO_TCP ? table.tcp : table.udp;
	if (connected.get(endpointKey(flow.dst, flow.dport))?.has(endpointKey(flow.src, flow.sport)))
		return { wildcard: false, transparent: false, listening: false };
	const listener = findListener(table, flow.protocol, flow.dst, flow.dport);
	return listener && { wildcard: listener.ip === 0, transparent: listener.transparent, listening: true };
};
