/** What a pod is told before it goes for others' sake (pkg/controller/tainteviction, pkg/scheduler/framework/preemption @ v1.26.0). */
import type { ClusterContext } from '../cluster/context.ts';
import { as, type Condition, conditionOf, one, type Pod } from '../cluster/kinds.ts';
import { minorOf } from '../machine/node-images.ts';

/** Sets its condition DisruptionTarget: PodDisruptionConditions, on by default from 1.26. */
export function markDisrupted(cluster: ClusterContext, { metadata }: Pod, reason: string, message: string): void {
	const { api, timeline } = cluster;
	const pod = one<Pod>(api, 'pods', metadata.namespace, metadata.name);
	if (minorOf(api.version) < 26 || !pod || conditionOf(pod, 'DisruptionTarget')?.status === 'True') return;
	const condition: Condition = {
		lastProbeTime: null,
		lastTransitionTime: timeline.stamp(),
		message,
		reason,
		status: 'True',
		type: 'DisruptionTarget',
	};
	const conditions = [...(pod.status?.conditions ?? []), condition];
	api.updateStatus({ ...as<object>(pod as never), status: { ...pod.status, conditions } });
}
