/** The kubelet of one node: its pods, its Node object, its lease. */
import { asManager, type WatchEvent } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, as, keyOf, type Node, one, type Pod } from '../cluster/kinds.ts';
import { type Machine, networkReady } from '../cluster/machine.ts';
import { SECOND } from '../time.ts';
import type { LogLine, RunningContainer } from '../types.ts';
import { nodeObject, nodeStatus } from './node-status.ts';
import { createPodWorker, type PodWorker } from './pod-worker.ts';
import { createPuller } from './pulls.ts';

export interface Kubelet {
	readonly machine: Machine;
	/** Registers the node and begins to run pods. */
	start(): void;
	running(): readonly RunningContainer[];
	/** Undefined when there is no such pod or container here. */
	logs(namespace: string, pod: string, container: string, previous: boolean): readonly LogLine[] | undefined;
	/** See `Cluster.exit`. */
	exit(namespace: string, pod: string, container: string, code: number): boolean;
	/** The machine stops: processes end. */
	halt(): void;
	/** And comes back. */
	resume(): void;
	/** For good. */
	stop(): void;
}

export function createKubelet(cluster: ClusterContext, machine: Machine): Kubelet {
	const { timeline } = cluster;
	const api = asManager(cluster.api, 'kubelet');
	const workers = new Map<string, PodWorker>();
	const source = { component: 'kubelet', host: machine.name };
	const puller = createPuller(cluster, machine);
	let started = false;
	let over = false;
	let lastReady: boolean | undefined;
	let reports = 0;
	let unwatch: (() => void) | undefined;

	const nodeNow = (): Node | undefined => one<Node>(api, 'nodes', undefined, machine.name);

	/** Writes the Node's status when something in it is new. */
	const report = (): void => {
		if (!started || over || !machine.running || !cluster.reachable()) return;
		const node = nodeNow();
		if (!node) return;
		const ready = networkReady(machine);
		const written = api.updateStatus({ ...node, status: nodeStatus(cluster, machine, node, ready) });
		if (written.error) return;
		if (ready !== lastReady && (ready || lastReady !== undefined))
			cluster.record.record(
				source,
				nodeSubject(node),
				'Normal',
				ready ? 'NodeReady' : 'NodeNotReady',
				`Node ${machine.name} status is now: ${ready ? 'NodeReady' : 'NodeNotReady'}`,
			);
		lastReady = ready;
		if (ready) for (const worker of workers.values()) worker.poke();
	};
	/** The runtime is asked every few seconds; what changed is written then. */
	const soon = (): void => {
		const delay = timeline.between(SECOND / 2, 6 * SECOND, 'node status', `${machine.name}\0${reports++}`);
		timeline.after(delay, report);
	};

	const see = ({ type, object }: WatchEvent): void => {
		if (over || object.kind !== 'Pod') return;
		const pod = as<Pod>(object);
		if (pod.spec.nodeName !== machine.name) return;
		const key = keyOf(pod);
		const worker = workers.get(key);
		if (type === 'DELETED') {
			if (worker && worker.uid === pod.metadata.uid) {
				workers.delete(key);
				worker.abandon();
			}
			if (pod.metadata.annotations?.[MIRROR] !== undefined) timeline.after(SECOND, () => mirror(pod));
			return;
		}
		if (worker && worker.uid === pod.metadata.uid) worker.update(pod);
		else if (!worker && machine.running && !isOver(pod)) {
			const made = createPodWorker(cluster, machine, pod, puller);
			workers.set(key, made);
			if (pod.metadata.deletionTimestamp !== undefined) made.update(pod);
		}
	};

	/** A pod from a file on the node: what the API shows of it comes back as often as it is deleted. */
	const mirror = ({ apiVersion, kind, metadata, spec }: Pod): void => {
		if (over || !machine.running || !cluster.reachable()) return;
		const { name, namespace, labels, annotations, ownerReferences } = metadata;
		api.create({ apiVersion, kind, metadata: { name, namespace, labels, annotations, ownerReferences }, spec });
	};

	/** The kubelet starts again, or hears of the API server again: what happened meanwhile is told now. */
	const begin = (restarted: boolean): void => {
		if (over || !machine.running || !cluster.reachable()) return;
		// A node that was deleted comes back when its kubelet starts.
		if (restarted && !nodeNow()) api.create(nodeObject(machine));
		report();
		for (const pod of all<Pod>(api, 'pods')) see({ type: 'ADDED', object: pod as never });
		for (const worker of workers.values()) worker.poke();
	};

	machine.onChange(soon);
	return {
		machine,
		start() {
			started = true;
			const created = api.create(nodeObject(machine));
			const node = created.error ? nodeNow() : as<Node>(created.value);
			if (!node) return;
			for (const [reason, message] of STARTED)
				cluster.record.record(source, nodeSubject(node), 'Normal', reason, message.replace('%s', machine.name));
			unwatch = api.watch(see);
			cluster.onReachable(() => begin(false));
			report();
			for (const pod of all<Pod>(api, 'pods')) see({ type: 'ADDED', object: pod as never });
		},
		running: () => [...workers.values()].flatMap((worker) => worker.running()),
		logs: (namespace, pod, container, previous) => workers.get(`${namespace}/${pod}`)?.logs(container, previous),
		exit: (namespace, pod, container, code) => workers.get(`${namespace}/${pod}`)?.exit(container, code) ?? false,
		halt() {
			for (const worker of workers.values()) worker.crash();
			machine.agent = undefined;
		},
		resume() {
			timeline.after(5 * SECOND, () => begin(true));
		},
		stop() {
			over = true;
			unwatch?.();
			for (const worker of workers.values()) worker.abandon();
			workers.clear();
		},
	};
}

const MIRROR = 'kubernetes.io/config.mirror';

const isOver = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Events about nodes name the node where a uid would be (kubelet_node_status.go). */
const nodeSubject = (node: Node) => ({
	apiVersion: '',
	kind: 'Node',
	metadata: { name: node.metadata.name, uid: node.metadata.name },
});

const STARTED: readonly (readonly [string, string])[] = [
	['Starting', 'Starting kubelet.'],
	['NodeHasSufficientMemory', 'Node %s status is now: NodeHasSufficientMemory'],
	['NodeHasNoDiskPressure', 'Node %s status is now: NodeHasNoDiskPressure'],
	['NodeHasSufficientPID', 'Node %s status is now: NodeHasSufficientPID'],
	['NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods'],
];
