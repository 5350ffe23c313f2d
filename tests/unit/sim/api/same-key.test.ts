import { describe, expect, test } from 'vitest';
import { applyPatch, createPatch, createThreeWayPatch, type Draft, type Json } from '../../../../src/sim/api/index.ts';
import { bench, must } from './fixtures.ts';

const STRATEGIC = 'application/strategic-merge-patch+json';
const { resource } = bench();

const UDP = { containerPort: 53, name: 'dns', protocol: 'UDP' };
const TCP = { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' };
const METRICS = { containerPort: 9153, name: 'metrics', protocol: 'TCP' };
const pod = (...containers: readonly object[]): Draft => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name: 'p' },
	spec: { containers },
});
const dns = (image: string, ...ports: readonly object[]) => pod({ name: 'a', image, ports });
const order = (...ports: readonly number[]) => ports.map((containerPort) => ({ containerPort }));

const after = (object: Draft, patch: Draft) => applyPatch(object as never, STRATEGIC, patch as Json, resource('po'));
const containersAfter = (object: Draft, patch: Draft) =>
	(must(after(object, patch)) as unknown as { spec: { containers: Draft[] } }).spec.containers;

describe('a list that has one merge key twice', () => {
	test('is not in the patch when something else changed', () => {
		const patch = createPatch(resource('po'), dns('x', UDP, TCP, METRICS), dns('y', UDP, TCP, METRICS));
		expect(patch).toEqual({
			spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ image: 'y', name: 'a' }] },
		});
	});

	test('is not in what apply sends either', () => {
		const old = dns('x', UDP, TCP, METRICS);
		const patch = createThreeWayPatch(resource('po'), old, dns('y', UDP, TCP, METRICS), old);
		expect(patch).toEqual({
			spec: { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ image: 'y', name: 'a' }] },
		});
		expect(createThreeWayPatch(resource('po'), old, old, old)).toEqual({});
	});

	// kubernetes#39188, #105610: what comes of it is wrong, and upstream's.
	test('loses a port that is added under a number that is there', () => {
		const [old, next] = [dns('x', UDP), dns('x', UDP, TCP)];
		const patch = createPatch(resource('po'), old, next);
		expect(patch.spec).toMatchObject({
			containers: [
				{
					'$setElementOrder/ports': order(53, 53),
					name: 'a',
					ports: [{ containerPort: 53, name: 'dns-tcp', protocol: 'TCP' }, UDP],
				},
			],
		});
		expect(containersAfter(old, patch)[0]!.ports).toEqual([UDP]);
	});

	test('loses both when apply takes one of them out', () => {
		const [old, next] = [dns('x', UDP, TCP, METRICS), dns('x', UDP, METRICS)];
		const patch = createThreeWayPatch(resource('po'), old, next, old);
		expect(containersAfter(old, patch)[0]!.ports).toEqual([METRICS]);
	});
});

/** What `kubectl patch --local --type strategic` 1.27 makes of them. */
describe('a strategic merge patch as the real kubectl applies it', () => {
	const env = [
		{ name: 'A', value: '1' },
		{ name: 'B', value: '2' },
	];
	const object = pod({ name: 'a', image: 'x', env, ports: [UDP, METRICS, TCP] }, { name: 'b', image: 'y' });
	const names = (list: unknown) => (list as readonly { readonly name: string }[]).map(({ name }) => name).join(' ');
	test.each([
		['what is new comes first', { containers: [{ name: 'c', image: 'z' }] }, 'c a b', 'A B', 'dns metrics dns-tcp'],
		[
			'in inner lists too',
			{ containers: [{ name: 'a', env: [{ name: 'C', value: '3' }] }] },
			'a b',
			'C A B',
			'dns metrics dns-tcp',
		],
		[
			'unless an order is given',
			{ '$setElementOrder/containers': [{ name: 'a' }, { name: 'c' }], containers: [{ name: 'c', image: 'z' }] },
			'a c b',
			'A B',
			'dns metrics dns-tcp',
		],
		[
			'the first of a key is changed, and its others come behind it',
			{ containers: [{ name: 'a', ports: [{ containerPort: 53, name: 'q' }] }] },
			'a b',
			'A B',
			'q dns-tcp metrics',
		],
		[
			'all of a key are deleted',
			{ containers: [{ name: 'a', ports: [{ $patch: 'delete', containerPort: 53 }] }] },
			'a b',
			'A B',
			'metrics',
		],
		[
			'an order brings those of a key together',
			{ containers: [{ name: 'a', '$setElementOrder/ports': order(53, 9153, 53), image: 'q' }] },
			'a b',
			'A B',
			'dns dns-tcp metrics',
		],
	])('%s', (_, spec, containers, variables, ports) => {
		const got = containersAfter(object, { spec });
		const a = got.find(({ name }) => name === 'a')!;
		expect([names(got), names(a.env), names(a.ports)]).toEqual([containers, variables, ports]);
	});

	test('a change that has no place in the order is an error', () => {
		const inner = { name: 'a', '$setElementOrder/ports': order(9153), ports: [{ containerPort: 53, name: 'q' }] };
		expect(after(object, { spec: { containers: [inner] } }).error).toMatchObject({
			code: 500,
			message:
				"The order in patch list:\n[map[containerPort:53 name:q]]\n doesn't match $setElementOrder list:\n[map[containerPort:9153]]\n",
		});
	});
});
