/** What a Job's pods have come to so far. */
import { isDone, type Pod } from '../../cluster/kinds.ts';
import { type Verdict, verdictOf } from './policy.ts';
import { INDEX_FAILURES, indexOf, isHeld, isIndexed, type Job, parseIndexes } from './types.ts';

export interface Count {
	readonly active: readonly Pod[];
	readonly terminating: number;
	readonly succeeded: number;
	readonly failed: number;
	/** Of an Indexed Job. */
	readonly completed: ReadonlySet<number>;
	readonly failedIndexes: ReadonlySet<number>;
	/** How often pods of an index have failed, as far as they are there. */
	readonly failuresOf: ReadonlyMap<number, number>;
	/** Ended pods that are counted now: their finalizer can go. */
	readonly counted: readonly Pod[];
	/** A failure that ends the Job. */
	readonly verdict: Verdict | undefined;
}

const isGoing = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

export function countPods(job: Job, pods: readonly Pod[], tracked: boolean): Count {
	const active = pods.filter((pod) => !isDone(pod) && !isGoing(pod));
	// Without finalizers whatever is there counts, each time; with them what is still held comes on top.
	const fresh = tracked ? pods.filter(isHeld) : pods;
	const won = fresh.filter((pod) => pod.status?.phase === 'Succeeded');
	const lost = fresh.filter(
		(pod) => pod.status?.phase === 'Failed' || (tracked && isGoing(pod) && pod.status?.phase !== 'Succeeded'),
	);
	const completed = parseIndexes(job.status?.completedIndexes);
	const failedIndexes = parseIndexes(job.status?.failedIndexes);
	const failuresOf = new Map<number, number>();
	let failed = tracked ? (job.status?.failed ?? 0) : 0;
	let verdict: Verdict | undefined;
	const most = job.spec.backoffLimitPerIndex;
	for (const pod of pods.filter((p) => p.status?.phase === 'Failed' || lost.includes(p))) {
		const found = verdictOf(job, pod);
		if (found?.action === 'FailJob') verdict ??= found;
		if (found?.action === 'Ignore') continue;
		if (lost.includes(pod)) failed++;
		const index = indexOf(pod);
		const failures = Number(pod.metadata.annotations?.[INDEX_FAILURES] ?? 0) + 1;
		failuresOf.set(index, Math.max(failuresOf.get(index) ?? 0, failures));
		if (most !== undefined && (failures > most || found?.action === 'FailIndex')) failedIndexes.add(index);
	}
	for (const pod of won) if (isIndexed(job)) completed.add(indexOf(pod));
	const succeeded = isIndexed(job)
		? [...completed].filter((i) => i < (job.spec.completions ?? 1)).length
		: (tracked ? (job.status?.succeeded ?? 0) : 0) + won.length;
	return {
		active,
		terminating: pods.filter((pod) => isGoing(pod) && !isDone(pod)).length,
		succeeded,
		failed,
		completed,
		failedIndexes,
		failuresOf,
		counted: [...won, ...lost],
		verdict,
	};
}

/** Restarts of containers count, too, where a pod restarts them (pastBackoffLimitOnFailure). */
export function restartsExceed(job: Job, active: readonly Pod[]): boolean {
	if (job.spec.template.spec.restartPolicy !== 'OnFailure') return false;
	const limit = job.spec.backoffLimit ?? 6;
	let restarts = 0;
	for (const { status } of active) {
		if (status?.phase !== 'Running' && status?.phase !== 'Pending') continue;
		for (const list of [status.initContainerStatuses, status.containerStatuses])
			for (const { restartCount } of (list ?? []) as readonly { readonly restartCount: number }[])
				restarts += restartCount;
	}
	return limit === 0 ? restarts > 0 : restarts >= limit;
}
