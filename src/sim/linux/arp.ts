/** ARP (RFC 826) as net/ipv4/arp.c has it, with arp_announce, arp_ignore, arp_filter and proxy_delay 0. */
import { type Arp, formatIp, formatMac, type Ip, MAC_BROADCAST, type Mac } from '../wire/index.ts';
import { RT_SCOPE } from './fib.ts';
import { updateNeighbour } from './neigh.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import { lookupInput } from './routing.ts';
import { isLocalAddress, isLoopback, isMulticast, selectAddress } from './source.ts';
import { transmit } from './transmit.ts';
import type { Device, Namespace, Skb } from './types.ts';

const arpSkb = (net: Network, dev: Device, packet: Arp, dst: Mac): Skb => ({
	packet: net.nextPacketId(),
	frame: { src: dev.mac, dst },
	net: packet,
	mark: 0,
	iif: 0,
	oif: dev.ifindex,
	type: 'host',
	nextHop: 0,
	cb: [],
	redirected: false,
	forwarded: false,
});

/**
 * arp_solicit(): asks everybody on the link. The sender address is the waiting packet's source when this machine
 * owns it, else what inet_select_addr() gives for the device: that of another device when it has none.
 */
export const sendArpRequest = (
	net: Network,
	ns: Namespace,
	dev: Device,
	target: Ip,
	waiting?: Skb,
	sender?: Ip,
): void => {
	const source = waiting?.net.kind === 'ipv4' ? waiting.net.src : 0;
	const senderIp =
		sender ?? (source !== 0 && isLocalAddress(ns, source) ? source : selectAddress(ns, dev, target, RT_SCOPE.link));
	const skb = arpSkb(
		net,
		dev,
		{ kind: 'arp', op: 1, senderMac: dev.mac, senderIp, targetMac: 0, targetIp: target },
		MAC_BROADCAST,
	);
	if (net.recorder)
		note(
			net,
			ns,
			skb,
			'arp',
			'transmit',
			{ code: 'arp.asked', ip: formatIp(target), dev: dev.name },
			{
				dev: dev.name,
				key: `who-has ${formatIp(target)} tell ${formatIp(senderIp)}`,
			},
		);
	transmit(net, ns, dev, skb);
};

const reply = (net: Network, ns: Namespace, dev: Device, asked: Arp): void => {
	const skb = arpSkb(
		net,
		dev,
		{
			kind: 'arp',
			op: 2,
			senderMac: dev.mac,
			senderIp: asked.targetIp,
			targetMac: asked.senderMac,
			targetIp: asked.senderIp,
		},
		asked.senderMac,
	);
	transmit(net, ns, dev, skb);
};

/** arp_rcv() and arp_process(). */
export const arpReceive = (net: Network, ns: Namespace, dev: Device, skb: Skb): void => {
	const arp = skb.net as Arp;
	if (skb.type === 'otherhost' || dev.kind === 'loopback') return;
	const { targetIp, senderIp, senderMac } = arp;
	if (isMulticast(targetIp) || (isLoopback(targetIp) && !dev.routeLocalnet && !ns.sysctls.route_localnet)) return;
	const about = { dev: dev.name, key: `who-has ${formatIp(targetIp)} tell ${formatIp(senderIp)}` };
	if (senderIp === 0) {
		// A probe for duplicates (RFC 5227): answered when the address is ours, nothing is learned.
		if (arp.op === 1 && isLocalAddress(ns, targetIp)) reply(net, ns, dev, arp);
		return;
	}
	if (arp.op === 1) {
		const dst = lookupInput(ns, targetIp, senderIp, 0, dev);
		if (dst.type === 'local') {
			updateNeighbour(net, ns, dev, senderIp, senderMac, 'STALE', true);
			if (net.recorder)
				note(
					net,
					ns,
					skb,
					'arp',
					'accept',
					{
						code: 'arp.answered',
						ip: formatIp(targetIp),
						mac: formatMac(dev.mac),
					},
					about,
				);
			reply(net, ns, dev, arp);
			return;
		}
		if (dst.type === 'unicast' && ns.sysctls.ip_forward && dev.proxyArp && dst.oif !== dev.ifindex) {
			updateNeighbour(net, ns, dev, senderIp, senderMac, 'STALE', true);
			if (net.recorder)
				note(net, ns, skb, 'arp', 'accept', { code: 'arp.proxied', ip: formatIp(targetIp), dev: dev.name }, about);
			reply(net, ns, dev, arp);
			return;
		}
	}
	// Others' requests and any reply only refresh what is already there.
	const confirmed = arp.op === 2 && skb.type === 'host';
	const known = updateNeighbour(net, ns, dev, senderIp, senderMac, confirmed ? 'REACHABLE' : 'STALE', false);
	if (!net.recorder) return;
	if (known)
		note(
			net,
			ns,
			skb,
			'arp',
			'create',
			{
				code: 'arp.learned',
				ip: formatIp(senderIp),
				mac: formatMac(senderMac),
				dev: dev.name,
			},
			{ dev: dev.name, table: 'neigh' },
		);
	else note(net, ns, skb, 'arp', 'drop', { code: 'arp.ignored', ip: formatIp(targetIp) }, about);
};
