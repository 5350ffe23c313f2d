/** Endpoints and EndpointSlices as the controllers keep them. */
import { describe, expect, it } from 'vitest';
import type { ApiObject, Json } from '../../../../src/sim/api/index.ts';
import type { Cluster } from '../../../../src/sim/lab/index.ts';
import { create, echo, get, list, pass, remove, SECOND, settled } from './helpers.ts';

const TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

const slice = (cluster: Cluster, service: string): ApiObject =>
	list(cluster, 'endpointslices', 'default').find(
		({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service,
	)!;

const readySince = (pod: ApiObject): string =>
	(pod.status!.conditions as unknown as { type: string; lastTransitionTime: string }[]).find(
		({ type }) => type === 'Ready',
	)!.lastTransitionTime;

const service = (name: string, spec: { readonly [key: string]: Json }) =>
	({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec }) as const;

describe('the time of the last change', () => {
	it('is the earliest pod’s that became ready since the controller looked, of Endpoints and slices', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		const ready = readySince(list(cluster, 'pods', 'default')[0]!);
		expect(get(cluster, 'endpoints', 'default', 'echo')!.metadata.annotations?.[TIME]).toBe(ready);
		expect(slice(cluster, 'echo').metadata.annotations?.[TIME]).toBe(ready);
	});

	it('is not told when a pod only went', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(2));
		pass(lab, 20 * SECOND);
		const { api } = cluster;
		api.patch(api.find('deployments')!, 'default', 'echo', 'application/merge-patch+json', { spec: { replicas: 1 } });
		pass(lab, 60 * SECOND);
		expect((slice(cluster, 'echo').endpoints as readonly unknown[]).length).toBe(1);
		expect(slice(cluster, 'echo').metadata.annotations).toBeUndefined();
		expect(get(cluster, 'endpoints', 'default', 'echo')!.metadata.annotations).toBeUndefined();
	});

	it('is the service’s own while nothing is behind it, and its slice has null where others have lists', () => {
		const { lab, cluster } = settled();
		create(cluster, [service('none', { selector: { app: 'none' }, ports: [{ port: 80 }] })]);
		pass(lab, SECOND);
		const { creationTimestamp } = get(cluster, 'services', 'default', 'none')!.metadata;
		const empty = slice(cluster, 'none');
		expect(empty).toMatchObject({ endpoints: null, ports: null });
		expect(empty.metadata.annotations).toEqual({ [TIME]: creationTimestamp });
		expect(get(cluster, 'endpoints', 'default', 'none')!.subsets).toBeUndefined();
	});
});

describe('a headless service', () => {
	it('is labelled as one, and needs no ports', () => {
		const { lab, cluster } = settled();
		create(cluster, echo(1));
		create(cluster, [service('bare', { clusterIP: 'None', selector: { app: 'echo' } })]);
		pass(lab, 20 * SECOND);
		const { metadata, subsets } = get(cluster, 'endpoints', 'default', 'bare')!;
		expect(metadata.labels).toEqual({ 'service.kubernetes.io/headless': '' });
		expect(subsets).toEqual([{ addresses: [expect.objectContaining({ targetRef: expect.anything() })] }]);
		expect(slice(cluster, 'bare').metadata.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
	});
});

it('a pod without the port a service names is not in its Endpoints', () => {
	const { lab, cluster } = settled();
	create(cluster, echo(1));
	create(cluster, [service('named', { selector: { app: 'echo' }, ports: [{ port: 80, targetPort: 'nobody' }] })]);
	pass(lab, 20 * SECOND);
	expect(get(cluster, 'endpoints', 'default', 'named')!.subsets).toBeUndefined();
	remove(cluster, 'services', 'default', 'named');
	pass(lab, SECOND);
	expect(get(cluster, 'endpoints', 'default', 'named')).toBeUndefined();
});

describe('a service that is nobody’s business any more', () => {
	it.each([
		['without its selector', { selector: null }],
		['with a name elsewhere', { type: 'ExternalName', externalName: 'a.example' }],
	])('%s keeps the endpoints it had', (_how, spec) => {
		const { lab, cluster } = settled();
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		const { endpoints } = slice(cluster, 'echo');
		const { subsets } = get(cluster, 'endpoints', 'default', 'echo')!;
		const { api } = cluster;
		expect(
			api.patch(api.find('services')!, 'default', 'echo', 'application/merge-patch+json', { spec } as never).error,
		).toBeUndefined();
		pass(lab, 5 * SECOND);
		expect(slice(cluster, 'echo').endpoints).toEqual(endpoints);
		expect(get(cluster, 'endpoints', 'default', 'echo')!.subsets).toEqual(subsets);
	});
});
