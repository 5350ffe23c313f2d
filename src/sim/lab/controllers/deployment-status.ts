/** What a Deployment's status says of its ReplicaSets (pkg/controller/deployment/{sync,progress}.go @ v1.24.0). */
import type { ClusterContext } from '../cluster/context.ts';
import { as, type Condition, type Deployment, same, type Workload } from '../cluster/kinds.ts';
import { intOrPercent } from './int-or-percent.ts';

export const statusOf = (set: Workload, field: string): number => Number(set.status?.[field] ?? 0);

export function writeStatus(
	{ api, timeline }: ClusterContext,
	deployment: Deployment,
	sets: readonly Workload[],
	current: Workload | undefined,
): void {
	const sum = (field: string) => sets.reduce((total, set) => total + statusOf(set, field), 0);
	const wanted = deployment.spec.replicas ?? 1;
	const [replicas, ready, available] = [sum('replicas'), sum('readyReplicas'), sum('availableReplicas')];
	const newest = current && sets.find((set) => set.metadata.uid === current.metadata.uid);
	const updated = newest ? statusOf(newest, 'replicas') : 0;
	const unavailable = intOrPercent(
		deployment.spec.strategy?.rollingUpdate?.maxUnavailable,
		wanted,
		false,
		Math.floor(wanted / 4),
	);
	const old = (deployment.status?.conditions ?? []) as readonly Condition[];
	const condition = (type: string, status: Condition['status'], reason: string, message: string): Condition => {
		const before = old.find((c) => c.type === type);
		if (before?.status === status && before.reason === reason) return before;
		const now = timeline.stamp();
		return {
			lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? now) : now,
			lastUpdateTime: now,
			message,
			reason,
			status,
			type,
		};
	};
	const isAvailable = available >= wanted - unavailable;
	const complete = updated === wanted && replicas === wanted && available === wanted;
	const progress = newest
		? complete
			? condition(
					'Progressing',
					'True',
					'NewReplicaSetAvailable',
					`ReplicaSet "${newest.metadata.name}" has successfully progressed.`,
				)
			: old.some((c) => c.type === 'Progressing' && c.reason === 'NewReplicaSetAvailable') &&
					updated === statusOf(deployment, 'updatedReplicas')
				? old.find((c) => c.type === 'Progressing')!
				: condition('Progressing', 'True', 'ReplicaSetUpdated', `ReplicaSet "${newest.metadata.name}" is progressing.`)
		: undefined;
	const status = {
		...(available > 0 ? { availableReplicas: available } : {}),
		conditions: [
			isAvailable
				? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
				: condition(
						'Available',
						'False',
						'MinimumReplicasUnavailable',
						'Deployment does not have minimum availability.',
					),
			...(progress ? [progress] : []),
		],
		observedGeneration: deployment.metadata.generation ?? 1,
		...(ready > 0 ? { readyReplicas: ready } : {}),
		...(replicas > 0 ? { replicas } : {}),
		...(wanted - available > 0 ? { unavailableReplicas: wanted - available } : {}),
		...(updated > 0 ? { updatedReplicas: updated } : {}),
	};
	if (!same(status, deployment.status)) api.updateStatus({ ...as<object>(deployment as never), status });
}
