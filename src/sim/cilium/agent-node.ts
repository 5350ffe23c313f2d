/** A node as its agent makes it ready: devices, routes, programs, maps, and what is known of the other nodes. */
import {
	addAddress,
	addNeighbour,
	addRoute,
	addTunnel,
	addVeth,
	beSeenByBridge,
	deviceByName,
	fibLookup,
	isLinuxError,
	type LinuxError,
	type Network,
	setConnectPrograms,
	setDevice,
	setIpset,
	xdpProgram,
} from '../linux/index.ts';
import { type Ip, prefixOf } from '../wire/index.ts';
import { type AgentContext, inOrder } from './agent-context.ts';
import { fromHost, fromNetdev, fromOverlay, toHost, toNetdev, toOverlay, xdpEntry } from './attach.ts';
import { sockPrograms } from './attach-sock.ts';
import { ID_HEALTH, ID_HOST, ID_REMOTE_NODE, ID_WORLD } from './identity.ts';
import { createNodeMaps } from './maps/create.ts';
import { discoverNeighbour, discoversNeighbours } from './neighbours.ts';
import { nodeConfig } from './node-config.ts';
import { NODE_IPSET } from './node-ipset.ts';
import type { CiliumNode } from './plan.ts';

/** Answers `prepareNode`. `addHealth` makes the endpoint a node's agent answers probes in. */
export const nodeMaker = (
	{ settings, cluster, maps, tunnel, knownTo, planOf, nsOf, sockConfig }: AgentContext,
	addHealth: (net: Network, node: CiliumNode, health: { ip: Ip; id: number }) => LinuxError | undefined,
) => {
	const { ipcache } = maps;
	const xdpMode = settings.acceleration === 'testing-only' ? 'generic' : 'native';
	/** Programs on the node's devices and its root cgroup. */
	const attachNode = (net: Network, node: CiliumNode): LinuxError | undefined => {
		const name = cluster.nodeNs(node.name);
		const compiled = nodeConfig(settings, maps, node, planOf(node), net.namespaces.get(name)!);
		return inOrder(
			() => setDevice(net, name, 'cilium_host', { tcIngress: toHost(compiled), tcEgress: fromHost(compiled) }),
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
		for (const other of knownTo(node)) {
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

	/** cilium_host, cilium_net, routes, programs, the node's maps and ipset, and the endpoint for probes. */
	const prepareNode = (net: Network, node: CiliumNode): LinuxError | undefined => {
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
					knownTo(node).map((other) => prefixOf(other.internalIP, 32)),
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
			for (const other of knownTo(node)) if (other.name !== node.name) discoverNeighbour(net, ns, other.internalIP);
		createNodeMaps(ns, settings, maps);
		for (const ip of [node.internalIP, plan.routerIP])
			maps.lxc.update(ns, ip, { ifindex: 0, lxcId: 0, host: true, mac: 0, nodeMac: 0, identity: 0 });
		ipcache.update(
			ns,
			{ address: 0, length: 0 },
			{ identity: ID_WORLD, tunnelEndpoint: 0, encryptKey: 0, skipTunnel: false },
		);
		for (const other of knownTo(node)) {
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
	};

	return prepareNode;
};
