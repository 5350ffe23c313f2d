import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	applyPatch,
	clientProblems,
	createPatch,
	createThreeWayMergePatch,
	createThreeWayPatch,
	type Draft,
	draftOf,
	type Json,
	mergePatch,
} from '../../../../src/sim/api/index.ts';
import { bench, deployment, must, pod, service } from './fixtures.ts';

const STRATEGIC = 'application/strategic-merge-patch+json';

describe('a patch of what is called __proto__', () => {
	const type = (name: string) => `application/${name}+json`;
	test.each([
		[type('json-patch'), '[{"op":"add","path":"/__proto__/leaked","value":1}]'],
		[type('json-patch'), '[{"op":"replace","path":"/constructor/prototype/leaked","value":1}]'],
		[type('json-patch'), '[{"op":"add","path":"/data/__proto__","value":"x"}]'],
		[type('json-patch'), '[{"op":"copy","from":"/data","path":"/__proto__"}]'],
		[type('merge-patch'), '{"__proto__":{"leaked":1},"data":{"__proto__":"x"}}'],
		[type('strategic-merge-patch'), '{"__proto__":{"leaked":1},"data":{"__proto__":"x"}}'],
	])('%s %s changes no other object', (patchType, patch) => {
		const { api, resource } = bench();
		const data = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'c' }, data: { a: 'b' } };
		must(api.create(data as never));
		const before = Object.getOwnPropertyNames(Object.prototype);
		const { value } = api.patch(resource('cm'), 'default', 'c', patchType as never, JSON.parse(patch));
		expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
		expect(({} as Record<string, unknown>).leaked).toBeUndefined();
		if (value) expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
	});
});

describe('a strategic merge patch', () => {
	test('merges containers by name and variables by name', () => {
		const { api, resource } = bench();
		const env = [{ name: 'A', value: '1' }];
		const containers = [
			{ name: 'c', image: 'x', env },
			{ name: 'side', image: 'y' },
		];
		const template = { metadata: { labels: { app: 'web' } }, spec: { containers } };
		must(api.create(deployment('web', { template })));
		const patched = must(
			api.patch(resource('deploy'), 'default', 'web', STRATEGIC, {
				spec: { template: { spec: { containers: [{ name: 'c', image: 'z', env: [{ name: 'B', value: '2' }] }] } } },
			}),
		);
		const spec = (patched.spec?.template as { spec: { containers: unknown } } | undefined)?.spec;
		expect(spec?.containers).toMatchObject([
			{
				name: 'c',
				image: 'z',
				env: [
					{ name: 'B', value: '2' },
					{ name: 'A', value: '1' },
				],
			},
			{ name: 'side', image: 'y' },
		]);
	});

	test('takes an item out with $patch: delete, a value with $deleteFromPrimitiveList', () => {
		const { api, resource } = bench();
		must(
			api.create(
				service('x', {
					ports: [
						{ name: 'a', port: 80 },
						{ name: 'b', port: 81 },
					],
				}),
			),
		);
		must(
			api.patch(resource('svc'), 'default', 'x', STRATEGIC, {
				metadata: { finalizers: ['example.com/a', 'example.com/b'] },
			}),
		);
		const patched = must(
			api.patch(resource('svc'), 'default', 'x', STRATEGIC, {
				metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
				spec: { ports: [{ $patch: 'delete', port: 81 }] },
			}),
		);
		expect(patched.spec?.ports).toMatchObject([{ name: 'a', port: 80 }]);
		expect(patched.metadata.finalizers).toEqual(['example.com/b']);
	});

	test('replaces the selector of a DaemonSet so that it runs nowhere', () => {
		const { api, resource } = bench();
		must(api.create({ ...deployment('aws-node'), kind: 'DaemonSet' }));
		const patched = must(
			api.patch(resource('ds'), 'default', 'aws-node', STRATEGIC, {
				spec: { template: { spec: { nodeSelector: { 'io.cilium/aws-node-enabled': 'true' } } } },
			}),
		);
		expect(patched.spec).toMatchObject({
			template: { spec: { nodeSelector: { 'io.cilium/aws-node-enabled': 'true' } } },
		});
		expect(patched.metadata.generation).toBe(2);
	});

	test('of a custom resource is not taken', () => {
		const { api, resource } = bench();
		const made = must(api.create(pod('a')));
		expect(applyPatch(made, STRATEGIC, {}, { ...resource('po'), custom: true }).error?.code).toBe(415);
	});
});

describe('a JSON patch', () => {
	test.each<[string, Json, unknown]>([
		['adds at the end of a list', [{ op: 'add', path: '/spec/externalIPs', value: ['10.0.0.1'] }], ['10.0.0.1']],
		[
			'moves and copies',
			[
				{ op: 'add', path: '/spec/externalIPs', value: ['10.0.0.1'] },
				{ op: 'add', path: '/spec/externalIPs/-', value: '10.0.0.2' },
				{ op: 'copy', from: '/spec/externalIPs/0', path: '/spec/externalIPs/-' },
				{ op: 'remove', path: '/spec/externalIPs/0' },
			],
			['10.0.0.2', '10.0.0.1'],
		],
	])('%s', (_, patch, expected) => {
		const { api, resource } = bench();
		must(api.create(service('x')));
		const patched = must(api.patch(resource('svc'), 'default', 'x', 'application/json-patch+json', patch));
		expect(patched.spec?.externalIPs).toEqual(expected);
	});

	test('that does not fit changes nothing', () => {
		const { api, resource } = bench();
		must(api.create(service('x')));
		const before = api.revision;
		const { error } = api.patch(resource('svc'), 'default', 'x', 'application/json-patch+json', [
			{ op: 'replace', path: '/spec/nope/x', value: 1 },
		]);
		expect(error?.message).toBe('the server rejected our request due to an error in our request');
		expect(error?.causes?.[0]?.message).toBe(
			'replace operation does not apply: doc is missing path: /spec/nope/x: missing value',
		);
		expect(api.revision).toBe(before);
	});

	// What kubectl v1.27 says of the same patches, which applies them itself with --dry-run=client.
	test.each<[string, Json, string]>([
		[
			'a key to remove',
			[{ op: 'remove', path: '/a' }],
			"error in remove for path: '/a': Unable to remove nonexistent key: a: missing value",
		],
		[
			'a place in a list',
			[{ op: 'add', path: '/spec/ports/9', value: {} }],
			"error in add for path: '/spec/ports/9': Unable to access invalid index: 9: invalid index referenced",
		],
		[
			'no number',
			[{ op: 'add', path: '/spec/ports/x', value: {} }],
			"error in add for path: '/spec/ports/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\": invalid syntax",
		],
		['no path', [{ op: 'add', value: 1 }], 'add operation failed to decode path: missing value'],
		[
			'no source',
			[{ op: 'copy', path: '/a' }],
			'copy operation failed to decode from: operation, missing from field: missing value',
		],
		['no operation', [{}], 'Unexpected kind: unknown'],
		[
			'a test',
			[{ op: 'test', path: '/metadata/name', value: 'y' }],
			'testing value /metadata/name failed: test failed',
		],
	])('says what is wrong with %s', (_, patch, said) => {
		const { api, resource } = bench();
		must(api.create(service('x')));
		const { error } = api.patch(resource('svc'), 'default', 'x', 'application/json-patch+json', patch);
		expect(error?.causes?.[0]?.message).toBe(said);
	});

	test('replaces what is not there by setting it, and counts from the end of a list', () => {
		const { api, resource } = bench();
		must(api.create(service('x')));
		const patched = must(
			api.patch(resource('svc'), 'default', 'x', 'application/json-patch+json', [
				{ op: 'replace', path: '/metadata/annotations', value: { a: 'b' } },
				{ op: 'replace', path: '/spec/ports/-1/name', value: 'last' },
			]),
		);
		expect(patched.metadata.annotations).toEqual({ a: 'b' });
		const ports = (patched.spec?.ports ?? []) as readonly { readonly name: string }[];
		expect(ports.at(-1)?.name).toBe('last');
	});
});

describe('the scale subresource', () => {
	test('changes replicas and answers a Scale', () => {
		const { api, resource } = bench();
		must(api.create(deployment('web')));
		const patch = { spec: { replicas: 3 } };
		const scale = must(
			api.patch(resource('deploy'), 'default', 'web', 'application/merge-patch+json', patch, { subresource: 'scale' }),
		);
		expect(scale).toMatchObject({ apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 3 } });
		expect(api.get(resource('deploy'), 'default', 'web')?.spec?.replicas).toBe(3);
	});

	test('does not take fewer than none, and services have none', () => {
		const { api, resource } = bench();
		must(api.create(deployment('web')));
		must(api.create(service('web')));
		const patch = { spec: { replicas: -1 } };
		expect(
			api.patch(resource('deploy'), 'default', 'web', 'application/merge-patch+json', patch, { subresource: 'scale' })
				.error?.message,
		).toBe('Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0');
		expect(api.scale(resource('svc'), 'default', 'web').error?.reason).toBe('NotFound');
	});
});

describe('three-way patches', () => {
	const { resource } = bench();

	test('take out what was applied and is not any more, and leave what others wrote', () => {
		const original = deployment('web', { replicas: 3, minReadySeconds: 5 });
		const modified = deployment('web', { replicas: 2 });
		const { api } = bench();
		const current = draftOf(must(api.create(deployment('web', { replicas: 3, minReadySeconds: 5, paused: true }))));
		const patch = createThreeWayPatch(resource('deploy'), original as Draft, modified as Draft, current);
		expect(patch).toEqual({ spec: { minReadySeconds: null, replicas: 2 } });
	});

	test('remove a container by name and keep the order that was asked for', () => {
		const spec = (...names: string[]) => ({ containers: names.map((name) => ({ name, image: 'x' })) });
		const patch = createThreeWayPatch(
			resource('po'),
			{ spec: spec('a', 'b') },
			{ spec: spec('c', 'a') },
			{ spec: spec('a', 'b') },
		);
		expect(patch).toEqual({
			spec: {
				'$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }],
				containers: [
					{ name: 'c', image: 'x' },
					{ $patch: 'delete', name: 'b' },
				],
			},
		});
	});

	test('switch a Deployment to Recreate although the server filled in how it rolls', () => {
		const { api } = bench();
		const first = deployment('web');
		const current = must(api.create(first));
		const next = deployment('web', { strategy: { type: 'Recreate' } });
		const patch = createThreeWayPatch(resource('deploy'), first as Draft, next as Draft, draftOf(current));
		expect(patch).toEqual({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } });
		const patched = must(api.patch(resource('deploy'), 'default', 'web', STRATEGIC, patch as Json));
		expect(patched.spec?.strategy).toEqual({ type: 'Recreate' });
	});

	const item = fc.record(
		{
			image: fc.constantFrom('x', 'y'),
			env: fc.uniqueArray(fc.record({ name: fc.constantFrom('A', 'B', 'C'), value: fc.constantFrom('1', '2') }), {
				selector: (e) => e.name,
			}),
		},
		{ requiredKeys: ['image'] },
	);
	const spec = fc.record(
		{
			containers: fc
				.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), item), { selector: ([name]) => name })
				.map((list) => list.map(([name, rest]) => ({ name, ...rest }))),
			nodeSelector: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('1', '2')),
			hostNetwork: fc.boolean(),
			restartPolicy: fc.constantFrom('Always', 'Never'),
		},
		{ requiredKeys: ['containers'] },
	);
	const object = spec.map((value): Draft => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: value }));
	/** Empty maps and lists are as good as none. */
	const normal = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(normal);
		if (typeof value !== 'object' || value === null) return value;
		const out: Draft = {};
		for (const [key, inner] of Object.entries(value)) {
			const said = normal(inner);
			if (said !== undefined) out[key] = said;
		}
		return Object.keys(out).length === 0 ? undefined : out;
	};

	test('between two states take one to the other', () => {
		fc.assert(
			fc.property(object, object, (old, next) => {
				const patch = createPatch(resource('po'), old, next);
				const got = applyPatch(old as never, STRATEGIC, patch as Json, resource('po'));
				expect(normal(must(got))).toEqual(normal(next));
			}),
			{ numRuns: 500 },
		);
	});

	test('applied where nobody else wrote give what was asked for', () => {
		fc.assert(
			fc.property(object, object, (original, modified) => {
				const patch = createThreeWayPatch(resource('po'), original, modified, original);
				const got = applyPatch(original as never, STRATEGIC, patch as Json, resource('po'));
				expect(normal(must(got))).toEqual(normal(modified));
			}),
			{ numRuns: 500 },
		);
	});

	test('as JSON merge patches do the same for custom resources', () => {
		fc.assert(
			fc.property(object, object, (original, modified) => {
				const patch = createThreeWayMergePatch(original, modified, original);
				expect(normal(mergePatch(original, patch))).toEqual(normal(modified));
			}),
		);
	});
});

describe("kubectl's own check before 1.25", () => {
	const { resource } = bench();

	test('names the field and the type', () => {
		expect(clientProblems(resource('deploy'), deployment('web', { replica: 3 }))).toEqual([
			'ValidationError(Deployment.spec): unknown field "replica" in io.k8s.api.apps.v1.DeploymentSpec',
		]);
		expect(clientProblems(resource('deploy'), deployment('web', { replicas: '3' }))).toEqual([
			'ValidationError(Deployment.spec.replicas): invalid type for io.k8s.api.apps.v1.DeploymentSpec.replicas: got "string", expected "integer"',
		]);
		expect(clientProblems(resource('po'), pod('a', { containers: [{ image: 'x' }] }))).toEqual([
			'ValidationError(Pod.spec.containers[0]): missing required field "name" in io.k8s.api.core.v1.Container',
		]);
	});

	test('knows fields that the server knows', () => {
		const sidecar = pod('a', {
			containers: [{ name: 'main', image: 'x' }],
			initContainers: [{ name: 'log', image: 'x', restartPolicy: 'Always' }],
		});
		expect(clientProblems(resource('po'), sidecar)).toEqual([
			'ValidationError(Pod.spec.initContainers[0]): unknown field "restartPolicy" in io.k8s.api.core.v1.Container',
		]);
		expect(clientProblems(resource('po'), sidecar, 28)).toEqual([]);
	});

	test('finds nothing wrong with what is right', () => {
		expect(clientProblems(resource('svc'), service('x'))).toEqual([]);
	});
});
