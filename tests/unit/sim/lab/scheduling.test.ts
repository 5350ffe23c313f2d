/** Where pods go, why they do not, and what makes them. */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { cells, create, events, get, list, MINUTE, pass, remove, SECOND, settled } from './helpers.ts';

const pod = (
	name: string,
	spec: Readonly<Record<string, unknown>> = {},
	labels: Readonly<Record<string, string>> = {},
) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name, labels },
	spec: {
		containers: [{ name: 'c', image: 'nginx:1.23', ...(spec.container as object) }],
		...spec,
		container: undefined,
	},
});

const asks = (cpu: string) => ({ container: { resources: { requests: { cpu } } } });
const nodeOf = (cluster: Cluster, name: string) => get(cluster, 'pods', 'default', name)?.spec?.nodeName;
const failure = (cluster: Cluster, name: string) =>
	events(cluster, 'default', new RegExp(`^${name}$`))
		.filter((line) => line.includes('FailedScheduling'))
		.at(-1);

describe('a pod that asks for more than there is', () => {
	it('waits, is told how many nodes lack what, and goes when room is made', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [pod('a', asks('7')), pod('b', asks('7')), pod('c', asks('7'))]);
		pass(lab, 20 * SECOND);
		const placed = ['a', 'b', 'c'].filter((name) => nodeOf(cluster, name) !== undefined);
		expect(placed).toHaveLength(2);
		const [waits] = ['a', 'b', 'c'].filter((name) => !placed.includes(name));
		expect(failure(cluster, waits!)).toBe(
			'Warning FailedScheduling: 0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
		);
		const there = nodeOf(cluster, placed[0]!);
		remove(cluster, 'pods', 'default', placed[0]!);
		pass(lab, 40 * SECOND);
		expect(nodeOf(cluster, waits!)).toBe(there);
	});

	it('is not looked at again for a pod that leaves where only nodes could help', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [pod('other'), pod('picky', { nodeSelector: { disk: 'ssd' } })]);
		pass(lab, 20 * SECOND);
		remove(cluster, 'pods', 'default', 'other');
		pass(lab, 60 * SECOND);
		const told = () =>
			list(cluster, 'events', 'default').filter(({ reason }) => reason === 'FailedScheduling') as unknown as readonly {
				readonly count?: number;
				readonly series?: { readonly count: number };
			}[];
		expect(told().map(({ count, series }) => series?.count ?? count)).toEqual([1]);
		// The queue of those that wait is flushed every five minutes.
		pass(lab, 5 * MINUTE);
		expect(told().map(({ count, series }) => series?.count ?? count)).toEqual([2]);
	});

	it('takes the place of one that matters less', () => {
		const { lab, cluster } = settled();
		create(cluster, [
			{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
			pod('low', asks('7')),
		]);
		pass(lab, 20 * SECOND);
		create(cluster, [pod('vip', { ...asks('7'), priorityClassName: 'high' })]);
		pass(lab, SECOND);
		expect(get(cluster, 'pods', 'default', 'vip')!.status!.nominatedNodeName).toBe('basic-worker');
		expect(events(cluster, 'default', /^low$/)).toContain(
			'Normal Preempted: Preempted by default/vip on node basic-worker',
		);
		pass(lab, 40 * SECOND);
		expect(cells(cluster, 'pods', 'default', 'Name', 'Status')).toEqual(['vip Running']);
	});

	it('says nothing of victims that it found, and keeps its place from the pod that follows its victim', () => {
		const { lab, cluster } = settled();
		create(cluster, [
			{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
			{
				apiVersion: 'apps/v1',
				kind: 'Deployment',
				metadata: { name: 'fill' },
				spec: {
					selector: { matchLabels: { app: 'fill' } },
					template: { metadata: { labels: { app: 'fill' } }, spec: pod('x', asks('6')).spec },
				},
			},
		]);
		pass(lab, 20 * SECOND);
		create(cluster, [pod('vip', { ...asks('5'), priorityClassName: 'high' })]);
		pass(lab, 40 * SECOND);
		expect(nodeOf(cluster, 'vip')).toBe('basic-worker');
		expect(events(cluster, 'default', /^fill-/).filter((line) => line.includes('Preempted'))).toHaveLength(1);
		const said = events(cluster, 'default', /^vip$/).filter((line) => line.includes('FailedScheduling'));
		expect(said).not.toHaveLength(0);
		for (const line of said) expect(line).not.toContain('preemption');
	});
});

describe('pods that mind each other', () => {
	const near = (app: string) => ({
		labelSelector: { matchLabels: { app } },
		topologyKey: 'kubernetes.io/hostname',
	});

	it('wait for the one they want to be beside, and go when it is bound', () => {
		const { lab, cluster } = settled(2);
		const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('db')] } };
		create(cluster, [pod('web', { affinity })]);
		pass(lab, 10 * SECOND);
		expect(failure(cluster, 'web')).toContain("2 node(s) didn't match pod affinity rules");
		create(cluster, [pod('db', {}, { app: 'db' })]);
		pass(lab, 10 * SECOND);
		expect(nodeOf(cluster, 'web')).toBe(nodeOf(cluster, 'db'));
	});

	it('keep apart, and the third finds no node of two', () => {
		const { lab, cluster } = settled(2);
		const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [near('x')] } };
		create(
			cluster,
			['x1', 'x2', 'x3'].map((name) => pod(name, { affinity }, { app: 'x' })),
		);
		pass(lab, 10 * SECOND);
		const nodes = ['x1', 'x2', 'x3'].map((name) => nodeOf(cluster, name));
		expect(new Set(nodes)).toEqual(new Set(['basic-worker', 'basic-worker2', undefined]));
		const left = ['x1', 'x2', 'x3'].find((name) => nodeOf(cluster, name) === undefined)!;
		expect(failure(cluster, left)).toContain("2 node(s) didn't match pod anti-affinity rules");
	});

	it('spread over the nodes, no more than one apart', () => {
		const { lab, cluster } = settled(2);
		const topologySpreadConstraints = [
			{
				maxSkew: 1,
				topologyKey: 'kubernetes.io/hostname',
				whenUnsatisfiable: 'DoNotSchedule',
				labelSelector: { matchLabels: { app: 's' } },
			},
		];
		const tolerations = [{ operator: 'Exists' }];
		create(
			cluster,
			[1, 2, 3, 4, 5, 6].map((i) => pod(`s${i}`, { topologySpreadConstraints, tolerations }, { app: 's' })),
		);
		pass(lab, 10 * SECOND);
		const counts = new Map<unknown, number>();
		for (const { spec } of list(cluster, 'pods', 'default'))
			counts.set(spec!.nodeName, (counts.get(spec!.nodeName) ?? 0) + 1);
		expect([...counts.values()]).toEqual([2, 2, 2]);
	});
});

describe('storage of kind', () => {
	const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

	it('a claim waits for its first pod, gets a directory of that pod’s node, and is given back', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: claim }]);
		pass(lab, 20 * SECOND);
		expect(cells(cluster, 'persistentvolumeclaims', 'default', 'Status', 'StorageClass')).toEqual(['Pending standard']);
		const volumes = [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }];
		create(cluster, [pod('web', { volumes })]);
		pass(lab, 40 * SECOND);
		expect(cells(cluster, 'persistentvolumeclaims', 'default', 'Status', 'Capacity')).toEqual(['Bound 1Gi']);
		expect(cells(cluster, 'pods', 'default', 'Status')).toEqual(['Running']);
		const [volume] = list(cluster, 'persistentvolumes');
		expect(JSON.stringify(volume!.spec!.nodeAffinity)).toContain(String(nodeOf(cluster, 'web')));
		expect(
			events(cluster, 'default', /^data$/)
				.map((l) => l.split(':')[0])
				.sort(),
		).toEqual([
			'Normal ExternalProvisioning',
			'Normal Provisioning',
			'Normal ProvisioningSucceeded',
			'Normal WaitForFirstConsumer',
		]);
		// In use: it stays until the pod has gone.
		remove(cluster, 'persistentvolumeclaims', 'default', 'data');
		pass(lab, 5 * SECOND);
		expect(get(cluster, 'persistentvolumeclaims', 'default', 'data')!.metadata.deletionTimestamp).toBeDefined();
		remove(cluster, 'pods', 'default', 'web');
		pass(lab, MINUTE);
		expect(list(cluster, 'persistentvolumeclaims', 'default')).toEqual([]);
		expect(list(cluster, 'persistentvolumes')).toEqual([]);
	});

	it('a claim keeps the node it was given, and so do pod and volume', () => {
		const { lab, cluster } = settled(2);
		const names = ['a', 'b', 'c', 'd', 'e', 'f'];
		create(
			cluster,
			names.flatMap((name) => [
				{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec: claim },
				pod(name, { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: name } }] }),
			]),
		);
		pass(lab, 40 * SECOND);
		for (const name of names) {
			const { metadata, spec } = get(cluster, 'persistentvolumeclaims', 'default', name)!;
			const node = metadata.annotations!['volume.kubernetes.io/selected-node'];
			expect(nodeOf(cluster, name)).toBe(node);
			const volume = list(cluster, 'persistentvolumes').find((v) => v.metadata.name === spec!.volumeName);
			expect(JSON.stringify(volume!.spec!.nodeAffinity)).toContain(`["${node}"]`);
		}
	});

	it('a StatefulSet has a claim for each pod, which outlives it', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [
			{
				apiVersion: 'apps/v1',
				kind: 'StatefulSet',
				metadata: { name: 'web' },
				spec: {
					serviceName: 'web',
					replicas: 2,
					selector: { matchLabels: { app: 'web' } },
					template: {
						metadata: { labels: { app: 'web' } },
						spec: {
							containers: [{ name: 'c', image: 'nginx:1.23', volumeMounts: [{ name: 'www', mountPath: '/w' }] }],
						},
					},
					volumeClaimTemplates: [{ metadata: { name: 'www' }, spec: claim }],
				},
			},
		]);
		pass(lab, 2 * MINUTE);
		expect(cells(cluster, 'pods', 'default', 'Name', 'Status')).toEqual(['web-0 Running', 'web-1 Running']);
		const where = nodeOf(cluster, 'web-1');
		remove(cluster, 'pods', 'default', 'web-1');
		pass(lab, MINUTE);
		// The volume is where it was made, and so is the pod.
		expect(nodeOf(cluster, 'web-1')).toBe(where);
		expect(cells(cluster, 'persistentvolumeclaims', 'default', 'Name', 'Status')).toEqual([
			'www-web-0 Bound',
			'www-web-1 Bound',
		]);
	});

	it('a claim nobody has made keeps a pod from every node', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [pod('web', { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'none' } }] })]);
		pass(lab, 5 * SECOND);
		expect(failure(cluster, 'web')).toBe(
			'Warning FailedScheduling: 0/3 nodes are available: 3 persistentvolumeclaim "none" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
		);
	});

	it('a claim of a class that is not there keeps it from nodes with taints alike', () => {
		const { lab, cluster } = settled(2);
		create(cluster, [
			{
				apiVersion: 'v1',
				kind: 'PersistentVolumeClaim',
				metadata: { name: 'fast' },
				spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } },
			},
			pod('web', { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'fast' } }] }),
		]);
		pass(lab, 5 * SECOND);
		expect(failure(cluster, 'web')).toContain(
			'0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims. preemption:',
		);
	});
});
