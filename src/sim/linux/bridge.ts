/** The Linux bridge (net/bridge/br_input.c, br_forward.c, br_device.c): it learns, forwards and floods. No STP. */
import { formatMac, type Mac } from '../wire/index.ts';
import { portsOf } from './device.ts';
import { runHook } from './hooks.ts';
import { neighbourKey } from './neigh-key.ts';
import type { Network } from './net.ts';
import { receive } from './receive.ts';
import { note } from './records.ts';
import { lookupInput } from './routing.ts';
import { cloneSkb, transmit } from './transmit.ts';
import type { Device, Namespace, Skb } from './types.ts';

/** ageing_time, microseconds. */
const AGEING = 300_000_000;

const isGroup = (mac: Mac): boolean => (Math.floor(mac / 0x10000000000) & 1) === 1;

const lookup = (net: Network, ns: Namespace, bridge: Device, mac: Mac): Device | undefined => {
	const entry = ns.fdb.get(mac);
	if (!entry || net.now - entry.updated > AGEING) return undefined;
	const port = ns.devices.get(entry.port);
	return port?.master === bridge.ifindex ? port : undefined;
};

const learn = (net: Network, ns: Namespace, port: Device, mac: Mac): void => {
	if (isGroup(mac)) return;
	ns.fdb.set(mac, { port: port.ifindex, updated: net.now });
};

const flood = (net: Network, ns: Namespace, bridge: Device, skb: Skb, from: Device | undefined): void => {
	const ports = portsOf(ns, bridge.ifindex).filter((port) => port !== from && port.up);
	if (net.recorder)
		note(
			net,
			ns,
			skb,
			'bridge',
			'forward',
			{ code: 'bridge.flooded', mac: formatMac(skb.frame.dst), ports: ports.length },
			{ dev: bridge.name, table: 'fdb', key: formatMac(skb.frame.dst) },
		);
	for (const port of ports) transmit(net, ns, port, cloneSkb(skb));
};

/** Out of one port, out of all, for a frame whose destination is not the bridge itself. */
const forward = (net: Network, ns: Namespace, bridge: Device, skb: Skb, from: Device | undefined): void => {
	const port = isGroup(skb.frame.dst) ? undefined : lookup(net, ns, bridge, skb.frame.dst);
	if (!port) {
		flood(net, ns, bridge, skb, from);
		return;
	}
	if (port === from || !port.up) {
		if (net.recorder)
			note(net, ns, skb, 'bridge', 'drop', { code: 'bridge.same-port', dev: port.name }, { dev: bridge.name });
		return;
	}
	if (net.recorder)
		note(
			net,
			ns,
			skb,
			'bridge',
			'forward',
			{ code: 'bridge.forwarded', mac: formatMac(skb.frame.dst), dev: port.name },
			{
				dev: bridge.name,
				table: 'fdb',
				key: formatMac(skb.frame.dst),
				entry: `${formatMac(skb.frame.dst)} dev ${port.name} master ${bridge.name}`,
			},
		);
	transmit(net, ns, port, skb);
};

/** br_pass_frame_up(): the frame goes on as if the bridge device had received it. */
const passUp = (net: Network, ns: Namespace, bridge: Device, skb: Skb): void => {
	if (net.recorder)
		note(
			net,
			ns,
			skb,
			'bridge',
			'deliver',
			{ code: 'bridge.local', dev: bridge.name },
			{ dev: bridge.name, table: 'fdb' },
		);
	receive(net, ns, bridge, skb);
};

/**
 * br_netfilter (net/bridge/br_netfilter_hooks.c): with bridge-nf-call-iptables bridged IPv4 walks iptables too, as
 * if it came in and went out by the bridge device. True when the frame goes on. A destination that DNAT changed is
 * looked up again: the frame is sent to the new neighbour when that is known, else handed to the machine to route.
 */
const bridgePrerouting = (net: Network, ns: Namespace, bridge: Device, skb: Skb): boolean => {
	if (skb.net.kind !== 'ipv4' || skb.type === 'broadcast') return true;
	const { dst } = skb.net;
	if (!runHook(net, ns, skb, 'PREROUTING', bridge, undefined)) return false;
	skb.prerouted = true;
	if (skb.net.dst === dst) return true;
	const route = lookupInput(ns, skb.net.dst, skb.net.src, skb.mark, bridge);
	const next =
		route.oif === bridge.ifindex
			? ns.neighbours.get(neighbourKey(bridge.ifindex, route.gateway || skb.net.dst))?.mac
			: undefined;
	skb.frame.dst = next ?? bridge.mac;
	return true;
};

/** br_nf_forward_ip() and br_nf_post_routing(). */
const bridgeForwarding = (net: Network, ns: Namespace, bridge: Device, skb: Skb): boolean => {
	skb.prerouted = undefined;
	if (skb.net.kind !== 'ipv4') return true;
	return runHook(net, ns, skb, 'FORWARD', bridge, bridge) && runHook(net, ns, skb, 'POSTROUTING', bridge, bridge);
};

/** br_handle_frame_finish(): a frame came in by a port. */
export const bridgeReceive = (net: Network, ns: Namespace, port: Device, skb: Skb): void => {
	const bridge = ns.devices.get(port.master!);
	if (!bridge?.up) return;
	learn(net, ns, port, skb.frame.src);
	const filtered = ns.sysctls.bridge_nf_call_iptables;
	if (filtered && !bridgePrerouting(net, ns, bridge, skb)) return;
	const { dst } = skb.frame;
	if (dst === bridge.mac || dst === port.mac || portsOf(ns, bridge.ifindex).some((other) => other.mac === dst)) {
		skb.frame.dst = bridge.mac;
		passUp(net, ns, bridge, skb);
	} else if (isGroup(dst)) {
		flood(net, ns, bridge, skb, port);
		passUp(net, ns, bridge, cloneSkb(skb));
	} else if (!filtered || bridgeForwarding(net, ns, bridge, skb)) forward(net, ns, bridge, skb, port);
};

/** br_dev_xmit(): the bridge's own namespace sends. */
export const bridgeTransmit = (net: Network, ns: Namespace, bridge: Device, skb: Skb): void =>
	forward(net, ns, bridge, skb, undefined);
