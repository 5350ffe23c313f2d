import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { cells, create, events, get, MINUTE, pass, SECOND, settled } from './helpers.ts';

/** A cluster of what a release of kind brings: Kubernetes 1.33, or 1.24 with v0.14.0. */
const small = (kind = 'v0.29.0') => settled(1, { kind });

const pod = (spec: object) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name: 'p' },
	spec: { containers: [{ name: 'main', image: 'nginx:1.21' }], ...spec },
});

const patch = (cluster: Cluster, plural: string, name: string, change: object, subresource?: 'status') =>
	cluster.api.patch(
		cluster.api.find(plural)!,
		'default',
		name,
		'application/strategic-merge-patch+json',
		change as never,
		subresource ? { subresource } : {},
	).error?.message;
const shown = (cluster: Cluster): string[] => cells(cluster, 'pods', 'default', 'ready', 'status', 'restarts');

describe('a pod', () => {
	it('starts its containers one after the other, and tells nothing of them meanwhile', () => {
		const { lab, cluster } = small();
		const containers = [
			{ name: 'first', image: 'nginx:1.21' },
			{ name: 'second', image: 'nginx:no-such-tag' },
			{ name: 'third', image: 'redis:7' },
		];
		create(cluster, [pod({ containers })]);
		const steps = () =>
			cluster
				.nodes()
				.flatMap(({ journal }) => journal)
				.filter(({ namespace, message }) => namespace === 'default' && /^(Pulling|Started)|ErrImagePull/.test(message))
				.map(({ reason, message }) => `${reason}: ${message}`);
		pass(lab, 20 * SECOND, () => steps().length > 0);
		expect(steps()).toEqual(['Pulling: Pulling image "nginx:1.21"']);
		expect(get(cluster, 'pods', 'default', 'p')!.status).not.toHaveProperty('podIP');
		pass(lab, 20 * SECOND);
		// What cannot be pulled holds nobody up.
		expect(steps().slice(0, 6)).toEqual([
			'Pulling: Pulling image "nginx:1.21"',
			'Started: Started container first',
			'Pulling: Pulling image "nginx:no-such-tag"',
			'Failed: Error: ErrImagePull',
			'Pulling: Pulling image "redis:7"',
			'Started: Started container third',
		]);
		expect(shown(cluster)[0]).toMatch(/^2\/3 /);
	});

	it.each(['Always', 'OnFailure', 'Never'])(
		'whose image changes has its container restarted, with %s',
		(restartPolicy) => {
			const { lab, cluster } = small();
			create(cluster, [pod({ restartPolicy })]);
			pass(lab, 20 * SECOND);
			expect(
				patch(cluster, 'pods', 'p', { spec: { containers: [{ name: 'main', image: 'nginx:1.22' }] } }),
			).toBeUndefined();
			// What the kubelet tells is what it saw before it began: the container is never told as ended.
			const phases = new Set<string>();
			pass(lab, 20 * SECOND, () => {
				// Since when is told anew whenever anything happens.
				phases.add(
					shown(cluster)
						.join()
						.replace(/ \(.* ago\)/, ''),
				);
				return false;
			});
			expect([...phases]).toEqual(['1/1 Running 0', '1/1 Running 1']);
			expect(events(cluster, 'default', /^p$/)).toContain(
				'Normal Killing: Container main definition changed, will be restarted',
			);
			const { containerStatuses } = get(cluster, 'pods', 'default', 'p')!.status as unknown as {
				containerStatuses: { image: string; restartCount: number }[];
			};
			expect(containerStatuses[0]).toMatchObject({ image: 'docker.io/library/nginx:1.22', restartCount: 1 });
		},
	);

	it('that is not to restart has ended when its other image does not come', () => {
		const { lab, cluster } = small();
		create(cluster, [pod({ restartPolicy: 'Never' })]);
		pass(lab, 20 * SECOND);
		patch(cluster, 'pods', 'p', { spec: { containers: [{ name: 'main', image: 'nginx:no-such-tag' }] } });
		pass(lab, MINUTE);
		expect(shown(cluster)).toEqual(['0/1 Completed 0']);
	});

	it('has sidecars from 1.29 on; before, what makes them one is dropped', () => {
		const initContainers = [{ name: 'side', image: 'redis:7', restartPolicy: 'Always' }];
		const readyOf = (kind: string): string[] => {
			const { lab, cluster } = small(kind);
			create(cluster, [pod({ initContainers })]);
			pass(lab, MINUTE);
			return shown(cluster);
		};
		expect(readyOf('v0.29.0')).toEqual(['2/2 Running 0']);
		// redis never ends.
		expect(readyOf('v0.14.0')).toEqual(['0/1 Init:0/1 0']);
	});

	it('runs until its sidecars have ended', () => {
		const { lab, cluster } = small('v0.29.0');
		const side = { name: 'side', image: 'busybox:1.36.1', restartPolicy: 'Always', command: ['sleep', '1000'] };
		const main = { name: 'main', image: 'busybox:1.36.1', command: ['true'] };
		create(cluster, [pod({ restartPolicy: 'Never', initContainers: [side], containers: [main] })]);
		pass(lab, 15 * SECOND);
		const phase = (): unknown => get(cluster, 'pods', 'default', 'p')!.status!.phase;
		expect(phase()).toBe('Running');
		pass(lab, 40 * SECOND);
		expect(phase()).toBe('Succeeded');
	});

	it('is given no container when its time is over before the image is there', () => {
		const { lab, cluster } = small();
		create(cluster, [pod({ activeDeadlineSeconds: 1 })]);
		pass(lab, 30 * SECOND);
		expect(get(cluster, 'pods', 'default', 'p')!.status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' });
		expect(events(cluster, 'default', /^p$/).filter((line) => /Created|Started/.test(line))).toEqual([]);
		expect(cells(cluster, 'pods', 'default', 'Ready')).toEqual(['0/1']);
	});

	it('ends when it was active for as long as it may be', () => {
		const { lab, cluster } = small();
		create(cluster, [pod({ activeDeadlineSeconds: 10 })]);
		pass(lab, 30 * SECOND);
		const { status } = get(cluster, 'pods', 'default', 'p')!;
		expect(status).toMatchObject({
			phase: 'Failed',
			reason: 'DeadlineExceeded',
			message: 'Pod was active on the node longer than the specified deadline',
		});
		// As kubectl has it: what the container ended with, and nginx ends well.
		expect(shown(cluster)).toEqual(['0/1 Completed 0']);
	});

	it('with a readiness gate is ready once somebody says so', () => {
		const { lab, cluster } = small();
		create(cluster, [pod({ readinessGates: [{ conditionType: 'example.com/ok' }] })]);
		pass(lab, 20 * SECOND);
		const ready = () =>
			(get(cluster, 'pods', 'default', 'p')!.status!.conditions as unknown as { type: string }[]).find(
				(c) => c.type === 'Ready',
			);
		expect(ready()).toMatchObject({
			status: 'False',
			reason: 'ReadinessGatesNotReady',
			message: 'corresponding condition of pod readiness gate "example.com/ok" does not exist.',
		});
		const conditions = [{ type: 'example.com/ok', status: 'True' }];
		expect(patch(cluster, 'pods', 'p', { status: { conditions } }, 'status')).toBeUndefined();
		pass(lab, SECOND);
		expect(ready()).toMatchObject({ status: 'True' });
	});

	it('with scheduling gates is left alone until they are gone; before 1.27 nobody knew them', () => {
		const { lab, cluster } = small();
		create(cluster, [pod({ schedulingGates: [{ name: 'example.com/wait' }] })]);
		pass(lab, MINUTE);
		expect(shown(cluster)).toEqual(['0/1 SchedulingGated 0']);
		expect(events(cluster, 'default', /^p$/)).toEqual([]);
		const more = { spec: { schedulingGates: [{ name: 'example.com/another' }] } };
		expect(patch(cluster, 'pods', 'p', more)).toMatch(
			/^Pod "p" is invalid: spec.schedulingGates\[0\].name: Forbidden: only deletion is allowed, but found new scheduling gate 'example.com\/another'/,
		);
		const json = [{ op: 'remove', path: '/spec/schedulingGates' }];
		const type = 'application/json-patch+json';
		cluster.api.patch(cluster.api.find('pods')!, 'default', 'p', type, json as never);
		pass(lab, 20 * SECOND);
		expect(shown(cluster)).toEqual(['1/1 Running 0']);
		const old = small('v0.14.0');
		create(old.cluster, [pod({ schedulingGates: [{ name: 'example.com/wait' }] })]);
		pass(old.lab, 20 * SECOND);
		expect(shown(old.cluster)).toEqual(['1/1 Running 0']);
	});
});

describe('a claim', () => {
	it('of a class that cannot grow stays as large as it is', () => {
		const { lab, cluster } = small();
		create(cluster, [
			{
				apiVersion: 'v1',
				kind: 'PersistentVolumeClaim',
				metadata: { name: 'c' },
				spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
			},
			pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
		]);
		const size = (storage: string) => ({ spec: { resources: { requests: { storage } } } });
		expect(patch(cluster, 'persistentvolumeclaims', 'c', size('2Gi'))).toMatch(
			/spec is immutable after creation except/,
		);
		pass(lab, MINUTE);
		expect(patch(cluster, 'persistentvolumeclaims', 'c', size('2Gi'))).toBe(
			'persistentvolumeclaims "c" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
		);
		expect(patch(cluster, 'persistentvolumeclaims', 'c', size('500Mi'))).toBe(
			'PersistentVolumeClaim "c" is invalid: spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
		);
	});
});

describe('a namespace that ends', () => {
	it('says what is left in it and which finalizers hold that', () => {
		const { lab, cluster } = small();
		create(cluster, [
			{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 't' } },
			{
				apiVersion: 'v1',
				kind: 'ConfigMap',
				metadata: { name: 'kept', namespace: 't', finalizers: ['example.com/x'] },
			},
		]);
		cluster.api.delete(cluster.api.find('namespaces')!, undefined, 't');
		pass(lab, 10 * SECOND);
		const { conditions } = get(cluster, 'namespaces', undefined, 't')!.status as unknown as {
			conditions: { status: string; message: string }[];
		};
		expect(conditions.filter(({ status }) => status === 'True').map(({ message }) => message)).toEqual([
			'Some resources are remaining: configmaps. has 1 resource instances',
			'Some content in the namespace has finalizers remaining: example.com/x in 1 resource instances',
		]);
		const json = [{ op: 'remove', path: '/metadata/finalizers' }];
		cluster.api.patch(cluster.api.find('configmaps')!, 't', 'kept', 'application/json-patch+json', json as never);
		pass(lab, 10 * SECOND);
		expect(get(cluster, 'namespaces', undefined, 't')).toBeUndefined();
	});
});
