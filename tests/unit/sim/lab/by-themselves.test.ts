/** Controllers that act by the clock, and those that only count. */
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../../src/sim/lab/controllers/cron-schedule.ts';
import { cells, create, echo, events, get, list, MINUTE, pass, SECOND, settled } from './helpers.ts';

describe('schedules', () => {
	// 2022-08-31 is a Wednesday; 10:00:00 UTC is 1661940000.
	it.each([
		['* * * * *', 1_661_940_000, 1_661_940_060],
		['*/15 * * * *', 1_661_940_001, 1_661_940_900],
		['0 0 * * *', 1_661_940_000, 1_661_990_400],
		['30 9 1 * *', 1_661_940_000, 1_662_024_600],
		['0 12 * * mon-fri', 1_662_120_000, 1_662_379_200],
		['0 0 29 2 *', 1_661_940_000, 1_709_164_800],
		['@hourly', 1_661_940_000, 1_661_943_600],
		['0 0 1 * 5', 1_661_940_000, 1_661_990_400],
	])('%s after %i is at %i', (text, after, at) => {
		expect(parseSchedule(text)!.next(after)).toBe(at);
	});

	it.each(['', '* * * *', '60 * * * *', '* * * foo *', '*/0 * * * *'])('%j is none', (text) => {
		expect(parseSchedule(text)).toBeUndefined();
	});
});

describe('a CronJob', () => {
	it('makes a Job a minute and keeps the last three', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [
			{
				apiVersion: 'batch/v1',
				kind: 'CronJob',
				metadata: { name: 'hello' },
				spec: {
					schedule: '* * * * *',
					jobTemplate: {
						spec: {
							template: {
								spec: {
									restartPolicy: 'Never',
									containers: [{ name: 'c', image: 'busybox:1.36.1', command: ['sh', '-c', 'echo hi'] }],
								},
							},
						},
					},
				},
			},
		]);
		pass(lab, 6 * MINUTE);
		const jobs = list(cluster, 'jobs', 'default').map((j) => Number(j.metadata.name.replace('hello-', '')));
		expect(jobs).toHaveLength(3);
		expect(jobs[2]! - jobs[0]!).toBe(2);
		expect(jobs[2]).toBe(Math.floor(cluster.api.now() / 60));
		expect(events(cluster, 'default', /^hello$/).some((line) => line.includes('SuccessfulDelete'))).toBe(true);
	});
});

describe('a PodDisruptionBudget', () => {
	it('counts what is ready, and forbids the eviction that would leave too few', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [
			...echo(2),
			{
				apiVersion: 'policy/v1',
				kind: 'PodDisruptionBudget',
				metadata: { name: 'pdb' },
				spec: { maxUnavailable: '50%', selector: { matchLabels: { app: 'echo' } } },
			},
		]);
		pass(lab, 20 * SECOND);
		const status = () => get(cluster, 'poddisruptionbudgets', 'default', 'pdb')!.status!;
		expect(status()).toMatchObject({ currentHealthy: 2, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: 2 });
		const [first, second] = list(cluster, 'pods', 'default');
		expect(cluster.api.evict('default', first!.metadata.name).error).toBeUndefined();
		pass(lab, SECOND / 2);
		expect(cluster.api.evict('default', second!.metadata.name).error).toBeDefined();
	});
});

describe('an autoscaler without metrics', () => {
	it('keeps its bounds and says what it lacks', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [
			...echo(1),
			{
				apiVersion: 'autoscaling/v2',
				kind: 'HorizontalPodAutoscaler',
				metadata: { name: 'echo' },
				spec: {
					minReplicas: 2,
					maxReplicas: 3,
					scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'echo' },
					metrics: [
						{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
					],
				},
			},
		]);
		pass(lab, MINUTE);
		expect(cells(cluster, 'horizontalpodautoscalers', 'default', 'Targets', 'Replicas')).toEqual(['<unknown>/50% 2']);
		expect(events(cluster, 'default', /^echo$/)).toContain(
			'Normal SuccessfulRescale: New size: 2; reason: Current number of replicas below Spec.MinReplicas',
		);
		// Looked at after 15, 30 and 45 s: the first time it was scaled, and what it wished then stays.
		expect(get(cluster, 'horizontalpodautoscalers', 'default', 'echo')!.status).toMatchObject({ desiredReplicas: 2 });
		const failed = list(cluster, 'events', 'default').find((e) => e.reason === 'FailedGetResourceMetric');
		expect(failed).toMatchObject({ count: 2 });
	});
});
