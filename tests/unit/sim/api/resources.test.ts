import { describe, expect, test } from 'vitest';
import { apiVersionOf, ciliumDefinitions } from '../../../../src/sim/api/index.ts';
import { bench, lines, must } from './fixtures.ts';

const listed = (version: string): string[] =>
	bench(version)
		.api.resources()
		.map((r) => `${r.plural} ${r.shortNames.join(',')} ${apiVersionOf(r)} ${r.namespaced} ${r.kind}`);

describe('what a cluster serves', () => {
	test('is sorted by group and name, as kubectl api-resources prints it', () => {
		const all = listed('v1.24.0');
		expect(all.slice(0, 5)).toEqual([
			'bindings  v1 true Binding',
			'componentstatuses cs v1 false ComponentStatus',
			'configmaps cm v1 true ConfigMap',
			'endpoints ep v1 true Endpoints',
			'events ev v1 true Event',
		]);
		expect(all.at(-1)).toBe('volumeattachments  storage.k8s.io/v1 false VolumeAttachment');
		expect(all).toHaveLength(56);
	});

	test.each([
		['v1.24.0', 'podsecuritypolicies psp policy/v1beta1 false PodSecurityPolicy', true],
		['v1.25.0', 'podsecuritypolicies psp policy/v1beta1 false PodSecurityPolicy', false],
		['v1.24.0', 'flowschemas  flowcontrol.apiserver.k8s.io/v1beta2 false FlowSchema', true],
		['v1.27.0', 'flowschemas  flowcontrol.apiserver.k8s.io/v1beta3 false FlowSchema', true],
		['v1.31.0', 'flowschemas  flowcontrol.apiserver.k8s.io/v1 false FlowSchema', true],
		['v1.29.0', 'validatingadmissionpolicies  admissionregistration.k8s.io/v1 false ValidatingAdmissionPolicy', false],
		['v1.30.0', 'validatingadmissionpolicies  admissionregistration.k8s.io/v1 false ValidatingAdmissionPolicy', true],
		['v1.32.0', 'servicecidrs  networking.k8s.io/v1 false ServiceCIDR', false],
		['v1.33.0', 'servicecidrs  networking.k8s.io/v1 false ServiceCIDR', true],
	])('%s has "%s": %s', (version, line, there) => {
		expect(listed(version).includes(line)).toBe(there);
	});

	test.each([
		['po', 'v1 Pod'],
		['Pod', 'v1 Pod'],
		['DEPLOY', 'apps/v1 Deployment'],
		['deployments.apps', 'apps/v1 Deployment'],
		['deployments.v1.apps', 'apps/v1 Deployment'],
		['cronjobs.v1beta1.batch', 'batch/v1beta1 CronJob'],
		['ev', 'v1 Event'],
		['events.events.k8s.io', 'events.k8s.io/v1 Event'],
		['netpol', 'networking.k8s.io/v1 NetworkPolicy'],
	])('%s means %s', (name, kind) => {
		const found = bench().api.find(name)!;
		expect(`${apiVersionOf(found)} ${found.kind}`).toBe(kind);
	});

	test.each(['toast', 'pods.apps', 'deployments.v9.apps'])('%s means nothing', (name) => {
		expect(bench().api.find(name)).toBeUndefined();
	});

	test('kubectl get all lists these, in this order', () => {
		const all = bench()
			.api.resources()
			.filter((r) => r.categories.includes('all'));
		expect(all.map((r) => r.plural)).toEqual([
			'pods',
			'replicationcontrollers',
			'services',
			'daemonsets',
			'deployments',
			'replicasets',
			'statefulsets',
			'horizontalpodautoscalers',
			'cronjobs',
			'jobs',
		]);
	});
});

describe('deprecated versions', () => {
	const schedule = {
		schedule: '* * * * *',
		jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } } } },
	};

	test('warn and are stored in the preferred one', () => {
		const { api } = bench();
		const made = api.create({ apiVersion: 'batch/v1beta1', kind: 'CronJob', metadata: { name: 'c' }, spec: schedule });
		expect(made.warnings).toEqual([
			'batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob',
		]);
		expect(must(made).apiVersion).toBe('batch/v1');
	});

	test('are gone after their time', () => {
		const input = { apiVersion: 'batch/v1beta1', kind: 'CronJob', metadata: { name: 'c' }, spec: schedule };
		expect(bench('v1.25.0').api.create(input).error?.reason).toBe('NotFound');
	});

	test('Endpoints warn from 1.33', () => {
		expect(bench('v1.32.0').resource('ep').warning).toBeUndefined();
		expect(bench('v1.33.0').resource('ep').warning).toBe(
			'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
		);
	});
});

describe("Cilium's definitions", () => {
	const names = (version: string): string[] =>
		ciliumDefinitions(version)
			.map((d) => String((d.metadata as { name: string }).name).replace('.cilium.io', ''))
			.sort();

	/** Seeds list eight for 1.13 and eleven for 1.17; 1.18 has ten. */
	test.each([
		['1.12.1', 6],
		['1.13.4', 8],
		['1.14.16', 11],
		['1.17.5', 11],
		['1.18.3', 10],
	])('%s registers %i by default', (version, count) => {
		expect(names(version)).toHaveLength(count);
	});

	test('of 1.13 are those that a cluster lists', () => {
		expect(names('1.13.4')).toEqual([
			'ciliumclusterwidenetworkpolicies',
			'ciliumendpoints',
			'ciliumexternalworkloads',
			'ciliumidentities',
			'ciliumloadbalancerippools',
			'ciliumnetworkpolicies',
			'ciliumnodeconfigs',
			'ciliumnodes',
		]);
	});

	test.each([
		['1.12.1', 'boolean'],
		['1.13.4', 'string'],
	])('of %s print enforcement as a %s', (version, type) => {
		const { api, resource } = bench();
		for (const definition of ciliumDefinitions(version)) must(api.create(definition));
		const columns = resource('cep').columns!;
		expect(columns.map((c) => c.name)).toEqual([
			'Name',
			'Endpoint ID',
			'Identity ID',
			'Ingress Enforcement',
			'Egress Enforcement',
			'Visibility Policy',
			'Endpoint State',
			'IPv4',
			'IPv6',
		]);
		expect(columns.find((c) => c.name === 'Ingress Enforcement')?.type).toBe(type);
	});

	test('make resources by all their names, which go with them', () => {
		const { api, resource } = bench();
		expect(api.find('ippools')).toBeUndefined();
		for (const definition of ciliumDefinitions('1.17.5', ['bgp'])) must(api.create(definition));
		for (const name of ['ippool', 'lbippools', 'ciliumloadbalancerippools.cilium.io', 'CiliumLoadBalancerIPPool'])
			expect(api.find(name)?.plural).toBe('ciliumloadbalancerippools');
		expect(api.find('ciliumbgpclusterconfig')?.version).toBe('v2alpha1');
		must(
			api.create({
				apiVersion: 'cilium.io/v2alpha1',
				kind: 'CiliumLoadBalancerIPPool',
				metadata: { name: 'blue' },
				spec: { blocks: [{ cidr: '172.18.255.200/29' }] },
			}),
		);
		expect(lines(api, 'ippools')).toEqual(['NAME  DISABLED  CONFLICTING  IPS AVAILABLE  AGE', 'blue  false      0s']);
		must(api.delete(resource('crd'), undefined, 'ciliumloadbalancerippools.cilium.io'));
		expect(api.find('ippools')).toBeUndefined();
	});

	test('refuse what their schema does not have', () => {
		const { api } = bench();
		for (const definition of ciliumDefinitions('1.13.4')) must(api.create(definition));
		const pool = (spec: Record<string, unknown>) =>
			api.create(
				{ apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumLoadBalancerIPPool', metadata: { name: 'a' }, spec },
				{ fieldValidation: 'Strict' },
			).error?.message;
		expect(pool({ cidr: '10.0.0.0/24' })).toBe(
			'CiliumLoadBalancerIPPool in version "v2alpha1" cannot be handled as a CiliumLoadBalancerIPPool: strict decoding error: unknown field "spec.cidr"',
		);
		expect(pool({ disabled: 'yes' })).toBe(
			'CiliumLoadBalancerIPPool.cilium.io "a" is invalid: spec.disabled: Invalid value: "string": spec.disabled in body must be of type boolean: "string"',
		);
		expect(
			api.create({ apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumLoadBalancerIPPool', metadata: { name: 'a' } }).error
				?.message,
		).toBe('CiliumLoadBalancerIPPool.cilium.io "a" is invalid: spec: Required value');
	});

	test.each<[string, Record<string, unknown>, string]>([
		[
			'CiliumNetworkPolicy',
			{ endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'tcp' }] }] }] },
			'spec.ingress[0].toPorts[0].ports[0].protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP", "ANY"',
		],
		[
			'CiliumNetworkPolicy',
			{ endpointSelector: {}, egress: [{ toCIDR: ['10.0.0.1'] }] },
			'spec.egress[0].toCIDR[0]: Invalid value: "10.0.0.1": spec.egress[0].toCIDR[0] in body must be of type cidr: "10.0.0.1"',
		],
		[
			'CiliumBGPClusterConfig',
			{ bgpInstances: [{ name: 'a', localASN: 0 }] },
			'spec.bgpInstances[0].localASN: Invalid value: 0: spec.bgpInstances[0].localASN in body should be greater than or equal to 1',
		],
		[
			'CiliumBGPClusterConfig',
			{ bgpInstances: [] },
			'spec.bgpInstances: Invalid value: 0: spec.bgpInstances in body should have at least 1 items',
		],
	])('%s: values that are not allowed', (kind, spec, message) => {
		const { api } = bench();
		for (const definition of ciliumDefinitions('1.18.3', ['bgp'])) must(api.create(definition));
		const { error } = api.create({ apiVersion: 'cilium.io/v2', kind, metadata: { name: 'a' }, spec });
		expect(error?.message).toBe(`${kind}.cilium.io "a" is invalid: ${message}`);
	});

	test('are established at once', () => {
		const { api } = bench();
		const made = must(api.create(ciliumDefinitions('1.18.3')[0]!));
		expect(made.status?.conditions).toMatchObject([
			{ type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' },
			{ type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
		]);
		expect(lines(api, 'crd')).toEqual(['NAME  CREATED AT', 'ciliumnetworkpolicies.cilium.io  2023-07-04T14:20:41Z']);
	});
});

test('a custom resource without a schema keeps every field', () => {
	const { api } = bench();
	must(
		api.create({
			apiVersion: 'apiextensions.k8s.io/v1',
			kind: 'CustomResourceDefinition',
			metadata: { name: 'toasts.example.com' },
			spec: {
				group: 'example.com',
				names: { plural: 'toasts', kind: 'Toast' },
				scope: 'Namespaced',
				versions: [
					{
						name: 'v1',
						served: true,
						storage: true,
						schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
					},
				],
			},
		}),
	);
	const made = must(
		api.create({ apiVersion: 'example.com/v1', kind: 'Toast', metadata: { name: 'a' }, spec: { slices: [1, null] } }),
	);
	expect(made.spec).toEqual({ slices: [1, null] });
	expect(lines(api, 'toast')).toEqual(['NAME  AGE', 'a  0s']);
});
