/** What may not become of pods, volumes and quotas: kubernetes pkg/apis/core/validation/validation.go @ v1.24.0. */
import { expect, test } from 'vitest';
import type { ApiInput } from '../../../../../src/sim/api/index.ts';
import { bench, must, pod } from '../fixtures.ts';

const IMMUTABLE = /^Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than/;
const toleration = { key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 };
const container = { name: 'c', image: 'nginx' };

test.each([
	[
		{ containers: [container, { name: 'd', image: 'x' }] },
		'Pod "p" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers',
	],
	[
		{ initContainers: [{ name: 'd', image: 'x' }] },
		'Pod "p" is invalid: spec.initContainers: Forbidden: pod updates may not add or remove containers',
	],
	[
		{ activeDeadlineSeconds: 90 },
		'Pod "p" is invalid: spec.activeDeadlineSeconds: Invalid value: 90: must be less than or equal to previous value',
	],
	[{ activeDeadlineSeconds: 30 }, undefined],
	[{ tolerations: [{ ...toleration, tolerationSeconds: 9 }] }, undefined],
	[
		{ tolerations: [{ ...toleration, key: 'b' }] },
		'Pod "p" is invalid: spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
	],
	[{ image: 'nginx:2' }, undefined],
	[{ hostname: 'h' }, IMMUTABLE],
])('a pod that gets %j', (change, fault) => {
	const { api } = bench();
	const made = must(
		api.create(pod('p', { containers: [container], activeDeadlineSeconds: 60, tolerations: [toleration] })),
	);
	const spec = made.spec as { tolerations: object[]; containers: object[] };
	const image = 'image' in change ? { containers: [{ ...spec.containers[0], ...change }] } : undefined;
	const rest = spec.tolerations.filter((one) => (one as { key?: string }).key !== 'a');
	const more = 'tolerations' in change ? { tolerations: [...(change.tolerations ?? []), ...rest] } : {};
	const said = api.update({ ...made, spec: { ...spec, ...(image ?? change), ...more } } as ApiInput).error?.message;
	if (fault instanceof RegExp) expect(said).toMatch(fault);
	else expect(said).toBe(fault);
});

test('a volume stays what it is made of', () => {
	const { api } = bench();
	const spec = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } };
	const made = must(api.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'v' }, spec }));
	const change = (more: object): string | undefined =>
		api.update({ ...made, spec: { ...(made.spec as object), ...more } } as ApiInput).error?.message;
	expect(change({ hostPath: { path: '/b', type: '' } })).toMatch(
		/^PersistentVolume "v" is invalid: spec\.persistentvolumesource: Forbidden: spec\.persistentvolumesource is immutable after creation/,
	);
	expect(change({ persistentVolumeReclaimPolicy: 'Delete' })).toBeUndefined();
});

test('a quota keeps its scopes', () => {
	const { api } = bench();
	const made = must(
		api.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { hard: { pods: '1' } } }),
	);
	expect(
		api.update({ ...made, metadata: { name: 'q' }, spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } } as ApiInput)
			.error?.message,
	).toBe(
		'ResourceQuota "q" is invalid: spec.scopes: Invalid value: []core.ResourceQuotaScope{"BestEffort"}: field is immutable',
	);
});
