import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { cells, create, events, get, list, MINUTE, pass, remove, SECOND, settled } from './helpers.ts';

const set = (spec: object = {}, image = 'nginx:1.21') => ({
	apiVersion: 'apps/v1',
	kind: 'StatefulSet',
	metadata: { name: 'web' },
	spec: {
		serviceName: 'web',
		replicas: 3,
		selector: { matchLabels: { app: 'web' } },
		template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image }] } },
		...spec,
	},
});

const change = (cluster: Cluster, spec: object): void => {
	const { error } = cluster.api.patch(
		cluster.api.find('statefulsets')!,
		'default',
		'web',
		'application/strategic-merge-patch+json',
		{ spec } as never,
	);
	expect(error).toBeUndefined();
};
const imaged = (image: string) => ({ template: { spec: { containers: [{ name: 'main', image }] } } });

/** `web-0 nginx:1.21 Running`. */
const pods = (cluster: Cluster): string[] =>
	list(cluster, 'pods', 'default').map((pod) => {
		const { containers } = pod.spec as unknown as { containers: { image: string }[] };
		const { phase } = pod.status as { phase: string };
		return `${pod.metadata.name} ${containers[0]!.image} ${phase}`;
	});
const status = (cluster: Cluster) => get(cluster, 'statefulsets', 'default', 'web')!.status as Record<string, unknown>;

describe('a StatefulSet', () => {
	it('updates only pods from its partition on, and the others as they are made anew keep the old template', () => {
		const { lab, cluster } = settled();
		create(cluster, [set({ updateStrategy: { rollingUpdate: { partition: 2 } } })]);
		pass(lab, MINUTE);
		change(cluster, imaged('nginx:1.22'));
		pass(lab, MINUTE);
		const partitioned = ['web-0 nginx:1.21 Running', 'web-1 nginx:1.21 Running', 'web-2 nginx:1.22 Running'];
		expect(pods(cluster)).toEqual(partitioned);
		const { currentRevision, updateRevision, currentReplicas, updatedReplicas } = status(cluster);
		expect(currentRevision).not.toBe(updateRevision);
		expect([currentReplicas, updatedReplicas]).toEqual([2, 1]);
		remove(cluster, 'pods', 'default', 'web-0');
		pass(lab, MINUTE);
		expect(pods(cluster)).toEqual(partitioned);
		change(cluster, { updateStrategy: { rollingUpdate: { partition: 0 } } });
		pass(lab, MINUTE);
		expect(status(cluster)).toMatchObject({ currentRevision: updateRevision, currentReplicas: 3, updatedReplicas: 3 });
		expect(cells(cluster, 'controllerrevisions', 'default', 'controller', 'revision')).toEqual([
			'statefulset.apps/web 1',
			'statefulset.apps/web 2',
		]);
	});

	it('that goes back to a template it had numbers its revision anew', () => {
		const { lab, cluster } = settled();
		create(cluster, [set()]);
		pass(lab, MINUTE);
		change(cluster, imaged('nginx:1.22'));
		pass(lab, MINUTE);
		change(cluster, imaged('nginx:1.21'));
		pass(lab, MINUTE);
		expect(cells(cluster, 'controllerrevisions', 'default', 'revision').sort()).toEqual(['2', '3']);
	});

	it('is stuck with a template that does not run until somebody deletes the pod', () => {
		const { lab, cluster } = settled();
		create(cluster, [set()]);
		pass(lab, MINUTE);
		change(cluster, imaged('nginx:no-such-tag'));
		pass(lab, MINUTE);
		change(cluster, imaged('nginx:1.21'));
		pass(lab, 5 * MINUTE);
		expect(pods(cluster).at(-1)).toBe('web-2 nginx:no-such-tag Pending');
		remove(cluster, 'pods', 'default', 'web-2');
		pass(lab, MINUTE);
		expect(pods(cluster).at(-1)).toBe('web-2 nginx:1.21 Running');
	});

	it('that updates on delete changes a pod only once somebody deletes it', () => {
		const { lab, cluster } = settled();
		create(cluster, [set({ replicas: 1, updateStrategy: { type: 'OnDelete' } })]);
		pass(lab, MINUTE);
		change(cluster, imaged('nginx:1.22'));
		pass(lab, 5 * MINUTE);
		expect(pods(cluster)).toEqual(['web-0 nginx:1.21 Running']);
		remove(cluster, 'pods', 'default', 'web-0');
		pass(lab, MINUTE);
		expect(pods(cluster)).toEqual(['web-0 nginx:1.22 Running']);
	});

	it('has no ordinals and no retention policy before 1.27', () => {
		const { cluster } = settled();
		create(cluster, [set({ ordinals: { start: 5 }, persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } })]);
		const { spec } = get(cluster, 'statefulsets', 'default', 'web')!;
		expect(spec).not.toHaveProperty('ordinals');
		expect(spec).not.toHaveProperty('persistentVolumeClaimRetentionPolicy');
	});

	it('begins at its first ordinal, and takes claims along that its policy says', () => {
		const { lab, cluster } = settled(1, { kind: 'v0.29.0' });
		const claims = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } };
		create(cluster, [
			set({
				replicas: 2,
				ordinals: { start: 5 },
				podManagementPolicy: 'Parallel',
				persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' },
				volumeClaimTemplates: [{ ...claims, spec: { ...claims.spec, accessModes: ['ReadWriteOnce'] } }],
			}),
		]);
		pass(lab, MINUTE);
		expect(pods(cluster)).toEqual(['web-5 nginx:1.21 Running', 'web-6 nginx:1.21 Running']);
		change(cluster, { replicas: 1 });
		pass(lab, MINUTE);
		expect(cells(cluster, 'persistentvolumeclaims', 'default', 'name')).toEqual(['data-web-5']);
	});

	it('whose claim goes with its pod gets an empty volume, and the old one is deleted', () => {
		const { lab, cluster } = settled();
		create(cluster, [
			set({
				replicas: 1,
				template: {
					metadata: { labels: { app: 'web' } },
					spec: {
						containers: [{ name: 'main', image: 'nginx:1.21', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
					},
				},
				volumeClaimTemplates: [
					{
						metadata: { name: 'data' },
						spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
					},
				],
			}),
		]);
		pass(lab, MINUTE);
		const claimed = () => get(cluster, 'persistentvolumeclaims', 'default', 'data-web-0')!;
		const before = claimed().metadata.uid;
		remove(cluster, 'persistentvolumeclaims', 'default', 'data-web-0');
		remove(cluster, 'pods', 'default', 'web-0');
		pass(lab, 2 * MINUTE);
		const { metadata, spec } = claimed();
		expect(metadata.uid).not.toBe(before);
		expect(spec).toMatchObject({ volumeName: `pvc-${metadata.uid}` });
		expect(cells(cluster, 'persistentvolumes', undefined, 'name', 'status')).toEqual([`pvc-${metadata.uid} Bound`]);
		expect(pods(cluster)).toEqual(['web-0 nginx:1.21 Running']);
	});

	it('takes back its pods and revisions when it was deleted alone', () => {
		const { lab, cluster } = settled();
		create(cluster, [set()]);
		pass(lab, MINUTE);
		cluster.api.delete(cluster.api.find('statefulsets')!, 'default', 'web', { propagation: 'Orphan' });
		pass(lab, 10 * SECOND);
		expect(cells(cluster, 'controllerrevisions', 'default', 'controller')).toEqual(['<none>']);
		create(cluster, [set()]);
		pass(lab, 10 * SECOND);
		expect(cells(cluster, 'controllerrevisions', 'default', 'controller')).toEqual(['statefulset.apps/web']);
		expect(status(cluster)).toMatchObject({ replicas: 3, readyReplicas: 3 });
		expect(events(cluster, 'default', /^web$/).filter((line) => line.includes('SuccessfulDelete'))).toEqual([]);
	});
});
