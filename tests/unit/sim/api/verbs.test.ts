import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ApiObject, clone, draftOf, equal } from '../../../../src/sim/api/index.ts';
import { bench, deployment, must, pod, service } from './fixtures.ts';

describe('creating and reading', () => {
	test('a fresh cluster has the four namespaces of its own', () => {
		const { api, resource } = bench();
		expect(api.list(resource('ns')).map((ns) => ns.metadata.name)).toEqual([
			'default',
			'kube-node-lease',
			'kube-public',
			'kube-system',
		]);
	});

	test('the server gives uid, revision and time; what was sent stays as it was', () => {
		const { api, at } = bench();
		at(90);
		const sent = pod('a');
		const copy = clone(sent);
		const made = must(api.create(sent));
		expect(sent).toEqual(copy);
		expect(made.metadata).toMatchObject({ name: 'a', namespace: 'default', creationTimestamp: '2023-07-04T14:22:11Z' });
		expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		expect(Number(made.metadata.resourceVersion)).toBe(api.revision);
	});

	test('generateName gets five characters without vowels', () => {
		const { api } = bench();
		const made = must(api.create({ ...pod('x'), metadata: { generateName: 'web-' } }));
		expect(made.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
	});

	test('what was created is what get answers', () => {
		fc.assert(
			fc.property(
				fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 1, maxLength: 20 }),
				fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string()),
				(names, data) => {
					const { api, resource } = bench();
					for (const name of names) {
						const made = must(api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }));
						expect(api.get(resource('cm'), 'default', name)).toBe(made);
						expect(made.data).toEqual(data);
					}
					expect(api.list(resource('cm')).map((cm) => cm.metadata.name)).toEqual([...names].sort());
				},
			),
			{ numRuns: 50 },
		);
	});

	test('a list is in the order of etcd: namespace and name as one key', () => {
		const { api, resource } = bench();
		for (const name of ['b', 'b-a']) must(api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
		for (const [namespace, name] of [
			['b', 'x'],
			['b-a', 'x'],
			['b', 'a'],
			['default', 'z'],
		])
			must(api.create({ ...pod('p'), metadata: { name, namespace } }));
		const keys = api.list(resource('po')).map(({ metadata: m }) => `${m.namespace}/${m.name}`);
		expect(keys).toEqual(['b-a/x', 'b/a', 'b/x', 'default/z']);
		expect(api.list(resource('po'), { namespace: 'b' }).map((p) => p.metadata.name)).toEqual(['a', 'x']);
	});

	test('36,000 pods are listed at once when nothing changed, and soon when one did', () => {
		const { api, resource } = bench();
		for (let i = 0; i < 36_000; i++)
			must(api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `p-${(i * 7919) % 36_000}` } }));
		const first = api.list(resource('cm'));
		expect(first).toHaveLength(36_000);
		expect(api.list(resource('cm'))).toBe(first);
		must(api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'p-0-new' } }));
		const start = performance.now();
		const again = api.list(resource('cm'));
		expect(performance.now() - start).toBeLessThan(200);
		expect(again.findIndex((cm) => cm.metadata.name === 'p-0-new')).toBe(1);
	});
});

describe('updating', () => {
	test('a stale resourceVersion is a conflict, none writes regardless', () => {
		const { api } = bench();
		const first = must(api.create(deployment('web')));
		must(api.update({ ...deployment('web'), spec: { ...first.spec, replicas: 3 } }));
		const stale = api.update({ ...first, spec: { ...first.spec, replicas: 5 } });
		expect(stale.error).toMatchObject({
			code: 409,
			reason: 'Conflict',
			message:
				'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
		});
	});

	test('the generation counts changes of spec, not of labels or status', () => {
		const { api } = bench();
		const made = must(api.create(deployment('web')));
		const labelled = draftOf(made);
		labelled.metadata = { ...made.metadata, labels: { a: 'b' } };
		const second = must(api.update(labelled));
		expect(second.metadata.generation).toBe(1);
		expect(must(api.updateStatus({ ...second, status: { replicas: 1 } })).metadata.generation).toBe(1);
		const scaled = must(api.update({ ...deployment('web'), spec: { ...made.spec, replicas: 2 } }));
		expect(scaled.metadata.generation).toBe(2);
		expect(scaled.status).toEqual({ replicas: 1 });
	});

	test('a write that changes nothing has no revision and no event', () => {
		const { api } = bench();
		const made = must(api.create(service('a')));
		const before = api.revision;
		const seen: string[] = [];
		api.watch((event) => seen.push(event.type));
		expect(must(api.update(service('a')))).toBe(made);
		expect(must(api.updateStatus(made))).toBe(made);
		expect([api.revision, seen]).toEqual([before, []]);
	});

	test('a dry run answers what would be and stores nothing', () => {
		const { api, resource } = bench();
		const answer = must(api.create(pod('a'), { dryRun: true }));
		expect(answer.spec?.restartPolicy).toBe('Always');
		expect(api.get(resource('po'), 'default', 'a')).toBeUndefined();
		must(api.create(pod('a')));
		must(api.delete(resource('po'), 'default', 'a', { dryRun: true }));
		expect(api.get(resource('po'), 'default', 'a')).toBeDefined();
	});
});

describe('watching', () => {
	test('what a listener writes is told after what it was told of, to all in the same order', () => {
		const { api } = bench();
		const told: string[][] = [[], []];
		const say = (i: number, type: string, object: ApiObject): void => {
			told[i]!.push(`${type} ${object.kind}/${object.metadata.name}`);
		};
		api.watch(({ type, object }) => {
			say(0, type, object);
			if (type === 'ADDED' && object.metadata.name === 'a') must(api.create(pod('b')));
		});
		const stop = api.watch(({ type, object }) => say(1, type, object));
		must(api.create(pod('a')));
		expect(told[0]).toEqual(['ADDED Pod/a', 'ADDED Pod/b']);
		expect(told[1]).toEqual(told[0]);
		stop();
		must(api.create(pod('c')));
		expect(told[1]).toHaveLength(2);
	});

	test('revisions rise with every event', () => {
		const { api, resource } = bench();
		const revisions: number[] = [];
		api.watch(({ object }) => revisions.push(Number(object.metadata.resourceVersion)));
		must(api.create(pod('a')));
		must(api.bind('default', 'a', 'n1'));
		must(api.delete(resource('po'), 'default', 'a'));
		must(api.delete(resource('po'), 'default', 'a', { gracePeriodSeconds: 0 }));
		expect(revisions).toHaveLength(4);
		expect([...revisions].sort((x, y) => x - y)).toEqual(revisions);
		expect(new Set(revisions).size).toBe(4);
	});
});

test('nothing stored is changed by a later write', () => {
	const { api, resource } = bench();
	const made = must(api.create(deployment('web')));
	const copy = clone(made);
	must(
		api.patch(resource('deploy'), 'default', 'web', 'application/strategic-merge-patch+json', {
			spec: { replicas: 4 },
		}),
	);
	must(api.updateStatus({ ...made, metadata: { name: 'web', namespace: 'default' }, status: { replicas: 1 } }));
	expect(equal(made, copy)).toBe(true);
});
