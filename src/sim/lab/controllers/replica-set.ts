/**
 * As many pods as a ReplicaSet says, or a ReplicationController, whose selector is a map of labels. Source: kubernetes
 * pkg/controller/replicaset, pkg/controller/replication/conversion.go, controller_utils.go @ v1.24.0.
 */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	as,
	availableIn,
	type Condition,
	controllerOf,
	isDone,
	isReady,
	keyOf,
	type Labels,
	one,
	ownedBy,
	ownerRef,
	type Pod,
	same,
	selectorMatches,
	splitKey,
	type Workload,
} from '../cluster/kinds.ts';
import type { Controller } from './loop.ts';
import {
	createPodControl,
	createRetries,
	creationBudget,
	isLive,
	keysOfOwner,
	pinnedNames,
	podsOf,
	slowStart,
} from './owned-pods.ts';

/** What the same code keeps: the resource, and who tells its events. */
interface Kept {
	readonly kind: string;
	readonly resource: string;
	readonly name: string;
	readonly source: string;
	selects(set: Workload, labels: Labels | undefined): boolean;
}

const REPLICA_SETS: Kept = {
	kind: 'ReplicaSet',
	resource: 'replicasets',
	name: 'replicaset',
	source: 'replicaset-controller',
	selects: (set, labels) => selectorMatches(set.spec.selector, labels),
};

const REPLICATION_CONTROLLERS: Kept = {
	kind: 'ReplicationController',
	resource: 'replicationcontrollers',
	name: 'replicationcontroller',
	source: 'replication-controller',
	selects: (set, labels) => selectorMatches({ matchLabels: set.spec.selector as unknown as Labels }, labels),
};

export const replicaSetController = (cluster: ClusterContext): Controller => controllerOfPods(cluster, REPLICA_SETS);
export const replicationController = (cluster: ClusterContext): Controller =>
	controllerOfPods(cluster, REPLICATION_CONTROLLERS);

function controllerOfPods(cluster: ClusterContext, kept: Kept): Controller {
	const { api } = cluster;
	const pods = createPodControl(cluster, kept.source);
	const pinned = pinnedNames(cluster);
	const budget = creationBudget(cluster);
	const retries = createRetries();
	const ownKeys = keysOfOwner(kept.kind);
	const setsIn = (namespace = ''): readonly Workload[] => all<Workload>(api, kept.resource, { namespace });
	const matches = kept.selects;

	return {
		name: kept.name,
		keys: (event) => {
			const { object } = event;
			// A pod that is nobody's may be wanted by any of them.
			if (object.kind !== 'Pod' || controllerOf(object)) return ownKeys(event);
			return setsIn(object.metadata.namespace)
				.filter((set) => matches(set, object.metadata.labels))
				.map(keyOf);
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const set = one<Workload>(api, kept.resource, namespace, name);
			if (!set || set.metadata.deletionTimestamp !== undefined) return;
			claim(set);
			const live = podsOf(cluster, set).filter((pod) => isLive(pod) && !isDone(pod));
			const wanted = set.spec.replicas ?? 1;
			const failure = slowStart(budget.take(key, wanted - live.length), () => {
				const name = pinned(set.metadata.name);
				return pods.create(set, set.spec.template, name === undefined ? {} : { name });
			});
			for (const pod of pickVictims(live, live.length - wanted)) pods.remove(set, pod);
			const available = writeStatus(set, failure);
			if (failure !== undefined) return retries.after(key);
			retries.forget(key);
			const again = budget.wait(key);
			return available === undefined ? again : Math.min(available, again ?? available);
		},
	};

	/** ClaimPods(): pods it owns whose labels are others' now are let go, and those nobody has are taken. */
	function claim(set: Workload): void {
		const { namespace = '' } = set.metadata;
		for (const pod of all<Pod>(api, 'pods', { namespace })) {
			const { ownerReferences = [], labels } = pod.metadata;
			const mine = ownedBy(pod, set);
			if (mine === matches(set, labels) || !isLive(pod)) continue;
			if (mine)
				write(
					pod,
					ownerReferences.filter(({ uid }) => uid !== set.metadata.uid),
				);
			else if (!isDone(pod) && !ownerReferences.some(({ controller }) => controller))
				write(pod, [...ownerReferences, ownerRef(set)]);
		}
	}

	function write(pod: Pod, ownerReferences: Pod['metadata']['ownerReferences']): void {
		api.update({ ...as<object>(pod as never), metadata: { ...pod.metadata, ownerReferences } } as never);
	}

	/** Answers when the next pod will have been ready long enough, if one will. */
	function writeStatus(old: Workload, failure: string | undefined): number | undefined {
		const set = one<Workload>(api, kept.resource, old.metadata.namespace, old.metadata.name);
		if (!set) return undefined;
		const pods = podsOf(cluster, set).filter((pod) => isLive(pod) && !isDone(pod));
		const waits = pods.flatMap((pod) => availableIn(pod, set.spec.minReadySeconds, api.now()) ?? []);
		const available = waits.filter((wait) => wait === 0).length;
		const labels = Object.entries(set.spec.template.metadata?.labels ?? {});
		const labelled = pods.filter(({ metadata }) => labels.every(([key, value]) => metadata.labels?.[key] === value));
		const conditions = failureConditions(set, failure);
		const status = {
			...(available > 0 ? { availableReplicas: available } : {}),
			...(conditions.length > 0 ? { conditions } : {}),
			...(labelled.length > 0 ? { fullyLabeledReplicas: labelled.length } : {}),
			observedGeneration: set.metadata.generation ?? 1,
			...(waits.length > 0 ? { readyReplicas: waits.length } : {}),
			replicas: pods.length,
		};
		if (!same(status, set.status)) api.updateStatus({ ...as<object>(set as never), status });
		const rest = waits.filter((wait) => wait > 0);
		return rest.length > 0 ? Math.min(...rest) : undefined;
	}

	/** What its pods failed of stays as it was said first, until they can be made again (replica_set_utils.go). */
	function failureConditions(set: Workload, failure: string | undefined): readonly Condition[] {
		if (failure === undefined) return [];
		const before = ((set.status?.conditions ?? []) as readonly Condition[]).filter((c) => c.type === 'ReplicaFailure');
		if (before.length > 0) return before;
		const now = cluster.timeline.stamp();
		return [
			{ lastTransitionTime: now, message: failure, reason: 'FailedCreate', status: 'True', type: 'ReplicaFailure' },
		];
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
