/** As many pods as a ReplicaSet says. Source: kubernetes pkg/controller/replicaset, controller_utils.go @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import { as, isDone, isReady, one, type Pod, same, splitKey, type Workload } from '../cluster/kinds.ts';
import type { Controller } from './loop.ts';
import { createPodControl, creationBudget, isLive, keysOfOwner, pinnedNames, podsOf } from './owned-pods.ts';

export function replicaSetController(cluster: ClusterContext): Controller {
	const { api } = cluster;
	const pods = createPodControl(cluster, 'replicaset-controller');
	const pinned = pinnedNames(cluster);
	const budget = creationBudget(cluster);

	return {
		name: 'replicaset',
		keys: keysOfOwner('ReplicaSet'),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<Workload>(api, 'replicasets', namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return;
			const live = podsOf(cluster, set).filter((pod) => isLive(pod) && !isDone(pod));
			const wanted = set.spec.replicas ?? 1;
			for (let i = budget.take(key, wanted - live.length); i > 0; i--) {
				const name = pinned(set.metadata.name);
				pods.create(set, set.spec.template, name === undefined ? {} : { name });
			}
			for (const pod of pickVictims(live, live.length - wanted)) pods.remove(set, pod);
			writeStatus(set);
			return budget.wait(key);
		},
	};

	function writeStatus(old: Workload): void {
		const set = one<Workload>(api, 'replicasets', old.metadata.namespace, old.metadata.name);
		if (!set) return;
		const pods = podsOf(cluster, set).filter((pod) => isLive(pod) && !isDone(pod));
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
