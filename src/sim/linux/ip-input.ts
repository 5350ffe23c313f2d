/** The way in and the way through (net/ipv4/ip_input.c, ip_forward.c, ip_fragment.c). */
import {
	formatIp,
	ICMP_FRAG_NEEDED,
	ICMP_HOST_UNREACH,
	ICMP_NET_UNREACH,
	ICMP_PKT_FILTERED,
	ICMP_PROT_UNREACH,
	ICMP_TIME_EXCEEDED,
	ICMP_UNREACHABLE,
	IPPROTO_ICMP,
	IPPROTO_TCP,
	IPPROTO_UDP,
	type Ipv4,
	ipLength,
	reassemble,
} from '../wire/index.ts';
import { hasNetfilter, runHook } from './hooks.ts';
import { icmpReceive, sendIcmpError } from './icmp.ts';
import { ipOutput } from './ip-output.ts';
import type { Network } from './net.ts';
import { note, skbHeaders } from './records.ts';
import { routeInput } from './routing.ts';
import { tcpReceive } from './tcp.ts';
import type { Device, Dst, Namespace, Skb } from './types.ts';
import { udpReceive } from './udp.ts';

/** ipfrag_time, microseconds. */
const FRAGMENT_TIME = 30_000_000;

/** ip_defrag(): true when the packet is whole (again). Pieces wait in the namespace, and expire without a word. */
const defragment = (net: Network, ns: Namespace, skb: Skb): boolean => {
	const ip = skb.net as Ipv4;
	if (!ip.mf && ip.offset === 0) return true;
	const key = `${ip.src}/${ip.dst}/${ip.protocol}/${ip.id}`;
	let waiting = ns.fragments.get(key);
	if (!waiting || waiting.expires <= net.now) waiting = { pieces: [], expires: net.now + FRAGMENT_TIME };
	// A new list each time: a fork shares the old one.
	const pieces = [...waiting.pieces, ip];
	const whole = reassemble(pieces);
	if (!whole) {
		ns.fragments.set(key, { pieces, expires: waiting.expires });
		if (net.recorder) note(net, ns, skb, 'rx', 'pass', { code: 'ip.fragment-waits', pieces: pieces.length });
		return false;
	}
	ns.fragments.delete(key);
	skb.net = whole;
	if (net.recorder) note(net, ns, skb, 'rx', 'pass', { code: 'ip.reassembled', pieces: pieces.length });
	return true;
};

/** ip_rcv(): PREROUTING, then the routing decision, then one of the ways on. */
export const ipReceive = (net: Network, ns: Namespace, dev: Device, skb: Skb): void => {
	if (hasNetfilter(ns)) {
		// nf_defrag_ipv4 comes before everything else.
		if (!defragment(net, ns, skb)) return;
		if (skb.prerouted) skb.prerouted = undefined;
		else if (!runHook(net, ns, skb, 'PREROUTING', dev, undefined)) return;
	}
	// Over the loopback device the sender's decision came along.
	const dst = skb.dst ?? routeInput(net, ns, skb, dev);
	switch (dst.type) {
		case 'local':
		case 'broadcast':
			deliverLocal(net, ns, dev, skb);
			return;
		case 'unicast':
			forward(net, ns, dev, skb, dst);
			return;
		case 'error':
			routeError(net, ns, skb, dst);
	}
};

/** ip_error(): a router says why it does not forward; a host that is no router says nothing. */
const routeError = (net: Network, ns: Namespace, skb: Skb, dst: Dst): void => {
	if (!ns.sysctls.ip_forward) return;
	switch (dst.error) {
		case 'EHOSTUNREACH':
			sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_HOST_UNREACH);
			return;
		case 'ENETUNREACH':
			sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_NET_UNREACH);
			return;
		case 'EACCES':
			sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_PKT_FILTERED);
			return;
		default:
			// Martians, blackholes: dropped in silence.
			return;
	}
};

/** ip_local_deliver(): INPUT, then the protocol. */
const deliverLocal = (net: Network, ns: Namespace, dev: Device, skb: Skb): void => {
	if (!defragment(net, ns, skb)) return;
	if (!runHook(net, ns, skb, 'INPUT', dev, undefined)) return;
	const ip = skb.net as Ipv4;
	switch (ip.protocol) {
		case IPPROTO_TCP:
			tcpReceive(net, ns, skb);
			return;
		case IPPROTO_UDP:
			udpReceive(net, ns, skb);
			return;
		case IPPROTO_ICMP:
			icmpReceive(net, ns, skb);
			return;
		default:
			if (net.recorder)
				note(net, ns, skb, 'socket', 'error', { code: 'socket.no-protocol', protocol: ip.protocol }, { dev: dev.name });
			sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_PROT_UNREACH);
	}
};

/** ip_forward(): TTL, MTU, FORWARD. An error quotes the packet as it came, before the TTL is lowered. */
const forward = (net: Network, ns: Namespace, dev: Device, skb: Skb, dst: Dst): void => {
	if (skb.type !== 'host') return;
	const ip = skb.net as Ipv4;
	const out = ns.devices.get(dst.oif);
	if (!out) return;
	if (ip.ttl <= 1) {
		if (net.recorder)
			note(
				net,
				ns,
				skb,
				'FORWARD',
				'drop',
				{ code: 'forward.ttl-exceeded', ttl: ip.ttl },
				{
					dev: dev.name,
					before: skbHeaders(skb)!,
				},
			);
		sendIcmpError(net, ns, skb, ICMP_TIME_EXCEEDED, 0);
		return;
	}
	if (ip.df && ipLength(ip) > dst.mtu) {
		if (net.recorder)
			note(
				net,
				ns,
				skb,
				'FORWARD',
				'drop',
				{ code: 'forward.frag-needed', mtu: dst.mtu, length: ipLength(ip) },
				{
					dev: out.name,
					before: skbHeaders(skb)!,
				},
			);
		sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_FRAG_NEEDED, dst.mtu);
		return;
	}
	const before = net.recorder && skbHeaders(skb);
	ip.ttl--;
	skb.forwarded = true;
	if (before)
		note(
			net,
			ns,
			skb,
			'FORWARD',
			'forward',
			{ code: 'forward.ttl', ttl: ip.ttl, dev: out.name, next: formatIp(skb.nextHop) },
			{
				dev: out.name,
				before,
				after: skbHeaders(skb)!,
			},
		);
	if (!runHook(net, ns, skb, 'FORWARD', dev, out)) return;
	ipOutput(net, ns, skb);
};
