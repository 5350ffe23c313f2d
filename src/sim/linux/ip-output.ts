/** The way out: OUTPUT, POSTROUTING, fragments, the neighbour (net/ipv4/ip_output.c). */
import {
	EMPTY,
	fragment,
	ICMP_FRAG_NEEDED,
	ICMP_UNREACHABLE,
	type Ip,
	type Ipv4,
	ipLength,
	type Transport,
} from '../wire/index.ts';
import { runHook } from './hooks.ts';
import { sendIcmpError } from './icmp.ts';
import { neighbourOutput } from './neigh.ts';
import type { Network } from './net.ts';
import { note, skbHeaders } from './records.ts';
import { setOutputRoute } from './routing.ts';
import type { Device, Dst, Errno, Namespace, Skb } from './types.ts';

/** A packet as a local sender hands it over. */
export interface LocalPacket {
	readonly src: Ip;
	readonly dst: Ip;
	readonly protocol: number;
	readonly payload: Transport;
	readonly df: boolean;
	/** Identification; from the per-destination counter when absent. */
	readonly id?: number;
	readonly ttl?: number;
	readonly tos?: number;
	readonly mark?: number;
	/** Trace identity; a new one when absent. */
	readonly packet?: number;
	readonly ct?: Skb['ct'];
}

/** __ip_select_ident(): a counter per destination that begins somewhere. */
const nextIpId = (net: Network, ns: Namespace, dst: Ip): number => {
	let id = ns.ipIds.get(dst);
	if (id === undefined) id = net.random('ipid', `${ns.name}/${dst}`, 65536);
	ns.ipIds.set(dst, (id + 1) & 0xffff);
	return id;
};

export const makeSkb = (packet: number, ip: Ipv4, mark: number): Skb => ({
	packet,
	frame: { src: 0, dst: 0 },
	net: ip,
	mark,
	iif: 0,
	oif: 0,
	type: 'host',
	nextHop: 0,
	cb: [],
	redirected: false,
	forwarded: false,
});

/**
 * Sends a packet of this machine along `route`. Answers what the sender's system call would get: EPERM when
 * netfilter dropped it in OUTPUT or POSTROUTING, the route's error when there is no way, else nothing, whatever becomes of the packet later.
 */
export const sendLocal = (net: Network, ns: Namespace, out: LocalPacket, route: Dst): Errno | undefined => {
	const ip: Ipv4 = {
		kind: 'ipv4',
		src: out.src,
		dst: out.dst,
		ttl: out.ttl ?? ns.sysctls.ip_default_ttl,
		protocol: out.protocol,
		id: out.id ?? nextIpId(net, ns, out.dst),
		tos: out.tos ?? 0,
		df: out.df,
		mf: false,
		offset: 0,
		options: EMPTY,
		payload: out.payload,
	};
	const skb = makeSkb(out.packet ?? net.nextPacketId(), ip, out.mark ?? 0);
	if (out.ct !== undefined) skb.ct = out.ct;
	setOutputRoute(net, ns, skb, route);
	if (route.type === 'error') return route.error;
	if (!runHook(net, ns, skb, 'OUTPUT', undefined, ns.devices.get(route.oif)))
		// NF_DROP_ERR: of a packet that was changed and finds no way any more, the route's own error is told.
		return skb.dst?.type === 'error' ? skb.dst.error : 'EPERM';
	return ipOutput(net, ns, skb);
};

/** ip_output(): past POSTROUTING the packet is cut to the MTU and given to the neighbour. EPERM when it got no further. */
export const ipOutput = (net: Network, ns: Namespace, skb: Skb): Errno | undefined => {
	const dst = skb.dst;
	if (!dst) return undefined;
	const dev = ns.devices.get(dst.oif);
	if (!dev) return undefined;
	const inDev = skb.iif === 0 ? undefined : ns.devices.get(skb.iif);
	skb.oif = dev.ifindex;
	if (!runHook(net, ns, skb, 'POSTROUTING', inDev, dev)) return 'EPERM';
	finishOutput(net, ns, skb, dev, dst);
	return undefined;
};

/** ip_finish_output() and ip_fragment(). */
const finishOutput = (net: Network, ns: Namespace, skb: Skb, dev: Device, dst: Dst): void => {
	const ip = skb.net as Ipv4;
	if (ipLength(ip) <= dst.mtu) {
		neighbourOutput(net, ns, dev, skb, skb.nextHop);
		return;
	}
	if (ip.df) {
		if (net.recorder)
			note(
				net,
				ns,
				skb,
				'tx',
				'drop',
				{ code: 'forward.frag-needed', mtu: dst.mtu, length: ipLength(ip) },
				{
					dev: dev.name,
				},
			);
		sendIcmpError(net, ns, skb, ICMP_UNREACHABLE, ICMP_FRAG_NEEDED, dst.mtu);
		return;
	}
	const pieces = fragment(ip, dst.mtu);
	if (net.recorder)
		note(
			net,
			ns,
			skb,
			'tx',
			'pass',
			{ code: 'ip.fragmented', mtu: dst.mtu, pieces: pieces.length },
			{
				dev: dev.name,
				...(skbHeaders(skb) && { before: skbHeaders(skb)! }),
			},
		);
	for (const piece of pieces)
		neighbourOutput(net, ns, dev, { ...skb, frame: { ...skb.frame }, net: piece, cb: [] }, skb.nextHop);
};
