/** Jobs: pods until so many have succeeded, or too many failed. Source: kubernetes pkg/controller/job @ v1.24.0. */
import type { ApiMeta } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type Condition, isReady, one, type PodTemplate, removeOne, same, splitKey } from '../cluster/kinds.ts';
import { minorOf } from '../machine/node-images.ts';
import { SECOND } from '../time.ts';
import type { Controller } from './loop.ts';
import { createPodControl, creationBudget, keysOfOwner, podsOf } from './owned-pods.ts';

const SOURCE = { component: 'job-controller' };

interface Job {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: ApiMeta;
	readonly spec: {
		readonly parallelism?: number;
		readonly completions?: number;
		readonly backoffLimit?: number;
		readonly activeDeadlineSeconds?: number;
		readonly ttlSecondsAfterFinished?: number;
		readonly suspend?: boolean;
		readonly template: PodTemplate;
	};
	readonly status?: {
		readonly startTime?: string;
		readonly completionTime?: string;
		readonly conditions?: readonly Condition[];
	};
}

const over = (job: Job): boolean =>
	(job.status?.conditions ?? []).some((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True');

/**
 * Until a pod follows one that failed: ten seconds, doubled each time, six minutes at most. To 1.26 it was the job's key
 * that waited in the queue, and not for the first failure yet (getBackoff(); pkg/controller/job/backoff_utils.go @ v1.27.1).
 */
const backoffOf = (minor: number, failed: number): number => {
	const doubled = failed - (minor >= 27 ? 1 : 2);
	return doubled < 0 ? 0 : Math.min(10 * 2 ** doubled, 360) * SECOND;
};

export function jobController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const minor = minorOf(api.version);
	const prefix = minor >= 27 ? 'batch.kubernetes.io/' : '';
	const control = createPodControl(cluster, 'job-controller');
	const budget = creationBudget(cluster);
	/** Of each job: how many failures were seen, and when a pod may follow the last of them, microseconds. */
	const failures = new Map<string, { readonly seen: number; readonly until: number }>();
	const waitAfter = (key: string, failed: number): number => {
		const known = failures.get(key) ?? { seen: 0, until: 0 };
		if (failed > known.seen) failures.set(key, { seen: failed, until: timeline.now + backoffOf(minor, failed) });
		return Math.max(0, (failures.get(key)?.until ?? 0) - timeline.now);
	};
	/** When each began, microseconds. */
	const started = new Map<string, number>();
	/** When jobs that are over and have a time to live go. */
	const ended = new Map<string, number>();

	const create = (job: Job): void => {
		const { uid, name } = job.metadata;
		const own = { 'controller-uid': uid, 'job-name': name };
		const more = prefix === '' ? {} : { [`${prefix}controller-uid`]: uid, [`${prefix}job-name`]: name };
		control.create(job, job.spec.template, { labels: { ...own, ...more } });
	};

	return {
		name: 'job',
		keys: keysOfOwner('Job'),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const job = one<Job>(api, 'jobs', namespace, name);
			if (!job || job.metadata.deletionTimestamp !== undefined) {
				failures.delete(key);
				started.delete(key);
				return undefined;
			}
			const pods = podsOf(cluster, job);
			const succeeded = pods.filter((p) => p.status?.phase === 'Succeeded').length;
			const failed = pods.filter((p) => p.status?.phase === 'Failed').length;
			const active = pods.filter(
				(p) => p.metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(p.status?.phase ?? ''),
			);
			const ttl = job.spec.ttlSecondsAfterFinished;
			if (over(job)) {
				if (ttl === undefined) return undefined;
				const left = ended.get(key) ?? timeline.now + ttl * SECOND;
				ended.set(key, left);
				if (timeline.now < left) return left - timeline.now;
				ended.delete(key);
				removeOne(api, 'jobs', namespace, name, { propagation: 'Background' });
				return undefined;
			}
			const wanted = job.spec.completions ?? 1;
			const complete = succeeded >= wanted;
			const exhausted = failed > (job.spec.backoffLimit ?? 6);
			const now = timeline.stamp();
			const conditions: Condition[] = [...(job.status?.conditions ?? [])];
			const began = started.get(key) ?? timeline.now;
			started.set(key, began);
			const deadline = job.spec.activeDeadlineSeconds;
			const left = deadline === undefined ? undefined : began + deadline * SECOND - timeline.now;
			let running = active.length;
			const wait = waitAfter(key, failed);
			if (complete) {
				conditions.push({ lastProbeTime: now, lastTransitionTime: now, status: 'True', type: 'Complete' });
				cluster.record.record(SOURCE, job, 'Normal', 'Completed', 'Job completed');
			} else if (exhausted || (left !== undefined && left <= 0)) {
				const [reason, message] = exhausted
					? ['BackoffLimitExceeded', 'Job has reached the specified backoff limit']
					: ['DeadlineExceeded', 'Job was active longer than specified deadline'];
				conditions.push({
					lastProbeTime: now,
					lastTransitionTime: now,
					message,
					reason,
					status: 'True',
					type: 'Failed',
				});
				for (const pod of active) control.remove(job, pod);
				cluster.record.record(SOURCE, job, 'Warning', reason, message);
				running = 0;
			} else if (!job.spec.suspend && wait === 0) {
				const room = Math.min(job.spec.parallelism ?? 1, wanted - succeeded) - active.length;
				const made = budget.take(key, room);
				for (let i = 0; i < made; i++) create(job);
				running += made;
			}
			const ready = active.filter(isReady).length;
			const status = {
				...(running > 0 && !complete ? { active: running } : {}),
				...(complete ? { completionTime: now } : {}),
				...(conditions.length > 0 ? { conditions } : {}),
				...(failed > 0 ? { failed } : {}),
				ready,
				startTime: job.status?.startTime ?? now,
				...(succeeded > 0 ? { succeeded } : {}),
			};
			if (!same(status, job.status))
				api.updateStatus({ ...(job as object), apiVersion: 'batch/v1', kind: 'Job', status });
			const more = budget.wait(key);
			if (complete || exhausted) return more;
			const times = [more, wait > 0 ? wait : undefined, left !== undefined && left > 0 ? left : undefined].filter(
				(time) => time !== undefined,
			);
			return times.length > 0 ? Math.min(...times) : undefined;
		},
	};
}
