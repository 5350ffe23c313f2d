/**
 * sendto() and recvfrom() on a UDP socket that is never connected, as musl's resolver has it. The kernel asks the
 * programs on cgroup/sendmsg4 and recvmsg4 each time (net/ipv4/udp.c udp_sendmsg(), udp_recvmsg()), those on connect4
 * never.
 */
import { IPPROTO_UDP } from '../wire/index.ts';
import { runSockPrograms } from './cgroup.ts';
import { openClient } from './client.ts';
import { type LinuxError, linuxError } from './error.ts';
import type { Network } from './net.ts';
import type { ConnectOptions } from './process.ts';
import { type Client, chooseLocalPort, type UdpSocket } from './socket.ts';
import { resultOf, settle } from './tcp-process.ts';
import type { Errno } from './types.ts';
import { addSocket, DEFAULT_DEADLINE, removeSocket, sendDatagram } from './udp.ts';

export interface SendToOptions extends Omit<ConnectOptions, 'protocol' | 'src'> {
	readonly data: Uint8Array;
}

/**
 * Sends one datagram now and waits for one answer from the address that was asked: any other sender is ignored, as
 * resolvers do. The handle's `outcome` and `answeredBy` are there after `run`. Errors that ICMP brings reach connected
 * sockets only.
 */
export const sendTo = (net: Network, nsName: string, options: SendToOptions): Client | LinuxError => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const { client, asked, packet } = openClient(net, ns, IPPROTO_UDP, options);
	const fail = (errno: Errno): Client => {
		settle(net, ns, client, resultOf(errno), errno);
		return client;
	};
	const any = { ip: 0, port: 0 };
	const port = options.sport ?? chooseLocalPort(net, ns, IPPROTO_UDP, 0, any);
	if (port === undefined) return fail('EADDRNOTAVAIL');
	const cookie = ns.sockets.nextCookie++;
	const told = runSockPrograms(net, ns, 'sendmsg4', IPPROTO_UDP, packet, asked, cookie);
	if (typeof told === 'string') return fail(told);
	const local = { ip: 0, port };
	client.local = local;
	client.remote = told;
	const done = (result: () => void): void => {
		removeSocket(ns, socket);
		result();
	};
	const socket: UdpSocket = {
		cookie,
		local,
		remote: any,
		receive: (data, reply, peer) => {
			const from = runSockPrograms(net, ns, 'recvmsg4', IPPROTO_UDP, reply, peer, cookie);
			if (typeof from === 'string' || from.ip !== asked.ip || from.port !== asked.port) return;
			client.firstReply ??= reply;
			client.answeredBy = from;
			done(() => settle(net, ns, client, 'connected', undefined, data));
		},
		fail: () => {},
	};
	addSocket(ns, socket);
	net.deadlines.set(
		client,
		net.schedule(net.now + (options.deadline ?? DEFAULT_DEADLINE), () =>
			done(() => settle(net, ns, client, 'timeout', undefined)),
		),
	);
	net.clients.set(packet, client);
	const errno = sendDatagram(net, ns, local, told, options.data, packet, options.mark ?? 0);
	if (errno) done(() => settle(net, ns, client, resultOf(errno), errno));
	return client;
};
