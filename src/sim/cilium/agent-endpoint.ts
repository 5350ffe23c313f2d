/** An endpoint of a node: its namespace, its devices, its program, and its entries in the maps. */
import type { Pod } from '../kube/index.ts';
import {
	addAddress,
	addNamespace,
	addRoute,
	addVeth,
	deviceByName,
	type LinuxError,
	type Namespace,
	type Network,
	setConnectPrograms,
	setDevice,
} from '../linux/index.ts';
import { type Ip, prefixOf } from '../wire/index.ts';
import { type AgentContext, inOrder } from './agent-context.ts';
import { fromContainer, toContainer } from './attach.ts';
import { sockPrograms } from './attach-sock.ts';
import { ID_HEALTH, identityOf } from './identity.ts';
import { createPolicyMap } from './maps/create.ts';
import type { CiliumMaps } from './maps/index.ts';
import { nodeConfig } from './node-config.ts';
import { type CiliumNode, lxcName, podMtu, podRoutes } from './plan.ts';

/** A pod, or the agent's own endpoint. */
export interface Endpoint {
	/** Its namespace. */
	readonly name: string;
	/** Its device on the node, and the other end. */
	readonly dev: string;
	readonly inner: string;
	readonly ip: Ip;
	readonly identity: number;
	readonly lxcId: number;
}

/** Namespace of the endpoint a node's agent answers probes in. */
export const healthNs = (node: string): string => `health/${node}`;

/** Its endpoint's identity where the agent gave it one; otherwise what its labels give. */
export const identityOfPod = ({ endpoint, metadata }: Pod): number =>
	endpoint?.identity ?? identityOf(metadata.namespace, metadata.labels);

/** The next free number on a node. */
export const endpointId = (maps: CiliumMaps, ns: Namespace): number => {
	let last = 0;
	for (const [, ep] of maps.lxc.dump(ns)) last = Math.max(last, ep.lxcId);
	return last + 1;
};

/** What makes and changes endpoints of a cluster's nodes. */
export const endpointMaker = ({ settings, cluster, maps, planOf, sockConfig }: AgentContext) => {
	/** The endpoint's program and its entry in cilium_lxc. */
	const regenerate = (net: Network, node: CiliumNode, endpoint: Endpoint): void => {
		const { name, dev, inner, ip, identity, lxcId } = endpoint;
		const host = cluster.nodeNs(node.name);
		const ns = net.namespaces.get(host)!;
		const lxc = deviceByName(ns, dev)!;
		const config = {
			ip,
			identity,
			routerMac: deviceByName(ns, 'cilium_host')!.mac,
			routing: !settings.endpointRoutes,
		};
		const compiled = nodeConfig(settings, maps, node, planOf(node), ns);
		setDevice(net, host, dev, {
			tcIngress: fromContainer(config, compiled),
			...(settings.endpointRoutes ? { tcEgress: toContainer(compiled) } : {}),
		});
		if (settings.socketLB !== 'off') setConnectPrograms(net, name, sockPrograms(sockConfig(compiled, host)));
		const { mac } = deviceByName(net.namespaces.get(name)!, inner)!;
		maps.lxc.update(ns, ip, { ifindex: lxc.ifindex, lxcId, host: false, mac, nodeMac: lxc.mac, identity });
	};

	/** Namespace, devices, addresses and routes of an endpoint, its program and its maps' entries. */
	const addEndpoint = (net: Network, node: CiliumNode, endpoint: Endpoint): LinuxError | undefined => {
		const { name, dev, inner, ip, lxcId } = endpoint;
		const host = cluster.nodeNs(node.name);
		const failed = inOrder(
			() => addNamespace(net, name, { kernel: cluster.kernel }),
			() => addVeth(net, { ns: host, name: dev }, { ns: name, name: inner }, { mtu: settings.mtu }),
			() => addAddress(net, name, inner, { ip, length: 32 }),
			...podRoutes(planOf(node).routerIP, podMtu(settings), inner).map((route) => () => addRoute(net, name, route)),
			...(settings.endpointRoutes
				? [() => addRoute(net, host, { dst: prefixOf(ip, 32), dev, scope: 'link' as const })]
				: []),
		);
		if (failed) return failed;
		regenerate(net, node, endpoint);
		// Cookies are unique in a kernel, and this namespace counts its own.
		if (settings.socketLB !== 'off') net.namespaces.get(name)!.sockets.nextCookie = 4096 * (1 + lxcId);
		createPolicyMap(net.namespaces.get(host)!, maps, lxcId);
		return undefined;
	};

	/** cilium-health/launch/endpoint.go: an endpoint of the agent's own, for others to probe. */
	const addHealth = (net: Network, node: CiliumNode, { ip, id }: { ip: Ip; id: number }): LinuxError | undefined =>
		addEndpoint(net, node, {
			name: healthNs(node.name),
			dev: 'lxc_health',
			inner: 'cilium',
			ip,
			identity: ID_HEALTH,
			lxcId: id,
		});

	const endpointOfPod = (pod: Pod, lxcId: number): Endpoint => {
		const name = cluster.podNs(pod);
		return { name, dev: lxcName(name), inner: 'eth0', ip: pod.podIP!, identity: identityOfPod(pod), lxcId };
	};

	return { regenerate, addEndpoint, addHealth, endpointOfPod };
};
