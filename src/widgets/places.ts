/** Who owns which address in a World, and what a place is called: for colours, heads of lanes and sentences. */
import type { Ip } from '../sim/wire/index.ts';
import { devicesOf, namespacesOf, nodesOf, podsOf, servicesOf, type World } from '../sim/world/index.ts';
import type { Owner, Places } from './figure/index.ts';
import { shortNode } from './short-names.ts';

export function placesOf(world: World): Places {
	const owners = new Map<Ip, Owner>();
	const addresses = new Map<string, Ip>();
	const cluster = world.scenario.cluster.name;
	for (const ns of namespacesOf(world)) {
		if (ns.startsWith('pod/')) continue;
		const owner = ownerOf(ns, cluster);
		for (const device of devicesOf(world, ns)) {
			for (const { ip } of device.addresses) {
				if (ip >>> 24 === 127) continue;
				owners.set(ip, owner);
				if (!addresses.has(ns)) addresses.set(ns, ip);
			}
		}
	}
	for (const node of nodesOf(world)) {
		addresses.set(`node/${node.metadata.name}`, node.internalIP);
		owners.set(node.internalIP, { kind: 'node', name: shortNode(node.metadata.name, cluster) });
	}
	for (const service of servicesOf(world)) {
		const owner: Owner = { kind: 'service', name: service.metadata.name };
		for (const ip of [service.clusterIP, ...service.externalIPs, ...service.loadBalancerIngress]) {
			if (ip !== undefined) owners.set(ip, owner);
		}
	}
	for (const pod of podsOf(world)) {
		if (pod.hostNetwork || pod.podIP === undefined) continue;
		owners.set(pod.podIP, { kind: 'pod', name: pod.metadata.name });
		addresses.set(`pod/${pod.metadata.namespace}/${pod.metadata.name}`, pod.podIP);
	}
	return {
		owner: (ip) => owners.get(ip),
		address: (ns) => addresses.get(ns),
		name: (ns) => (ns.startsWith('node/') ? shortNode(ns.slice('node/'.length), cluster) : undefined),
	};
}

function ownerOf(ns: string, cluster: string): Owner {
	if (ns.startsWith('node/')) return { kind: 'node', name: shortNode(ns.slice('node/'.length), cluster) };
	if (ns.startsWith('router/')) return { kind: 'router', name: ns.slice('router/'.length) };
	return { kind: ns === 'host' ? 'client' : 'outside', name: ns };
}
