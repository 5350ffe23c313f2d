/** Reading a World. Whatever is shown of it comes through here; nothing here changes it. */
import { type EndpointSlice, list, type Node, type Pod, type Service } from '../kube/index.ts';
import {
	type Connection,
	connectionsAt,
	type Device,
	type Namespace,
	type Neighbour,
	type Route,
	type Ruleset,
} from '../linux/index.ts';
import { fullNs, nodeNs, podNs } from './names.ts';
import type { Settings } from './types.ts';
import type { Moment } from './world.ts';

/** With what settings it was made. */
export const settingsOf = (world: Moment): Settings => world.settings;
/** Virtual time, microseconds. */
export const nowOf = (world: Moment): number => world.net.now;

/** Nodes, as the API has them at that moment. */
export const nodesOf = (world: Moment): readonly Node[] => list(world.snapshot, 'Node');
/** Pods, of all namespaces. */
export const podsOf = (world: Moment): readonly Pod[] => list(world.snapshot, 'Pod');
/** Services, of all namespaces. */
export const servicesOf = (world: Moment): readonly Service[] => list(world.snapshot, 'Service');
/** EndpointSlices, of all namespaces. */
export const slicesOf = (world: Moment): readonly EndpointSlice[] => list(world.snapshot, 'EndpointSlice');

/** Names of all namespaces: those of the scenario first, then the pods'. */
export const namespacesOf = (world: Moment): readonly string[] => [...world.net.namespaces.keys()];

/**
 * A namespace by name: `host`, `node/<name>`, `pod/<name>` in namespace default, `pod/<namespace>/<name>` (a pod on
 * the host network is its node's namespace). Undefined when there is none.
 */
export function namespaceOf(world: Moment, name: string): Namespace | undefined {
	const full = fullNs(name);
	const found = world.net.namespaces.get(full);
	if (found || !full.startsWith('pod/')) return found;
	const pod = podsOf(world).find((p) => full === `pod/${p.metadata.namespace}/${p.metadata.name}`);
	return pod && world.net.namespaces.get(podNs(pod));
}

/** Rules of a node by its name, or of a namespace by its full name; empty when there is none. */
export const rulesetOf = (world: Moment, node: string): Ruleset =>
	(namespaceOf(world, nodeNs(node)) ?? namespaceOf(world, node))?.ruleset ?? {};

/** Routes of a namespace by its name; none of one that is not there. */
export const routesOf = (world: Moment, ns: string): readonly Route[] => namespaceOf(world, ns)?.routes ?? [];

/** Devices of a namespace. */
export const devicesOf = (world: Moment, ns: string): readonly Device[] => [
	...(namespaceOf(world, ns)?.devices.values() ?? []),
];

/** Entries of the connection table that have not expired, oldest first. */
export function conntrackOf(world: Moment, ns: string): readonly Connection[] {
	const found = namespaceOf(world, ns);
	return found ? connectionsAt(found.conntrack, world.net.now) : [];
}

/** Neighbours of a namespace. */
export const neighboursOf = (world: Moment, ns: string): readonly Neighbour[] => [
	...(namespaceOf(world, ns)?.neighbours.values() ?? []),
];
