/** The cluster's machines, and the software that connects its pods, as a scenario of the World. */
import { nativeRoutingValues, type ServiceNumbers, valuesOfConfig } from '../../cilium/index.ts';
import type { ProxyGeneration } from '../../kube/index.ts';
import { kindNetwork } from '../../scenarios/index.ts';
import { formatIp, type Ip, type Prefix } from '../../wire/index.ts';
import type { NodeCni, Scenario, Settings } from '../../world/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type Node, one } from '../cluster/kinds.ts';
import { type Machine, prefixOfText } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { checksHealth } from '../software/cilium/agent-config.ts';
import type { CiliumNodeObject } from '../software/cilium/node-object.ts';
import type { CiliumAgentState } from '../types.ts';

/** What a World has to be built anew for when it changes. */
export interface Base {
	readonly nodes: readonly {
		readonly name: string;
		readonly ip: Ip;
		readonly podCIDR: Prefix;
		readonly kindnetCIDR?: Prefix | undefined;
		readonly container: string;
		readonly controlPlane: boolean;
		readonly health?: { readonly ip: Ip; readonly id: number };
		/** Its CiliumNode is gone. */
		readonly untold?: boolean;
		/** Where it is not what `cilium` and `helm` say. */
		readonly cni?: NodeCni;
	}[];
	readonly cni: 'none' | 'bare' | 'cilium';
	readonly cilium?: string;
	readonly helm: Readonly<Record<string, string>>;
}

const generation = (minor: number): ProxyGeneration =>
	minor <= 23 ? '1.23' : minor <= 25 ? '1.24' : minor <= 31 ? '1.26' : '1.33';

/** What a node's agent runs with, as text. */
const runsWith = ({ version, config }: CiliumAgentState): string =>
	version + JSON.stringify(Object.entries(config).sort());

/** The agent whose settings most nodes have; of as many, that which started last. The World is named after it. */
function leadingAgent(machines: readonly Machine[]): CiliumAgentState | undefined {
	const agents = machines.flatMap((m) => (m.agent ? [m.agent] : []));
	const votes = new Map<string, { count: number; last: CiliumAgentState }>();
	for (const agent of agents) {
		const key = runsWith(agent);
		const seen = votes.get(key);
		votes.set(key, {
			count: (seen?.count ?? 0) + 1,
			last: seen && seen.last.startedAt > agent.startedAt ? seen.last : agent,
		});
	}
	return [...votes.values()].sort((a, b) => b.count - a.count || b.last.startedAt - a.last.startedAt)[0]?.last;
}

/** Values that make an agent of this config, whatever a scenario would add. */
function helmOf({ version, config, settings }: CiliumAgentState, api: Ip): Record<string, string> {
	const values: Record<string, string> = { ...valuesOfConfig(version, config) };
	if (minorOf(version) >= 14) {
		// 1.14 still takes `tunnel`, but not beside the name a scenario would add.
		delete values.tunnel;
		values.routingMode = settings.routingMode;
		if (settings.routingMode === 'tunnel') values.tunnelProtocol = settings.tunnelProtocol;
	}
	return {
		...values,
		autoDirectNodeRoutes: String(settings.autoDirectNodeRoutes),
		// How the agents found the API server is the lab's affair: they run.
		k8sServiceHost: formatIp(api),
		k8sServicePort: '6443',
	};
}

/** An agent makes its CiliumNode when it starts, and not again. */
export const isUntold = ({ api }: Pick<ClusterContext, 'api'>, { name, agent }: Machine): boolean =>
	agent?.state === 'ready' && !one(api, 'ciliumnodes', undefined, name);

export function baseOf(cluster: ClusterContext): Base {
	const machines = [...cluster.machines.values()].filter(
		(m) => m.running && m.ip !== undefined && m.role !== 'external-load-balancer',
	);
	const agent = leadingAgent(machines);
	/** What other agents know of a node whose own is not ready yet. */
	const announced = (m: Machine): Prefix | undefined =>
		prefixOfText(one<CiliumNodeObject>(cluster.api, 'ciliumnodes', undefined, m.name)?.spec?.ipam?.podCIDRs?.[0]);
	const given = (m: Machine): Prefix | undefined =>
		prefixOfText(one<Node>(cluster.api, 'nodes', undefined, m.name)?.spec?.podCIDR);
	const nodes = machines.map((m, i) => ({
		name: m.name,
		ip: m.ip!,
		podCIDR: m.agent?.podCIDR ??
			announced(m) ??
			given(m) ?? {
				// Not joined yet: a range nobody is in.
				address: (0xf0000000 + i * 256) >>> 0,
				length: 24,
			},
		...(!cluster.config.disableDefaultCNI && { kindnetCIDR: given(m) }),
		container: m.container,
		controlPlane: m.role === 'control-plane',
		...(isUntold(cluster, m) && { untold: true }),
		...(m.agent && checksHealth(m.agent) ? { health: { ip: m.agent.healthIP, id: m.agent.healthEndpoint } } : {}),
	}));
	const api = machines.find((m) => m.role === 'control-plane')?.ip ?? machines[0]?.ip ?? 0;
	// From v20240813 on kindnetd has kube-network-policies (kind v0.24.0).
	const enforces = cluster.image.kindnetd >= 'v20240813';
	const kindnet: NodeCni = { kind: 'bare', ...(enforces ? { enforces } : {}) };
	/** Each node's datapath is what its agent read when it started, or what there is without one. */
	const cniOf = (machine: Machine, leading: CiliumAgentState): { readonly cni?: NodeCni } => {
		const own = machine.agent;
		if (!own) {
			const known = announced(machine) !== undefined;
			return { cni: machine.cni?.kind === 'kindnet' ? { ...kindnet, known } : { kind: 'none', known } };
		}
		if (runsWith(own) === runsWith(leading)) return {};
		return {
			cni: {
				kind: 'cilium',
				version: own.version,
				helm: { ...nativeRoutingValues(own.version, cluster.config.podSubnet), ...helmOf(own, api) },
			},
		};
	};
	if (agent)
		return {
			nodes: nodes.map((node, i) => ({ ...node, ...cniOf(machines[i]!, agent) })),
			cni: 'cilium',
			cilium: agent.version,
			helm: helmOf(agent, api),
		};
	if (!machines.some((m) => m.cni?.kind === 'kindnet')) return { nodes, cni: 'none', helm: {} };
	return { nodes: enforces ? nodes.map((node) => ({ ...node, cni: kindnet })) : nodes, cni: 'bare', helm: {} };
}

/** `made`: how many Worlds there were before: chance goes on, and every device keeps its hardware address. */
export function scenarioOf(
	cluster: ClusterContext,
	base: Base,
	kubeProxy: Settings['kubeProxy'],
	made: number,
	serviceNumbers: ServiceNumbers | undefined,
): Scenario {
	const { image, kernel, config, timeline, docker } = cluster;
	const network = docker.networks().find((n) => n.name === 'kind');
	const chance = (world: number): number => timeline.random('packets', `${cluster.instance}\0${world}`, 2 ** 31);
	return {
		id: `lab-${cluster.name}`,
		version: 1,
		seed: chance(made),
		macSeed: chance(0),
		bundles: [
			{
				id: 'lab',
				kubernetes: image.kubernetes,
				kernel: kernel.replace(/-.*$/, ''),
				proxy: generation(minorOf(image.kubernetes)),
				cni: base.cni,
				...(base.cilium === undefined ? {} : { cilium: base.cilium }),
			},
		],
		start: {
			bundle: 'lab',
			kubeProxy,
			externalTrafficPolicy: 'Cluster',
			internalTrafficPolicy: 'Cluster',
			sessionAffinity: 'None',
			replicas: 0,
			protocol: 'TCP',
			helm: base.helm,
		},
		...kindNetwork({
			bridge: network?.bridge ?? 'br-kind',
			gateway: network?.gateway ?? 0xac120001,
			nodes: base.nodes.map((node) => ({
				name: node.name,
				internalIP: node.ip,
				port: `veth${node.container.slice(0, 7)}`,
			})),
		}),
		cluster: {
			name: cluster.name,
			nodes: base.nodes.map((node) => ({
				name: node.name,
				internalIP: node.ip,
				device: 'eth0',
				podCIDR: node.podCIDR,
				labels: { 'kubernetes.io/hostname': node.name },
				controlPlane: node.controlPlane,
				...(node.health ? { health: node.health } : {}),
				...(node.untold && { untold: true }),
				...(node.kindnetCIDR && { kindnetCIDR: node.kindnetCIDR }),
				...(node.cni ? { cni: node.cni } : {}),
			})),
			explicitEndpoints: true,
			...(serviceNumbers ? { serviceNumbers } : {}),
			podCIDR: config.podSubnet,
			serviceCIDR: config.serviceSubnet,
			deployments: [],
			pods: [],
			services: [],
			endpointSlices: [],
			pins: [],
			replicaSetHash: {},
			speaks: { tls: 'tls', dns: 'dns' },
		},
		subject: { services: [], protocol: [] },
		places: [{ ns: 'host', x: 0, y: 0 }, ...base.nodes.map((node, i) => ({ ns: `node/${node.name}`, x: 1, y: i }))],
	};
}
