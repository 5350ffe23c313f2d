/** What can be seen of a cluster at one moment: its nodes, the pods that bring the network, and CoreDNS. */
import type { ApiObject } from '../../sim/api/index.ts';
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import type { CommandState, Network, NodeState, PodsState } from './readiness-story.ts';

export interface NodeLook {
	readonly name: string;
	readonly state: NodeState;
	/** Of the condition Ready. */
	readonly message: string;
	readonly cni: string | undefined;
}

export interface PodsLook {
	readonly total: number;
	readonly ready: number;
	readonly state: PodsState;
	/** Names of the pods that are ready, or of their nodes. */
	readonly done: readonly string[];
	/** Whether a health check decides about it. */
	readonly probed: boolean;
	/** Why the scheduler finds no node for them; empty when it does. */
	readonly message: string;
}

export interface Look {
	readonly command: CommandState;
	readonly nodes: readonly NodeLook[];
	readonly agents: PodsLook;
	readonly dns: PodsLook;
}

interface Condition {
	readonly type: string;
	readonly status: string;
	readonly reason?: string;
	readonly message?: string;
}

const conditionOf = (object: ApiObject | undefined, type: string): Condition | undefined =>
	((object?.status?.conditions ?? []) as unknown as readonly Condition[]).find((one) => one.type === type);

const listOf = (cluster: Cluster | undefined, resource: string): readonly ApiObject[] => {
	const found = cluster?.api.find(resource);
	return found && cluster ? cluster.api.list(found) : [];
};

/** `names` are those of the nodes, in order. */
export function lookAt(lab: Lab, names: readonly string[], network: Network, command: CommandState): Look {
	const cluster = lab.cluster('basic');
	const objects = listOf(cluster, 'nodes');
	const containers = lab.docker.containers();
	const nodes = names.map((name): NodeLook => {
		const machine = cluster?.nodes().find((one) => one.name === name);
		const object = objects.find((one) => one.metadata.name === name);
		const ready = conditionOf(object, 'Ready');
		const running = containers.some((one) => one.name === name && one.state === 'running');
		return {
			name,
			state: object ? (ready?.status === 'True' ? 'ready' : 'notReady') : running ? 'container' : 'absent',
			message: ready?.message ?? '',
			cni: machine && Object.keys(machine.cniConfig)[0],
		};
	});
	const pods = listOf(cluster, 'pods').filter((pod) => pod.metadata.namespace === 'kube-system');
	const begins = (name: string) => pods.filter((pod) => pod.metadata.name.startsWith(name));
	const agents =
		network === 'kindnet'
			? begins('kindnet-')
			: begins('cilium-').filter((pod) => !pod.metadata.name.startsWith('cilium-operator'));
	return {
		command,
		nodes,
		agents: podsLook(agents, names.length, (pod) => String(pod.spec?.nodeName ?? pod.metadata.name)),
		dns: podsLook(begins('coredns-'), 2, (pod) => pod.metadata.name),
	};
}

const containersOf = (pod: ApiObject) =>
	(pod.spec?.containers ?? []) as unknown as readonly { readonly readinessProbe?: object }[];

function podsLook(pods: readonly ApiObject[], total: number, nameOf: (pod: ApiObject) => string): PodsLook {
	const done = pods.filter((pod) => conditionOf(pod, 'Ready')?.status === 'True').map(nameOf);
	const unscheduled = pods.map((pod) => conditionOf(pod, 'PodScheduled')).find((one) => one?.status === 'False');
	const state: PodsState =
		pods.length === 0
			? 'absent'
			: done.length >= total
				? 'ready'
				: done.length > 0
					? 'some'
					: unscheduled
						? 'pending'
						: 'starting';
	const probed = pods.some((pod) => containersOf(pod).some((one) => one.readinessProbe));
	return { total, ready: done.length, state, done, probed, message: unscheduled?.message ?? '' };
}
