/**
 * Jobs: pods until so many have succeeded, or too many failed.
 *
 * Source: kubernetes pkg/controller/job/{job_controller,indexed_job_utils,backoff_utils}.go @ v1.24.0 and later; what
 * came when: tracking by finalizers 1.25, failure policies 1.26, limits per index 1.29, success policies and conditions that
 * say that a Job will end before it has 1.31, managers other than this controller 1.32.
 */
import { parseTime } from '../../../api/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import { type Condition, isReady, one, type Pod, removeOne, same, splitKey } from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { SECOND } from '../../time.ts';
import type { Controller } from '../loop.ts';
import { createRetries, creationBudget, keysOfOwner, podsOf, slowStart } from '../owned-pods.ts';
import { type Count, countPods, restartsExceed } from './count.ts';
import { createJobPods } from './pods.ts';
import { matchedRule } from './success.ts';
import { endOf, holds, indexOf, indexText, isIndexed, type Job } from './types.ts';

const SOURCE = { component: 'job-controller' };
const OURS = 'kubernetes.io/job-controller';

/**
 * Until a pod follows one that failed: ten seconds, doubled each time, six minutes at most. To 1.26 it was the job's key
 * that waited in the queue, and not for the first failure yet (getBackoff(); pkg/controller/job/backoff_utils.go @ v1.27.1).
 */
const backoffOf = (minor: number, failed: number): number => {
	const doubled = failed - (minor >= 27 ? 1 : 2);
	return doubled < 0 ? 0 : Math.min(10 * 2 ** doubled, 360) * SECOND;
};

/** Whether its indexes fail, and wait, each for itself. */
const hasOwnLimits = (job: Job): boolean => job.spec.backoffLimitPerIndex !== undefined && isIndexed(job);

interface End {
	readonly type: 'Complete' | 'Failed';
	readonly reason?: string;
	readonly message?: string;
}

/** Makes pods for jobs until enough have succeeded, or too many failed (pkg/controller/job/job_controller.go). */
export function jobController(cluster: ClusterContext): Controller {
	const { api, timeline, record } = cluster;
	const minor = minorOf(api.version);
	const tracked = minor >= 25;
	const early = minor >= 31;
	const control = createJobPods(cluster);
	const budget = creationBudget(cluster);
	const retries = createRetries();
	/** Of each job: how many failures were seen, and when a pod may follow the last of them, microseconds. */
	const failures = new Map<string, { readonly seen: number; readonly until: number }>();
	/** With a limit for each index, an index waits for itself alone (getPodCreationInfoForIndependentIndexes()). */
	const waitOfIndex = (key: string, index: number, { failuresOf }: Count): number =>
		waitAfter(`${key}\0${index}`, failuresOf.get(index) ?? 0);
	const forget = (key: string): void => {
		for (const known of [...failures.keys()]) if (known === key || known.startsWith(`${key}\0`)) failures.delete(known);
	};
	const waitAfter = (key: string, failed: number): number => {
		const known = failures.get(key) ?? { seen: 0, until: 0 };
		if (failed > known.seen) failures.set(key, { seen: failed, until: timeline.now + backoffOf(minor, failed) });
		return Math.max(0, (failures.get(key)?.until ?? 0) - timeline.now);
	};

	/** Pods of a Job that is gone are held by nobody. */
	const letGo = (namespace: string, uid: string | undefined, pods: readonly Pod[]): void => {
		for (const pod of pods)
			if (
				pod.metadata.namespace === namespace &&
				pod.metadata.ownerReferences?.some((o) => o.kind === 'Job' && (uid ?? o.uid) === o.uid)
			)
				control.release(pod);
	};
	const orphansOf = (namespace: string, name: string): readonly Pod[] => {
		const pods = api.list(api.find('pods')!, { namespace }) as unknown as readonly Pod[];
		return pods.filter((pod) => pod.metadata.ownerReferences?.some((o) => o.kind === 'Job' && o.name === name));
	};

	/** Over: only its time to live is left, microseconds. */
	const outlive = (job: Job): number | undefined => {
		const ttl = job.spec.ttlSecondsAfterFinished;
		const end = parseTime(endOf(job)?.lastTransitionTime);
		if (ttl === undefined || end === undefined) return undefined;
		const left = (end + ttl - api.now()) * SECOND;
		if (left > 0) return left;
		removeOne(api, 'jobs', job.metadata.namespace, job.metadata.name, { propagation: 'Foreground' });
		return undefined;
	};

	/** Why it is over now, if it is. */
	const endNow = (job: Job, count: Count): End | undefined => {
		const { completions, backoffLimit = 6, backoffLimitPerIndex, maxFailedIndexes } = job.spec;
		const failed = (reason: string, message: string): End => ({ type: 'Failed', reason, message });
		const target = holds(job, 'FailureTarget');
		if (target) return failed(target.reason ?? '', target.message ?? '');
		const met = holds(job, 'SuccessCriteriaMet');
		if (met) return { type: 'Complete', reason: met.reason ?? '', message: met.message ?? '' };
		if (count.verdict) return failed('PodFailurePolicy', count.verdict.message);
		if (count.failed > backoffLimit || restartsExceed(job, count.active))
			return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
		const left = deadlineIn(job);
		if (left !== undefined && left <= 0)
			return failed('DeadlineExceeded', 'Job was active longer than specified deadline');
		if (backoffLimitPerIndex !== undefined && isIndexed(job)) {
			if (maxFailedIndexes !== undefined && count.failedIndexes.size > maxFailedIndexes)
				return failed('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
			if (count.failedIndexes.size > 0 && count.failedIndexes.size + count.succeeded >= (completions ?? 1))
				return failed('FailedIndexes', 'Job has failed indexes');
		}
		const message = matchedRule(job, count);
		if (message !== undefined) return { type: 'Complete', reason: 'SuccessPolicy', message };
		const complete =
			completions === undefined ? count.succeeded > 0 && count.active.length === 0 : count.succeeded >= completions;
		if (!complete) return undefined;
		return early
			? { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
			: { type: 'Complete' };
	};

	/** Microseconds until the deadline is over. */
	const deadlineIn = (job: Job): number | undefined => {
		const { activeDeadlineSeconds: seconds, suspend } = job.spec;
		const start = parseTime(job.status?.startTime);
		return seconds === undefined || start === undefined || suspend ? undefined : (start + seconds - api.now()) * SECOND;
	};

	const condition = (type: string, status: 'True' | 'False', reason?: string, message?: string): Condition => {
		const now = timeline.stamp();
		const why = reason === undefined ? {} : { message: message ?? '', reason };
		return { lastProbeTime: now, lastTransitionTime: now, ...why, status, type };
	};

	/** Ends a pod that is not looked at any more: one that is not wanted now has not failed (deleteJobPods). */
	const takeAway = (job: Job, pod: Pod): void => {
		control.release(pod);
		control.remove(job, pod);
	};

	/** Takes pods away that are too many and makes those that are missing; answers how many run now, and a failure. */
	const manage = (
		key: string,
		job: Job,
		count: Count,
	): { readonly running: number; readonly failure?: string; readonly delay?: number } => {
		const { parallelism = 1, completions } = job.spec;
		const { active } = count;
		const most =
			completions === undefined
				? count.succeeded > 0
					? active.length
					: parallelism
				: Math.min(parallelism, completions - count.succeeded - (isIndexed(job) ? count.failedIndexes.size : 0));
		const surplus = [...active]
			.sort((a, b) => Number(isReady(a)) - Number(isReady(b)))
			.slice(0, Math.max(0, active.length - most));
		for (const pod of surplus) takeAway(job, pod);
		const missing = Math.max(0, most - active.length);
		if (surplus.length > 0 || missing === 0) return { running: active.length - surplus.length };
		const room = budget.take(key, missing);
		let made = 0;
		const pending = isIndexed(job) ? pendingIndexes(job, count, room) : undefined;
		const waits = hasOwnLimits(job) ? pending?.map((index) => waitOfIndex(key, index, count)) : undefined;
		const indexes = pending?.filter((_, i) => !waits?.[i]);
		const later = (waits ?? []).filter((time) => time > 0);
		const delay = later.length > 0 ? { delay: Math.min(...later) } : {};
		const failure = slowStart(indexes?.length ?? room, (i) => {
			const index = indexes?.[i];
			const before = job.spec.backoffLimitPerIndex === undefined ? undefined : (count.failuresOf.get(index!) ?? 0);
			const error = index === undefined ? control.create(job) : control.create(job, index, before);
			if (error === undefined) made++;
			return error;
		});
		return { running: active.length + made, ...delay, ...(failure === undefined ? {} : { failure }) };
	};

	/** The first indexes that have no pod and are not over. */
	const pendingIndexes = (job: Job, { active, completed, failedIndexes }: Count, most: number): readonly number[] => {
		const taken = new Set(active.map(indexOf));
		const out: number[] = [];
		for (let i = 0; i < (job.spec.completions ?? 1) && out.length < most; i++)
			if (!taken.has(i) && !completed.has(i) && !failedIndexes.has(i)) out.push(i);
		return out;
	};

	return {
		name: 'job',
		keys: keysOfOwner('Job'),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const job = one<Job>(api, 'jobs', namespace, name);
			if (!job || job.metadata.deletionTimestamp !== undefined) {
				forget(key);
				retries.forget(key);
				letGo(namespace, job?.metadata.uid, orphansOf(namespace, name));
				return undefined;
			}
			// Somebody else looks after it (JobManagedBy).
			if ((job.spec.managedBy ?? OURS) !== OURS) return undefined;
			const pods = podsOf(cluster, job);
			if (endOf(job)) {
				letGo(namespace, job.metadata.uid, pods);
				return outlive(job);
			}
			const count = countPods(job, pods, tracked);
			const conditions: Condition[] = [...(job.status?.conditions ?? [])];
			const tell = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
				record.record(SOURCE, job, type, reason, message);
			const suspended = job.spec.suspend === true;
			const wasSuspended = holds(job, 'Suspended') !== undefined;
			let { startTime } = job.status ?? {};
			if (suspended) startTime = undefined;
			else if (startTime === undefined || wasSuspended) startTime = timeline.stamp();
			const end = suspended ? undefined : endNow(job, count);
			let running = count.active.length;
			let { failed } = count;
			let failure: string | undefined;
			let completionTime: string | undefined;
			let wait = hasOwnLimits(job) ? 0 : waitAfter(key, count.failed);
			if (end) {
				// Pods that are ended with it have failed, and are counted once (job_controller.go syncJob, trackJobStatus…).
				if (end.type === 'Failed') failed += count.active.length;
				for (const pod of count.active)
					if (end.type === 'Failed' || end.reason === 'SuccessPolicy') takeAway(job, pod);
					else control.remove(job, pod);
				running = 0;
				const interim = end.type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet';
				const announced = holds(job, interim) !== undefined;
				if (early || (minor >= 26 && end.reason === 'PodFailurePolicy'))
					if (!announced) conditions.push(condition(interim, 'True', end.reason, end.message));
				if (!early || count.active.length + count.terminating === 0) {
					conditions.push(condition(end.type, 'True', end.reason, end.message));
					if (end.type === 'Complete') completionTime = timeline.stamp();
					if (end.type === 'Complete') tell('Normal', 'Completed', 'Job completed');
					else tell('Warning', end.reason ?? '', end.message ?? '');
				}
			} else if (suspended) {
				for (const pod of count.active) takeAway(job, pod);
				running = 0;
			} else if (wait === 0) ({ running, failure, delay: wait = 0 } = manage(key, job, count));
			if (suspended !== wasSuspended) {
				const rest = conditions.filter((c) => c.type !== 'Suspended');
				const known = rest.length < conditions.length;
				if (suspended || known) {
					const [reason, message] = suspended ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
					conditions.splice(
						0,
						conditions.length,
						...rest,
						condition('Suspended', suspended ? 'True' : 'False', reason, message),
					);
					tell('Normal', suspended ? 'Suspended' : 'Resumed', message!);
				}
			}
			const ready = end || suspended ? 0 : count.active.filter(isReady).length;
			const completed = indexText([...count.completed].filter((i) => i < (job.spec.completions ?? 1)));
			const terminating = count.terminating + (end || suspended ? count.active.length : 0);
			const status = {
				...(running > 0 ? { active: running } : {}),
				...(completed !== '' ? { completedIndexes: completed } : {}),
				...(completionTime === undefined ? {} : { completionTime }),
				...(conditions.length > 0 ? { conditions } : {}),
				...(failed > 0 ? { failed } : {}),
				...(job.spec.backoffLimitPerIndex === undefined ? {} : { failedIndexes: indexText(count.failedIndexes) }),
				...(minor >= 24 ? { ready } : {}),
				...(startTime === undefined ? {} : { startTime }),
				...(count.succeeded > 0 ? { succeeded: count.succeeded } : {}),
				...(minor >= 29 ? { terminating } : {}),
				...(tracked ? { uncountedTerminatedPods: {} } : {}),
			};
			for (const pod of count.counted) if (tracked) control.release(pod);
			const now = one<Job>(api, 'jobs', namespace, name);
			if (now && !same(status, now.status)) api.updateStatus({ ...now, status } as never);
			if (failure !== undefined) return retries.after(key);
			retries.forget(key);
			const times = [
				budget.wait(key),
				wait > 0 ? wait : undefined,
				now && !end ? deadlineIn({ ...now, status } as Job) : undefined,
			];
			const again = times.filter((time) => time !== undefined && time > 0) as number[];
			return again.length > 0 ? Math.min(...again) : undefined;
		},
	};
}
