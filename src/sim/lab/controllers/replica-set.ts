/** As many pods as a ReplicaSet says. Source: kubernetes pkg/controller/replicaset, controller_utils.go @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	controllerOf,
	isDone,
	isReady,
	keyOf,
	one,
	ownedBy,
	ownerRef,
	type Pod,
	removeOne,
	same,
	splitKey,
	type Workload,
} from '../cluster/kinds.ts';
import { suffix } from '../cluster/names.ts';
import type { Controller } from './loop.ts';

const SOURCE = { component: 'replicaset-controller' };

export function replicaSetController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	let made = 0;
	/** Each pinned name is given once. */
	const given = new Set<string>();

	const create = (set: Workload): void => {
		const { template } = set.spec;
		const free = (cluster.pins.pods ?? []).find((pin) => pin.owner === set.metadata.name && !given.has(pin.name));
		if (free) given.add(free.name);
		const created = api.create({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: {
				name:
					free?.name ??
					`${set.metadata.name}-${suffix(cluster.timeline, `${keyOf(set)}\0${set.metadata.uid}\0${made++}`)}`,
				generateName: `${set.metadata.name}-`,
				namespace: set.metadata.namespace,
				labels: template.metadata?.labels ?? {},
				...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
				ownerReferences: [ownerRef(set)],
			},
			spec: template.spec,
		});
		if (created.error)
			cluster.record.record(SOURCE, set, 'Warning', 'FailedCreate', `Error creating: ${created.error.message}`);
		else
			cluster.record.record(SOURCE, set, 'Normal', 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`);
	};

	return {
		name: 'replicaset',
		keys({ object }) {
			if (object.kind === 'ReplicaSet') return [keyOf(object)];
			const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
			return owner?.kind === 'ReplicaSet' ? [`${object.metadata.namespace}/${owner.name}`] : [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<Workload>(api, 'replicasets', namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return;
			const pods = all<Pod>(api, 'pods', { namespace }).filter((p) => ownedBy(p, set) && !isDone(p));
			const live = pods.filter((p) => p.metadata.deletionTimestamp === undefined);
			const wanted = set.spec.replicas ?? 1;
			for (let i = live.length; i < wanted; i++) create(set);
			for (const pod of pickVictims(live, live.length - wanted)) {
				removeOne(api, 'pods', namespace, pod.metadata.name);
				cluster.record.record(SOURCE, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
			}
			writeStatus(set);
		},
	};

	function writeStatus(old: Workload): void {
		const set = one<Workload>(api, 'replicasets', old.metadata.namespace, old.metadata.name);
		if (!set) return;
		const pods = all<Pod>(api, 'pods', { namespace: set.metadata.namespace ?? '' }).filter(
			(p) => ownedBy(p, set) && !isDone(p) && p.metadata.deletionTimestamp === undefined,
		);
		const ready = pods.filter(isReady).length;
		const status = {
			...(ready > 0 ? { availableReplicas: ready } : {}),
			...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
			observedGeneration: set.metadata.generation ?? 1,
			...(ready > 0 ? { readyReplicas: ready } : {}),
			replicas: pods.length,
		};
		if (!same(status, set.status)) api.updateStatus({ ...as<object>(set as never), status });
	}
}

/** Unscheduled ones first, then those not ready, those on the fullest node, the youngest (ActivePodsWithRanks). */
export function pickVictims(pods: readonly Pod[], count: number): readonly Pod[] {
	if (count <= 0) return [];
	const onNode = new Map<string, number>();
	for (const { spec } of pods) onNode.set(spec.nodeName ?? '', (onNode.get(spec.nodeName ?? '') ?? 0) + 1);
	const rank = (pod: Pod): number => onNode.get(pod.spec.nodeName ?? '') ?? 0;
	return [...pods]
		.sort(
			(a, b) =>
				Number(a.spec.nodeName !== undefined) - Number(b.spec.nodeName !== undefined) ||
				Number(a.status?.phase === 'Running') - Number(b.status?.phase === 'Running') ||
				Number(isReady(a)) - Number(isReady(b)) ||
				rank(b) - rank(a) ||
				(a.metadata.creationTimestamp > b.metadata.creationTimestamp
					? -1
					: a.metadata.creationTimestamp < b.metadata.creationTimestamp
						? 1
						: a.metadata.name < b.metadata.name
							? -1
							: 1),
		)
		.slice(0, count);
}
