/** The network namespace a tool runs in: read as it is now, changed, and packets sent in it. */
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import {
	addNamespace,
	createNet,
	forkNet,
	type LinuxError,
	type Namespace,
	type Network,
	run,
} from '../../sim/linux/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import { namespaceOf } from '../../sim/world/index.ts';
import type { Call, Place } from '../tool.ts';
import { bringIn, ensureBridge, isCurrent, networkNsOf, plainContainer } from './laptop-containers.ts';

/** A call that `nsenter` or `ip netns exec` put into another namespace. */
export interface NetnsCall extends Call {
	readonly netns?: string;
}

export interface Space {
	readonly lab: Lab;
	/** Undefined on a laptop without a cluster. */
	readonly cluster: Cluster | undefined;
	/** Where whoever looks is. */
	readonly place?: Place;
	/** `host`, `node/basic-worker`, `pod/default/web`: the namespace's own name. */
	readonly name: string;
	/** Everything, as it is now. To be read only. */
	net(): Network;
	ns(): Namespace;
	/** Changes tables or configuration; answers what `act` answers. */
	change<T>(act: (net: Network, ns: string) => T): T;
	/** Puts another network in the place of the present one. */
	set(net: Network): void;
}

/** Networks of labs without a cluster. */
const bare = new WeakMap<Lab, Network>();

/** The machine alone: loopback, and Docker's networks as far as there are any. */
function bareNet(lab: Lab): Network {
	let net = bare.get(lab);
	if (!net) {
		net = createNet({ seed: 1 });
		addNamespace(net, 'host', { sysctls: { ip_forward: true } });
		for (const network of lab.docker?.networks() ?? []) ensureBridge(net, network);
		bare.set(lab, net);
	}
	return net;
}

function wanted(place: Place, lab: Lab): string {
	if (place.netns !== undefined) return place.netns;
	if (place.kind === 'laptop') return 'host';
	if (place.kind === 'node') return `node/${place.node}`;
	if (place.kind === 'pod') return `pod/${place.namespace}/${place.pod}`;
	const container = plainContainer(lab, place.id);
	return (container && networkNsOf(lab, container)) ?? 'container/';
}

/** The namespace of a call's place; undefined when it has none (a pod without a sandbox, a stopped node). */
export function spaceOf(
	call: Pick<NetnsCall, 'place' | 'lab' | 'cluster' | 'netns'> & { readonly args?: readonly string[] },
): Space | undefined {
	const { lab, place } = call;
	const onLaptop = place.kind === 'laptop' || place.kind === 'container';
	const meant = onLaptop ? named(lab, call.args ?? []) : undefined;
	return makeSpace(lab, meant ?? clusterBehind(place, lab) ?? call.cluster(), call.netns ?? wanted(place, lab), place);
}

/**
 * Each cluster has its own copy of the laptop's network. Of several clusters, a command means the one that an address
 * among its words is: one of its nodes'.
 */
function named(lab: Lab, words: readonly string[]): Cluster | undefined {
	const clusters = lab.clusters();
	if (clusters.length < 2) return undefined;
	const texts = words.flatMap((word) => word.match(/\d+\.\d+\.\d+\.\d+/g) ?? []);
	const nodes = lab.docker.containers().filter((c) => c.ip !== undefined && texts.includes(formatIp(c.ip)));
	return clusters.find((cluster) => cluster.nodes().some((n) => nodes.some((c) => c.name === n.name)));
}

/** The namespace of a place. On the laptop it is that of the newest cluster's network. */
export const spaceAt = (place: Place, lab: Lab): Space | undefined =>
	makeSpace(
		lab,
		place.kind === 'node' || place.kind === 'pod'
			? lab.cluster(place.cluster)
			: (clusterBehind(place, lab) ?? lab.clusters().at(-1)),
		wanted(place, lab),
		place,
	);

/** The laptop as it is in one of its clusters' networks. */
export const laptopIn = (lab: Lab, cluster: Cluster | undefined): Space | undefined => makeSpace(lab, cluster, 'host');

/** A container that shares a node's network is in that node's cluster. */
function clusterBehind(place: Place, lab: Lab): Cluster | undefined {
	if (place.kind !== 'container') return undefined;
	const container = plainContainer(lab, place.id);
	const ns = container && networkNsOf(lab, container);
	const node = ns?.startsWith('node/') ? ns.slice(5) : undefined;
	return lab.clusters().find((c) => c.nodes().some((n) => n.name === node));
}

function makeSpace(lab: Lab, cluster: Cluster | undefined, asked: string, place?: Place): Space | undefined {
	const seen = place && { place };
	if (!cluster) {
		const net = bareNet(lab);
		if (!isCurrent(net, lab)) bringIn(net, lab);
		if (!net.namespaces.has(asked)) return undefined;
		return {
			lab,
			...seen,
			cluster: undefined,
			name: asked,
			net: () => bareNet(lab),
			ns: () => bareNet(lab).namespaces.get(asked)!,
			change: (act) => act(bareNet(lab), asked),
			set: (net) => bare.set(lab, net),
		};
	}
	if (!isCurrent(cluster.world().net, lab)) {
		const net = forkNet(cluster.world().net);
		bringIn(net, lab);
		cluster.setWorld({ ...cluster.world(), net });
	}
	const name = namespaceOf(cluster.world(), asked)?.name;
	if (name === undefined) return undefined;
	const set = (net: Network): void => cluster.setWorld({ ...cluster.world(), net });
	return {
		lab,
		...seen,
		cluster,
		name,
		net: () => cluster.world().net,
		ns: () => cluster.world().net.namespaces.get(name)!,
		change(act) {
			const net = forkNet(cluster.world().net);
			if (net.now < lab.now) run(net, { until: lab.now });
			const answer = act(net, name);
			set(net);
			if (!name.startsWith('pod/')) cluster.networkChanged?.();
			return answer;
		},
		set,
	};
}

/** Runs a tool's part that needs a namespace; says so where there is none. */
export async function withSpace(call: Call, act: (space: Space) => Promise<number> | number): Promise<number> {
	const space = spaceOf(call);
	if (space) return act(space);
	call.err(`${call.name}: this place has no network namespace\n`);
	return 1;
}

/** The words of net/ipv4 and of rtnetlink for what the kernel refuses, as `ip` prints them. */
export function netlinkError({ code }: LinuxError): string {
	switch (code) {
		case 'dev.exists':
		case 'route.exists':
		case 'rule.exists':
			return 'RTNETLINK answers: File exists';
		case 'address.exists':
			return 'Error: ipv4: Address already assigned.';
		case 'address.unknown':
			return 'Error: ipv4: Address not found.';
		case 'route.unknown':
			return 'RTNETLINK answers: No such process';
		case 'route.invalid-gateway':
			return 'Error: Nexthop has invalid gateway.';
		case 'route.invalid-prefix':
			return 'Error: Invalid prefix for given prefix length.';
		case 'route.invalid-source':
			return 'Error: Invalid prefsrc address.';
		case 'route.no-device':
			return 'Error: Device for nexthop is not up.';
		case 'dev.master':
			return 'RTNETLINK answers: Device or resource busy';
		default:
			return 'RTNETLINK answers: Invalid argument';
	}
}
