/**
 * What the server warns of in what it takes, by its version (kubernetes pkg/api/pod/warnings_test.go and the strategies'
 * WarningsOnCreate() @ v1.24.0 … v1.34.0).
 */
import { describe, expect, test } from 'vitest';
import { bench, must, pod, service } from './fixtures.ts';

const NEWEST = 'v1.34.0';

const toldOf = (object: object, version = NEWEST): readonly string[] => {
	const { api } = bench(version);
	const made = api.create(object as never);
	must(made);
	return made.warnings ?? [];
};

const container = (more: object, name = 'c') => ({ name, image: 'nginx:1.23', ...more });
const inPod = (spec: Record<string, unknown>, version?: string) => toldOf(pod('x', spec), version);
const template = (kind: string, spec: Record<string, unknown>, meta: object = {}) => ({
	apiVersion: 'apps/v1',
	kind,
	metadata: { name: 'x', ...meta },
	spec: {
		selector: { matchLabels: { a: 'b' } },
		...(kind === 'StatefulSet' ? { serviceName: 'x' } : {}),
		template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container({})], ...spec } },
	},
});

describe('a container', () => {
	test('with parts of octets', () => {
		const containers = [
			container({
				resources: { limits: { memory: '1500m' }, requests: { memory: '0.5', 'ephemeral-storage': '100m' } },
			}),
		];
		const words = (path: string, value: string) =>
			`spec.containers[0].resources.${path}: fractional byte value "${value}" is invalid, must be an integer`;
		expect(inPod({ containers })).toEqual([
			words('limits[memory]', '1500m'),
			words('requests[memory]', '500m'),
			words('requests[ephemeral-storage]', '100m'),
		]);
	});

	test('with a variable twice, unless the second has the first in it', () => {
		const env = [
			{ name: 'a', value: 'a' },
			{ name: 'a', value: '$(a)' },
			{ name: 'b', value: 'b' },
			{ name: 'b', value: '$(b) $(b)' },
			{ name: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
		];
		expect(inPod({ containers: [container({ env })] })).toEqual([
			'spec.containers[0].env[1]: hides previous definition of "a", which may be dropped when using apply',
			'spec.containers[0].env[4]: hides previous definition of "b", which may be dropped when using apply',
		]);
	});

	test('with a port twice, in any container, from 1.28', () => {
		const spec = {
			containers: [
				container({ ports: [{ containerPort: 80 }, { containerPort: 80, hostPort: 8080 }] }),
				container({ ports: [{ containerPort: 80 }, { containerPort: 81, hostIP: '10.0.0.1' }] }, 'd'),
			],
		};
		expect(inPod(spec)).toEqual([
			'spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]',
			'spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]',
			'spec.containers[1].ports[0]: overlapping port definition with spec.containers[0].ports[1]',
			'spec.containers[1].ports[1]: hostIP set without hostPort: {Name: HostPort:0 ContainerPort:81 Protocol:TCP HostIP:10.0.0.1}',
		]);
		expect(inPod(spec, 'v1.27.3')).toEqual([]);
	});
});

describe('a pod', () => {
	test('that asks for old labels of nodes', () => {
		const spec = {
			nodeSelector: { 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/os': 'linux' },
			affinity: {
				nodeAffinity: {
					preferredDuringSchedulingIgnoredDuringExecution: [
						{
							weight: 1,
							preference: { matchExpressions: [{ key: 'node-role.kubernetes.io/master', operator: 'Exists' }] },
						},
					],
				},
			},
		};
		const os = 'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead';
		expect(inPod(spec)).toEqual([
			os,
			'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: node-role.kubernetes.io/master is use "node-role.kubernetes.io/control-plane" instead',
		]);
		expect(inPod(spec, 'v1.24.0')).toEqual([os]);
	});

	test('that selects nobody, from 1.28', () => {
		const term = { topologyKey: 'kubernetes.io/hostname' };
		const spec = {
			affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
			topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', ...term }],
		};
		const words = 'labelSelector: a null labelSelector results in matching no pod';
		expect(inPod(spec)).toEqual([
			`spec.topologySpreadConstraints[0].${words}`,
			`spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].${words}`,
		]);
		expect(inPod(spec, 'v1.27.3')).toEqual([]);
	});

	test('with old volumes, and names twice', () => {
		const spec = {
			volumes: [{ name: 'v', gitRepo: { repository: 'https://example.com/x' } }],
			imagePullSecrets: [{ name: 'a' }, { name: 'a' }],
		};
		expect(inPod(spec)).toEqual([
			'spec.volumes[0].gitRepo: deprecated in v1.11',
			'spec.imagePullSecrets[1].name: duplicate name "a"',
		]);
	});

	test('with files over each other, from 1.32', () => {
		const items = [
			{ key: 'a', path: 'x' },
			{ key: 'b', path: 'x/y' },
		];
		const volumes = [
			{ name: 'one', configMap: { name: 'm', items } },
			{
				name: 'all',
				projected: {
					sources: [{ secret: { name: 's', items: [items[0]] } }, { serviceAccountToken: { path: 'x' } }],
				},
			},
		];
		expect(inPod({ volumes })).toEqual([
			'volume "one" (ConfigMap "m"): overlapping paths: "x/y" with "x"',
			'volume "all" (Projected ServiceAccountToken): overlapping paths: "x" with "x"',
		]);
		expect(inPod({ volumes }, 'v1.31.0')).toEqual([]);
	});

	test('whose name is a domain’s, from 1.27', () => {
		const words =
			"metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]";
		expect(toldOf(pod('nginx.1'))).toEqual([words]);
		expect(toldOf(pod('nginx.1'), 'v1.26.3')).toEqual([]);
	});

	test('of before 1.21 is told nothing', () => {
		expect(inPod({ nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }, 'v1.20.0')).toEqual([]);
	});
});

describe('a template', () => {
	test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])(
		'of a %s is looked at where it stands',
		(kind) => {
			expect(toldOf(template(kind, { terminationGracePeriodSeconds: -1 }, { name: 'x.y' }))).toEqual([
				'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]',
				'spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
			]);
		},
	);

	test('is told of again when something of the object changes, and not for a label', () => {
		const { api, resource } = bench(NEWEST);
		must(api.create(template('Deployment', { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }) as never));
		const change = (patch: object) =>
			api.patch(resource('deployments'), 'default', 'x', 'application/merge-patch+json', patch as never).warnings;
		expect(change({ metadata: { labels: { c: 'd' } } })).toBeUndefined();
		expect(change({ spec: { replicas: 2 } })).toEqual([
			'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
		]);
	});
});

test('a pod that may not end has a second for it, from 1.27', () => {
	const grace = (version: string) =>
		must(bench(version).api.create(pod('x', { terminationGracePeriodSeconds: -5 }))).spec as Record<string, unknown>;
	expect(grace('v1.27.3').terminationGracePeriodSeconds).toBe(1);
	expect(grace('v1.26.3').terminationGracePeriodSeconds).toBe(-5);
	expect(inPod({ terminationGracePeriodSeconds: -5 })).toEqual([]);
});

describe('a service', () => {
	test.each([
		['v1.34.0', { clusterIP: 'None' }, ['spec.SessionAffinity is ignored for headless services']],
		['v1.33.1', { clusterIP: 'None' }, []],
		['v1.33.1', { externalName: 'example.com' }, ['spec.externalName is ignored when spec.type is not "ExternalName"']],
	])('of %s with %j', (version, spec, words) => {
		expect(toldOf(service('x', spec), version)).toEqual(words);
	});
});

test('a claim, a volume and an ingress', () => {
	const claim = {
		apiVersion: 'v1',
		kind: 'PersistentVolumeClaim',
		metadata: { name: 'x' },
		spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1500m' } } },
	};
	expect(toldOf(claim)).toEqual([
		'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
	]);
	const volume = {
		apiVersion: 'v1',
		kind: 'PersistentVolume',
		metadata: { name: 'x' },
		spec: {
			accessModes: ['ReadWriteOnce'],
			capacity: { storage: '1Gi' },
			hostPath: { path: '/x' },
			persistentVolumeReclaimPolicy: 'Recycle',
		},
	};
	expect(toldOf(volume)).toEqual([
		'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
	]);
	const ingress = {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'Ingress',
		metadata: { name: 'x', annotations: { 'kubernetes.io/ingress.class': 'nginx' } },
		spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
	};
	expect(toldOf(ingress)).toEqual([
		`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`,
	]);
	expect(toldOf(ingress, 'v1.26.3')).toEqual([]);
});

test('what is refused is not warned of', () => {
	const { warnings, error } = bench(NEWEST).api.create(
		pod('x', { nodeSelector: { 'beta.kubernetes.io/os': 'linux' }, restartPolicy: 'Sometimes' }),
	);
	expect(error?.code).toBe(422);
	expect(warnings).toBeUndefined();
});
