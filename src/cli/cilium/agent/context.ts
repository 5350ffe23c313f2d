/**
 * The agent a command talks to: the one of the pod it runs in, with its node's namespace and maps.
 */
import { type CiliumMaps, type CiliumSettings, ciliumMaps, features } from '../../../sim/cilium/index.ts';
import { minorOf } from '../../../sim/kube/index.ts';
import { type CiliumAgentState, type Cluster, checksHealth, type Lab } from '../../../sim/lab/index.ts';
import { forkNet, type Namespace, type Network } from '../../../sim/linux/index.ts';
import type { Ip } from '../../../sim/wire/index.ts';
import { namespaceOf } from '../../../sim/world/index.ts';
import type { Run } from '../../cobra/index.ts';
import type { Call, Place } from '../../tool.ts';

export interface Agent {
	readonly lab: Lab;
	readonly cluster: Cluster;
	readonly state: CiliumAgentState;
	readonly settings: CiliumSettings;
	readonly minor: number;
	readonly maps: CiliumMaps;
	/** Everything, as it is now; a fork, for reading a table throws out what has expired. */
	net(): Network;
	ns(): Namespace;
	/** Changes the node's namespace. */
	change<T>(act: (ns: Namespace) => T): T;
}

/** The agent in a pod, ready or not; undefined before its first start is over. */
export function agentIn(place: Place, lab: Lab): Agent | undefined {
	if (place.kind !== 'pod') return undefined;
	const cluster = lab.cluster(place.cluster);
	const state = cluster?.agents().find((agent) => agent.pod === place.pod);
	return cluster && state && agentOf(lab, cluster, state);
}

export function agentOf(lab: Lab, cluster: Cluster, state: CiliumAgentState): Agent {
	const { settings } = state;
	const name = (): string => namespaceOf(cluster.world(), `node/${state.node}`)?.name ?? `node/${state.node}`;
	const net = (): Network => forkNet(cluster.world().net);
	return {
		lab,
		cluster,
		state,
		settings,
		minor: minorOf(state.version),
		maps: ciliumMaps(features(state.version), settings.mapSizes, settings.clock, settings.lb),
		net,
		ns: () => net().namespaces.get(name())!,
		change(act) {
			const changed = net();
			const answer = act(changed.namespaces.get(name())!);
			cluster.setWorld({ ...cluster.world(), net: changed });
			return answer;
		},
	};
}

/** What the API client says when nobody answers at the socket (pkg/client/client.go Hint() @ v1.12.1). */
const noDaemon = (why: 'no such file or directory' | 'connection refused', path: string): string =>
	`Get "http:///var/run/cilium/cilium.sock/v1/${path}": dial unix /var/run/cilium/cilium.sock: connect: ${why}\nIs the agent running?`;

/** Undefined when the agent answers. */
export function unreachable(agent: Agent | undefined, path: string): string | undefined {
	if (!agent) return noDaemon('no such file or directory', path);
	return agent.state.state === 'ready' ? undefined : noDaemon('connection refused', path);
}

/** A command that asks the agent; `what` stands in front of the client's error. */
export const asking =
	(what: string, path: string, body: (run: Run, agent: Agent) => Promise<number | string> | number | string) =>
	async (run: Run): Promise<number | string> => {
		const agent = agentIn(run.call.place, run.call.lab);
		const error = unreachable(agent, path);
		return error === undefined ? body(run, agent!) : `${what}${error}`;
	};

/** A command that reads the kernel's maps, which outlive the agent. */
export const reading =
	(body: (run: Run, agent: Agent) => Promise<number | string> | number | string) =>
	async (run: Run): Promise<number | string> => {
		const agent = agentIn(run.call.place, run.call.lab);
		return agent ? body(run, agent) : noDaemon('no such file or directory', 'config');
	};

/** One endpoint as the agent lists it. The host's own and the health endpoint have no pod. */
export interface EndpointView {
	readonly id: number;
	readonly kind: 'pod' | 'health' | 'host';
	readonly identity: number;
	readonly ip: Ip | undefined;
	readonly namespace: string;
	readonly pod: string;
	readonly state: CiliumAgentState['endpoints'][number]['state'];
	/** Oldest first; none of the host's and the health endpoint, which came with the agent. */
	readonly log: CiliumAgentState['endpoints'][number]['log'];
}

/** Sorted by number. */
export function endpointsOf({ state }: Agent): readonly EndpointView[] {
	const pods = state.endpoints.map(
		(e): EndpointView => ({
			id: e.id,
			kind: 'pod',
			identity: e.identity,
			ip: e.ip,
			namespace: e.namespace,
			pod: e.pod,
			state: e.state,
			log: e.log,
		}),
	);
	const own = { namespace: '', pod: '', state: 'ready', log: [] } as const;
	const host: EndpointView = { id: state.hostEndpoint, kind: 'host', identity: 1, ip: undefined, ...own };
	const health: EndpointView = { id: state.healthEndpoint, kind: 'health', identity: 4, ip: state.healthIP, ...own };
	return [...pods, host, ...(checksHealth(state) ? [health] : [])].sort((a, b) => a.id - b.id);
}

/** Processors of the node, as its kubelet reports them. */
export function cpusOf({ cluster, state }: Agent): number {
	const nodes = cluster.api.find('nodes');
	const node = nodes && cluster.api.get(nodes, undefined, state.node);
	const capacity = (node?.status as { readonly capacity?: { readonly cpu?: string } } | undefined)?.capacity;
	return Number(capacity?.cpu ?? 1);
}

export type At = Pick<Call, 'lab' | 'place' | 'cluster' | 'env'>;

/** Numbers of endpoints, for the completion. */
export const endpointIds = (args: readonly string[], at: At): readonly string[] => {
	const agent = args.length === 0 ? agentIn(at.place, at.lab) : undefined;
	return agent ? endpointsOf(agent).map(({ id }) => String(id)) : [];
};
