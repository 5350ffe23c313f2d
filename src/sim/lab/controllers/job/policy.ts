/** What a pod's failure means for its Job (pkg/controller/job/pod_failure_policy.go @ v1.26.3). */
import { conditionOf, type Pod } from '../../cluster/kinds.ts';
import type { FailureAction, Job } from './types.ts';

export interface Verdict {
	readonly action: FailureAction;
	readonly message: string;
}

interface Ended {
	readonly name: string;
	readonly state?: { readonly terminated?: { readonly exitCode: number } };
}

/** The first rule that a failed pod matches; undefined when none does: the failure counts. */
export function verdictOf(job: Job, pod: Pod): Verdict | undefined {
	const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
	for (const [i, { action, onExitCodes, onPodConditions }] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
		const tail = `matching ${action} rule at index ${i}`;
		if (onExitCodes) {
			const { containerName, operator, values } = onExitCodes;
			const statuses = [
				...((pod.status?.initContainerStatuses ?? []) as readonly Ended[]),
				...((pod.status?.containerStatuses ?? []) as readonly Ended[]),
			];
			for (const { name: container, state } of statuses) {
				const code = state?.terminated?.exitCode;
				// What ended well is no failure, whatever the operator says.
				if (!code || (containerName !== undefined && containerName !== container)) continue;
				if (values.includes(code) === (operator === 'In'))
					return { action, message: `Container ${container} for pod ${name} failed with exit code ${code} ${tail}` };
			}
		}
		for (const { type, status = 'True' } of onPodConditions ?? [])
			if (conditionOf(pod, type)?.status === status)
				return { action, message: `Pod ${name} has condition ${type} ${tail}` };
	}
	return undefined;
}
