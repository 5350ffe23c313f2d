/**
 * Tunnel devices in external mode (`ip link add … type vxlan external`): a program says for each packet where it goes
 * (bpf_skb_set_tunnel_key), and is told where each came from. drivers/net/vxlan/vxlan_core.c, drivers/net/geneve.c,
 * net/ipv4/ip_tunnel_core.c.
 */
import { addSingle, type DeviceSpec, type LinkOptions, replaceDevice } from './device.ts';
import type { LinuxError } from './error.ts';
import type { Network } from './net.ts';
import { receiveTunnelled, sendTunnelled } from './tunnel-frames.ts';
import type { Device } from './types.ts';

/** `ip link add NAME type vxlan|geneve external dstport PORT`, up. Routes, not the device, know the smaller MTU. */
export const addTunnel = (
	net: Network,
	spec: DeviceSpec,
	kind: 'vxlan' | 'geneve',
	port: number,
	options: LinkOptions = {},
): Device | LinuxError => {
	const device = addSingle(net, spec, kind, { delay: 0, ...options });
	if ('code' in device) return device;
	const changed = { ...device, tunnel: { port, transmit: sendTunnelled, receive: receiveTunnelled } };
	replaceDevice(net.namespaces.get(spec.ns)!, changed);
	return changed;
};
