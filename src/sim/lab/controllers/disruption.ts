/** How many pods of a budget may go now. Source: kubernetes pkg/controller/disruption/disruption.go @ v1.24.0. */
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	type Condition,
	controllerOf,
	isDone,
	isReady,
	keyOf,
	type LabelSelector,
	type ObjectView,
	one,
	type Pod,
	same,
	selectorMatches,
	splitKey,
	type Workload,
} from '../cluster/kinds.ts';
import { intOrPercent } from './int-or-percent.ts';
import type { Controller } from './loop.ts';
import { isLive } from './owned-pods.ts';

interface Budget extends ObjectView {
	readonly spec: {
		readonly minAvailable?: number | string;
		readonly maxUnavailable?: number | string;
		readonly selector?: LabelSelector;
	};
	readonly status?: { readonly conditions?: readonly Condition[]; readonly [key: string]: unknown };
}

const OWNERS: Readonly<Record<string, string>> = {
	ReplicaSet: 'replicasets',
	StatefulSet: 'statefulsets',
	ReplicationController: 'replicationcontrollers',
};

export function disruptionController(cluster: ClusterContext): Controller {
	const { api, record, timeline } = cluster;
	const podsOf = ({ metadata, spec }: Budget): readonly Pod[] =>
		all<Pod>(api, 'pods', { namespace: metadata.namespace ?? '' }).filter(
			(pod) => selectorMatches(spec.selector ?? {}, pod.metadata.labels) && !isDone(pod),
		);
	/** What the pods' owners want together. */
	const wanted = (pods: readonly Pod[]): number => {
		const owners = new Map<string, number>();
		for (const pod of pods) {
			const owner = controllerOf(pod);
			const plural = owner && OWNERS[owner.kind];
			const set = plural && one<Workload>(api, plural, pod.metadata.namespace, owner.name);
			if (set) owners.set(set.metadata.uid, set.spec.replicas ?? 1);
		}
		return [...owners.values()].reduce((sum, n) => sum + n, 0);
	};
	return {
		name: 'disruption',
		keys({ object }) {
			if (object.kind === 'PodDisruptionBudget') return [keyOf(object)];
			if (object.kind !== 'Pod') return [];
			return all<Budget>(api, 'poddisruptionbudgets', { namespace: object.metadata.namespace ?? '' })
				.filter(({ spec }) => selectorMatches(spec.selector ?? {}, object.metadata.labels))
				.map(keyOf);
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const budget = one<Budget>(api, 'poddisruptionbudgets', namespace, name);
			if (!budget) return undefined;
			const pods = podsOf(budget);
			if (pods.length === 0)
				record.record({ component: 'controllermanager' }, budget, 'Normal', 'NoPods', 'No matching pods found');
			const { minAvailable, maxUnavailable } = budget.spec;
			const plain = typeof minAvailable === 'number';
			const expectedPods = plain ? pods.length : wanted(pods);
			const desiredHealthy = plain
				? minAvailable
				: maxUnavailable !== undefined
					? Math.max(0, expectedPods - intOrPercent(maxUnavailable, expectedPods, true, 0))
					: intOrPercent(minAvailable, expectedPods, true, 0);
			const currentHealthy = pods.filter((pod) => isLive(pod) && isReady(pod)).length;
			const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
			const [status, reason] = disruptionsAllowed > 0 ? ['True', 'SufficientPods'] : ['False', 'InsufficientPods'];
			const old = budget.status?.conditions?.find((c) => c.type === 'DisruptionAllowed');
			const generation = budget.metadata.generation ?? 1;
			const next = {
				conditions: [
					{
						lastTransitionTime: old?.status === status ? old.lastTransitionTime : timeline.stamp(),
						message: '',
						observedGeneration: generation,
						reason,
						status,
						type: 'DisruptionAllowed',
					},
				],
				currentHealthy,
				desiredHealthy,
				disruptionsAllowed,
				expectedPods,
				observedGeneration: generation,
			};
			if (!same(next, budget.status)) api.updateStatus({ ...budget, status: next } as never);
			return undefined;
		},
	};
}
