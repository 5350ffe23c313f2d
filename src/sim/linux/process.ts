/** Processes that send: clients, ping. The door to sockets. */
import type { Ip } from '../wire/index.ts';
import { type LinuxError, linuxError } from './error.ts';
import type { Network } from './net.ts';
import { sendPing } from './ping.ts';
import type { Client } from './socket.ts';
import { tcpConnect } from './tcp-open.ts';
import { udpConnect } from './udp.ts';

const EMPTY = new Uint8Array(0);

export interface ConnectOptions {
	readonly protocol: 'tcp' | 'udp';
	readonly dst: Ip;
	readonly dport: number;
	/** bind() before connect(); the routing decides when absent. */
	readonly src?: Ip;
	/** From ip_local_port_range when absent. */
	readonly sport?: number;
	/**
	 * What the client sends; UDP sends one datagram of it. TCP without it connects and closes, as `nc -z` does.
	 */
	readonly data?: Uint8Array;
	/** TCP without `data`: it waits for what a server says that speaks first, as `nc` does. */
	readonly hears?: boolean;
	/** UDP: another datagram right behind `data`, whose answer is waited for too and not kept. */
	readonly also?: Uint8Array;
	/** The program gives up after this long, microseconds. TCP: 150 s, UDP: 2 s when absent. */
	readonly deadline?: number;
	/** SO_MARK. */
	readonly mark?: number;
}

/**
 * Starts a client in the namespace `ns` now. Its handle's `outcome` is there after `run`: TCP connects, sends
 * `data`, reads the answer and closes; UDP sends and waits for one datagram.
 */
export const connect = (net: Network, ns: string, options: ConnectOptions): Client | LinuxError => {
	const space = net.namespaces.get(ns);
	if (!space) return linuxError('ns.unknown', { ns });
	const data = options.data ?? EMPTY;
	return options.protocol === 'tcp'
		? tcpConnect(net, space, { ...options, data })
		: udpConnect(net, space, { ...options, data });
};

export interface PingOptions {
	readonly dst: Ip;
	readonly src?: Ip;
	/** Octets of payload; 56 when absent. */
	readonly size?: number;
	/** TTL; the sysctl's when absent. */
	readonly ttl?: number;
	/** IP_MTU_DISCOVER: may not be cut, is cut when it must be (`want`, when absent), or always may be. */
	readonly pmtu?: 'do' | 'want' | 'dont';
	/** What it carries instead of octets that count up: `size` of them. */
	readonly data?: Uint8Array;
	readonly tos?: number;
	/** SO_MARK and SO_BINDTODEVICE. */
	readonly mark?: number;
	readonly oif?: number;
	/** Identifier of the process; a new one when absent. */
	readonly id?: number;
	/** 1 when absent. */
	readonly seq?: number;
	/** Microseconds; 1 s when absent. */
	readonly deadline?: number;
}

/** What one echo request came to. Undefined fields: nothing came. */
export interface PingResult {
	readonly firstPacket: number;
	firstReply: number | undefined;
	/** TTL of the echo reply as it arrived. */
	ttl: number | undefined;
	/** Who answered: the target, or the router that reported an error. */
	from: Ip | undefined;
	result: 'answered' | 'error' | 'timeout' | undefined;
	errno: string | undefined;
	/** Of EMSGSIZE of this machine's own: what would have fitted. */
	mtu?: number;
}

/** Sends one ICMP echo request; the result is filled in by `run`. */
export const ping = (net: Network, ns: string, options: PingOptions): PingResult | LinuxError => {
	const space = net.namespaces.get(ns);
	if (!space) return linuxError('ns.unknown', { ns });
	return sendPing(net, space, options);
};
