/**
 * The agent on every node, with the CNI plugin: makes the devices and routes of plan.ts, attaches the programs,
 * fills the maps, writes the rules. It keeps no state of its own: all is in the namespaces.
 *
 * Not modelled: IPv6. cilium_host has ARP off in life; here a permanent neighbour
 * entry for its own address stands for that.
 */
import type { Pod, ProxyState, Snapshot } from '../kube/index.ts';
import {
	addAddress,
	addNamespace,
	addNeighbour,
	addRoute,
	addTunnel,
	addVeth,
	applyPatches,
	beSeenByBridge,
	delNamespace,
	delRoute,
	deviceByName,
	fibLookup,
	isLinuxError,
	type LinuxError,
	type Namespace,
	type Network,
	type Ruleset,
	setConnectPrograms,
	setDevice,
	setIpset,
	xdpProgram,
} from '../linux/index.ts';
import { type Ip, prefixOf } from '../wire/index.ts';
import { egressGateway } from './egress-gateway.ts';
import { features } from './features.ts';
import { ID_HEALTH, ID_HOST, ID_KUBE_APISERVER, ID_REMOTE_NODE, ID_WORLD, identityOf } from './identity.ts';
import { ciliumRules, NODE_IPSET } from './iptables.ts';
import { createNodeMaps, createPolicyMap, removePolicyMap } from './maps/create.ts';
import { type CiliumMaps, ciliumMaps } from './maps/index.ts';
import { ipcacheLookup4 } from './maps/ipcache.ts';
import type { HostPort, ServiceNumbers } from './maps/lb-frontends.ts';
import { lbPlan, planOf as lbPlanOf, syncServiceMaps } from './maps/lb-sync.ts';
import { discoverNeighbour, discoversNeighbours } from './neighbours.ts';
import { nodeConfig, tunnelDevice } from './node-config.ts';
import { type CiliumNode, lxcName, type NodePlan, nodePlan, podMtu, podRoutes } from './plan.ts';
import { policy } from './policy/index.ts';
import { fromContainer } from './programs/from-container.ts';
import { fromHost } from './programs/from-host.ts';
import { fromNetdev } from './programs/from-netdev.ts';
import { fromOverlay, toOverlay } from './programs/from-overlay.ts';
import type { NodeConfig } from './programs/node.ts';
import { type SockConfig, sockPrograms } from './programs/sock.ts';
import { toContainer } from './programs/to-container.ts';
import { toHost } from './programs/to-host.ts';
import { toNetdev } from './programs/to-netdev.ts';
import { xdpEntry } from './programs/xdp.ts';
import type { CiliumSettings } from './settings.ts';

/** The cluster the agents run in. */
export interface CiliumCluster {
	readonly nodes: readonly CiliumNode[];
	/** Kernel of the pods' namespaces. */
	readonly kernel: string;
	/** Whether a node's agent has these settings: the others have agents of their own. All do when absent. */
	runs?(node: CiliumNode): boolean;
	/** Addresses pods are given by name, which cilium_host must not take. */
	readonly pinned: ReadonlySet<Ip>;
	/** What services were numbered by agents before these. */
	readonly numbers?: ServiceNumbers;
	/** Names of namespaces. */
	nodeNs(name: string): string;
	podNs(pod: Pod): string;
}

export interface CiliumAgent {
	readonly settings: CiliumSettings;
	/** The maps of every node, by handle. */
	readonly maps: CiliumMaps;
	/** Addresses of the pod CIDR that the agent keeps. */
	reserved(node: CiliumNode): readonly Ip[];
	/** cilium_host, cilium_net, routes, programs, the node's maps and ipset. Once per node. */
	prepareNode(net: Network, node: CiliumNode): LinuxError | undefined;
	/** The pod's namespace and its wiring; `pod.podIP` is set. Of a node of another agent's, what these learn of it. */
	addPod(net: Network, node: CiliumNode, pod: Pod): LinuxError | undefined;
	/** Its identity is another one: the program is compiled anew, and every node hears of it. */
	updatePod(net: Network, node: CiliumNode, pod: Pod): LinuxError | undefined;
	delPod(net: Network, node: CiliumNode, pod: Pod): LinuxError | undefined;
	/** The agent's rules laid over those of the kubelet and kube-proxy. */
	withRules(rules: Ruleset, node: CiliumNode): Ruleset;
	/** Service maps of every node; call it when services, endpoints or pods with host ports changed. */
	programServices(net: Network, state: ProxyState, pods?: readonly Pod[]): void;
	/** What follows from policies, on every node: CiliumEgressGatewayPolicy and those of the network. */
	programPolicies(net: Network, snapshot: Snapshot): void;
}

/** A pod, or the agent's own endpoint. */
interface Endpoint {
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

const failure = (answer: unknown): LinuxError | undefined => (isLinuxError(answer) ? answer : undefined);

/** The first error of the steps, which are taken in order. */
const inOrder = (...steps: readonly (() => unknown)[]): LinuxError | undefined => {
	for (const step of steps) {
		const error = failure(step());
		if (error) return error;
	}
	return undefined;
};

export const createCilium = (settings: CiliumSettings, cluster: CiliumCluster): CiliumAgent => {
	const maps = ciliumMaps(features(settings.version), settings.mapSizes, settings.clock, settings.lb);
	const { lxc: lxcMap, ipcache } = maps;
	const plans = new Map<string, NodePlan>();
	const planOf = (node: CiliumNode): NodePlan => {
		let plan = plans.get(node.name);
		if (!plan) {
			plan = nodePlan(settings, node, cluster.nodes, cluster.pinned);
			plans.set(node.name, plan);
		}
		return plan;
	};
	const runs = (node: CiliumNode): boolean => cluster.runs?.(node) ?? true;
	const own = cluster.nodes.filter(runs);
	const nsOf = (net: Network, node: CiliumNode): Namespace | undefined => net.namespaces.get(cluster.nodeNs(node.name));

	const tunnel = tunnelDevice(settings);
	const sockConfig = (node: NodeConfig, nodeNs: string): SockConfig => ({
		node,
		nodeNs,
		hostOnly: settings.socketLB === 'hostns',
		bindProtection: settings.bindProtection,
	});
	const xdpMode = settings.acceleration === 'testing-only' ? 'generic' : 'native';
	/** Programs on the node's devices and its root cgroup. */
	const attachNode = (net: Network, node: CiliumNode): LinuxError | undefined => {
		const name = cluster.nodeNs(node.name);
		const compiled = nodeConfig(settings, maps, node, planOf(node), net.namespaces.get(name)!);
		return inOrder(
			() => setDevice(net, name, 'cilium_host', { tcEgress: fromHost(compiled) }),
			() => setDevice(net, name, 'cilium_net', { tcIngress: toHost(compiled) }),
			...(settings.nodePort
				? [() => setDevice(net, name, node.device, { tcIngress: fromNetdev(compiled), tcEgress: toNetdev(compiled) })]
				: []),
			...(settings.acceleration !== 'disabled'
				? [() => setDevice(net, name, node.device, { xdp: xdpProgram(xdpEntry(compiled), xdpMode) })]
				: []),
			...(tunnel
				? [() => setDevice(net, name, tunnel.name, { tcIngress: fromOverlay(compiled), tcEgress: toOverlay(compiled) })]
				: []),
			...(settings.socketLB === 'off'
				? []
				: [() => setConnectPrograms(net, name, sockPrograms(sockConfig(compiled, name)))]),
		);
	};

	/**
	 * insertNeighbor(): what services are sent through is known before the first packet (pkg/datapath/linux/node.go
	 * NodeConfigurationChanged() @ v1.12.1, v1.13.9). Nodes behind a router are left out.
	 */
	const meetNodes = (net: Network, node: CiliumNode): LinuxError | undefined => {
		const ns = nsOf(net, node);
		if (!ns || !settings.nodePort || !settings.l2NeighDiscovery) return undefined;
		for (const other of cluster.nodes) {
			const there = nsOf(net, other);
			const mac = there && deviceByName(there, other.device)?.mac;
			const route = fibLookup(ns, { dst: other.internalIP, src: 0, mark: 0, iif: 0, oif: 0, scope: 0 });
			if (mac === undefined || route?.dev === undefined || route.via !== undefined || other.name === node.name)
				continue;
			const failed =
				addNeighbour(net, ns.name, node.device, other.internalIP, mac, 'REACHABLE') ??
				// The answer to who has this address has come through what lies between.
				beSeenByBridge(net, there!.name, other.device);
			if (failed) return failed;
		}
		return undefined;
	};

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
		lxcMap.update(ns, ip, { ifindex: lxc.ifindex, lxcId, host: false, mac, nodeMac: lxc.mac, identity });
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

	const announce = (net: Network, node: CiliumNode, pod: Pod): void => {
		for (const other of own) {
			const there = nsOf(net, other);
			const tunnelEndpoint = other.name === node.name ? 0 : node.internalIP;
			const identity = identityOfPod(pod);
			if (there)
				ipcache.update(there, prefixOf(pod.podIP!, 32), {
					identity,
					tunnelEndpoint,
					encryptKey: 0,
					skipTunnel: false,
				});
		}
	};

	return {
		settings,
		maps,
		reserved: (node) => [planOf(node).routerIP],

		prepareNode(net, node) {
			const name = cluster.nodeNs(node.name);
			const plan = planOf(node);
			const failed = inOrder(
				() => addVeth(net, { ns: name, name: 'cilium_net' }, { ns: name, name: 'cilium_host' }, { mtu: settings.mtu }),
				() => addAddress(net, name, 'cilium_host', { ip: plan.routerIP, length: 32, scope: plan.routerScope }),
				...plan.routes.map((route) => () => addRoute(net, name, route)),
				() => {
					const mac = deviceByName(net.namespaces.get(name)!, 'cilium_host')!.mac;
					return addNeighbour(net, name, 'cilium_host', plan.routerIP, mac);
				},
				...plan.proxyRoutes.map((route) => () => addRoute(net, name, route)),
				...(tunnel ? [() => addTunnel(net, { ns: name, name: tunnel.name }, tunnel.kind, settings.tunnelPort)] : []),
				...(tunnel && settings.mtu !== 1500 ? [() => setDevice(net, name, tunnel.name, { mtu: settings.mtu })] : []),
				() => attachNode(net, node),
				() =>
					setIpset(
						net,
						name,
						NODE_IPSET,
						cluster.nodes.map((other) => prefixOf(other.internalIP, 32)),
					),
			);
			if (failed) return failed;
			for (const route of plan.nodeRoutes) {
				const made = addRoute(net, name, route);
				// A node that is not on this link is left out, as autoDirectNodeRoutes leaves it.
				if (isLinuxError(made) && made.code !== 'route.invalid-gateway' && made.code !== 'route.exists') return made;
			}
			const unknown = meetNodes(net, node);
			if (unknown) return unknown;
			const ns = net.namespaces.get(name)!;
			ns.rules = [...plan.rules, ...ns.rules.filter(({ priority }) => priority > 0)];
			if (discoversNeighbours(settings))
				for (const other of cluster.nodes) if (other.name !== node.name) discoverNeighbour(net, ns, other.internalIP);
			createNodeMaps(ns, settings, maps);
			for (const ip of [node.internalIP, plan.routerIP])
				lxcMap.update(ns, ip, { ifindex: 0, lxcId: 0, host: true, mac: 0, nodeMac: 0, identity: 0 });
			ipcache.update(
				ns,
				{ address: 0, length: 0 },
				{ identity: ID_WORLD, tunnelEndpoint: 0, encryptKey: 0, skipTunnel: false },
			);
			for (const other of cluster.nodes) {
				const identity = other.name === node.name ? ID_HOST : ID_REMOTE_NODE;
				const { routerIP } = planOf(other);
				for (const ip of [other.internalIP, routerIP]) {
					const tunnelEndpoint = ip === routerIP && other.name !== node.name ? other.internalIP : 0;
					ipcache.update(ns, prefixOf(ip, 32), { identity, tunnelEndpoint, encryptKey: 0, skipTunnel: false });
				}
				if (settings.routingMode === 'tunnel' && other.name !== node.name && maps.features.tunnelMap)
					maps.tunnel.update(ns, other.podCIDR.address, other.internalIP);
				if (other.health)
					ipcache.update(ns, prefixOf(other.health.ip, 32), {
						identity: ID_HEALTH,
						tunnelEndpoint: other.name === node.name ? 0 : other.internalIP,
						encryptKey: 0,
						skipTunnel: false,
					});
			}
			return node.health ? addHealth(net, node, node.health) : undefined;
		},

		addPod(net, node, pod) {
			if (runs(node)) {
				const ns = nsOf(net, node)!;
				const failed = addEndpoint(net, node, endpointOfPod(pod, pod.endpoint?.id ?? endpointId(maps, ns)));
				if (failed) return failed;
			}
			announce(net, node, pod);
			return undefined;
		},

		updatePod(net, node, pod) {
			const ns = nsOf(net, node);
			const ep = ns && runs(node) && lxcMap.peek(ns, pod.podIP!);
			if (ep) {
				if (ep.identity === identityOfPod(pod)) return undefined;
				regenerate(net, node, endpointOfPod(pod, ep.lxcId));
			}
			announce(net, node, pod);
			return undefined;
		},

		delPod(net, node, pod) {
			const ip = pod.podIP!;
			const ns = runs(node) ? nsOf(net, node) : undefined;
			const ep = ns && lxcMap.peek(ns, ip);
			if (ns && ep) {
				removePolicyMap(ns, maps, ep.lxcId);
				lxcMap.remove(ns, ip);
			}
			for (const other of own) {
				const there = nsOf(net, other);
				if (there) ipcache.remove(there, prefixOf(ip, 32));
			}
			if (!ns) return undefined;
			if (settings.endpointRoutes) delRoute(net, ns.name, { dst: prefixOf(ip, 32) });
			return delNamespace(net, cluster.podNs(pod));
		},

		withRules(rules, node) {
			const { routerIP, dnsProxyPort } = planOf(node);
			return applyPatches(rules, ciliumRules(settings, { podCIDR: node.podCIDR, routerIP, dnsProxyPort }));
		},

		programServices(net, state, pods = []) {
			const before =
				own
					.flatMap((node) => nsOf(net, node) ?? [])
					.map(lbPlanOf)
					.find(Boolean) ?? cluster.numbers;
			const plan = lbPlan(settings, maps, state, hostPortsOf(pods), before);
			const apiServers = apiServersOf(state);
			for (const node of own) {
				const ns = nsOf(net, node);
				if (!ns) continue;
				syncServiceMaps(ns, plan, { name: node.name, addresses: [node.internalIP] });
				for (const other of cluster.nodes) {
					const known = other.name === node.name ? undefined : ipcacheLookup4(ipcache, ns, other.internalIP);
					const identity = apiServers.has(other.internalIP) ? ID_KUBE_APISERVER : ID_REMOTE_NODE;
					if (known && known.identity !== identity)
						ipcache.update(ns, prefixOf(other.internalIP, 32), { ...known, identity });
				}
			}
		},

		programPolicies(net, snapshot) {
			for (const node of own) {
				const ns = nsOf(net, node);
				if (!ns) continue;
				if (settings.egressGateway) egressGateway?.sync(settings.version, ns, node.name, snapshot);
				policy?.sync(ns, node, settings, maps, snapshot);
			}
		},
	};
};

/** Addresses behind default/kubernetes, which get the label "kube-apiserver": pkg/k8s/watchers @ v1.12.1. */
const apiServersOf = ({ ports }: ProxyState): ReadonlySet<Ip> =>
	new Set(
		ports.filter(({ name }) => /^default\/kubernetes(:|$)/.test(name)).flatMap((p) => p.endpoints.map(({ ip }) => ip)),
	);

/** Host ports of pods that run: pkg/k8s/watchers/pod.go genServiceMappings() @ v1.12.1. */
const hostPortsOf = (pods: readonly Pod[]): readonly HostPort[] =>
	pods.flatMap(({ nodeName, podIP, hostNetwork, ports }) =>
		ports.flatMap(({ hostPort, hostIP = 0, containerPort, protocol }): HostPort[] =>
			nodeName !== undefined && podIP !== undefined && !hostNetwork && hostPort !== undefined && protocol !== 'SCTP'
				? [{ nodeName, hostIP, hostPort, proto: protocol === 'TCP' ? 6 : 17, podIP, containerPort }]
				: [],
		),
	);

const identityOfPod = ({ endpoint, metadata }: Pod): number =>
	endpoint?.identity ?? identityOf(metadata.namespace, metadata.labels);

/** The next free number on a node. */
const endpointId = (maps: CiliumMaps, ns: Namespace): number => {
	let last = 0;
	for (const [, ep] of maps.lxc.dump(ns)) last = Math.max(last, ep.lxcId);
	return last + 1;
};
