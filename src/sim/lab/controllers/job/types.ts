/** Jobs as their controller reads them. */
import type { Condition, ObjectView, Pod, PodTemplate } from '../../cluster/kinds.ts';

export type FailureAction = 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';

export interface FailureRule {
	readonly action: FailureAction;
	readonly onExitCodes?: {
		readonly containerName?: string;
		readonly operator: 'In' | 'NotIn';
		readonly values: readonly number[];
	};
	readonly onPodConditions?: readonly { readonly type: string; readonly status?: string }[];
}

export interface SuccessRule {
	/** `0,2-4` */
	readonly succeededIndexes?: string;
	readonly succeededCount?: number;
}

export interface Job extends ObjectView {
	readonly spec: {
		readonly parallelism?: number;
		readonly completions?: number;
		readonly completionMode?: 'NonIndexed' | 'Indexed';
		readonly backoffLimit?: number;
		readonly backoffLimitPerIndex?: number;
		readonly maxFailedIndexes?: number;
		readonly activeDeadlineSeconds?: number;
		readonly ttlSecondsAfterFinished?: number;
		readonly suspend?: boolean;
		readonly podFailurePolicy?: { readonly rules: readonly FailureRule[] };
		readonly successPolicy?: { readonly rules: readonly SuccessRule[] };
		readonly managedBy?: string;
		readonly template: PodTemplate;
	};
	readonly status?: {
		readonly startTime?: string;
		readonly completionTime?: string;
		readonly succeeded?: number;
		readonly failed?: number;
		readonly completedIndexes?: string;
		readonly failedIndexes?: string;
		readonly conditions?: readonly Condition[];
	};
}

/** Holds a pod until its end was counted (JobTrackingWithFinalizers, on by default from 1.25). */
export const TRACKING = 'batch.kubernetes.io/job-tracking';
export const INDEX = 'batch.kubernetes.io/job-completion-index';
export const INDEX_FAILURES = 'batch.kubernetes.io/job-index-failure-count';

export const isIndexed = (job: Job): boolean => job.spec.completionMode === 'Indexed';
export const indexOf = (pod: Pod): number => Number(pod.metadata.annotations?.[INDEX] ?? -1);
export const isHeld = (pod: Pod): boolean => pod.metadata.finalizers?.includes(TRACKING) === true;
export const holds = (job: Job, type: string): Condition | undefined =>
	job.status?.conditions?.find((c) => c.type === type && c.status === 'True');
export const endOf = (job: Job): Condition | undefined => holds(job, 'Complete') ?? holds(job, 'Failed');

/** `0-2,4` of a set of numbers, and back (indexed_job_utils.go). */
export function indexText(indexes: Iterable<number>): string {
	const parts: string[] = [];
	const sorted = [...indexes].sort((a, b) => a - b);
	for (let i = 0; i < sorted.length; i++) {
		const first = sorted[i]!;
		while (sorted[i + 1] === sorted[i]! + 1) i++;
		const last = sorted[i]!;
		parts.push(first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`);
	}
	return parts.join(',');
}

export function parseIndexes(text: string | undefined): Set<number> {
	const out = new Set<number>();
	for (const part of (text ?? '').split(',').filter(Boolean)) {
		const [from, to = from] = part.split('-').map(Number) as [number, number?];
		for (let i = from; i <= to; i++) out.add(i);
	}
	return out;
}
