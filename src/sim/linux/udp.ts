/** UDP (RFC 768) as net/ipv4/udp.c has it: datagrams, connected sockets, and the errors ICMP brings them. */
import { formatIp, ICMP_PORT_UNREACH, ICMP_UNREACHABLE, IPPROTO_UDP, type Ipv4 } from '../wire/index.ts';
import { runClientPrograms, runConnectPrograms } from './cgroup.ts';
import { openClient } from './client.ts';
import { sendIcmpError } from './icmp.ts';
import { sendLocal } from './ip-output.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import { castOf, destinationOf, routeOutput } from './routing.ts';
import { type Client, chooseLocalPort, type Endpoint, endpointKey, findListener, type UdpSocket } from './socket.ts';
import type { TcpConnectOptions } from './tcp-open.ts';
import { resultOf, settle } from './tcp-process.ts';
import type { Errno, Namespace, Skb } from './types.ts';

/** How long a client waits for a datagram when it is not told, microseconds. */
export const DEFAULT_DEADLINE = 2_000_000;
/** Time a woken process takes to run, microseconds. */
const WAKE_UP = 50;

export const removeSocket = (ns: Namespace, socket: UdpSocket): void => {
	const local = endpointKey(socket.local.ip, socket.local.port);
	const remotes = ns.sockets.udp.get(local);
	remotes?.delete(endpointKey(socket.remote.ip, socket.remote.port));
	if (remotes?.size === 0) ns.sockets.udp.delete(local);
};

export const addSocket = (ns: Namespace, socket: UdpSocket): void => {
	const local = endpointKey(socket.local.ip, socket.local.port);
	let remotes = ns.sockets.udp.get(local);
	if (!remotes) {
		remotes = new Map();
		ns.sockets.udp.set(local, remotes);
	}
	remotes.set(endpointKey(socket.remote.ip, socket.remote.port), socket);
};

/** sendmsg(): one datagram. DF is set when it fits the path (IP_PMTUDISC_WANT); else it is cut. */
export const sendDatagram = (
	net: Network,
	ns: Namespace,
	local: Endpoint,
	remote: Endpoint,
	data: Uint8Array,
	packet: number,
	mark: number,
): Errno | undefined => {
	const route = routeOutput(net, ns, { dst: remote.ip, src: local.ip, mark });
	const length = data.length + 28;
	return sendLocal(
		net,
		ns,
		{
			src: route.type === 'error' ? local.ip : route.src,
			dst: remote.ip,
			protocol: IPPROTO_UDP,
			payload: { kind: 'udp', sport: local.port, dport: remote.port, data },
			df: length <= route.mtu,
			// IP_MULTICAST_TTL is 1 unless somebody sets it.
			ttl: castOf(route, remote.ip) === 'multicast' ? 1 : undefined,
			packet,
			mark,
		},
		route,
	);
};

/** connect(), send(), recv() of a client that waits for one answer. */
export const udpConnect = (net: Network, ns: Namespace, options: TcpConnectOptions): Client => {
	const { client, asked, packet } = openClient(net, ns, IPPROTO_UDP, options);
	const fail = (errno: Errno): Client => {
		settle(net, ns, client, resultOf(errno), errno);
		return client;
	};
	const told = runConnectPrograms(net, ns, IPPROTO_UDP, packet, asked);
	if (typeof told === 'string') return fail(told);
	const remote = told.ip === 0 ? { ...told, ip: destinationOf(0, options.src ?? 0) } : told;
	client.remote = remote;
	const mark = options.mark ?? 0;
	const route = routeOutput(net, ns, { dst: remote.ip, src: options.src ?? 0, mark });
	if (route.type === 'error') return fail(route.error === 'EINVAL' && options.src ? 'EADDRNOTAVAIL' : route.error!);
	// __ip4_datagram_connect(): nobody set SO_BROADCAST.
	if (castOf(route, remote.ip) === 'broadcast') return fail('EACCES');
	const ip = options.src || route.src;
	const port = options.sport ?? chooseLocalPort(net, ns, IPPROTO_UDP, ip, remote);
	if (port === undefined) return fail('EADDRNOTAVAIL');
	const local = { ip, port };
	client.local = local;
	const done = (result: () => void): void => {
		if (client.outcome) return;
		removeSocket(ns, socket);
		result();
	};
	let first: Uint8Array | undefined;
	let awaited = options.also ? 2 : 1;
	const socket: UdpSocket = {
		cookie: ns.sockets.nextCookie++,
		local,
		remote,
		receive: (data, reply) => {
			client.firstReply ??= reply;
			runClientPrograms(net, ns, 'recvmsg4', client);
			first ??= data;
			if (--awaited === 0) done(() => settle(net, ns, client, 'connected', undefined, first));
		},
		fail: (errno, reply) => {
			client.firstReply ??= reply;
			done(() => settle(net, ns, client, resultOf(errno), errno));
		},
	};
	client.cookie = socket.cookie;
	addSocket(ns, socket);
	net.deadlines.set(
		client,
		net.schedule(net.now + (options.deadline ?? DEFAULT_DEADLINE), () =>
			done(() => settle(net, ns, client, 'timeout', undefined)),
		),
	);
	net.clients.set(packet, client);
	const errno = sendDatagram(net, ns, local, remote, options.data, packet, mark);
	if (errno) done(() => settle(net, ns, client, resultOf(errno), errno));
	else if (options.also) sendDatagram(net, ns, local, remote, options.also, net.nextPacketId(), mark);
	return client;
};

/** udp_rcv(): a connected socket, then a listener; nobody is "port unreachable". */
export const udpReceive = (net: Network, ns: Namespace, skb: Skb): void => {
	const ip = skb.net as Ipv4;
	if (ip.payload.kind !== 'udp') return;
	const { sport, dport, data } = ip.payload;
	for (const device of ns.devices.values())
		if (device.tunnel?.port === dport && device.up) {
			device.tunnel.receive(net, ns, device, skb, ip.payload);
			return;
		}
	const { udp } = ns.sockets;
	const connected =
		udp.get(endpointKey(ip.dst, dport))?.get(endpointKey(ip.src, sport)) ?? udp.get(endpointKey(0, dport))?.get(0);
	if (connected) {
		if (net.recorder)
			note(
				net,
				ns,
				skb,
				'socket',
				'deliver',
				{ code: 'socket.answered', peer: `${formatIp(ip.src)}:${sport}` },
				{
					table: 'sockets',
				},
			);
		connected.receive(data, skb.packet, { ip: ip.src, port: sport });
		return;
	}
	const listener = findListener(ns.sockets, IPPROTO_UDP, ip.dst, dport);
	if (!listener) {
		if (net.recorder)
			note(
				net,
				ns,
				skb,
				'socket',
				'miss',
				{ code: 'socket.none', protocol: 'udp', ip: formatIp(ip.dst), port: dport },
				{
					table: 'sockets',
					key: `${formatIp(ip.dst)}:${dport}`,
				},
			);
		// __udp4_lib_rcv() forgets the connection first (nf_reset_ct): the error finds it again by what it quotes.
		skb.ct = undefined;
		sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_PORT_UNREACH);
		return;
	}
	const peer = { ip: ip.src, port: sport };
	const local = { ip: ip.dst, port: dport };
	const client = net.clients.get(skb.packet);
	if (client) client.accepted = { ns: ns.name, owner: listener.owner, peer, local };
	if (net.recorder)
		note(
			net,
			ns,
			skb,
			'socket',
			'deliver',
			{
				code: 'socket.accepted',
				owner: listener.owner,
				peer: `${formatIp(peer.ip)}:${peer.port}`,
				port: dport,
			},
			{ table: 'sockets' },
		);
	net.schedule(net.now + WAKE_UP, () => {
		const answer = listener.respond(data, peer, local);
		// A server bound to every address lets routing choose the source, as any that does not use IP_PKTINFO.
		if (answer === undefined) return;
		const send = (): unknown =>
			sendDatagram(net, ns, { ip: listener.ip, port: dport }, peer, answer, net.nextPacketId(), 0);
		if (listener.took) net.schedule(net.now + listener.took(), send);
		else send();
	});
};

/**
 * __udp4_lib_err(): only a connected socket hears of it, as one with IP_RECVERR does (the resolver's, ping's). 3/4 is
 * EMSGSIZE for every socket that does not forbid path MTU discovery.
 */
export const udpIcmpError = (net: Network, ns: Namespace, skb: Skb, quoted: Ipv4, errno: Errno): void => {
	if (quoted.payload.kind !== 'udp') return;
	const { sport, dport } = quoted.payload;
	const socket = ns.sockets.udp.get(endpointKey(quoted.src, sport))?.get(endpointKey(quoted.dst, dport));
	if (!socket) return;
	if (net.recorder)
		note(net, ns, skb, 'socket', 'error', { code: 'socket.icmp-error', errno, from: formatIp((skb.net as Ipv4).src) });
	socket.fail(errno, skb.packet);
};
