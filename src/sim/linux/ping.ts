/** ping: one raw socket, one echo request. */
import { formatIp, ICMP_ECHO, type Icmp, IPPROTO_ICMP, type Ip, type Ipv4 } from '../wire/index.ts';
import { sendLocal } from './ip-output.ts';
import type { Network } from './net.ts';
import type { PingOptions, PingResult } from './process.ts';
import { note } from './records.ts';
import { routeOutput } from './routing.ts';
import type { Errno, Namespace, Skb } from './types.ts';

/** The payload of iputils' ping: octets that count up. */
const payload = (size: number): Uint8Array => {
	const data = new Uint8Array(size);
	for (let i = 0; i < size; i++) data[i] = i & 0xff;
	return data;
};

/** See `ping` (process.ts). */
export const sendPing = (net: Network, ns: Namespace, options: PingOptions): PingResult => {
	const packet = net.nextPacketId();
	const result: PingResult = {
		firstPacket: packet,
		firstReply: undefined,
		ttl: undefined,
		from: undefined,
		result: undefined,
		errno: undefined,
	};
	const id = options.id ?? (ns.sockets.nextCookie++ + 0x1000) & 0xffff;
	const timer = net.schedule(net.now + (options.deadline ?? 1_000_000), () => finish('timeout'));
	const finish = (how: NonNullable<PingResult['result']>): void => {
		if (result.result !== undefined) return;
		result.result = how;
		ns.sockets.pings.delete(id);
		net.cancel(timer);
	};
	ns.sockets.pings.set(id, {
		id,
		receive: (_seq, from, ttl, reply) => {
			result.firstReply = reply;
			result.from = from;
			result.ttl = ttl;
			finish('answered');
		},
		fail: (errno, from, reply) => {
			result.firstReply = reply;
			result.from = from;
			result.errno = errno;
			finish('error');
		},
	});
	const { pmtu, mark, oif, size = 56 } = options;
	const route = routeOutput(net, ns, { dst: options.dst, src: options.src, mark, oif });
	const fits = size + 28 <= route.mtu;
	// __ip_append_data(): what may not be cut and does not fit never becomes a packet.
	const tooLong = !fits && (pmtu === 'do' || size > 65507);
	if (tooLong) result.mtu = route.mtu;
	const errno =
		route.type === 'error'
			? route.error
			: tooLong
				? 'EMSGSIZE'
				: sendLocal(
						net,
						ns,
						{
							src: route.src,
							dst: options.dst,
							protocol: IPPROTO_ICMP,
							payload: {
								kind: 'icmp',
								type: ICMP_ECHO,
								code: 0,
								id,
								seq: options.seq ?? 1,
								data: options.data ?? payload(size),
							},
							df: fits && pmtu !== 'dont',
							tos: options.tos,
							mark,
							ttl: options.ttl,
							packet,
						},
						route,
					);
	if (errno) {
		result.errno = errno;
		finish('error');
	}
	return result;
};

/** An echo reply came to this machine. */
export const pingReply = (net: Network, ns: Namespace, skb: Skb, ip: Ipv4, icmp: Icmp): void => {
	const socket = ns.sockets.pings.get(icmp.id ?? 0);
	if (net.recorder)
		note(net, ns, skb, 'socket', socket ? 'deliver' : 'drop', { code: 'socket.ping', from: formatIp(ip.src) });
	socket?.receive(icmp.seq ?? 0, ip.src, ip.ttl, skb.packet);
};

/** An ICMP error came about an echo request. */
export const pingError = (net: Network, ns: Namespace, skb: Skb, quoted: Ipv4, errno: Errno): void => {
	const id = quoted.payload.kind === 'icmp' ? quoted.payload.id : undefined;
	const from: Ip = skb.net.kind === 'ipv4' ? skb.net.src : 0;
	const socket = ns.sockets.pings.get(id ?? 0);
	if (net.recorder && socket)
		note(net, ns, skb, 'socket', 'error', { code: 'socket.icmp-error', errno, from: formatIp(from) });
	socket?.fail(errno, from, skb.packet);
};
