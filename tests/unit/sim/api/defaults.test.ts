import { describe, expect, test } from 'vitest';
import { bench, deployment, must, pod, service } from './fixtures.ts';

describe('pods', () => {
	const made = must(bench().api.create(pod('a')));

	test('get what every pod gets', () => {
		expect(made.spec).toMatchObject({
			dnsPolicy: 'ClusterFirst',
			enableServiceLinks: true,
			preemptionPolicy: 'PreemptLowerPriority',
			priority: 0,
			restartPolicy: 'Always',
			schedulerName: 'default-scheduler',
			securityContext: {},
			serviceAccount: 'default',
			serviceAccountName: 'default',
			terminationGracePeriodSeconds: 30,
		});
		expect(made.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
	});

	test('tolerate a node that is not ready for five minutes', () => {
		expect(made.spec?.tolerations).toEqual([
			{ effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 },
			{ effect: 'NoExecute', key: 'node.kubernetes.io/unreachable', operator: 'Exists', tolerationSeconds: 300 },
		]);
		const all = must(bench().api.create(pod('b', { tolerations: [{ operator: 'Exists' }] })));
		expect(all.spec?.tolerations).toEqual([{ operator: 'Exists' }]);
	});

	test('lose volumes of images, with their mounts: ImageVolume is off by default', () => {
		const { api } = bench('v1.33.1');
		const containers = [
			{
				name: 'main',
				image: 'x',
				volumeMounts: [
					{ name: 'i', mountPath: '/i' },
					{ name: 'e', mountPath: '/e' },
				],
			},
		];
		const volumes = [
			{ name: 'i', image: { reference: 'nginx:1.25' } },
			{ name: 'e', emptyDir: {} },
		];
		const { spec } = must(api.create(pod('i', { automountServiceAccountToken: false, containers, volumes })));
		expect(spec).toMatchObject({
			containers: [{ volumeMounts: [{ name: 'e', mountPath: '/e' }] }],
			volumes: [{ name: 'e', emptyDir: {} }],
		});
		expect(JSON.stringify(spec)).not.toContain('reference');
	});

	test('mount the token of their service account, unless it says no', () => {
		const volume = (made.spec?.volumes as { name: string }[] | undefined)?.[0];
		expect(volume?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
		expect(made.spec?.containers).toMatchObject([
			{
				volumeMounts: [
					{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: volume?.name, readOnly: true },
				],
			},
		]);
		const { api } = bench();
		must(
			api.create({
				apiVersion: 'v1',
				kind: 'ServiceAccount',
				metadata: { name: 'quiet' },
				automountServiceAccountToken: false,
			}),
		);
		expect(must(api.create(pod('c', { serviceAccountName: 'quiet' }))).spec).not.toHaveProperty('volumes');
	});

	test.each([
		['nginx', 'Always'],
		['nginx:latest', 'Always'],
		['nginx:1.23', 'IfNotPresent'],
		['registry.local:5000/nginx', 'Always'],
		[
			'quay.io/cilium/cilium:v1.12.1@sha256:ea2db1ee21b88127b5c18a96ad155c25485d0815a667ef77c2b7c7f31cab601b',
			'IfNotPresent',
		],
	])('pull %s %s', (image, policy) => {
		const { spec } = must(bench().api.create(pod('a', { containers: [{ name: 'c', image }] })));
		expect(spec?.containers).toMatchObject([
			{ imagePullPolicy: policy, terminationMessagePath: '/dev/termination-log' },
		]);
	});

	test('have the priority of their class, which must exist', () => {
		const { api } = bench();
		expect(must(api.create(pod('a', { priorityClassName: 'system-node-critical' }))).spec?.priority).toBe(2000001000);
		expect(api.create(pod('b', { priorityClassName: 'mine' })).error).toMatchObject({
			reason: 'Forbidden',
			message: 'pods "b" is forbidden: no PriorityClass with name mine was found',
		});
	});

	test.each([
		[{}, 'BestEffort'],
		[{ requests: { cpu: '100m' } }, 'Burstable'],
		[{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
	])('with resources %j are %s', (resources, qos) => {
		const made = must(bench().api.create(pod('a', { containers: [{ name: 'c', image: 'x', resources }] })));
		expect(made.status?.qosClass).toBe(qos);
	});
});

test('a Deployment says how it rolls', () => {
	const { spec } = must(bench().api.create(deployment('web')));
	expect(spec).toMatchObject({
		progressDeadlineSeconds: 600,
		replicas: 1,
		revisionHistoryLimit: 10,
		strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' }, type: 'RollingUpdate' },
	});
});

test('a DaemonSet replaces one pod at a time', () => {
	const input = { ...deployment('agent'), kind: 'DaemonSet' };
	expect(must(bench().api.create(input)).spec).toMatchObject({
		revisionHistoryLimit: 10,
		updateStrategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }, type: 'RollingUpdate' },
	});
});

describe('Services', () => {
	test('get a ClusterIP and say what they are', () => {
		const { spec, status } = must(bench().api.create(service('x')));
		expect(spec).toMatchObject({
			internalTrafficPolicy: 'Cluster',
			ipFamilies: ['IPv4'],
			ipFamilyPolicy: 'SingleStack',
			ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
			sessionAffinity: 'None',
			type: 'ClusterIP',
		});
		expect(spec?.clusterIP).toMatch(/^10\.96\./);
		expect(spec?.clusterIPs).toEqual([spec?.clusterIP]);
		expect(status).toEqual({ loadBalancer: {} });
	});

	test('of type LoadBalancer with policy Local have a port for health checks', () => {
		const { spec } = must(bench().api.create(service('x', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' })));
		expect(spec).toMatchObject({ allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Local' });
		expect(spec?.healthCheckNodePort).toBeGreaterThanOrEqual(30000);
		expect(spec?.ports).toMatchObject([{ nodePort: expect.any(Number) }]);
	});

	test('keep address and node port when they are applied again without them', () => {
		const { api } = bench();
		const made = must(api.create(service('x', { type: 'NodePort' })));
		const again = must(api.update(service('x', { type: 'NodePort', externalTrafficPolicy: 'Local' })));
		expect(again.spec).toEqual({ ...made.spec, externalTrafficPolicy: 'Local' });
	});

	test('never share a node port', () => {
		const { api } = bench();
		const ports = new Set<unknown>();
		for (let i = 0; i < 200; i++) {
			const { spec } = must(api.create(service(`s${i}`, { type: 'NodePort' })));
			ports.add((spec?.ports as { nodePort: number }[] | undefined)?.[0]?.nodePort);
		}
		expect(ports.size).toBe(200);
	});

	test('without an address are headless', () => {
		const { spec } = must(bench().api.create(service('x', { clusterIP: 'None' })));
		expect(spec).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
	});
});

test('a Secret turns stringData into data', () => {
	const made = must(
		bench().api.create({
			apiVersion: 'v1',
			kind: 'Secret',
			metadata: { name: 's' },
			stringData: { password: 'geheim', word: '包' },
		}),
	);
	expect(made).toMatchObject({ type: 'Opaque', data: { password: 'Z2VoZWlt', word: '5YyF' } });
	expect(made).not.toHaveProperty('stringData');
});

test('a Namespace is labelled with its name', () => {
	const made = must(bench().api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'blue' } }));
	expect(made.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'blue' });
	expect(made).toMatchObject({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
});

test('an autoscaler told how fast in one direction is told the other too', () => {
	const made = must(
		bench().api.create({
			apiVersion: 'autoscaling/v2',
			kind: 'HorizontalPodAutoscaler',
			metadata: { name: 'h', namespace: 'default' },
			spec: {
				maxReplicas: 5,
				scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' },
				behavior: { scaleDown: { stabilizationWindowSeconds: 30 } },
			},
		}),
	);
	const double = { type: 'Percent', value: 100, periodSeconds: 15 };
	expect(made.spec?.behavior).toEqual({
		scaleDown: { stabilizationWindowSeconds: 30, selectPolicy: 'Max', policies: [double] },
		scaleUp: {
			stabilizationWindowSeconds: 0,
			selectPolicy: 'Max',
			policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, double],
		},
	});
});

test('a role says that it has no rules', () => {
	const { api } = bench();
	const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] };
	const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'sum' } };
	expect(must(api.create({ ...role, aggregationRule })).rules).toBeNull();
});

const HOST = { hostNetwork: true, containers: [{ name: 'c', image: 'a:1', ports: [{ containerPort: 80 }] }] };

test.each([
	[27, 80],
	[28, undefined],
])('ports of templates on the host’s network are the host’s until 1.27: 1.%i', (minor, port) => {
	const { api } = bench(`v1.${minor}.0`);
	const made = must(api.create(deployment('d', { template: { metadata: { labels: { app: 'd' } }, spec: HOST } })));
	expect((made.spec as { template: { spec: typeof HOST } }).template.spec.containers[0]!.ports[0]).toEqual({
		containerPort: 80,
		...(port === undefined ? {} : { hostPort: port }),
		protocol: 'TCP',
	});
	expect(must(api.create(pod('p', HOST))).spec).toMatchObject({ containers: [{ ports: [{ hostPort: 80 }] }] });
});

test.each([
	[33, { creationTimestamp: null, labels: { app: 'd' } }],
	[34, { labels: { app: 'd' } }],
])('a template’s time, which is none, is written until 1.33: 1.%i', (minor, metadata) => {
	const { api } = bench(`v1.${minor}.0`);
	const labels = { app: 'd' };
	const template = { metadata: { creationTimestamp: null, labels }, spec: HOST };
	const made = must(api.create(deployment('d', { template })));
	expect((made.spec as { template: object }).template).toMatchObject({ metadata });
	expect((made.spec as { template: { metadata: object } }).template.metadata).toEqual(metadata);
});

test('a Secret’s other type is refused before what it lacks', () => {
	const { api } = bench();
	const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } };
	must(api.create(secret));
	expect(api.update({ ...secret, type: 'kubernetes.io/ssh-auth' } as never).error?.message).toBe(
		'Secret "s" is invalid: [type: Invalid value: "kubernetes.io/ssh-auth": field is immutable, data[ssh-privatekey]: Required value]',
	);
});
