/** CronJobs and Jobs that name one as their controller. */
import { expect, it } from 'vitest';
import type { ApiObject } from '../../../../src/sim/api/index.ts';
import { create, events, get, list, MINUTE, pass, remove, SECOND, settled } from './helpers.ts';

const TEMPLATE = {
	template: {
		spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['sleep', '600'] }] },
	},
};

const cron = (more: Record<string, string>) =>
	({
		apiVersion: 'batch/v1',
		kind: 'CronJob',
		metadata: { name: 'c', namespace: 'default' },
		spec: { schedule: '* * * * *', ...more, jobTemplate: { spec: TEMPLATE } },
	}) as const;

const byHand = ({ metadata }: ApiObject) => ({
	apiVersion: 'batch/v1',
	kind: 'Job',
	metadata: {
		name: 'by-hand',
		namespace: 'default',
		ownerReferences: [{ apiVersion: 'batch/v1', controller: true, kind: 'CronJob', name: 'c', uid: metadata.uid }],
	},
	spec: TEMPLATE,
});

it('a Job made by hand is told of as unexpected, is not among the active, and keeps nothing from starting', () => {
	const { lab, cluster } = settled();
	create(cluster, [cron({ concurrencyPolicy: 'Forbid' })]);
	create(cluster, [byHand(get(cluster, 'cronjobs', 'default', 'c')!)]);
	pass(lab, MINUTE + 5 * SECOND);
	const names = list(cluster, 'jobs', 'default').map(({ metadata }) => metadata.name);
	const started = names.find((name) => name !== 'by-hand');
	expect(started).toMatch(/^c-\d+$/);
	const active = get(cluster, 'cronjobs', 'default', 'c')!.status!.active as { name: string }[];
	expect(active.map(({ name }) => name)).toEqual([started]);
	expect(events(cluster, 'default', /^c$/)).toContain(
		'Warning UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand',
	);
});

it('a Job of its own that somebody deleted is missed', () => {
	const { lab, cluster } = settled();
	create(cluster, [cron({})]);
	pass(lab, MINUTE + 5 * SECOND);
	const [job] = list(cluster, 'jobs', 'default');
	remove(cluster, 'jobs', 'default', job!.metadata.name);
	pass(lab, SECOND);
	expect(events(cluster, 'default', /^c$/)).toContain(
		`Normal MissingJob: Active job went missing: ${job!.metadata.name}`,
	);
	expect(get(cluster, 'cronjobs', 'default', 'c')!.status!.active).toBeUndefined();
});
