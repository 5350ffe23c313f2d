import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { cells, create, events, get, list, MINUTE, pass, SECOND, settled } from './helpers.ts';

const deployment = (spec: object = {}, image = 'nginx:1.21') => ({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: { name: 'web' },
	spec: {
		replicas: 3,
		selector: { matchLabels: { app: 'web' } },
		template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image }] } },
		...spec,
	},
});

const change = (cluster: Cluster, spec: object): void => {
	const resource = cluster.api.find('deployments')!;
	const type = 'application/strategic-merge-patch+json';
	expect(cluster.api.patch(resource, 'default', 'web', type, { spec } as never).error).toBeUndefined();
};
const imaged = (image: string) => ({ template: { spec: { containers: [{ name: 'main', image }] } } });

/** `Progressing False ProgressDeadlineExceeded`. */
const conditions = (cluster: Cluster, plural = 'deployments', name = 'web'): string[] => {
	const { conditions = [] } = (get(cluster, plural, 'default', name)?.status ?? {}) as {
		conditions?: { type: string; status: string; reason: string }[];
	};
	return conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);
};

describe('a Deployment', () => {
	it('gives up hope when nothing came of it for as long as its deadline says', () => {
		const { lab, cluster } = settled();
		create(cluster, [deployment({ progressDeadlineSeconds: 60 })]);
		pass(lab, MINUTE);
		expect(conditions(cluster)).toEqual([
			'Available True MinimumReplicasAvailable',
			'Progressing True NewReplicaSetAvailable',
		]);
		change(cluster, imaged('nginx:no-such-tag'));
		pass(lab, 30 * SECOND);
		expect(conditions(cluster)).toContain('Progressing True ReplicaSetUpdated');
		pass(lab, 40 * SECOND);
		expect(conditions(cluster)).toContain('Progressing False ProgressDeadlineExceeded');
		change(cluster, imaged('nginx:1.21'));
		pass(lab, MINUTE);
		expect(conditions(cluster)).toContain('Progressing True NewReplicaSetAvailable');
	});

	it('that is paused says so and makes nothing new until it is resumed', () => {
		const { lab, cluster } = settled();
		create(cluster, [deployment()]);
		pass(lab, MINUTE);
		change(cluster, { paused: true, ...imaged('nginx:1.22') });
		pass(lab, MINUTE);
		expect(conditions(cluster)).toContain('Progressing Unknown DeploymentPaused');
		expect(list(cluster, 'replicasets', 'default')).toHaveLength(1);
		change(cluster, { replicas: 4 });
		pass(lab, MINUTE);
		expect(cells(cluster, 'replicasets', 'default', 'desired', 'ready')).toEqual(['4 4']);
		change(cluster, { paused: null });
		pass(lab, MINUTE);
		expect(conditions(cluster)).toContain('Progressing True NewReplicaSetAvailable');
	});

	it('makes a ReplicaSet as large as it may be, at once', () => {
		const { lab, cluster } = settled();
		create(cluster, [deployment()]);
		pass(lab, MINUTE);
		expect(list(cluster, 'replicasets', 'default')[0]!.metadata).toMatchObject({ generation: 1 });
		expect(events(cluster, 'default', /^web$/)).toEqual([
			expect.stringMatching(/^Normal ScalingReplicaSet: Scaled up replica set web-\w+ (?:from 0 )?to 3$/),
		]);
	});

	it('that is to be made anew has no new ReplicaSet, and no new revision, while pods of the old one are there', () => {
		const { lab, cluster } = settled();
		const slow = { lifecycle: { preStop: { exec: { command: ['sleep', '10'] } } } };
		const containers = [{ name: 'main', image: 'nginx:1.21', ...slow }];
		create(cluster, [
			deployment({
				strategy: { type: 'Recreate' },
				template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
			}),
		]);
		pass(lab, MINUTE);
		change(cluster, imaged('nginx:1.22'));
		pass(lab, 5 * SECOND);
		expect(cells(cluster, 'replicasets', 'default', 'desired')).toEqual(['0']);
		expect(get(cluster, 'deployments', 'default', 'web')!.metadata.annotations).toMatchObject({
			'deployment.kubernetes.io/revision': '1',
		});
		pass(lab, MINUTE);
		expect(cells(cluster, 'replicasets', 'default', 'desired', 'ready').sort()).toEqual(['0 0', '3 3']);
		expect(conditions(cluster)).toContain('Progressing True NewReplicaSetAvailable');
	});

	it('that is made larger in the middle of a rollout gives each ReplicaSet its share', () => {
		const { lab, cluster } = settled();
		create(cluster, [deployment({ replicas: 10, strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } })]);
		pass(lab, 2 * MINUTE);
		change(cluster, imaged('nginx:no-such-tag'));
		pass(lab, MINUTE);
		// The example of Kubernetes' documentation: 8 and 5 become 11 and 7 of at most 18.
		expect(cells(cluster, 'replicasets', 'default', 'desired').sort()).toEqual(['5', '8']);
		change(cluster, { replicas: 15 });
		pass(lab, 20_000);
		expect(cells(cluster, 'replicasets', 'default', 'desired').sort()).toEqual(['11', '7']);
	});

	it('counts pods as available once they have been ready for as long as it says', () => {
		const { lab, cluster } = settled();
		create(cluster, [deployment({ replicas: 1, minReadySeconds: 30 })]);
		pass(lab, 20 * SECOND);
		expect(cells(cluster, 'deployments', 'default', 'ready', 'available')).toEqual(['1/1 0']);
		pass(lab, 20 * SECOND);
		expect(cells(cluster, 'deployments', 'default', 'ready', 'available')).toEqual(['1/1 1']);
	});

	it('whose pods are refused says why, and ten refusals become one event', () => {
		const { lab, cluster } = settled();
		create(cluster, [
			{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard: { pods: 2 } } },
		]);
		create(cluster, [deployment()]);
		pass(lab, MINUTE);
		expect(cells(cluster, 'deployments', 'default', 'ready')).toEqual(['2/3']);
		expect(conditions(cluster)).toContain('ReplicaFailure True FailedCreate');
		const refused = events(cluster, 'default', /^web-/).filter((line) => line.startsWith('Warning FailedCreate'));
		expect(refused).toHaveLength(10);
		expect(refused.at(-1)).toMatch(
			/\(combined from similar events\): Error creating: pods "web-\w+-\w+" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2$/,
		);
		cluster.api.delete(cluster.api.find('resourcequotas')!, 'default', 'few');
		pass(lab, 3 * MINUTE);
		expect(cells(cluster, 'deployments', 'default', 'ready')).toEqual(['3/3']);
		expect(conditions(cluster)).not.toContain('ReplicaFailure True FailedCreate');
	});

	it('that was deleted without its ReplicaSet takes the set back when it is made again', () => {
		const { lab, cluster } = settled();
		create(cluster, [deployment({ replicas: 2 })]);
		pass(lab, MINUTE);
		const pods = cells(cluster, 'pods', 'default', 'name');
		const orphans = { propagation: 'Orphan' } as const;
		cluster.api.delete(cluster.api.find('deployments')!, 'default', 'web', orphans);
		pass(lab, SECOND);
		const [orphan] = list(cluster, 'replicasets', 'default');
		expect(orphan?.metadata.ownerReferences ?? []).toEqual([]);
		create(cluster, [deployment({ replicas: 2 })]);
		pass(lab, SECOND);
		const [taken, ...others] = list(cluster, 'replicasets', 'default');
		expect(others).toEqual([]);
		expect(taken?.metadata.ownerReferences).toMatchObject([
			{ kind: 'Deployment', name: 'web', uid: get(cluster, 'deployments', 'default', 'web')?.metadata.uid },
		]);
		expect(cells(cluster, 'deployments', 'default', 'ready')).toEqual(['2/2']);
		expect(cells(cluster, 'pods', 'default', 'name')).toEqual(pods);
	});

	it('has the hash of its template, in whatever order its fields were written', () => {
		const { lab, cluster } = settled();
		const fields = Object.entries({ name: 'main', image: 'nginx:1.21', imagePullPolicy: 'Always' });
		for (const [name, written] of [
			['one', fields],
			['two', fields.toReversed()],
		] as const) {
			const { spec } = deployment();
			const template = { ...spec.template, spec: { containers: [Object.fromEntries(written)] } };
			create(cluster, [{ ...deployment(), metadata: { name }, spec: { ...spec, template } }]);
		}
		pass(lab, SECOND);
		const [one, two] = cells(cluster, 'replicasets', 'default', 'name').sort();
		expect(two).toBe(one?.replace(/^one/, 'two'));
	});
});
