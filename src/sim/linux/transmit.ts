/** Leaving by a device: tc egress, the wire, the other end (net/core/dev.c, drivers/net/veth.c, loopback.c). */
import { cloneIpv4, ETH_P_ARP, ETH_P_IP, ipLength } from '../wire/index.ts';
import { bridgeTransmit } from './bridge.ts';
import type { Network } from './net.ts';
import { runProgram } from './program.ts';
import { receive } from './receive.ts';
import { note, noteFrame } from './records.ts';
import type { Device, Namespace, Skb } from './types.ts';

/** A copy of a packet that is flooded: same identity, its own headers. */
export const cloneSkb = (skb: Skb): Skb => ({
	...skb,
	frame: { ...skb.frame },
	net: skb.net.kind === 'ipv4' ? cloneIpv4(skb.net) : { ...skb.net },
	cb: skb.cb.length ? [...skb.cb] : [],
});

/** Gives the frame to whoever captures: a copy, for the packet goes on changing. */
export const captureFrame = (net: Network, ns: Namespace, dev: Device, skb: Skb, direction: 'rx' | 'tx'): void => {
	const { net: packet } = skb;
	net.capture!({
		time: net.now,
		ns: ns.name,
		dev: dev.name,
		direction,
		packet: skb.packet,
		frame: {
			dst: skb.frame.dst,
			src: skb.frame.src,
			type: packet.kind === 'arp' ? ETH_P_ARP : ETH_P_IP,
			payload: packet.kind === 'ipv4' ? cloneIpv4(packet) : { ...packet },
		},
	});
};

const count = (ns: Namespace, dev: Device, direction: 'rx' | 'tx'): void => {
	const counter = ns.counters.get(dev.ifindex);
	if (counter) counter[direction]++;
	else ns.counters.set(dev.ifindex, { rx: direction === 'rx' ? 1 : 0, tx: direction === 'tx' ? 1 : 0 });
};

/** What both directions do once the device really has the frame. */
export const tap = (net: Network, ns: Namespace, dev: Device, skb: Skb, direction: 'rx' | 'tx'): void => {
	count(ns, dev, direction);
	if (net.recorder) noteFrame(net, ns, dev, skb, direction);
	if (net.capture) captureFrame(net, ns, dev, skb, direction);
};

/** skb_scrub_packet(): what a packet loses when it changes namespace. */
export const scrub = (skb: Skb, crossing: boolean): void => {
	skb.ct = undefined;
	skb.dst = undefined;
	skb.redirected = false;
	skb.forwarded = false;
	skb.prerouted = undefined;
	skb.tunnel = undefined;
	skb.oif = 0;
	if (crossing) skb.mark = 0;
};

/** __dev_queue_xmit(): sends the frame, its link-layer header filled in, out of the device. */
export const transmit = (net: Network, ns: Namespace, dev: Device, skb: Skb): void => {
	skb.oif = dev.ifindex;
	if (dev.tcEgress && !runProgram(net, ns, dev, skb, 'tc-egress', dev.tcEgress)) return;
	if (!dev.up) {
		if (net.recorder) note(net, ns, skb, 'tx', 'drop', { code: 'dev.down', dev: dev.name }, { dev: dev.name });
		return;
	}
	tap(net, ns, dev, skb, 'tx');
	switch (dev.kind) {
		case 'loopback':
			// The routing decision and nf_conntrack's view stay with the packet.
			net.schedule(net.now, () => receive(net, ns, dev, skb));
			return;
		case 'bridge':
			bridgeTransmit(net, ns, dev, skb);
			return;
		case 'dummy':
			return;
		case 'vxlan':
		case 'geneve':
			dev.tunnel?.transmit(net, ns, dev, skb);
			return;
		default:
			toPeer(net, ns, dev, skb);
	}
};

/**
 * Over the wire: what a driver does with a frame (ndo_start_xmit, ndo_xdp_xmit). A veth takes what fits its own MTU, with room
 * for a VLAN's tag (is_skb_forwardable()).
 */
export const toPeer = (net: Network, ns: Namespace, { peer, delay, kind }: Device, skb: Skb): void => {
	const there = peer && net.namespaces.get(peer.ns);
	if (!there) return;
	scrub(skb, there !== ns);
	net.schedule(net.now + delay, () => {
		const end = there.devices.get(peer.ifindex);
		if (!end) return;
		const { name: dev, mtu } = end;
		const length = skb.net.kind === 'ipv4' ? ipLength(skb.net) : 0;
		const fits = kind !== 'veth' || length <= mtu + 4;
		if (end.up && fits) receive(net, there, end, skb);
		else if (net.recorder)
			note(
				net,
				there,
				skb,
				'rx',
				'drop',
				fits ? { code: 'dev.down', dev } : { code: 'dev.too-long', dev, length, mtu },
				{
					dev,
				},
			);
	});
};
