import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { cells, create, events, get, list, MINUTE, pass, remove, SECOND, settled } from './helpers.ts';

/** A cluster of what a release of kind brings: Kubernetes 1.33, or 1.24 with v0.14.0. */
const small = (kind = 'v0.29.0') => settled(1, { kind });

const job = (spec: object, command: readonly string[], restartPolicy = 'Never') => ({
	apiVersion: 'batch/v1',
	kind: 'Job',
	metadata: { name: 'work' },
	spec: {
		...spec,
		template: { spec: { restartPolicy, containers: [{ name: 'main', image: 'busybox:1.36.1', command }] } },
	},
});
const sh = (script: string): readonly string[] => ['sh', '-c', script];

const status = (cluster: Cluster): Record<string, unknown> =>
	(get(cluster, 'jobs', 'default', 'work')?.status ?? {}) as Record<string, unknown>;
const conditions = (cluster: Cluster): string[] =>
	((status(cluster).conditions ?? []) as { type: string; status: string; reason?: string }[]).map(
		({ type, status: holds, reason }) => [type, holds, reason ?? ''].join(' ').trim(),
	);
const patch = (cluster: Cluster, spec: object): string | undefined =>
	cluster.api.patch(cluster.api.find('jobs')!, 'default', 'work', 'application/merge-patch+json', { spec } as never)
		.error?.message;

describe('a Job', () => {
	it('with indexes gives each its pod, in order, and knows which are done', () => {
		const { lab, cluster } = small();
		create(cluster, [job({ completionMode: 'Indexed', completions: 3, parallelism: 2 }, sh('sleep 5'))]);
		pass(lab, 4 * SECOND);
		const pods = list(cluster, 'pods', 'default');
		expect(pods.map((pod) => pod.metadata.name.slice(0, 7))).toEqual(['work-0-', 'work-1-']);
		expect(pods.map((pod) => (pod.spec as { hostname?: string }).hostname)).toEqual(['work-0', 'work-1']);
		expect(pods[1]!.metadata.labels?.['batch.kubernetes.io/job-completion-index']).toBe('1');
		const [{ env }] = (pods[1]!.spec as unknown as { containers: [{ env: { name: string }[] }] }).containers;
		expect(env.map(({ name }) => name)).toEqual(['JOB_COMPLETION_INDEX']);
		pass(lab, MINUTE);
		expect(status(cluster)).toMatchObject({ completedIndexes: '0-2', succeeded: 3 });
		expect(conditions(cluster)).toEqual([
			'SuccessCriteriaMet True CompletionsReached',
			'Complete True CompletionsReached',
		]);
	});

	it('counts a pod once, also when somebody deletes it afterwards; before 1.25 it made another', () => {
		const ends = (kind: string): readonly unknown[] => {
			const { lab, cluster } = small(kind);
			create(cluster, [job({ completions: 2, parallelism: 1 }, sh('sleep 20'))]);
			pass(lab, 30 * SECOND);
			const [first] = list(cluster, 'pods', 'default');
			remove(cluster, 'pods', 'default', first!.metadata.name);
			pass(lab, 22 * SECOND);
			return [status(cluster).succeeded, get(cluster, 'pods', 'default', first!.metadata.name)];
		};
		expect(ends('v0.29.0')).toEqual([2, undefined]);
		expect(ends('v0.14.0')).toEqual([1, undefined]);
	});

	it('that restarts containers in place counts the restarts against its limit', () => {
		const { lab, cluster } = small('v0.14.0');
		create(cluster, [job({ backoffLimit: 2 }, sh('exit 1'), 'OnFailure')]);
		pass(lab, 2 * MINUTE);
		expect(conditions(cluster)).toEqual(['Failed True BackoffLimitExceeded']);
		expect(list(cluster, 'pods', 'default')).toEqual([]);
	});

	it.each(['v0.14.0', 'v0.29.0'])(
		'whose time is over counts the pod that was ended with it as failed (kind %s)',
		(kind) => {
			const { lab, cluster } = small(kind);
			create(cluster, [job({ activeDeadlineSeconds: 5 }, sh('sleep 600'))]);
			pass(lab, MINUTE);
			expect(conditions(cluster).at(-1)).toBe('Failed True DeadlineExceeded');
			expect(status(cluster)).toMatchObject({ failed: 1 });
		},
	);

	it('with a policy fails at once at an exit code that says so, and does not count another', () => {
		const { lab, cluster } = small();
		const rules = (action: string) => ({
			podFailurePolicy: { rules: [{ action, onExitCodes: { operator: 'In', values: [42] } }] },
		});
		create(cluster, [job(rules('FailJob'), sh('exit 42'))]);
		pass(lab, 20 * SECOND);
		expect(conditions(cluster)).toEqual(['FailureTarget True PodFailurePolicy', 'Failed True PodFailurePolicy']);
		expect(events(cluster, 'default', /^work$/).at(-1)).toMatch(
			/^Warning PodFailurePolicy: Container main for pod default\/work-\w+ failed with exit code 42 matching FailJob rule at index 0$/,
		);
		remove(cluster, 'jobs', 'default', 'work');
		pass(lab, 10 * SECOND);
		create(cluster, [job({ ...rules('Ignore'), backoffLimit: 0 }, sh('exit 42'))]);
		pass(lab, 30 * SECOND);
		expect(conditions(cluster)).toEqual([]);
		expect(list(cluster, 'pods', 'default').length).toBeGreaterThan(1);
	});

	it('with a limit for each index goes on with the others', () => {
		const { lab, cluster } = small();
		create(cluster, [
			job({ completionMode: 'Indexed', completions: 2, parallelism: 2, backoffLimitPerIndex: 1 }, sh('exit 1')),
		]);
		pass(lab, 2 * MINUTE);
		expect(status(cluster)).toMatchObject({ failedIndexes: '0,1', failed: 4 });
		expect(conditions(cluster)).toContain('Failed True FailedIndexes');
	});

	it('that is suspended has no pods, and begins anew when it goes on', () => {
		const { lab, cluster } = small();
		create(cluster, [job({}, sh('sleep 1000'))]);
		pass(lab, 10 * SECOND);
		expect(patch(cluster, { suspend: true })).toBeUndefined();
		pass(lab, MINUTE);
		expect(list(cluster, 'pods', 'default')).toEqual([]);
		expect(conditions(cluster)).toEqual(['Suspended True JobSuspended']);
		expect(status(cluster).failed).toBeUndefined();
		expect(patch(cluster, { suspend: false })).toBeUndefined();
		pass(lab, 10 * SECOND);
		expect(conditions(cluster)).toEqual(['Suspended False JobResumed']);
		expect(cells(cluster, 'pods', 'default', 'status')).toEqual(['Running']);
	});

	it('that is deleted lets its pods go', () => {
		const { lab, cluster } = small();
		create(cluster, [job({}, sh('sleep 1000'))]);
		pass(lab, 10 * SECOND);
		cluster.api.delete(cluster.api.find('jobs')!, 'default', 'work', { propagation: 'Background' });
		pass(lab, MINUTE);
		expect(list(cluster, 'pods', 'default')).toEqual([]);
	});

	it('goes when its time to live is over', () => {
		const { lab, cluster } = small();
		create(cluster, [job({ ttlSecondsAfterFinished: 30 }, sh('true'))]);
		pass(lab, 20 * SECOND);
		expect(conditions(cluster)).toContain('Complete True CompletionsReached');
		pass(lab, 30 * SECOND);
		expect(list(cluster, 'jobs', 'default')).toEqual([]);
	});

	it.each([
		[
			{ completionMode: 'Indexed', parallelism: 2 },
			'spec.completions: Required value: when completion mode is Indexed',
		],
		[{ backoffLimitPerIndex: 1 }, 'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode'],
		[
			{ ttlSecondsAfterFinished: -1 },
			'spec.ttlSecondsAfterFinished: Invalid value: -1: must be greater than or equal to 0',
		],
	])('%j is refused', (spec, why) => {
		const { cluster } = small();
		expect(cluster.api.create(job(spec, ['true']) as never).error?.message).toBe(`Job.batch "work" is invalid: ${why}`);
	});
});
