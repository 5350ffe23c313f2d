/**
 * Which volume a claim gets, when, and what becomes of it after (kubernetes.io, concepts/storage; pkg/controller/volume and
 * pkg/scheduler/framework/plugins/volumebinding @ v1.24.0).
 */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { cells, create, events, get, list, MINUTE, pass, remove, SECOND, settled } from './helpers.ts';

type Spec = Readonly<Record<string, unknown>>;

const volume = (name: string, spec: Spec = {}, labels: Readonly<Record<string, string>> = {}) => ({
	apiVersion: 'v1',
	kind: 'PersistentVolume',
	metadata: { name, labels },
	spec: {
		capacity: { storage: '5Gi' },
		accessModes: ['ReadWriteOnce'],
		storageClassName: 'manual',
		hostPath: { path: '/mnt/data' },
		...spec,
	},
});

const request = (spec: Spec = {}): Spec => ({
	accessModes: ['ReadWriteOnce'],
	storageClassName: 'manual',
	resources: { requests: { storage: '1Gi' } },
	...spec,
});

const claim = (name: string, spec: Spec = {}) => ({
	apiVersion: 'v1',
	kind: 'PersistentVolumeClaim',
	metadata: { name },
	spec: request(spec),
});

const pod = (name: string, source: Spec) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name },
	spec: {
		containers: [{ name: 'c', image: 'nginx:1.23', volumeMounts: [{ name: 'd', mountPath: '/d' }] }],
		volumes: [{ name: 'd', ...source }],
	},
});
const uses = (name: string, claimName: string) => pod(name, { persistentVolumeClaim: { claimName } });

const local = {
	apiVersion: 'storage.k8s.io/v1',
	kind: 'StorageClass',
	metadata: { name: 'local' },
	provisioner: 'kubernetes.io/no-provisioner',
	volumeBindingMode: 'WaitForFirstConsumer',
};

const onNode = (node: string): Spec => ({
	storageClassName: 'local',
	nodeAffinity: {
		required: {
			nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }],
		},
	},
});

const claims = (cluster: Cluster) => cells(cluster, 'persistentvolumeclaims', 'default', 'Name', 'Status', 'Volume');
const told = (cluster: Cluster, name: string) => events(cluster, 'default', new RegExp(`^${name}$`));

describe('a volume that is there', () => {
	it('is bound to a claim only if its labels, its mode and its size are what the claim asks for', () => {
		const { lab, cluster } = settled();
		create(cluster, [
			volume('plain'),
			volume('raw', { volumeMode: 'Block', storageClassName: 'raw' }),
			claim('picky', { selector: { matchLabels: { disk: 'ssd' } } }),
			claim('files', { storageClassName: 'raw' }),
		]);
		pass(lab, 5 * SECOND);
		expect(claims(cluster)).toEqual(['files Pending ', 'picky Pending ']);
		create(cluster, [
			volume('fast', {}, { disk: 'ssd' }),
			claim('blocks', { storageClassName: 'raw', volumeMode: 'Block' }),
		]);
		pass(lab, 20 * SECOND);
		expect(claims(cluster)).toEqual(['blocks Bound raw', 'files Pending ', 'picky Bound fast']);
	});

	it('is not given to a claim that names it and does not fit, with why', () => {
		const { lab, cluster } = settled();
		create(cluster, [
			volume('small'),
			claim('large', { volumeName: 'small', resources: { requests: { storage: '50Gi' } } }),
			claim('other', { volumeName: 'small', storageClassName: '' }),
		]);
		pass(lab, 5 * SECOND);
		expect(claims(cluster)).toEqual(['large Pending small', 'other Pending small']);
		expect(told(cluster, 'large')).toContain(
			'Warning VolumeMismatch: Cannot bind to requested volume "small": requested PV is too small',
		);
		expect(told(cluster, 'other')).toContain(
			'Warning VolumeMismatch: Cannot bind to requested volume "small": storageClassName does not match',
		);
	});

	it('of a class that waits is bound when a pod goes to its node', () => {
		const { lab, cluster } = settled(3);
		create(cluster, [local, volume('disk', onNode('basic-worker2')), claim('data', { storageClassName: 'local' })]);
		pass(lab, 20 * SECOND);
		expect(claims(cluster)).toEqual(['data Pending ']);
		expect(told(cluster, 'data')).toEqual([
			'Normal WaitForFirstConsumer: waiting for first consumer to be created before binding',
		]);
		create(cluster, [uses('web', 'data')]);
		pass(lab, 20 * SECOND);
		expect(claims(cluster)).toEqual(['data Bound disk']);
		expect(get(cluster, 'pods', 'default', 'web')!.spec!.nodeName).toBe('basic-worker2');
	});

	it('that no node has keeps the pod waiting, and the claim says for whom', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [local, claim('data', { storageClassName: 'local' }), uses('web', 'data')]);
		pass(lab, 20 * SECOND);
		expect(told(cluster, 'web').at(-1)).toContain("2 node(s) didn't find available persistent volumes to bind");
		expect(told(cluster, 'data')).toContain('Normal WaitForPodScheduled: waiting for pod web to be scheduled');
		create(cluster, [volume('disk', onNode('basic-worker'))]);
		pass(lab, 20 * SECOND);
		expect(claims(cluster)).toEqual(['data Bound disk']);
	});
});

describe('when its claim has gone, a volume made by hand', () => {
	const released = (spec: Spec) => {
		const { lab, cluster } = settled();
		create(cluster, [volume('disk', spec), claim('data')]);
		pass(lab, 5 * SECOND);
		remove(cluster, 'persistentvolumeclaims', 'default', 'data');
		pass(lab, 10 * SECOND);
		return cluster;
	};

	it('is kept', () => {
		expect(cells(released({}), 'persistentvolumes', undefined, 'Status')).toEqual(['Released']);
	});

	it('is deleted only below /tmp, and says so', () => {
		const cluster = released({ persistentVolumeReclaimPolicy: 'Delete' });
		expect(cells(cluster, 'persistentvolumes', undefined, 'Status')).toEqual(['Failed']);
		const why = 'host_path deleter only supports /tmp/.+ but received provided /mnt/data';
		expect(list(cluster, 'persistentvolumes')[0]!.status!.message).toBe(why);
		expect(told(cluster, 'disk')).toEqual([`Warning VolumeFailedDelete: ${why}`]);
		const hostPath = { path: '/tmp/data' };
		expect(list(released({ persistentVolumeReclaimPolicy: 'Delete', hostPath }), 'persistentvolumes')).toEqual([]);
	});

	it('that nobody can delete fails', () => {
		const nfs = { server: '172.18.0.9', path: '/' };
		const cluster = released({ persistentVolumeReclaimPolicy: 'Delete', hostPath: undefined, nfs });
		expect(told(cluster, 'disk')).toEqual([
			'Warning VolumeFailedDelete: error getting deleter volume plugin for volume "disk": no deletable volume plugin matched',
		]);
	});
});

it('a claim has the default class and its guard as soon as it is made', () => {
	const { cluster } = settled();
	create(cluster, [claim('data', { storageClassName: undefined })]);
	const { spec, metadata } = get(cluster, 'persistentvolumeclaims', 'default', 'data')!;
	expect([spec!.storageClassName, metadata.finalizers]).toEqual(['standard', ['kubernetes.io/pvc-protection']]);
});

it.each([
	['v0.14.0', undefined],
	['v0.20.0', 'standard'],
])('a claim that was there before the default class has it since 1.26: kind %s', (release, name) => {
	const { lab, cluster } = settled(1, { kind: release });
	const annotate = (isDefault: string): void => {
		const [standard] = list(cluster, 'storageclasses');
		const annotations = { 'storageclass.kubernetes.io/is-default-class': isDefault };
		cluster.api.update({ ...standard!, metadata: { ...standard!.metadata, annotations } });
	};
	annotate('false');
	create(cluster, [claim('data', { storageClassName: undefined })]);
	annotate('true');
	pass(lab, MINUTE);
	expect(get(cluster, 'persistentvolumeclaims', 'default', 'data')!.spec!.storageClassName).toBe(name);
});

it('a claim whose volume has gone is lost', () => {
	const { lab, cluster } = settled();
	create(cluster, [volume('disk'), claim('data')]);
	pass(lab, 5 * SECOND);
	const { metadata, ...disk } = list(cluster, 'persistentvolumes')[0]!;
	cluster.api.update({ ...disk, metadata: { ...metadata, finalizers: [] } });
	remove(cluster, 'persistentvolumes', undefined, 'disk');
	pass(lab, 20 * SECOND);
	expect(claims(cluster)).toEqual(['data Lost disk']);
	expect(told(cluster, 'data')).toEqual([
		'Warning ClaimLost: Bound claim has lost its PersistentVolume. Data on this volume is lost!',
	]);
});

it('a claim that grows waits for somebody who can make its volume larger', () => {
	const { lab, cluster } = settled();
	const grows = {
		apiVersion: 'storage.k8s.io/v1',
		kind: 'StorageClass',
		metadata: { name: 'manual' },
		provisioner: 'example.com/none',
		allowVolumeExpansion: true,
	};
	create(cluster, [grows, volume('disk', { capacity: { storage: '1Gi' } }), claim('data')]);
	pass(lab, 5 * SECOND);
	const data = get(cluster, 'persistentvolumeclaims', 'default', 'data')!;
	cluster.api.update({ ...data, spec: { ...data.spec, resources: { requests: { storage: '2Gi' } } } });
	pass(lab, 5 * SECOND);
	expect(told(cluster, 'data')).toEqual([
		"Warning ExternalExpanding: Ignoring the PVC: didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC.",
	]);
});

describe('a volume that lives as long as its pod', () => {
	const scratch = (storageClassName?: string) =>
		pod('app', {
			ephemeral: {
				volumeClaimTemplate: {
					metadata: { labels: { type: 'scratch' } },
					spec: { ...request({}), storageClassName },
				},
			},
		});

	it('has a claim, owned by the pod, and goes with it', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [scratch()]);
		pass(lab, 40 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
		const made = get(cluster, 'persistentvolumeclaims', 'default', 'app-d')!;
		expect([made.status!.phase, made.metadata.labels]).toEqual(['Bound', { type: 'scratch' }]);
		expect(made.metadata.ownerReferences).toMatchObject([{ kind: 'Pod', name: 'app', controller: true }]);
		remove(cluster, 'pods', 'default', 'app');
		pass(lab, MINUTE);
		expect(list(cluster, 'persistentvolumeclaims', 'default')).toEqual([]);
		expect(list(cluster, 'persistentvolumes')).toEqual([]);
	});

	it('of a class that is not there keeps the pod waiting', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [scratch('none')]);
		pass(lab, 20 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Pending']);
		expect(told(cluster, 'app').join('\n')).toContain('pod has unbound immediate PersistentVolumeClaims');
	});

	it('is not the claim of somebody else that has its name', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [claim('app-d', { storageClassName: 'standard' })]);
		pass(lab, SECOND);
		create(cluster, [scratch()]);
		pass(lab, 5 * SECOND);
		const not = 'PVC default/app-d was not created for pod default/app (pod is not owner)';
		expect(told(cluster, 'app').join('\n')).toContain(`Warning FailedBinding: ephemeral volume d: ${not}`);
		expect(told(cluster, 'app').join('\n')).toContain(`0/3 nodes are available: 3 ${not}.`);
	});
});
