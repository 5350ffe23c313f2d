/** What a StatefulSet's status says of its pods (stateful_set_control.go updateStatus, stateful_set_utils.go @ v1.24.0). */
import type { ClusterContext } from '../../cluster/context.ts';
import { availableIn, one, type Pod, same } from '../../cluster/kinds.ts';
import { isRunningAndReady, isTerminating, revisionOf, type StatefulSet, wantedOf } from './types.ts';

export function writeStatus(
	{ api }: ClusterContext,
	set: StatefulSet,
	pods: readonly Pod[],
	revisions: { readonly current: string; readonly update: string },
): void {
	const ready = pods.filter(isRunningAndReady);
	const available = ready.filter((pod) => availableIn(pod, set.spec.minReadySeconds, api.now()) === 0).length;
	const at = (revision: string): number => pods.filter((p) => !isTerminating(p) && revisionOf(p) === revision).length;
	let { current } = revisions;
	let currentReplicas = at(current);
	const updated = at(revisions.update);
	// completeRollingUpdate
	const rolling = set.spec.updateStrategy?.type !== 'OnDelete';
	if (rolling && updated === pods.length && ready.length === pods.length && pods.length === wantedOf(set)) {
		current = revisions.update;
		currentReplicas = updated;
	}
	const status = {
		availableReplicas: available,
		collisionCount: 0,
		...(currentReplicas > 0 ? { currentReplicas } : {}),
		currentRevision: current,
		observedGeneration: set.metadata.generation ?? 1,
		...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
		replicas: pods.length,
		updateRevision: revisions.update,
		...(updated > 0 ? { updatedReplicas: updated } : {}),
	};
	const now = one<StatefulSet>(api, 'statefulsets', set.metadata.namespace, set.metadata.name);
	if (now && !same(status, now.status)) api.updateStatus({ ...now, status } as never);
}
