/**
 * Who connects pods. A CNI prepares each node, wires each pod, and has rules of its own; the World calls it.
 */
import type { Pod, ProxyState, Snapshot } from '../kube/index.ts';
import type { LinuxError, Network, Ruleset } from '../linux/index.ts';
import { addRoute, addVeth, delNamespace, isLinuxError } from '../linux/index.ts';
import type { Ip, Prefix } from '../wire/index.ts';
import { hostDevice, nodeNs, podNs } from './names.ts';
import type { NodeSpec, Scenario } from './scenario.ts';
import { addNs, assign } from './topology.ts';

export interface Cni {
	/** Addresses of a node's pod CIDR it keeps for itself. */
	reserved(node: NodeSpec): readonly Ip[];
	/** Devices, routes and programs of a node, once, when the cluster is made. */
	prepareNode(net: Network, node: NodeSpec): LinuxError | undefined;
	/** Makes the pod's namespace and wires it; `pod.podIP` is set. */
	addPod(net: Network, node: NodeSpec, pod: Pod): LinuxError | undefined;
	/** The pod as it is now, wired as before: a CNI that knows labels looks at them again. */
	updatePod?(net: Network, node: NodeSpec, pod: Pod): LinuxError | undefined;
	/** Takes it away again. */
	delPod(net: Network, node: NodeSpec, pod: Pod): LinuxError | undefined;
	/** Called when services, endpoints or pods changed: a CNI that balances ClusterIPs itself writes its maps. */
	programServices?(net: Network, state: ProxyState, pods: readonly Pod[]): void;
	/** Called when objects changed: what follows from objects of the CNI's own. */
	programPolicies?(net: Network, snapshot: Snapshot): void;
	/** Its rules laid over those of the kubelet and kube-proxy. `pods`: all there are. */
	withRules(rules: Ruleset, node: NodeSpec, pods: readonly Pod[]): Ruleset;
}

/**
 * Plain routed pods: a veth pair each, a /32 route to it on its node, a route to every other node's pod CIDR, and
 * in the pod a default route through the node's own address. No bridge, no address on the node's end, no rules:
 * what a packet meets is the kernel and kube-proxy alone.
 */
export function bareCni(scenario: Scenario, kernel: string): Cni {
	return {
		reserved: () => [],
		prepareNode: (net, node) => routesToOtherNodes(net, scenario, node, (other) => other.kindnetCIDR ?? other.podCIDR),
		addPod(net, node, pod) {
			const ns = podNs(pod);
			const dev = hostDevice('veth', pod, 8);
			const failed =
				addNs(net, ns, { kernel }) ??
				failure(addVeth(net, { ns: nodeNs(node.name), name: dev }, { ns, name: 'eth0' })) ??
				assign(net, ns, { dev: 'eth0', ip: pod.podIP!, length: 32 }) ??
				failure(addRoute(net, nodeNs(node.name), { dst: { address: pod.podIP!, length: 32 }, dev, scope: 'link' })) ??
				failure(addRoute(net, ns, { dst: { address: node.internalIP, length: 32 }, dev: 'eth0', scope: 'link' })) ??
				failure(addRoute(net, ns, { dst: { address: 0, length: 0 }, via: node.internalIP, dev: 'eth0' }));
			return failed;
		},
		delPod: (net, _node, pod) => delNamespace(net, podNs(pod)),
		withRules: (rules) => rules,
	};
}

/** Agents that never started: no device, no route, no rule of theirs, and no pod connected. */
export const downCni = (): Cni => ({
	reserved: () => [],
	prepareNode: () => undefined,
	addPod: () => undefined,
	delPod: () => undefined,
	withRules: (rules) => rules,
});

/** Routes to the pod CIDRs of nodes on the same network, as `autoDirectNodeRoutes` or kindnet install them. */
export function routesToOtherNodes(
	net: Network,
	scenario: Scenario,
	node: NodeSpec,
	cidrOf: (other: NodeSpec) => Prefix | undefined,
): LinuxError | undefined {
	for (const other of scenario.cluster.nodes) {
		const dst = cidrOf(other);
		if (other === node || !dst) continue;
		const made = addRoute(net, nodeNs(node.name), { dst, via: other.internalIP });
		// A node behind a router is reached by routes the scenario gives itself.
		if (isLinuxError(made) && made.code !== 'route.exists' && made.code !== 'route.invalid-gateway') return made;
	}
	return undefined;
}

/** The error of what a configuring function answered, or undefined. */
export const failure = (answer: unknown): LinuxError | undefined => (isLinuxError(answer) ? answer : undefined);
