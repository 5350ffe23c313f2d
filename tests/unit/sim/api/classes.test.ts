/** PriorityClasses and RuntimeClasses: kubernetes pkg/apis/{scheduling,node}/validation, plugin/pkg/admission @ v1.24.0. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiInput, type ApiObject, loadForPeople } from '../../../../src/sim/api/index.ts';
import { bench, must, pod } from './fixtures.ts';

beforeAll(loadForPeople);

const priority = (name: string, value: number, more: object = {}): ApiInput => ({
	apiVersion: 'scheduling.k8s.io/v1',
	kind: 'PriorityClass',
	metadata: { name },
	value,
	...more,
});

const runtime = (name: string, more: object = {}): ApiInput => ({
	apiVersion: 'node.k8s.io/v1',
	kind: 'RuntimeClass',
	metadata: { name },
	handler: 'runsc',
	...more,
});

describe('a PriorityClass', () => {
	it.each<[ApiInput, string]>([
		[
			priority('high', 2_000_000_000),
			'PriorityClass.scheduling.k8s.io "high" is invalid: value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
		],
		[
			priority('system-x', 1),
			`PriorityClass.scheduling.k8s.io "system-x" is invalid: metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class`,
		],
		[
			priority('p', 1, { preemptionPolicy: 'Maybe' }),
			'PriorityClass.scheduling.k8s.io "p" is invalid: preemptionPolicy: Unsupported value: "Maybe": supported values: "Never", "PreemptLowerPriority"',
		],
	])('is refused: %o', (object, said) => {
		expect(bench().api.create(object).error?.message).toBe(said);
	});

	it('keeps its value, and those of the system stay', () => {
		const { api } = bench();
		must(api.create(priority('high', 10)));
		expect(api.update(priority('high', 11, { preemptionPolicy: 'Never' })).error?.message).toBe(
			'PriorityClass.scheduling.k8s.io "high" is invalid: [value: Forbidden: may not be changed in an update., preemptionPolicy: Invalid value: "Never": field is immutable]',
		);
		must(api.create(priority('system-node-critical', 2_000_001_000)));
		expect(api.delete(api.find('priorityclasses')!, undefined, 'system-node-critical').error?.message).toBe(
			'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and cannot be deleted',
		);
	});

	it('is that of pods that name none, if it is the default, of which there is one', () => {
		const { api } = bench();
		must(api.create(priority('usual', 7, { globalDefault: true })));
		expect(api.create(priority('other', 8, { globalDefault: true })).error?.message).toBe(
			'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist',
		);
		expect(must(api.create(pod('p'))).spec).toMatchObject({ priorityClassName: 'usual', priority: 7 });
	});
});

/** plugin/pkg/admission/network/defaultingressclass @ v1.24.0 and v1.33.0. */
describe('an IngressClass that is the default', () => {
	const INGRESS = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' };
	const ingress = (name: string, more: object = {}, annotations: object = {}): ApiInput => ({
		...INGRESS,
		metadata: { name, namespace: 'default', annotations } as ApiInput['metadata'],
		spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } }, ...more },
	});
	const usual = (name: string): ApiInput => ({
		apiVersion: 'networking.k8s.io/v1',
		kind: 'IngressClass',
		metadata: { name, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
		spec: { controller: 'example.com/c' },
	});
	const classOf = (made: ApiObject): unknown => (made.spec as { ingressClassName?: string }).ingressClassName;

	it('is that of those that name none, in the field or in the old annotation', () => {
		const { api } = bench();
		expect(classOf(must(api.create(ingress('before'))))).toBeUndefined();
		must(api.create(usual('nginx')));
		expect(classOf(must(api.create(ingress('a'))))).toBe('nginx');
		expect(classOf(must(api.create(ingress('b', { ingressClassName: 'other' }))))).toBe('other');
		expect(classOf(must(api.create(ingress('c', {}, { 'kubernetes.io/ingress.class': 'old' }))))).toBeUndefined();
	});

	it('is one before 1.26, and the newest of several since', () => {
		const old = bench();
		const now = bench('v1.33.1');
		for (const { api, at } of [old, now])
			for (const [second, name] of ['first', 'second'].entries()) {
				at(second);
				must(api.create(usual(name)));
			}
		expect(old.api.create(ingress('a')).error?.message).toBe(
			'ingresses.networking.k8s.io "a" is forbidden: Internal error occurred: 2 default IngressClasses were found, only 1 allowed',
		);
		expect(classOf(must(now.api.create(ingress('a'))))).toBe('second');
	});
});

describe('a RuntimeClass', () => {
	it('has to be there, and gives its pods what it asks for', () => {
		const { api } = bench();
		expect(api.create(pod('p', { runtimeClassName: 'gvisor' })).error?.message).toBe(
			'pods "p" is forbidden: pod rejected: RuntimeClass "gvisor" not found',
		);
		const scheduling = { nodeSelector: { a: 'b' }, tolerations: [{ key: 'x', operator: 'Exists' }] };
		must(api.create(runtime('gvisor', { overhead: { podFixed: { cpu: '250m' } }, scheduling })));
		const made = must(api.create(pod('p', { runtimeClassName: 'gvisor' })));
		expect(made.spec).toMatchObject({ overhead: { cpu: '250m' }, nodeSelector: { a: 'b' } });
		expect(made.spec!.tolerations).toContainEqual({ key: 'x', operator: 'Exists' });
		expect(api.create(pod('q', { runtimeClassName: 'gvisor', nodeSelector: { a: 'c' } })).error?.message).toBe(
			'pods "q" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[a] = b; pod.spec.nodeSelector[a] = c',
		);
		expect(api.create(pod('r', { overhead: { cpu: '1' } })).error?.message).toBe(
			'pods "r" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
		);
		expect(api.update(runtime('gvisor', { handler: 'other' })).error?.message).toBe(
			'RuntimeClass.node.k8s.io "gvisor" is invalid: handler: Invalid value: "other": field is immutable',
		);
	});
});

describe('a StorageClass', () => {
	const disk = (more: object = {}): ApiInput => ({
		apiVersion: 'storage.k8s.io/v1',
		kind: 'StorageClass',
		metadata: { name: 'disk' },
		provisioner: 'example.com/disk',
		...more,
	});

	it.each<[object, string]>([
		[{ reclaimPolicy: 'Retain' }, 'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.'],
		[{ parameters: { type: 'ssd' } }, 'parameters: Forbidden: updates to parameters are forbidden.'],
		[{ provisioner: 'example.com/other' }, 'provisioner: Forbidden: updates to provisioner are forbidden.'],
		[
			{ volumeBindingMode: 'WaitForFirstConsumer' },
			'volumeBindingMode: Invalid value: "WaitForFirstConsumer": field is immutable',
		],
	])('does not change its %o', (more, said) => {
		const { api } = bench();
		must(api.create(disk()));
		expect(api.update(disk(more)).error?.message).toBe(`StorageClass.storage.k8s.io "disk" is invalid: ${said}`);
	});

	it('may come to grow its volumes, and be the default', () => {
		const { api } = bench();
		must(api.create(disk()));
		const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
		const changed = disk({ allowVolumeExpansion: true, metadata: { name: 'disk', annotations } });
		expect(must(api.update(changed))).toMatchObject({ allowVolumeExpansion: true, metadata: { annotations } });
	});
});
