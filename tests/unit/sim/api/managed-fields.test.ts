import { describe, expect, it } from 'vitest';
import { type ApiInput, type ApiServer, asManager, createApiServer } from '../../../../src/sim/api/index.ts';
import { serverSideApply, withManagedFields } from '../../../../src/sim/api/managed/index.ts';

const server = (): ApiServer => {
	let time = 0;
	return createApiServer({
		version: 'v1.24.0',
		now: () => (time += 1e6),
		epoch: 1_661_940_000,
		random: (_, key, bound) => key.length % bound,
	});
};

const web = (spec: ApiInput = {}, container: ApiInput = {}, metadata: ApiInput = {}): ApiInput => ({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: { name: 'web', ...metadata },
	spec: {
		selector: { matchLabels: { app: 'web' } },
		template: {
			metadata: { labels: { app: 'web' } },
			spec: { containers: [{ name: 'nginx', image: 'nginx:1.23', ...container }] },
		},
		...spec,
	},
});

const stored = (api: ApiServer, kind = 'deployments', name = 'web') => api.get(api.find(kind)!, 'default', name)!;

/** `manager/operation/subresource` of each entry, and its fields. */
const managers = (api: ApiServer, kind = 'deployments', name = 'web') =>
	(withManagedFields(api, api.find(kind)!, stored(api, kind, name)).metadata.managedFields ?? []).map((entry) => ({
		who: `${entry.manager}/${entry.operation}${entry.subresource ? `/${entry.subresource}` : ''}`,
		fields: entry.fieldsV1 as Record<string, unknown>,
	}));
const fieldsOf = (api: ApiServer, who: string, kind?: string, name?: string) =>
	managers(api, kind, name).find((entry) => entry.who === who)?.fields;

describe('who owns which fields', () => {
	it('gives whoever creates an object its defaults too, and parents that were not there before', () => {
		const api = server();
		asManager(api, 'kubectl-create').create(web({}, {}, { labels: { app: 'web' } }));
		expect(fieldsOf(api, 'kubectl-create/Update')).toEqual({
			'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
			'f:spec': {
				'f:progressDeadlineSeconds': {},
				'f:replicas': {},
				'f:revisionHistoryLimit': {},
				'f:selector': {},
				'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {}, 'f:maxUnavailable': {} }, 'f:type': {} },
				'f:template': {
					'f:metadata': { 'f:creationTimestamp': {}, 'f:labels': { '.': {}, 'f:app': {} } },
					'f:spec': {
						'f:containers': {
							'k:{"name":"nginx"}': {
								'.': {},
								'f:image': {},
								'f:imagePullPolicy': {},
								'f:name': {},
								'f:resources': {},
								'f:terminationMessagePath': {},
								'f:terminationMessagePolicy': {},
							},
						},
						'f:dnsPolicy': {},
						'f:restartPolicy': {},
						'f:schedulerName': {},
						'f:securityContext': {},
						'f:terminationGracePeriodSeconds': {},
					},
				},
			},
		});
	});

	it('gives nobody what admission adds to a pod and what is handed out to a service', () => {
		const api = server();
		const as = asManager(api, 'kubectl-run');
		as.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
		as.create({
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: { name: 'a' },
			spec: { containers: [{ name: 'a', image: 'a' }] },
		});
		expect(stored(api, 'pods', 'a').spec?.tolerations).toHaveLength(2);
		const pod = fieldsOf(api, 'kubectl-run/Update', 'pods', 'a')!['f:spec'] as object;
		expect(Object.keys(pod)).toContain('f:dnsPolicy');
		expect(Object.keys(pod)).not.toContain('f:tolerations');
		expect(Object.keys(pod)).not.toContain('f:volumes');
		as.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
		expect(stored(api, 'services', 's').spec?.clusterIP).toMatch(/^10\./);
		const service = fieldsOf(api, 'kubectl-run/Update', 'services', 's')!['f:spec'] as object;
		expect(service).toMatchObject({ 'f:ports': { '.': {}, 'k:{"port":80,"protocol":"TCP"}': { 'f:port': {} } } });
		expect(Object.keys(service)).not.toContain('f:clusterIP');
	});

	it('takes a field from who had it when another writes another value, not when they write the same', () => {
		const api = server();
		asManager(api, 'one').create(web({ replicas: 2 }));
		const patch = (manager: string, replicas: number) =>
			asManager(api, manager).patch(api.find('deployments')!, 'default', 'web', 'application/merge-patch+json', {
				spec: { replicas },
			});
		patch('two', 2);
		expect(managers(api).map(({ who }) => who)).toEqual(['one/Update']);
		patch('two', 3);
		expect(fieldsOf(api, 'two/Update')).toEqual({ 'f:spec': { 'f:replicas': {} } });
		expect(Object.keys(fieldsOf(api, 'one/Update')!['f:spec'] as object)).not.toContain('f:replicas');
		patch('one', 2);
		expect(managers(api).map(({ who }) => who)).toEqual(['one/Update']);
	});

	it('keeps status and scale apart', () => {
		const api = server();
		asManager(api, 'kubectl').create(web({ replicas: 2 }));
		asManager(api, 'kubectl').patch(
			api.find('deployments')!,
			'default',
			'web',
			'application/merge-patch+json',
			{ spec: { replicas: 3 } },
			{ subresource: 'scale' },
		);
		asManager(api, 'kube-controller-manager').updateStatus({ ...stored(api), status: { replicas: 3 } });
		expect(fieldsOf(api, 'kubectl/Update/scale')).toEqual({ 'f:spec': { 'f:replicas': {} } });
		expect(fieldsOf(api, 'kube-controller-manager/Update/status')).toEqual({ 'f:status': { 'f:replicas': {} } });
	});
});

describe('server-side apply', () => {
	it('creates what is not there, and owns what was declared and nothing else', () => {
		const api = server();
		expect(serverSideApply(api, web({}, {}, { labels: { a: '1' } }), { manager: 'me' }).value?.spec?.replicas).toBe(1);
		expect(managers(api)).toEqual([
			{
				who: 'me/Apply',
				fields: {
					'f:metadata': { 'f:labels': { 'f:a': {} } },
					'f:spec': {
						'f:selector': {},
						'f:template': {
							'f:metadata': { 'f:labels': { 'f:app': {} } },
							'f:spec': {
								'f:containers': { 'k:{"name":"nginx"}': { '.': {}, 'f:image': {}, 'f:name': {} } },
							},
						},
					},
				},
			},
		]);
	});

	it('refuses to change what others own, says whose it is, and takes it over when forced', () => {
		const api = server();
		asManager(api, 'kubectl-create').create(web({ replicas: 2 }));
		const one = serverSideApply(api, web({ replicas: 3 }), { manager: 'me' });
		expect(one.error).toMatchObject({
			code: 409,
			message: 'Apply failed with 1 conflict: conflict with "kubectl-create" using apps/v1: .spec.replicas',
		});
		const two = serverSideApply(api, web({ replicas: 3 }, { image: 'nginx:1.24' }), { manager: 'me' });
		expect(two.error?.message).toBe(
			'Apply failed with 2 conflicts: conflicts with "kubectl-create" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name="nginx"].image',
		);
		expect(stored(api).spec?.replicas).toBe(2);
		expect(serverSideApply(api, web({ replicas: 3 }), { manager: 'me', force: true }).value?.spec?.replicas).toBe(3);
		expect(fieldsOf(api, 'me/Apply')).toMatchObject({ 'f:spec': { 'f:replicas': {} } });
		expect(Object.keys(fieldsOf(api, 'kubectl-create/Update')!['f:spec'] as object)).not.toContain('f:replicas');
	});

	it('shares a field with who set the same value', () => {
		const api = server();
		serverSideApply(api, web({ replicas: 2 }), { manager: 'one' });
		expect(serverSideApply(api, web({ replicas: 2 }), { manager: 'two' }).error).toBeUndefined();
		expect(serverSideApply(api, web({ replicas: 3 }), { manager: 'two' }).error?.message).toContain(
			'conflict with "one": .spec.replicas',
		);
		// One no longer says how many: two keeps them.
		serverSideApply(api, web(), { manager: 'one' });
		expect(stored(api).spec?.replicas).toBe(2);
		expect(serverSideApply(api, web({ replicas: 3 }), { manager: 'two' }).value?.spec?.replicas).toBe(3);
	});

	it('removes what its manager no longer declares, and leaves what others own', () => {
		const api = server();
		const env = [
			{ name: 'A', value: '1' },
			{ name: 'B', value: '2' },
		];
		serverSideApply(api, web({}, { env }, { labels: { a: '1', b: '2' } }), { manager: 'me' });
		asManager(api, 'kubectl-label').patch(api.find('deployments')!, 'default', 'web', 'application/merge-patch+json', {
			metadata: { labels: { c: '3' } },
		});
		serverSideApply(api, web({}, { env: env.slice(1) }, { labels: { a: '1' } }), { manager: 'me' });
		expect(stored(api).metadata.labels).toEqual({ a: '1', c: '3' });
		const container = (): ApiInput => (stored(api).spec as never as typeof TEMPLATE).template.spec.containers[0]!;
		expect(container().env).toEqual([{ name: 'B', value: '2' }]);
		serverSideApply(api, web(), { manager: 'me' });
		expect(stored(api).metadata.labels).toEqual({ c: '3' });
		expect(container().env).toBeUndefined();
		// Defaults come back where a field went.
		expect(container().imagePullPolicy).toBe('IfNotPresent');
	});

	it('merges lists by their keys: a container goes with all that was defaulted in it', () => {
		const api = server();
		const both = web();
		const { spec } = (both.spec as never as typeof TEMPLATE).template;
		spec.containers.push({ name: 'side', image: 'busybox' } as never);
		serverSideApply(api, both, { manager: 'me' });
		const names = () => (stored(api).spec as never as typeof TEMPLATE).template.spec.containers.map(({ name }) => name);
		expect(names()).toEqual(['nginx', 'side']);
		serverSideApply(api, web({ replicas: 1 }), { manager: 'me' });
		expect(names()).toEqual(['nginx']);
	});

	it('lets kubectl go on where kubectl apply was, and keeps its annotation up', () => {
		const api = server();
		const last = `${JSON.stringify(web({ replicas: 2 }))}\n`;
		const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
		asManager(api, 'kubectl-client-side-apply').create(
			web({ replicas: 2 }, {}, { annotations: { [annotation]: last } }),
		);
		expect(serverSideApply(api, web({ replicas: 3 }), { manager: 'other' }).error?.message).toBe(
			'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
		);
		const applied = serverSideApply(api, web({ replicas: 3 }), { manager: 'kubectl' });
		expect(applied.value?.spec?.replicas).toBe(3);
		expect(JSON.parse(applied.value!.metadata.annotations![annotation]!).spec.replicas).toBe(3);
	});

	it('knows no field that the kind does not have', () => {
		expect(serverSideApply(server(), web({ replica: 3 }), { manager: 'me' }).error?.message).toBe(
			'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema',
		);
	});
});

const TEMPLATE = { template: { spec: { containers: [{ name: '' }] } } };
