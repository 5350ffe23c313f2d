/** Jobs: pods until so many have succeeded, or too many failed. Source: kubernetes pkg/controller/job @ v1.24.0. */
import type { ApiMeta } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	type Condition,
	controllerOf,
	isReady,
	keyOf,
	one,
	ownedBy,
	ownerRef,
	type Pod,
	type PodTemplate,
	removeOne,
	same,
	splitKey,
} from '../cluster/kinds.ts';
import { suffix } from '../cluster/names.ts';
import { minorOf } from '../machine/node-images.ts';
import { SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

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

export function jobController(cluster: ClusterContext): Controller {
	const { api, timeline } = cluster;
	const prefix = minorOf(api.version) >= 27 ? 'batch.kubernetes.io/' : '';
	let made = 0;
	/** When jobs that are over and have a time to live go. */
	const ended = new Map<string, number>();

	const create = (job: Job): void => {
		const labels = {
			...job.spec.template.metadata?.labels,
			'controller-uid': job.metadata.uid,
			'job-name': job.metadata.name,
		};
		const more =
			prefix === '' ? {} : { [`${prefix}controller-uid`]: job.metadata.uid, [`${prefix}job-name`]: job.metadata.name };
		const created = api.create({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: {
				name: `${job.metadata.name}-${suffix(timeline, `${keyOf(job)}\0${job.metadata.uid}\0${made++}`)}`,
				generateName: `${job.metadata.name}-`,
				namespace: job.metadata.namespace,
				labels: { ...labels, ...more },
				ownerReferences: [ownerRef(job)],
			},
			spec: job.spec.template.spec,
		});
		if (created.error)
			cluster.record.record(SOURCE, job, 'Warning', 'FailedCreate', `Error creating: ${created.error.message}`);
		else
			cluster.record.record(SOURCE, job, 'Normal', 'SuccessfulCreate', `Created pod: ${created.value.metadata.name}`);
	};

	return {
		name: 'job',
		keys({ object }) {
			if (object.kind === 'Job') return [keyOf(object)];
			const owner = object.kind === 'Pod' ? controllerOf(object) : undefined;
			return owner?.kind === 'Job' ? [`${object.metadata.namespace}/${owner.name}`] : [];
		},
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const job = one<Job>(api, 'jobs', namespace, name);
			if (!job || job.metadata.deletionTimestamp !== undefined) return undefined;
			const pods = all<Pod>(api, 'pods', { namespace }).filter((p) => ownedBy(p, job));
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
			let running = active.length;
			if (complete) {
				conditions.push({ lastProbeTime: now, lastTransitionTime: now, status: 'True', type: 'Complete' });
				cluster.record.record(SOURCE, job, 'Normal', 'Completed', 'Job completed');
			} else if (exhausted) {
				const message = 'Job has reached the specified backoff limit';
				conditions.push({
					lastProbeTime: now,
					lastTransitionTime: now,
					message,
					reason: 'BackoffLimitExceeded',
					status: 'True',
					type: 'Failed',
				});
				for (const pod of active) removeOne(api, 'pods', namespace, pod.metadata.name);
				cluster.record.record(SOURCE, job, 'Warning', 'BackoffLimitExceeded', message);
				running = 0;
			} else if (!job.spec.suspend) {
				const room = Math.min(job.spec.parallelism ?? 1, wanted - succeeded) - active.length;
				for (let i = 0; i < room; i++) create(job);
				running += Math.max(0, room);
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
			return undefined;
		},
	};
}
