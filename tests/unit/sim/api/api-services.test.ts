/** APIServices: what the server serves itself, beside what people make. */
import { beforeAll, expect, it } from 'vitest';
import { collectNamespaces, loadForPeople } from '../../../../src/sim/api/index.ts';
import { bench, must } from './fixtures.ts';

beforeAll(loadForPeople);

it('each version of each group has one, always available, and is back when somebody deletes it', () => {
	const { api } = bench();
	const resource = api.find('apiservices')!;
	const names = api.list(resource).map(({ metadata }) => metadata.name);
	expect(names).toEqual([...names].sort());
	expect(names).toContain('v1.');
	expect(names).toContain('v2.autoscaling');
	// The aggregator's own group has none (aggregator.go: it registers what it delegates to).
	expect(names).not.toContain('v1.apiregistration.k8s.io');
	const apps = api.get(resource, undefined, 'v1.apps')!;
	expect(apps.spec).toEqual({ group: 'apps', version: 'v1', groupPriorityMinimum: 17800, versionPriority: 15 });
	must(api.delete(resource, undefined, 'v1.apps'));
	expect(api.get(resource, undefined, 'v1.apps')?.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
	expect(api.get(resource, undefined, 'v1.apps')?.metadata.uid).not.toBe(apps.metadata.uid);
});

it('what people register is kept, and goes when it is deleted', () => {
	const { api } = bench();
	const resource = api.find('apiservices')!;
	const before = api.list(resource).length;
	must(
		api.create({
			apiVersion: 'apiregistration.k8s.io/v1',
			kind: 'APIService',
			metadata: { name: 'v1beta1.metrics.k8s.io' },
			spec: { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
		}),
	);
	expect(api.list(resource)).toHaveLength(before + 1);
	must(api.delete(resource, undefined, 'v1beta1.metrics.k8s.io'));
	expect(api.list(resource)).toHaveLength(before);
});

it('from 1.27 on a group that cannot be had is stale for whoever ends namespaces', () => {
	const { api } = bench('v1.30.0');
	const service = { name: 'metrics-server', namespace: 'kube-system' };
	must(
		api.create({
			apiVersion: 'apiregistration.k8s.io/v1',
			kind: 'APIService',
			metadata: { name: 'v1beta1.metrics.k8s.io' },
			spec: { group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100, service },
		}),
	);
	must(api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'going' } }));
	const spaces = api.find('namespaces')!;
	must(api.delete(spaces, undefined, 'going'));
	collectNamespaces(api);
	const { conditions } = api.get(spaces, undefined, 'going')!.status as never as { conditions: { message: string }[] };
	expect(conditions[0]!.message).toBe(
		'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1',
	);
});
