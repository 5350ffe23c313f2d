/**
 * The agent on every node, with the CNI plugin: makes the devices and routes of plan.ts, attaches the programs,
 * fills the maps, writes the rules. It keeps no state of its own: all is in the namespaces.
 *
 * Not modelled: IPv6. cilium_host has ARP off in life; here a permanent neighbour
 * entry for its own address stands for that.
 */
import type { Pod, ProxyState, Snapshot } from '../kube/index.ts';
import { applyPatches, delNamespace, delRoute, type LinuxError, type Network, type Ruleset } from '../linux/index.ts';
import { type Ip, prefixOf } from '../wire/index.ts';
import { agentContext, type CiliumCluster } from './agent-context.ts';
import { endpointId, endpointMaker, identityOfPod } from './agent-endpoint.ts';
import { nodeMaker } from './agent-node.ts';
import { programServices } from './agent-services.ts';
import { egressGateway } from './egress-gateway.ts';
import { ciliumRules } from './iptables.ts';
import { removePolicyMap } from './maps/create.ts';
import type { CiliumMaps } from './maps/index.ts';
import type { CiliumNode } from './plan.ts';
import { policy } from './policy/policy.ts';
import type { CiliumSettings } from './settings.ts';

export type { CiliumCluster } from './agent-context.ts';
export { healthNs } from './agent-endpoint.ts';

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

/** The agents of one installation, one for each node. */
export const createCilium = (settings: CiliumSettings, cluster: CiliumCluster): CiliumAgent => {
	const context = agentContext(settings, cluster);
	const { maps, own, runs, planOf, nsOf } = context;
	const { lxc: lxcMap, ipcache } = maps;
	const { regenerate, addEndpoint, addHealth, endpointOfPod } = endpointMaker(context);
	const announce = (net: Network, node: CiliumNode, pod: Pod): void => {
		for (const other of own) {
			const there = nsOf(net, other);
			const tunnelEndpoint = other.name === node.name ? 0 : node.internalIP;
			const identity = identityOfPod(pod);
			if (there && pod.endpoint?.untold) ipcache.remove(there, prefixOf(pod.podIP!, 32));
			else if (there)
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
		prepareNode: nodeMaker(context, addHealth),

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
				const known = ipcache.peek(ns, prefixOf(pod.podIP!, 32));
				if (ep.identity === identityOfPod(pod) && (known === undefined) === (pod.endpoint?.untold === true))
					return undefined;
				if (ep.identity !== identityOfPod(pod)) regenerate(net, node, endpointOfPod(pod, ep.lxcId));
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
			programServices(context, net, state, pods);
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
