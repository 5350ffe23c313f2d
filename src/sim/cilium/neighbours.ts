/**
 * The agent keeps the MAC addresses of the other nodes at hand, which XDP cannot ask for. pkg/datapath/linux/node.go
 * @ v1.12.1; pkg/datapath/neighbor @ v1.18.0.
 */
import { fibLookup, type Namespace, type Network, neighbourKey } from '../linux/index.ts';
import type { Ip } from '../wire/index.ts';
import { minorOf } from './features.ts';
import type { CiliumSettings } from './settings.ts';

/**
 * With XDP always from 1.18 (cilium PR 39987), unless told otherwise before. Without XDP nothing here depends on it: the
 * kernel asks when a program names a neighbour it does not know.
 */
export const discoversNeighbours = ({ acceleration, configMap, version }: CiliumSettings): boolean =>
	acceleration !== 'disabled' && (minorOf(version) >= 18 || configMap.get('enable-l2-neigh-discovery') !== 'false');

/** Asks for the next hop to a node, and has the kernel keep the answer; the bridge in between learns where it came from. */
export const discoverNeighbour = (net: Network, ns: Namespace, node: Ip): void => {
	const route = fibLookup(ns, { dst: node, src: 0, mark: 0, iif: 0, oif: 0, scope: 0 });
	if (route?.type !== 'unicast' || route.dev === undefined) return;
	const ip = route.via ?? node;
	for (const there of net.namespaces.values())
		for (const { mac, addresses, peer } of there.devices.values()) {
			if (!addresses.some((address) => address.ip === ip)) continue;
			const state = 'REACHABLE';
			ns.neighbours.set(neighbourKey(route.dev, ip), { ip, dev: route.dev, mac, state, updated: net.now, queue: [] });
			const between = peer && net.namespaces.get(peer.ns);
			if (between?.devices.get(peer!.ifindex)?.master !== undefined)
				between.fdb.set(mac, { port: peer!.ifindex, updated: net.now });
			return;
		}
};
