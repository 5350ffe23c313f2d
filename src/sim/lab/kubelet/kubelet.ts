/** The kubelet of one node: its pods, its Node object, its lease. */
import { asManager, type WatchEvent } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, as, keyOf, type Node, one, type Pod, removeOne, splitKey } from '../cluster/kinds.ts';
import { hasKubelet, type Machine, networkReady, type StaticPod } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { SECOND } from '../time.ts';
import type { HttpAccess, LogLine, RunningContainer } from '../types.ts';
import { appArmorFault } from './app-armor.ts';
import type { Run } from './container.ts';
import { nodeObject, nodeStatus } from './node-status.ts';
import { createPodWorker, type PodWorker } from './pod-worker.ts';
import { createPuller } from './pulls.ts';
import { forbiddenSysctl } from './sysctls.ts';

export interface Kubelet {
	readonly machine: Machine;
	/** Registers the node and begins to run pods. */
	start(): void;
	/** Of one pod, or of all. */
	running(of?: { readonly namespace: string; readonly name: string }): readonly RunningContainer[];
	/** Of a pod it looks after: what it would tell the API server. */
	status(namespace: string, pod: string): { readonly [key: string]: unknown } | undefined;
	/** Undefined when there is no such pod or container here. */
	logs(namespace: string, pod: string, container: string, previous: boolean): readonly LogLine[] | undefined;
	/** See `Cluster.served`. */
	served(namespace: string, pod: string, container: string, access: HttpAccess, at: number): void;
	/** What a container of it runs now. */
	run(namespace: string, pod: string, container: string): Run | undefined;
	/** See `Cluster.exit`. */
	exit(namespace: string, pod: string, container: string, code: number): boolean;
	/** The file of a static pod changed. */
	staticPod(namespace: string, name: string): void;
	/** The machine stops: processes end. */
	halt(): void;
	/** The kubelet alone comes back. */
	restart(): void;
	/** The machine comes back, or its network does. */
	resume(rebooted: boolean): void;
	/** For good. */
	stop(): void;
}

export function createKubelet(cluster: ClusterContext, machine: Machine): Kubelet {
	const { timeline } = cluster;
	const api = asManager(cluster.api, 'kubelet');
	const workers = new Map<string, PodWorker>();
	const source = { component: 'kubelet', host: machine.name };
	const puller = createPuller(cluster, machine);
	const minor = minorOf(cluster.api.version);
	let started = false;
	let over = false;
	/** Nothing is known of the runtime yet. */
	let registering = false;
	let reports = 0;
	let unwatch: (() => void) | undefined;

	const nodeNow = (): Node | undefined => one<Node>(api, 'nodes', undefined, machine.name);

	/** Writes the Node's status when something in it is new. */
	const report = (): void => {
		if (!started || over || !hasKubelet(machine) || !cluster.reachable()) return;
		const node = nodeNow();
		if (!node) return;
		const ready = networkReady(machine) && !registering;
		const before = new Map((node.status?.conditions ?? []).map(({ type, status }) => [type, status]));
		const written = api.updateStatus({ ...node, status: nodeStatus(cluster, machine, node, ready) });
		if (written.error) return;
		const tell = (reason: string): void => {
			const message = `Node ${machine.name} status is now: ${reason}`;
			cluster.record.record(source, nodeSubject(node), 'Normal', reason, message);
		};
		// News is what the API server did not know (nodestatus/setters.go).
		for (const [type, reason] of SUFFICIENT) if (before.get(type) === 'Unknown') tell(reason);
		const known = before.get('Ready');
		if (known !== undefined && (known === 'True') !== ready) tell(ready ? 'NodeReady' : 'NodeNotReady');
		if (ready) for (const worker of workers.values()) worker.poke();
	};
	/** The runtime is asked every few seconds; what changed is written then. */
	const soon = (): void => {
		const delay = timeline.between(SECOND / 2, 6 * SECOND, 'node status', `${machine.name}\0${reports++}`);
		timeline.after(delay, report);
	};

	/** Until the kubelet looks at its Node again. */
	const untilLook = (): number => {
		const phase = timeline.random('node status phase', machine.name, STATUS_EVERY);
		return STATUS_EVERY - ((timeline.now + STATUS_EVERY - phase) % STATUS_EVERY);
	};

	let resourcesDue = false;
	/** A resource that somebody gave the node is to be had by pods when the kubelet has looked at it. */
	const tellResources = (): void => {
		const { capacity = {}, allocatable = {} } = (nodeNow()?.status ?? {}) as Record<string, object | undefined>;
		if (resourcesDue || Object.keys(capacity).sort().join() === Object.keys(allocatable).sort().join()) return;
		resourcesDue = true;
		timeline.after(untilLook(), () => {
			resourcesDue = false;
			report();
		});
	};

	let lastUnschedulable = false;
	let schedulableDue = false;
	/** Told when the kubelet next looks at its Node, every ten seconds (kubelet_node_status.go recordNodeSchedulableEvent). */
	const tellSchedulable = (): void => {
		if (schedulableDue || (nodeNow()?.spec?.unschedulable === true) === lastUnschedulable) return;
		schedulableDue = true;
		timeline.after(untilLook(), () => {
			schedulableDue = false;
			const node = nodeNow();
			const unschedulable = node?.spec?.unschedulable === true;
			if (!node || over || !hasKubelet(machine) || !cluster.reachable() || unschedulable === lastUnschedulable) return;
			lastUnschedulable = unschedulable;
			const reason = unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable';
			const message = `Node ${machine.name} status is now: ${reason}`;
			cluster.record.record(source, nodeSubject(node), 'Normal', reason, message);
		});
	};

	const see = ({ type, object }: WatchEvent): void => {
		if (over || (machine.running && !hasKubelet(machine))) return;
		if (object.kind === 'Node' && object.metadata.name === machine.name) {
			tellSchedulable();
			tellResources();
			// Somebody made the node's object anew.
			if (type === 'ADDED') for (const file of machine.manifests.values()) timeline.after(SECOND, () => mirror(file));
		}
		if (object.kind === 'ConfigMap' || object.kind === 'Secret') {
			const space = `${object.metadata.namespace}/`;
			for (const [key, worker] of workers)
				if (key.startsWith(space)) worker.objectChanged(object.kind, object.metadata.name);
		}
		if (object.kind !== 'Pod') return;
		const pod = as<Pod>(object);
		if (pod.spec.nodeName !== machine.name) return;
		const key = keyOf(pod);
		const worker = workers.get(key);
		// What the API shows of a static pod may be deleted: the pod itself goes on, and is shown again.
		const file = isMirror(pod) ? manifestOf(pod) : undefined;
		if (file && worker && !worker.ending) {
			if (type === 'DELETED') timeline.after(SECOND, () => mirror(manifestOf(pod) ?? file));
			else if (pod.metadata.deletionTimestamp !== undefined)
				removeOne(api, 'pods', pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
			else {
				const shownAnew = worker.uid !== pod.metadata.uid;
				worker.update(pod);
				if (shownAnew) worker.poke();
			}
			return;
		}
		if (type === 'DELETED') {
			if (worker && worker.uid === pod.metadata.uid) {
				workers.delete(key);
				worker.abandon();
			}
			if (file) timeline.after(SECOND, () => mirror(manifestOf(pod) ?? file));
			return;
		}
		if (isMirror(pod) && !file) return;
		if (worker && worker.uid === pod.metadata.uid) worker.update(pod);
		else if (!worker && hasKubelet(machine) && !isOver(pod)) {
			const forbidden = forbiddenSysctl(pod, machine, minor);
			if (forbidden !== undefined) {
				reject(pod, 'SysctlForbidden', forbidden);
				return;
			}
			// Before 1.31 it is taken, and held (kubelet.go softAdmitHandlers @ v1.30.0).
			const confined = minor >= 31 ? appArmorFault(pod) : undefined;
			if (confined !== undefined) {
				reject(pod, 'AppArmor', confined);
				return;
			}
			const made = createPodWorker(cluster, machine, pod, puller);
			workers.set(key, made);
			if (pod.metadata.deletionTimestamp !== undefined) made.update(pod);
		}
	};

	/** A pod that the node does not take (kubelet.go rejectPod(): the message begins otherwise since 1.28). */
	const reject = (pod: Pod, reason: string, message: string): void => {
		timeline.after(timeline.between(SECOND / 8, SECOND / 2, 'reject', keyOf(pod)), () => {
			const now = one<Pod>(api, 'pods', pod.metadata.namespace, pod.metadata.name);
			if (now?.metadata.uid !== pod.metadata.uid || !cluster.reachable() || isOver(now)) return;
			cluster.record.record(source, now, 'Warning', reason, message);
			const { qosClass } = (now.status ?? {}) as { readonly qosClass?: string };
			api.updateStatus({
				...now,
				status: {
					...(qosClass === undefined ? {} : { qosClass }),
					message: `Pod ${minor >= 28 ? 'was rejected: ' : ''}${message}`,
					phase: 'Failed',
					reason,
					startTime: timeline.stamp(),
				},
			});
		});
	};

	/** A pod from a file on the node: what the API shows of it comes back as often as it is deleted. */
	const mirror = (file: StaticPod): void => {
		if (over || !hasKubelet(machine) || !cluster.reachable()) return;
		if (manifestOf(file) !== file) return;
		const shown = one<Pod>(api, 'pods', file.metadata.namespace, file.metadata.name);
		const node = nodeNow();
		if (!shown) {
			// Of a node that was deleted nothing is shown (pkg/kubelet/kubelet.go SyncPod() @ v1.24.0).
			if (!node) return;
			const owners = [{ apiVersion: 'v1', kind: 'Node', name: machine.name, uid: node.metadata.uid, controller: true }];
			api.create({ ...file, metadata: { ...file.metadata, ownerReferences: owners } } as never);
		}
		// The file changed while there was nobody to tell: it is shown anew.
		else if (workers.has(keyOf(shown)) && hashOf(shown) !== hashOf(file as never))
			removeOne(api, 'pods', shown.metadata.namespace, shown.metadata.name, { gracePeriodSeconds: 0 });
	};
	const manifestOf = ({ metadata }: { readonly metadata: { readonly name: string } }): StaticPod | undefined =>
		[...machine.manifests.values()].find((file) => file.metadata.name === metadata.name);

	/** The file says something else, and what ran by it was the API server: nobody is to be asked. */
	const renew = (file: StaticPod, worker: PodWorker, shown: Pod): void => {
		if (over || !hasKubelet(machine) || cluster.reachable() || manifestOf(file) !== file) return;
		const key = `${file.metadata.namespace ?? ''}/${file.metadata.name}`;
		if (workers.get(key) !== worker && workers.has(key)) return;
		if (worker.running().length > 0) {
			timeline.after(SECOND, () => renew(file, worker, shown));
			return;
		}
		workers.delete(key);
		worker.abandon();
		see({ type: 'ADDED', object: { ...shown, spec: { ...shown.spec, ...file.spec } } as never });
	};

	/** A file in /etc/kubernetes/manifests came, went, or is another (pkg/kubelet/config/file_linux.go). */
	const staticPod = (namespace: string, name: string): void => {
		if (over || !hasKubelet(machine)) return;
		const key = `${namespace}/${name}`;
		const file = manifestOf({ metadata: { name } });
		const worker = workers.get(key);
		const shown = one<Pod>(api, 'pods', namespace, name);
		if (!cluster.reachable() && file && shown) {
			// Nobody to ask: the pod is made of the file alone.
			worker?.abandon();
			workers.delete(key);
			see({ type: 'ADDED', object: { ...shown, spec: { ...shown.spec, ...file.spec } } as never });
		} else if (worker && shown) {
			worker.update({
				...shown,
				metadata: { ...shown.metadata, deletionTimestamp: timeline.stamp(), deletionGracePeriodSeconds: 30 },
			});
			if (file) timeline.after(SECOND, () => renew(file, worker, shown));
		} else if (file) mirror(file);
	};

	/** What it counted of its events is forgotten with its process. */
	const startAgain = (): void => cluster.record.forget(source);

	/** The kubelet starts again, or hears of the API server again: what happened meanwhile is told now. */
	const begin = (restarted: boolean): void => {
		if (over || !hasKubelet(machine) || !cluster.reachable()) return;
		// A node that was deleted comes back when its kubelet starts.
		if (restarted && !nodeNow()) {
			api.create(nodeObject(machine, cluster.name));
			registering = true;
			report();
			registering = false;
			timeline.after(SECOND, report);
			tellStarted();
		}
		if (restarted) lastUnschedulable = false;
		tellSchedulable();
		report();
		// Pods that went while nobody looked.
		for (const [key, worker] of workers) {
			const [namespace, name] = splitKey(key);
			if (worker.ending || one<Pod>(api, 'pods', namespace, name)?.metadata.uid === worker.uid) continue;
			if (manifestOf({ metadata: { name } })) continue;
			workers.delete(key);
			worker.abandon();
		}
		for (const pod of all<Pod>(api, 'pods'))
			if (pod.spec.nodeName === machine.name && isMirror(pod) && !manifestOf(pod) && !workers.has(keyOf(pod)))
				removeOne(api, 'pods', pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
		for (const file of machine.manifests.values()) mirror(file);
		for (const pod of all<Pod>(api, 'pods')) see({ type: 'ADDED', object: pod as never });
		for (const worker of workers.values()) worker.poke();
	};

	/** What a kubelet tells of itself each time it starts. */
	const tellStarted = (): boolean => {
		const node = nodeNow();
		if (!node || over || !hasKubelet(machine) || !cluster.reachable()) return false;
		for (const [reason, message] of STARTED)
			cluster.record.record(source, nodeSubject(node), 'Normal', reason, message.replace('%s', machine.name));
		return true;
	};

	machine.onChange(soon);
	return {
		machine,
		start() {
			started = true;
			const created = api.create(nodeObject(machine, cluster.name));
			const node = created.error ? nodeNow() : as<Node>(created.value);
			if (!node) return;
			for (const [reason, message] of STARTED)
				cluster.record.record(source, nodeSubject(node), 'Normal', reason, message.replace('%s', machine.name));
			unwatch = api.watch(see);
			cluster.onReachable(() => begin(false));
			report();
			for (const pod of all<Pod>(api, 'pods')) see({ type: 'ADDED', object: pod as never });
		},
		running: (of) =>
			of === undefined
				? [...workers.values()].flatMap((worker) => worker.running())
				: (workers.get(`${of.namespace}/${of.name}`)?.running() ?? []),
		status: (namespace, pod) => workers.get(`${namespace}/${pod}`)?.status(),
		logs: (namespace, pod, container, previous) => workers.get(`${namespace}/${pod}`)?.logs(container, previous),
		served: (namespace, pod, container, access, at) =>
			workers.get(`${namespace}/${pod}`)?.served(container, access, at),
		exit: (namespace, pod, container, code) => workers.get(`${namespace}/${pod}`)?.exit(container, code) ?? false,
		run: (namespace, pod, container) => workers.get(`${namespace}/${pod}`)?.run(container),
		staticPod,
		halt() {
			for (const worker of workers.values()) worker.crash();
			machine.agent = undefined;
		},
		restart() {
			startAgain();
			timeline.after(2 * SECOND, () => {
				tellStarted();
				begin(true);
			});
		},
		resume(rebooted) {
			let told = !rebooted;
			if (rebooted) startAgain();
			// Before its pods are started again, when there is somebody to tell.
			timeline.after(SECOND, () => {
				if (!told) told = tellStarted();
			});
			timeline.after(5 * SECOND, () => {
				if (!told) told = tellStarted();
				begin(true);
			});
		},
		stop() {
			over = true;
			unwatch?.();
			for (const worker of workers.values()) worker.abandon();
			workers.clear();
		},
	};
}

/** `nodeStatusUpdateFrequency`. */
const STATUS_EVERY = 10 * SECOND;

const hashOf = (pod: Pod): string | undefined => pod.metadata.annotations?.['kubernetes.io/config.hash'];

const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

const isOver = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Events about nodes name the node where a uid would be (kubelet_node_status.go). */
const nodeSubject = (node: Node) => ({
	apiVersion: '',
	kind: 'Node',
	metadata: { name: node.metadata.name, uid: node.metadata.name },
});

/** Conditions that are well when they are false. */
const SUFFICIENT: readonly (readonly [string, string])[] = [
	['MemoryPressure', 'NodeHasSufficientMemory'],
	['DiskPressure', 'NodeHasNoDiskPressure'],
	['PIDPressure', 'NodeHasSufficientPID'],
];

const STARTED: readonly (readonly [string, string])[] = [
	['Starting', 'Starting kubelet.'],
	['NodeHasSufficientMemory', 'Node %s status is now: NodeHasSufficientMemory'],
	['NodeHasNoDiskPressure', 'Node %s status is now: NodeHasNoDiskPressure'],
	['NodeHasSufficientPID', 'Node %s status is now: NodeHasSufficientPID'],
	['NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods'],
];
