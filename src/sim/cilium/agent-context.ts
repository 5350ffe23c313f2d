/** What all parts of an agent go by: its settings, the cluster, the maps, and the plan of each node. */
import type { Pod } from '../kube/index.ts';
import { isLinuxError, type LinuxError, type Namespace, type Network } from '../linux/index.ts';
import type { Ip } from '../wire/index.ts';
import { features } from './features.ts';
import { type CiliumMaps, ciliumMaps } from './maps/index.ts';
import type { ServiceNumbers } from './maps/lb-frontends.ts';
import { tunnelDevice } from './node-config.ts';
import { type CiliumNode, type NodePlan, nodePlan } from './plan.ts';
import type { NodeConfig } from './programs/node.ts';
import type { SockConfig } from './programs/sock.ts';
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

/** Handed to every part; what differs between parts is an argument. */
export interface AgentContext {
	readonly settings: CiliumSettings;
	readonly cluster: CiliumCluster;
	readonly maps: CiliumMaps;
	/** Nodes whose agents have these settings. */
	readonly own: readonly CiliumNode[];
	/** The tunnel's device, in tunnel mode. */
	readonly tunnel: ReturnType<typeof tunnelDevice>;
	runs(node: CiliumNode): boolean;
	/** Nodes a node's agent knows. */
	knownTo(node: CiliumNode): readonly CiliumNode[];
	/** Devices, addresses and routes of a node: made once. */
	planOf(node: CiliumNode): NodePlan;
	/** The node's namespace, while there is one. */
	nsOf(net: Network, node: CiliumNode): Namespace | undefined;
	/** What the socket programs of a cgroup go by; `nodeNs` names the node's namespace. */
	sockConfig(node: NodeConfig, nodeNs: string): SockConfig;
}

export const agentContext = (settings: CiliumSettings, cluster: CiliumCluster): AgentContext => {
	const maps = ciliumMaps(features(settings.version), settings.mapSizes, settings.clock, settings.lb);
	const plans = new Map<string, NodePlan>();
	const knownTo = ({ name }: CiliumNode) => cluster.nodes.filter((other) => other.name === name || !other.untold);
	const planOf = (node: CiliumNode): NodePlan => {
		let plan = plans.get(node.name);
		if (!plan) {
			plan = nodePlan(settings, node, knownTo(node), cluster.pinned);
			plans.set(node.name, plan);
		}
		return plan;
	};
	const runs = (node: CiliumNode): boolean => cluster.runs?.(node) ?? true;
	return {
		settings,
		cluster,
		maps,
		own: cluster.nodes.filter(runs),
		tunnel: tunnelDevice(settings),
		runs,
		knownTo,
		planOf,
		nsOf: (net, node) => net.namespaces.get(cluster.nodeNs(node.name)),
		sockConfig: (node, nodeNs) => ({
			node,
			nodeNs,
			hostOnly: settings.socketLB === 'hostns',
			bindProtection: settings.bindProtection,
		}),
	};
};

const failure = (answer: unknown): LinuxError | undefined => (isLinuxError(answer) ? answer : undefined);

/** The first error of the steps, which are taken in order. */
export const inOrder = (...steps: readonly (() => unknown)[]): LinuxError | undefined => {
	for (const step of steps) {
		const error = failure(step());
		if (error) return error;
	}
	return undefined;
};
