import { describe, expect, test } from 'vitest';
import { type ApiServer, collectGarbage, collectNamespaces, ownerReference } from '../../../../src/sim/api/index.ts';
import { bench, deployment, must, pod } from './fixtures.ts';

const settle = (api: ApiServer): void => {
	while (collectGarbage(api) + collectNamespaces(api) > 0);
};

describe('a pod', () => {
	test('on a node is marked and stays until the kubelet deletes it', () => {
		const { api, at, resource } = bench();
		must(api.create(pod('a')));
		must(api.bind('default', 'a', 'n1'));
		at(60);
		const marked = must(api.delete(resource('po'), 'default', 'a'));
		expect(marked.metadata).toMatchObject({
			deletionGracePeriodSeconds: 30,
			deletionTimestamp: '2023-07-04T14:22:11Z',
		});
		expect(api.get(resource('po'), 'default', 'a')).toBe(marked);
		must(api.delete(resource('po'), 'default', 'a', { gracePeriodSeconds: 0 }));
		expect(api.get(resource('po'), 'default', 'a')).toBeUndefined();
	});

	test('that no node has goes at once', () => {
		const { api, resource } = bench();
		must(api.create(pod('a')));
		must(api.delete(resource('po'), 'default', 'a'));
		expect(api.list(resource('po'))).toEqual([]);
	});

	test('deleted again can only go sooner', () => {
		const { api, resource } = bench();
		must(api.create(pod('a')));
		must(api.bind('default', 'a', 'n1'));
		must(api.delete(resource('po'), 'default', 'a', { gracePeriodSeconds: 10 }));
		const before = api.revision;
		const longer = must(api.delete(resource('po'), 'default', 'a', { gracePeriodSeconds: 60 }));
		expect([longer.metadata.deletionGracePeriodSeconds, api.revision]).toEqual([10, before]);
		const sooner = must(api.delete(resource('po'), 'default', 'a', { gracePeriodSeconds: 1 }));
		expect(sooner.metadata.deletionGracePeriodSeconds).toBe(1);
	});

	test('is bound to one node only', () => {
		const { api } = bench();
		must(api.create(pod('a')));
		const bound = must(api.bind('default', 'a', 'n1'));
		expect(bound.status?.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
		expect(api.bind('default', 'a', 'n2').error?.message).toBe(
			'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "n1"',
		);
	});

	test('is not evicted when a budget says no', () => {
		const { api, resource } = bench();
		must(
			api.create({
				apiVersion: 'policy/v1',
				kind: 'PodDisruptionBudget',
				metadata: { name: 'b' },
				spec: { minAvailable: 1, selector: { matchLabels: { app: 'a' } } },
			}),
		);
		const made = must(api.create(pod('a')));
		must(api.bind('default', 'a', 'n1'));
		must(api.updateStatus({ ...made, metadata: { name: 'a' }, status: { phase: 'Running' } }));
		expect(api.evict('default', 'a').error).toMatchObject({
			code: 429,
			message: "Cannot evict pod as it would violate the pod's disruption budget.",
		});
		const budget = api.get(resource('pdb'), 'default', 'b')!;
		must(api.updateStatus({ ...budget, status: { ...budget.status, disruptionsAllowed: 1 } }));
		expect(must(api.evict('default', 'a')).metadata.deletionTimestamp).toBeDefined();
		expect(api.get(resource('pdb'), 'default', 'b')?.status?.disruptionsAllowed).toBe(0);
	});
});

test('finalizers hold an object; the last one to go lets it go', () => {
	const { api, resource } = bench();
	const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', finalizers: ['example.com/x'] } };
	must(api.create(held));
	must(api.delete(resource('cm'), 'default', 'a'));
	expect(api.get(resource('cm'), 'default', 'a')?.metadata.deletionTimestamp).toBeDefined();
	must(api.patch(resource('cm'), 'default', 'a', 'application/merge-patch+json', { metadata: { finalizers: null } }));
	expect(api.get(resource('cm'), 'default', 'a')).toBeUndefined();
});

describe('the garbage collector', () => {
	const family = () => {
		const b = bench();
		const owner = must(b.api.create(deployment('web')));
		const rs = must(
			b.api.create({
				...deployment('web'),
				kind: 'ReplicaSet',
				metadata: { name: 'web-1', ownerReferences: [ownerReference(owner)] },
			}),
		);
		must(b.api.create({ ...pod('web-1-x'), metadata: { name: 'web-1-x', ownerReferences: [ownerReference(rs)] } }));
		return b;
	};
	const left = (api: ApiServer): string[] =>
		['deploy', 'rs', 'po'].flatMap((name) => api.list(api.find(name)!).map((object) => object.kind));

	test('takes a whole chain of owners down in the background', () => {
		const { api, resource } = family();
		must(api.delete(resource('deploy'), 'default', 'web'));
		expect(left(api)).toEqual(['ReplicaSet', 'Pod']);
		settle(api);
		expect(left(api)).toEqual([]);
	});

	test('in the foreground the owner goes last', () => {
		const { api, resource } = family();
		const gone: string[] = [];
		api.watch(({ type, object }) => type === 'DELETED' && gone.push(object.kind));
		must(api.delete(resource('deploy'), 'default', 'web', { propagation: 'Foreground' }));
		expect(left(api)).toEqual(['Deployment', 'ReplicaSet', 'Pod']);
		settle(api);
		expect(gone).toEqual(['Pod', 'ReplicaSet', 'Deployment']);
	});

	test('leaves orphans alone', () => {
		const { api, resource } = family();
		must(api.delete(resource('deploy'), 'default', 'web', { propagation: 'Orphan' }));
		settle(api);
		expect(left(api)).toEqual(['ReplicaSet', 'Pod']);
		expect(api.get(resource('rs'), 'default', 'web-1')?.metadata.ownerReferences).toBeUndefined();
	});

	test('does nothing when all owners are there', () => {
		const { api } = family();
		const before = api.revision;
		settle(api);
		expect(api.revision).toBe(before);
	});
});

test('a namespace is Terminating until what is in it is gone, and takes nothing new', () => {
	const { api, resource } = bench();
	must(api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'blue' } }));
	must(api.create({ ...pod('a'), metadata: { name: 'a', namespace: 'blue' } }));
	must(api.bind('blue', 'a', 'n1'));
	must(api.create({ ...deployment('web'), metadata: { name: 'web', namespace: 'blue' } }));
	expect(must(api.delete(resource('ns'), undefined, 'blue')).status?.phase).toBe('Terminating');
	settle(api);
	expect(api.list(resource('deploy'))).toEqual([]);
	expect(api.get(resource('ns'), undefined, 'blue')?.status?.phase).toBe('Terminating');
	expect(api.create({ ...pod('b'), metadata: { name: 'b', namespace: 'blue' } }).error?.message).toBe(
		'pods "b" is forbidden: unable to create new content in namespace blue because it is being terminated',
	);
	must(api.delete(resource('po'), 'blue', 'a', { gracePeriodSeconds: 0 }));
	settle(api);
	expect(api.get(resource('ns'), undefined, 'blue')).toBeUndefined();
});

test('what goes is held by nothing new', () => {
	const { api, resource } = bench();
	const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm', finalizers: ['a/b', 'c/d'] } };
	must(api.create(map));
	must(api.delete(resource('cm'), 'default', 'm'));
	const held = (...finalizers: readonly string[]) =>
		api.patch(resource('cm'), 'default', 'm', 'application/merge-patch+json', { metadata: { finalizers } });
	expect(held('a/b', 'x/y').error?.message).toBe(
		'ConfigMap "m" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"x/y"}',
	);
	expect(held('a/b').value?.metadata.finalizers).toEqual(['a/b']);
	must(held());
	expect(api.get(resource('cm'), 'default', 'm')).toBeUndefined();
});
