/**
 * Nodes whose agents differ: while a change rolls over them, on each the agent that started last there; none or
 * another plugin where no agent has been. Agents with the same settings are one `createCilium`, and each hears of the
 * pods of all (through CiliumEndpoints in life).
 */
import type { Pod } from '../kube/index.ts';
import { delNamespace, type LinuxError, type Network, setPacketQueue } from '../linux/index.ts';
import type { Ip } from '../wire/index.ts';
import { type CiliumSettings, ciliumSettings, createCilium, isCiliumError } from './cilium.ts';
import { type Cni, downCni, routesToOtherNodes } from './cni.ts';
import { withMasquerade } from './kindnet-masquerade.ts';
import { kindnetDenies } from './kindnet-policy.ts';
import { kindnetCni } from './kindnet-ptp.ts';
import { nodeNs, podNs } from './names.ts';
import { withPortmap } from './portmap.ts';
import type { NodeCni, NodeSpec, Scenario } from './scenario.ts';

/** What a node's agent runs with, where it is not what the scenario's bundle says; undefined without one of its own. */
export function settingsOfNode(node: NodeSpec, kernel: string): CiliumSettings | undefined {
	if (node.cni?.kind !== 'cilium') return undefined;
	const made = ciliumSettings(node.cni.version, node.cni.helm, { kernel });
	// An agent with such values does not start: whoever writes the scenario has seen it run.
	if (isCiliumError(made)) throw new Error(`agent of ${node.name}: ${JSON.stringify(made)}`);
	return made;
}

const keyOf = (cni: NodeCni | undefined): string => (cni === undefined ? '' : JSON.stringify(cni));

/**
 * Undefined when all nodes are what the bundle says, and so are their pods. `settings`: those of the bundle's Cilium;
 * without it the bundle's plugin is kindnet, whose pods may have ports of their node.
 */
export function mixedCni(scenario: Scenario, kernel: string, settings?: CiliumSettings): Cni | undefined {
	const { cluster } = scenario;
	if (!cluster.explicitEndpoints && cluster.nodes.every((node) => node.cni === undefined)) return undefined;
	const pinned = new Set<Ip>(Object.values(cluster.podAddresses ?? {}));
	for (const { ip } of cluster.pins) pinned.add(ip);
	const bare = kindnetCni(scenario, kernel);
	const others: Readonly<Record<'bare' | 'none', Cni>> = { bare, none: downCni() };
	/** By what agents were started with. */
	const agents = new Map<string, Cni>();
	const kindOf = ({ cni }: NodeSpec): NodeCni['kind'] => cni?.kind ?? (settings ? 'cilium' : 'bare');
	const nodes = cluster.nodes.filter(
		(node) => kindOf(node) === 'cilium' || (node.cni?.kind !== 'cilium' && node.cni?.known),
	);
	for (const node of nodes) {
		const key = keyOf(node.cni);
		if (agents.has(key) || kindOf(node) !== 'cilium') continue;
		agents.set(
			key,
			createCilium(settingsOfNode(node, kernel) ?? settings!, {
				nodes,
				kernel,
				pinned,
				nodeNs,
				podNs,
				...(cluster.serviceNumbers ? { numbers: cluster.serviceNumbers } : {}),
				runs: ({ name }) => keyOf(cluster.nodes.find((n) => n.name === name)?.cni) === key,
			}),
		);
	}
	const of = (node: NodeSpec): Cni => {
		const kind = kindOf(node);
		return kind === 'cilium' ? agents.get(keyOf(node.cni))! : others[kind];
	};
	/** Every agent is told of an endpoint; a pod another plugin connected is none. */
	const everywhere = (
		node: NodeSpec,
		pod: Pod,
		act: (cni: Cni) => LinuxError | undefined,
		plain: (cni: Cni) => LinuxError | undefined,
	): LinuxError | undefined => {
		if (kindOf(node) !== 'cilium') return plain(of(node));
		if (pod.unmanaged) return plain(bare);
		for (const agent of agents.values()) {
			const error = act(agent);
			if (error) return error;
		}
		return undefined;
	};
	return {
		reserved: (node) => of(node).reserved(node),
		// kindnetd's routes stay, and where an agent has one of its own to the same pods, that has taken the place of it.
		prepareNode: (net, node) =>
			of(node).prepareNode(net, node) ?? routesToOtherNodes(net, scenario, node, ({ kindnetCIDR }) => kindnetCIDR),
		addPod: (net, node, pod) =>
			everywhere(
				node,
				pod,
				(agent) => agent.addPod(net, node, pod),
				(other) => other.addPod(net, node, pod),
			),
		updatePod: (net, node, pod) =>
			everywhere(
				node,
				pod,
				(agent) => agent.updatePod?.(net, node, pod),
				() => undefined,
			),
		delPod: (net, node, pod) =>
			everywhere(
				node,
				pod,
				(agent) => agent.delPod(net, node, pod),
				() => forget(net, pod),
			),
		programServices(net, state, pods) {
			for (const agent of agents.values()) agent.programServices?.(net, state, pods);
		},
		programPolicies(net, snapshot) {
			for (const agent of agents.values()) agent.programPolicies?.(net, snapshot);
			for (const node of cluster.nodes)
				if (node.cni?.kind === 'bare' && node.cni.enforces) {
					const view = { node, snapshot };
					setPacketQueue(net, nodeNs(node.name), { denies: (packet) => kindnetDenies(view, packet) });
				}
		},
		withRules(rules, node, pods) {
			const bareNode = kindOf(node) === 'bare';
			const here = pods.filter((pod) => pod.nodeName === node.name && (bareNode || pod.unmanaged));
			const own = of(node).withRules(rules, node, pods);
			const { kindnetCIDR, podCIDR } = node;
			const masqueraded = bareNode || kindnetCIDR ? withMasquerade(own, cluster.podCIDR) : own;
			return withPortmap(masqueraded, here, kindnetCIDR ?? podCIDR);
		},
	};
}

/** Of a pod that was never connected there is nothing to take away. */
const forget = (net: Network, pod: Pod): LinuxError | undefined =>
	net.namespaces.has(podNs(pod)) ? delNamespace(net, podNs(pod)) : undefined;
