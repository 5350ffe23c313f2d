/** ICMP (RFC 792) as net/ipv4/icmp.c has it. The rate limit of errors is not modelled. */
import {
	cloneIpv4,
	EMPTY,
	formatIp,
	ICMP_ECHO,
	ICMP_ECHO_REPLY,
	ICMP_FRAG_NEEDED,
	ICMP_TIME_EXCEEDED,
	ICMP_UNREACHABLE,
	type Icmp,
	IPPROTO_ICMP,
	IPPROTO_TCP,
	IPPROTO_UDP,
	type Ipv4,
	isIcmpError,
} from '../wire/index.ts';
import { sendLocal } from './ip-output.ts';
import type { Network } from './net.ts';
import { relatedTo } from './netfilter/index.ts';
import { pingError, pingReply } from './ping.ts';
import { note } from './records.ts';
import { routeOutput } from './routing.ts';
import { isMulticast, isZeronet, LIMITED_BROADCAST } from './source.ts';
import { tcpIcmpError } from './tcp.ts';
import type { Errno, Namespace, Skb } from './types.ts';
import { udpIcmpError } from './udp.ts';

/** IPTOS_PREC_INTERNETCONTROL: errors go out with it. */
const TOS_INTERNETCONTROL = 0xc0;
/** Path MTUs learned are believed for ten minutes (ip_rt_mtu_expires). */
const PMTU_EXPIRES = 600_000_000;
/** ip_rt_min_pmtu. */
const MIN_PMTU = 552;

/** icmp_err_convert[] (net/ipv4/icmp.c): what a code of type 3 means to a socket, and whether it ends a connection. */
const UNREACHABLE_ERRNO: readonly Errno[] = [
	'ENETUNREACH',
	'EHOSTUNREACH',
	'ENOPROTOOPT',
	'ECONNREFUSED',
	'EMSGSIZE',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EHOSTUNREACH',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EHOSTUNREACH',
	'EHOSTUNREACH',
	'EHOSTUNREACH',
	'EHOSTUNREACH',
];

/**
 * icmp_send(): an error about `skb` to whoever sent it. Never about an ICMP error, a fragment but the first, or a
 * packet that was not for this machine alone. The source is the address the packet was sent to when that is ours,
 * else what routing chooses for the way back.
 */
export const sendIcmpError = (
	net: Network,
	ns: Namespace,
	skb: Skb,
	type: number,
	code: number,
	mtu?: number,
): void => {
	const ip = skb.net;
	if (ip.kind !== 'ipv4' || skb.type !== 'host' || ip.offset !== 0) return;
	if (skb.dst?.type === 'broadcast' || isMulticast(ip.dst) || ip.dst === LIMITED_BROADCAST) return;
	if (ip.payload.kind === 'icmp' && isIcmpError(ip.payload)) return;
	if (isZeronet(ip.src) || isMulticast(ip.src)) return;
	const src = skb.dst?.type === 'local' ? ip.dst : 0;
	const route = routeOutput(net, ns, { dst: ip.src, src, anySource: true });
	const payload: Icmp = { kind: 'icmp', type, code, data: EMPTY, quoted: cloneIpv4(ip) };
	if (mtu !== undefined) payload.mtu = mtu;
	const packet = net.nextPacketId();
	if (net.recorder)
		note(net, ns, skb, skb.iif === 0 ? 'OUTPUT' : skb.dst?.type === 'local' ? 'INPUT' : 'FORWARD', 'error', {
			code: 'icmp.sent',
			type,
			icmpCode: code,
			to: formatIp(ip.src),
			from: formatIp(route.src),
			packet,
		});
	sendLocal(
		net,
		ns,
		{
			src: route.src,
			dst: ip.src,
			protocol: IPPROTO_ICMP,
			payload,
			df: false,
			tos: (ip.tos & 0x1e) | TOS_INTERNETCONTROL,
			packet,
			ct: relatedTo(skb),
		},
		route,
	);
};

/** icmp_reply(): the echo, from the address that was asked. */
const echo = (net: Network, ns: Namespace, skb: Skb, ip: Ipv4, icmp: Icmp): void => {
	const broadcast = skb.dst?.type === 'broadcast';
	// icmp_echo_ignore_broadcasts is 1.
	if (broadcast || ns.sysctls.icmp_echo_ignore_all) return;
	const route = routeOutput(net, ns, { dst: ip.src, src: ip.dst, anySource: true });
	if (net.recorder)
		note(net, ns, skb, 'socket', 'accept', { code: 'icmp.echoed', from: formatIp(ip.dst), to: formatIp(ip.src) });
	sendLocal(
		net,
		ns,
		{
			src: ip.dst,
			dst: ip.src,
			protocol: IPPROTO_ICMP,
			payload: { kind: 'icmp', type: ICMP_ECHO_REPLY, code: 0, id: icmp.id, seq: icmp.seq, data: icmp.data },
			df: false,
			tos: ip.tos,
		},
		route,
	);
};

/** icmp_unreach(): tells the socket whose packet is quoted. */
const report = (net: Network, ns: Namespace, skb: Skb, icmp: Icmp): void => {
	const quoted = icmp.quoted;
	if (!quoted) return;
	const fragNeeded = icmp.type === ICMP_UNREACHABLE && icmp.code === ICMP_FRAG_NEEDED;
	if (fragNeeded) {
		const mtu = Math.max(icmp.mtu ?? 0, MIN_PMTU);
		ns.pathMtus.set(quoted.dst, { mtu, expires: net.now + PMTU_EXPIRES });
		if (net.recorder)
			note(net, ns, skb, 'socket', 'create', { code: 'icmp.pmtu', ip: formatIp(quoted.dst), mtu }, { table: 'fib' });
	}
	const errno: Errno =
		icmp.type === ICMP_UNREACHABLE ? (UNREACHABLE_ERRNO[icmp.code] ?? 'EHOSTUNREACH') : 'EHOSTUNREACH';
	switch (quoted.protocol) {
		case IPPROTO_TCP:
			tcpIcmpError(net, ns, skb, quoted, errno, fragNeeded);
			return;
		case IPPROTO_UDP:
			udpIcmpError(net, ns, skb, quoted, errno);
			return;
		case IPPROTO_ICMP:
			pingError(net, ns, skb, quoted, errno);
	}
};

/** icmp_rcv(). */
export const icmpReceive = (net: Network, ns: Namespace, skb: Skb): void => {
	const ip = skb.net as Ipv4;
	if (ip.payload.kind !== 'icmp') return;
	const icmp = ip.payload;
	switch (icmp.type) {
		case ICMP_ECHO:
			echo(net, ns, skb, ip, icmp);
			return;
		case ICMP_ECHO_REPLY:
			pingReply(net, ns, skb, ip, icmp);
			return;
		case ICMP_UNREACHABLE:
		case ICMP_TIME_EXCEEDED:
			report(net, ns, skb, icmp);
	}
};
