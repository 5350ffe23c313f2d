/**
 * What tunnel devices do with frames: they leave inside a datagram, and what was inside one is received.
 * drivers/net/vxlan/vxlan_core.c, drivers/net/geneve.c, net/ipv4/ip_tunnel_core.c.
 */
import {
	EMPTY,
	ETH_P_ARP,
	ETH_P_IP,
	type Frame,
	formatIp,
	IPPROTO_UDP,
	type Ipv4,
	type Tunnel,
	type Udp,
} from '../wire/index.ts';
import { sendLocal } from './ip-output.ts';
import type { Network } from './net.ts';
import { hashText } from './random.ts';
import { receive } from './receive.ts';
import { note, skbHeaders } from './records.ts';
import { routeOutput } from './routing.ts';
import { scrub } from './transmit.ts';
import type { Device, Namespace, Skb } from './types.ts';

/** The flow in one text, for the hash that chooses the outer source port (skb_get_hash()). */
const flowText = (skb: Skb): string => {
	const { net: inner } = skb;
	if (inner.kind === 'arp') return `arp/${skb.frame.src}/${skb.frame.dst}`;
	const { payload } = inner;
	const ports = payload.kind === 'tcp' || payload.kind === 'udp' ? `${payload.sport}/${payload.dport}` : '';
	return `${inner.src}/${inner.dst}/${inner.protocol}/${ports}`;
};

/**
 * udp_flow_src_port(): VXLAN draws from ip_local_port_range, Geneve from 1 to 65535. The kernel's hash has a random
 * seed; ours is the network's.
 */
const sourcePort = (net: Network, ns: Namespace, dev: Device, skb: Skb): number => {
	const [low, high] = dev.kind === 'geneve' ? [1, 65535] : ns.sysctls.ip_local_port_range;
	const hash = hashText(net.seed ^ 0x7a1, flowText(skb));
	return low + Math.floor((hash * (high - low)) / 0x100000000);
};

/** vxlan_xmit_one(), geneve_xmit_skb(): the frame leaves inside a datagram of this machine's own. */
export const sendTunnelled = (net: Network, ns: Namespace, dev: Device, skb: Skb): void => {
	const key = skb.tunnel;
	if (!key || key.remote === 0) {
		if (net.recorder) note(net, ns, skb, 'tx', 'drop', { code: 'tunnel.no-key', dev: dev.name }, { dev: dev.name });
		return;
	}
	const route = routeOutput(net, ns, { dst: key.remote, src: key.local ?? 0, mark: skb.mark });
	if (route.type === 'error') {
		if (net.recorder)
			note(
				net,
				ns,
				skb,
				'tx',
				'drop',
				{ code: 'tunnel.no-route', dev: dev.name, remote: formatIp(key.remote) },
				{ dev: dev.name },
			);
		return;
	}
	const inner: Frame = {
		dst: skb.frame.dst,
		src: skb.frame.src,
		type: skb.net.kind === 'arp' ? ETH_P_ARP : ETH_P_IP,
		payload: skb.net,
	};
	const tunnel: Tunnel =
		dev.kind === 'geneve'
			? { kind: 'geneve', vni: key.id, options: key.options ?? [], inner }
			: { kind: 'vxlan', vni: key.id, inner };
	const payload: Udp = {
		kind: 'udp',
		sport: sourcePort(net, ns, dev, skb),
		dport: dev.tunnel!.port,
		noChecksum: true,
		tunnel,
		data: EMPTY,
	};
	const before = net.recorder && skbHeaders(skb);
	if (before)
		note(
			net,
			ns,
			skb,
			'tx',
			'pass',
			{
				code: 'tunnel.encapsulated',
				dev: dev.name,
				remote: formatIp(key.remote),
				source: formatIp(route.src),
				vni: key.id,
			},
			{ dev: dev.name, before },
		);
	// skb_scrub_packet() within one namespace: the mark stays with the packet, conntrack begins anew.
	sendLocal(
		net,
		ns,
		{
			src: route.src,
			dst: key.remote,
			protocol: IPPROTO_UDP,
			payload,
			df: false,
			// ip_tunnel_ecn_encap(): congestion notification is copied out, nothing else.
			tos: skb.net.kind === 'ipv4' ? skb.net.tos & 3 : 0,
			packet: skb.packet,
			mark: skb.mark,
		},
		route,
	);
};

/**
 * vxlan_rcv(), geneve_udp_encap_recv(): what was inside is received by the device; where it came from stays with it
 * (bpf_skb_get_tunnel_key).
 */
export const receiveTunnelled = (net: Network, ns: Namespace, dev: Device, skb: Skb, udp: Udp): void => {
	const outer = skb.net as Ipv4;
	const { tunnel } = udp;
	// A header of another kind is dropped; a frame the device sent itself came in a circle.
	if (tunnel?.kind !== dev.kind || tunnel.inner.src === dev.mac) {
		if (net.recorder)
			note(net, ns, skb, 'socket', 'drop', { code: 'tunnel.refused', dev: dev.name }, { dev: dev.name });
		return;
	}
	const before = net.recorder && skbHeaders(skb);
	const { inner } = tunnel;
	scrub(skb, false);
	skb.tunnel = {
		id: tunnel.vni,
		remote: outer.src,
		local: outer.dst,
		...(tunnel.kind === 'geneve' ? { options: tunnel.options } : {}),
	};
	skb.frame = { src: inner.src, dst: inner.dst };
	skb.net = inner.payload;
	const after = before && skbHeaders(skb);
	if (before)
		note(
			net,
			ns,
			skb,
			'socket',
			'pass',
			{ code: 'tunnel.decapsulated', dev: dev.name, remote: formatIp(outer.src), vni: tunnel.vni },
			{ dev: dev.name, before, ...(after ? { after } : {}) },
		);
	receive(net, ns, dev, skb);
};
