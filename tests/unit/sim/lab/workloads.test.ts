import { describe, expect, it } from 'vitest';
import type { ApiObject } from '../../../../src/sim/api/index.ts';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import {
	cells,
	create,
	echo,
	events,
	get,
	list,
	MINUTE,
	pass,
	pod,
	record,
	remove,
	SECOND,
	settled,
} from './helpers.ts';

const patch = (cluster: Cluster, plural: string, name: string, change: object): void => {
	const { error } = cluster.api.patch(
		cluster.api.find(plural)!,
		'default',
		name,
		'application/strategic-merge-patch+json',
		change as never,
	);
	expect(error).toBeUndefined();
};

const replicas = (object: ApiObject): string | undefined => {
	if (object.kind !== 'ReplicaSet' || object.metadata.namespace !== 'default') return undefined;
	const status = object.status as { replicas?: number; availableReplicas?: number } | undefined;
	return `wants ${object.spec!.replicas}, has ${status?.replicas ?? 0}, ${status?.availableReplicas ?? 0} available`;
};

describe('a Deployment', () => {
	it('becomes a ReplicaSet, pods, endpoints and a slice', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(2));
		pass(lab, 20 * SECOND);
		expect(cells(cluster, 'deployments', 'default', 'Name', 'Ready', 'Up-to-date', 'Available')).toEqual([
			'echo 2/2 2 2',
		]);
		const set = list(cluster, 'replicasets', 'default')[0]!;
		const pods = list(cluster, 'pods', 'default');
		expect(set.metadata.name).toMatch(/^echo-[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
		for (const { metadata } of pods)
			expect(metadata.name).toMatch(new RegExp(`^${set.metadata.name}-[bcdfghjklmnpqrstvwxz2456789]{5}$`));
		const addresses = pods.map((p) => String(p.status!.podIP)).sort();
		const [subset] = get(cluster, 'endpoints', 'default', 'echo')!.subsets as { addresses: { ip: string }[] }[];
		expect(subset!.addresses.map((a) => a.ip).sort()).toEqual(addresses);
		const slice = list(cluster, 'endpointslices', 'default').find(
			(s) => s.metadata.labels?.['kubernetes.io/service-name'] === 'echo',
		)!;
		expect((slice.endpoints as { addresses: string[] }[]).flatMap((e) => e.addresses).sort()).toEqual(addresses);
		expect(
			events(cluster, 'default', /^echo-.*-.*$/).filter((e) => /Scheduled|Pulled|Created|Started/.test(e)).length,
		).toBe(8);
		expect(events(cluster, 'default', /^echo$/)).toEqual([
			`Normal ScalingReplicaSet: Scaled up replica set ${set.metadata.name} to 2`,
		]);
	});

	it('rolls to a new template without going below what it may', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(4));
		pass(lab, 20 * SECOND);
		const old = list(cluster, 'replicasets', 'default')[0]!.metadata.name;
		const lines = record(lab, cluster, replicas);
		patch(cluster, 'deployments', 'echo', { spec: { template: { metadata: { annotations: { round: 'two' } } } } });
		pass(lab, 90 * SECOND);
		const wants = (line: string): number => Number(/wants (\d)/.exec(line)![1]);
		const current = list(cluster, 'replicasets', 'default')
			.map((s) => s.metadata.name)
			.find((n) => n !== old)!;
		const steps = (name: string): number[] => [...new Set(lines.filter((l) => l.includes(`${name}:`)).map(wants))];
		expect(steps(current).at(-1)).toBe(4);
		// 25 % more and 25 % fewer: five pods at most, three at least.
		expect(steps(current)[0]).toBeLessThanOrEqual(2);
		expect(steps(old).at(-1)).toBe(0);
		expect(cells(cluster, 'deployments', 'default', 'Ready', 'Up-to-date', 'Available')).toEqual(['4/4 4 4']);
		expect(
			get(cluster, 'deployments', 'default', 'echo')!.metadata.annotations!['deployment.kubernetes.io/revision'],
		).toBe('2');
		const back = list(cluster, 'replicasets', 'default').find((s) => s.metadata.name === old)!;
		patch(cluster, 'deployments', 'echo', { spec: { template: { metadata: { annotations: { round: null } } } } });
		pass(lab, 90 * SECOND);
		expect(
			get(cluster, 'replicasets', 'default', back.metadata.name)!.metadata.annotations![
				'deployment.kubernetes.io/revision'
			],
		).toBe('3');
	});

	it('makes five hundred pods of a thousand million at once, and the next when those are through', () => {
		const { lab, cluster } = settled();
		const millions = 1_000_000_000;
		const counts = () =>
			['many', 'set', 'job'].map(
				(name) => list(cluster, 'pods', 'default').filter((p) => p.metadata.name.startsWith(`${name}-`)).length,
			);
		const main = { name: 'main', image: 'busybox:1.36.1', command: ['sleep', '1d'] };
		const labelled = (app: string) => ({
			selector: { matchLabels: { app } },
			template: { metadata: { labels: { app } }, spec: { containers: [main] } },
		});
		const made = (apiVersion: string, kind: string, name: string, spec: object) =>
			create(cluster, [{ apiVersion, kind, metadata: { name }, spec } as never]);
		made('apps/v1', 'Deployment', 'many', { replicas: millions, ...labelled('many') });
		const parallel = { serviceName: 'set', podManagementPolicy: 'Parallel' };
		made('apps/v1', 'StatefulSet', 'set', { replicas: millions, ...labelled('set'), ...parallel });
		const template = { spec: { restartPolicy: 'Never', containers: [main] } };
		made('batch/v1', 'Job', 'job', { completions: millions, parallelism: millions, template });
		pass(lab, SECOND);
		expect(counts()).toEqual([500, 500, 500]);
		pass(lab, 26 * SECOND);
		expect(counts()).toEqual([1000, 1000, 1000]);
	});

	it('keeps the old pods when the new image does not exist', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		patch(cluster, 'deployments', 'echo', {
			spec: { template: { spec: { containers: [{ name: 'echo', image: 'nosuch/image:1' }] } } },
		});
		pass(lab, MINUTE);
		expect(cells(cluster, 'deployments', 'default', 'Ready', 'Up-to-date', 'Available')).toEqual(['1/1 1 1']);
		expect(cells(cluster, 'pods', 'default', 'Status').sort()).toEqual(['ImagePullBackOff', 'Running']);
		const said = events(cluster, 'default', /^echo-.*-/);
		expect(said).toContain('Normal Pulling: Pulling image "nosuch/image:1"');
		expect(said).toContain('Warning Failed: Error: ErrImagePull');
		expect(said).toContain('Warning Failed: Error: ImagePullBackOff');
		expect(said).toContain('Normal BackOff: Back-off pulling image "nosuch/image:1"');
		expect(said.find((e) => e.startsWith('Warning Failed: Failed to pull'))).toBe(
			'Warning Failed: Failed to pull image "nosuch/image:1": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/nosuch/image:1": failed to resolve reference "docker.io/nosuch/image:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
		);
	});

	it('deleted in the background takes its ReplicaSets and pods with it', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(2));
		pass(lab, 20 * SECOND);
		remove(cluster, 'deployments', 'default', 'echo');
		pass(lab, 5 * SECOND);
		expect(list(cluster, 'replicasets', 'default')).toEqual([]);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Terminating', 'Terminating']);
		// busybox's httpd is the container's first process and has no handler for SIGTERM.
		pass(lab, 34 * SECOND);
		expect(list(cluster, 'pods', 'default')).toEqual([]);
		expect(get(cluster, 'endpoints', 'default', 'echo')!.subsets).toBeUndefined();
	});
});

describe('other workloads', () => {
	it('a StatefulSet makes its pods in order and takes them away from the end', () => {
		const { lab, cluster } = settled();
		const labels = { app: 'db' };
		create(cluster, [
			{
				apiVersion: 'apps/v1',
				kind: 'StatefulSet',
				metadata: { name: 'db' },
				spec: {
					serviceName: 'db',
					replicas: 3,
					selector: { matchLabels: labels },
					template: { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'nginx:1.25' }] } },
				},
			},
		]);
		const lines = record(lab, cluster, (o) =>
			o.kind === 'Pod' && o.metadata.namespace === 'default' ? String(o.status?.phase) : undefined,
		);
		pass(lab, 40 * SECOND);
		const line = (text: string) => lines.findIndex((l) => l.endsWith(text));
		expect(line('default/db-0: Running')).toBeLessThan(line('default/db-1: Pending'));
		expect(line('default/db-1: Running')).toBeLessThan(line('default/db-2: Pending'));
		patch(cluster, 'statefulsets', 'db', { spec: { replicas: 1 } });
		pass(lab, 20 * SECOND);
		expect(line('default/db-2: gone')).toBeLessThan(line('default/db-1: gone'));
		expect(cells(cluster, 'pods', 'default', 'Name')).toEqual(['db-0']);
	});

	it('a Job that is active for too long fails', () => {
		const { lab, cluster } = settled();
		const template = {
			spec: {
				restartPolicy: 'Never',
				containers: [{ name: 'main', image: 'busybox:1.36.1', command: ['sleep', '600'] }],
			},
		};
		create(cluster, [
			{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'slow' }, spec: { template, activeDeadlineSeconds: 6 } },
		]);
		pass(lab, 5 * SECOND);
		expect(list(cluster, 'pods', 'default')).toHaveLength(1);
		pass(lab, MINUTE);
		expect(list(cluster, 'pods', 'default')).toEqual([]);
		expect(events(cluster, 'default', /^slow$/).at(-1)).toBe(
			'Warning DeadlineExceeded: Job was active longer than specified deadline',
		);
	});

	it('Recreate ends all old pods before there is a new one', () => {
		const { lab, cluster } = settled();
		const template = { metadata: { labels: { app: 'r' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
		const spec = { replicas: 2, selector: { matchLabels: { app: 'r' } }, strategy: { type: 'Recreate' }, template };
		create(cluster, [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'r' }, spec }]);
		pass(lab, 30 * SECOND);
		patch(cluster, 'deployments', 'r', {
			spec: { template: { spec: { containers: [{ name: 'c', image: 'httpd' }] } } },
		});
		const seen = new Set<string>();
		for (let i = 0; i < 60; i++) {
			pass(lab, SECOND);
			seen.add(
				[
					...new Set(
						list(cluster, 'pods', 'default').map(
							({ spec }) => (spec as { containers: { image: string }[] }).containers[0]!.image,
						),
					),
				]
					.sort()
					.join('+'),
			);
		}
		expect([...seen].sort()).toEqual(expect.arrayContaining(['httpd', 'nginx']));
		expect(seen.has('httpd+nginx')).toBe(false);
		expect(list(cluster, 'pods', 'default')).toHaveLength(2);
	});

	it('a ReplicaSet lets a pod go that has other labels, and takes one that nobody has', () => {
		const { lab, cluster } = settled();
		const template = { metadata: { labels: { app: 'r' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
		const spec = { replicas: 2, selector: { matchLabels: { app: 'r' } }, template };
		create(cluster, [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'r' }, spec }]);
		pass(lab, 20 * SECOND);
		const [first] = list(cluster, 'pods', 'default').map(({ metadata }) => metadata.name);
		patch(cluster, 'pods', first!, { metadata: { labels: { app: 'other' } } });
		pass(lab, 10 * SECOND);
		expect(list(cluster, 'pods', 'default')).toHaveLength(3);
		expect(get(cluster, 'pods', 'default', first!)?.metadata.ownerReferences ?? []).toEqual([]);
		patch(cluster, 'pods', first!, { metadata: { labels: { app: 'r' } } });
		pass(lab, MINUTE);
		expect(list(cluster, 'pods', 'default')).toHaveLength(2);
	});

	it('a Job waits longer after each failure', () => {
		const { lab, cluster } = settled();
		const template = {
			spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36.1', command: ['false'] }] },
		};
		create(cluster, [{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'bad' }, spec: { template } }]);
		const counts: number[] = [];
		for (let at = 0; at < 6; at++) {
			pass(lab, 30 * SECOND);
			counts.push(list(cluster, 'pods', 'default').length);
		}
		// 0, 10, 20, 40, 80 seconds after the end of the one before.
		expect(counts[0]).toBe(3);
		expect(counts[1]).toBe(4);
		expect(counts[5]).toBe(6);
	});

	it('a Job runs until it has succeeded often enough, or failed too often', () => {
		const { lab, cluster } = settled();
		const job = (name: string, command: string[], more: object) => ({
			apiVersion: 'batch/v1',
			kind: 'Job',
			metadata: { name },
			spec: {
				template: {
					spec: { restartPolicy: 'Never', containers: [{ name: 'work', image: 'busybox:1.36.1', command }] },
				},
				...more,
			},
		});
		create(cluster, [job('good', ['sleep', '3'], { completions: 2 }), job('bad', ['false'], { backoffLimit: 1 })]);
		pass(lab, MINUTE);
		expect(cells(cluster, 'jobs', 'default', 'Name', 'Completions')).toEqual(['bad 0/1', 'good 2/2']);
		expect(events(cluster, 'default', /^bad$/).at(-1)).toBe(
			'Warning BackoffLimitExceeded: Job has reached the specified backoff limit',
		);
		expect(events(cluster, 'default', /^good$/).at(-1)).toBe('Normal Completed: Job completed');
	});
});

describe('a namespace', () => {
	it('is given an account and the certificate, and goes when all in it is gone', () => {
		const { lab, cluster } = settled();
		create(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }]);
		pass(lab, SECOND);
		expect(cells(cluster, 'serviceaccounts', 'team', 'Name')).toEqual(['default']);
		expect(cells(cluster, 'configmaps', 'team', 'Name')).toEqual(['kube-root-ca.crt']);
		create(cluster, [{ ...pod('web', { image: 'nginx:1.25' }), metadata: { name: 'web', namespace: 'team' } }]);
		pass(lab, 20 * SECOND);
		remove(cluster, 'namespaces', undefined, 'team');
		expect(cells(cluster, 'namespaces', undefined, 'Name', 'Status')).toContain('team Terminating');
		pass(lab, 20 * SECOND);
		expect(get(cluster, 'namespaces', undefined, 'team')).toBeUndefined();
		expect(list(cluster, 'pods', 'team')).toEqual([]);
	});
});
