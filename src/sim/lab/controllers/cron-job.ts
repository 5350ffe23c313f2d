/** Jobs by the clock. Source: kubernetes pkg/controller/cronjob/cronjob_controllerv2.go, utils.go @ v1.24.0. */
import { formatTime, parseTime } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import {
	all,
	type Condition,
	type Labels,
	type ObjectView,
	one,
	ownedBy,
	ownerRef,
	removeOne,
	same,
	splitKey,
} from '../cluster/kinds.ts';
import { SECOND } from '../time.ts';
import { parseSchedule } from './cron-schedule.ts';
import type { Controller } from './loop.ts';
import { keysOfOwner } from './owned-pods.ts';

const SOURCE = { component: 'cronjob-controller' };

interface CronJob extends ObjectView {
	readonly spec: {
		readonly schedule: string;
		readonly timeZone?: string;
		readonly suspend?: boolean;
		readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
		readonly startingDeadlineSeconds?: number;
		readonly successfulJobsHistoryLimit?: number;
		readonly failedJobsHistoryLimit?: number;
		readonly jobTemplate: {
			readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
			readonly spec: { readonly [key: string]: unknown };
		};
	};
	readonly status?: {
		readonly lastScheduleTime?: string;
		readonly lastSuccessfulTime?: string;
		readonly active?: readonly { readonly name: string; readonly uid: string }[];
	};
}

interface Job extends ObjectView {
	readonly status?: { readonly conditions?: readonly Condition[]; readonly completionTime?: string };
}

const endOf = (job: Job): Condition | undefined =>
	job.status?.conditions?.find((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True');

export function cronJobController(cluster: ClusterContext): Controller {
	const { api, record } = cluster;
	const tell = (cron: CronJob, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void =>
		record.record(SOURCE, cron, type, reason, message);
	const jobsOf = (cron: CronJob): readonly Job[] =>
		all<Job>(api, 'jobs', { namespace: cron.metadata.namespace ?? '' }).filter((job) => ownedBy(job, cron));

	const start = (cron: CronJob, at: number): Job | undefined => {
		const { jobTemplate } = cron.spec;
		const name = `${cron.metadata.name}-${Math.floor(at / 60)}`;
		const made = api.create({
			apiVersion: 'batch/v1',
			kind: 'Job',
			metadata: {
				name,
				namespace: cron.metadata.namespace,
				...(jobTemplate.metadata?.labels ? { labels: jobTemplate.metadata.labels } : {}),
				annotations: { ...jobTemplate.metadata?.annotations },
				ownerReferences: [ownerRef(cron)],
			},
			spec: jobTemplate.spec,
		} as never);
		if (made.error) {
			tell(cron, 'FailedCreate', `Error creating job: ${made.error.message}`, 'Warning');
			return undefined;
		}
		tell(cron, 'SuccessfulCreate', `Created job ${name}`);
		return made.value as unknown as Job;
	};

	/** Jobs that are over, but for the newest few. */
	const tidy = (cron: CronJob, jobs: readonly Job[]): void => {
		const limits = {
			Complete: cron.spec.successfulJobsHistoryLimit ?? 3,
			Failed: cron.spec.failedJobsHistoryLimit ?? 1,
		};
		for (const [type, limit] of Object.entries(limits)) {
			const over = jobs.filter((job) => endOf(job)?.type === type);
			for (const job of over.slice(0, Math.max(0, over.length - limit))) {
				removeOne(api, 'jobs', job.metadata.namespace, job.metadata.name, { propagation: 'Background' });
				tell(cron, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
			}
		}
	};

	return {
		name: 'cronjob',
		keys: keysOfOwner('CronJob', 'Job'),
		reconcile(key) {
			const [namespace, name] = splitKey(key);
			const cron = one<CronJob>(api, 'cronjobs', namespace, name);
			if (!cron || cron.metadata.deletionTimestamp !== undefined) return undefined;
			const jobs = jobsOf(cron);
			const was = cron.status?.active ?? [];
			const isKnown = (job: Job): boolean => was.some(({ uid }) => uid === job.metadata.uid);
			// Somebody else's that names it as its controller is told of each time, and keeps nothing from starting.
			for (const job of jobs)
				if (!endOf(job) && !isKnown(job))
					tell(
						cron,
						'UnexpectedJob',
						`Saw a job that the controller did not create or forgot: ${job.metadata.name}`,
						'Warning',
					);
			for (const { uid, name: lost } of was)
				if (!jobs.some((job) => job.metadata.uid === uid)) tell(cron, 'MissingJob', `Active job went missing: ${lost}`);
			const running = jobs.filter((job) => !endOf(job) && isKnown(job));
			let { lastSuccessfulTime, lastScheduleTime } = cron.status ?? {};
			for (const { uid } of was) {
				const job = jobs.find((j) => j.metadata.uid === uid);
				const end = job && endOf(job);
				if (!end) continue;
				tell(cron, 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, status: ${end.type}`);
				if (end.type === 'Complete') lastSuccessfulTime = job.status?.completionTime ?? lastSuccessfulTime;
			}
			tidy(cron, jobs);
			let active = running;
			let again: number | undefined;
			const schedule = parseSchedule(cron.spec.schedule, cron.spec.timeZone);
			if (!schedule)
				tell(
					cron,
					'UnparseableSchedule',
					`unparseable schedule: ${JSON.stringify(cron.spec.schedule)} : expected exactly 5 fields, found ${cron.spec.schedule.split(/\s+/).length}: [${cron.spec.schedule}]`,
					'Warning',
				);
			else if (!cron.spec.suspend) {
				const now = api.now();
				// The last time that has come since it ran, or was made.
				let due: number | undefined;
				const since = parseTime(lastScheduleTime) ?? parseTime(cron.metadata.creationTimestamp) ?? now;
				for (
					let at = schedule.next(since), n = 0;
					at !== undefined && at <= now && n < 100;
					at = schedule.next(at), n++
				)
					due = at;
				const late = due !== undefined && now - due > (cron.spec.startingDeadlineSeconds ?? Number.POSITIVE_INFINITY);
				const policy = cron.spec.concurrencyPolicy ?? 'Allow';
				if (due !== undefined && late)
					tell(cron, 'MissSchedule', `Missed scheduled time to start a job: ${formatTime(due)}`, 'Warning');
				else if (due !== undefined && policy === 'Forbid' && running.length > 0)
					tell(
						cron,
						'JobAlreadyActive',
						'Not starting job because prior execution is running and concurrency policy is Forbid',
					);
				else if (due !== undefined) {
					if (policy === 'Replace')
						for (const job of running) {
							removeOne(api, 'jobs', namespace, job.metadata.name, { propagation: 'Background' });
							tell(cron, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
						}
					const job = start(cron, due);
					if (job) active = [...(policy === 'Replace' ? [] : running), job];
					lastScheduleTime = formatTime(due);
				}
				const next = schedule.next(now);
				if (next !== undefined) again = (next - now) * SECOND + SECOND / 10;
			}
			const status = {
				...(active.length > 0
					? {
							active: active.map(({ apiVersion, kind, metadata }) => ({
								apiVersion,
								kind,
								name: metadata.name,
								namespace: metadata.namespace,
								resourceVersion: metadata.resourceVersion,
								uid: metadata.uid,
							})),
						}
					: {}),
				...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
				...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
			};
			const now = one<CronJob>(api, 'cronjobs', namespace, name);
			if (now && !same(status, now.status)) api.updateStatus({ ...now, status } as never);
			return again;
		},
	};
}
