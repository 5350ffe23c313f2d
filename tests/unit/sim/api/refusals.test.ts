import { describe, expect, test } from 'vitest';
import type { ApiInput } from '../../../../src/sim/api/index.ts';
import { bench, deployment, must, pod, service } from './fixtures.ts';

const SUBDOMAIN =
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** What is sent, the reason, and the message in upstream's words. */
const CREATIONS: readonly (readonly [string, ApiInput, string, string])[] = [
	['a pod that exists', pod('taken'), 'AlreadyExists', 'pods "taken" already exists'],
	['a Deployment that exists', deployment('taken'), 'AlreadyExists', 'deployments.apps "taken" already exists'],
	[
		'a namespace that is not there',
		{ ...pod('a'), metadata: { name: 'a', namespace: 'nowhere' } },
		'NotFound',
		'namespaces "nowhere" not found',
	],
	[
		'a kind that is not served',
		{ apiVersion: 'v1', kind: 'Toast' },
		'NotFound',
		'the server could not find the requested resource',
	],
	[
		'a name with capitals',
		{ ...pod('a'), metadata: { name: 'Web' } },
		'Invalid',
		`Pod "Web" is invalid: metadata.name: Invalid value: "Web": ${SUBDOMAIN}`,
	],
	[
		'no name',
		{ ...pod('a'), metadata: {} },
		'Invalid',
		'Pod "" is invalid: metadata.name: Required value: name or generateName is required',
	],
	[
		'no containers',
		{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: {} },
		'Invalid',
		'Pod "a" is invalid: spec.containers: Required value',
	],
	[
		'a container without an image',
		pod('a', { containers: [{ name: 'c' }] }),
		'Invalid',
		'Pod "a" is invalid: spec.containers[0].image: Required value',
	],
	[
		'two containers of one name',
		pod('a', {
			containers: [
				{ name: 'c', image: 'x' },
				{ name: 'c', image: 'y' },
			],
		}),
		'Invalid',
		'Pod "a" is invalid: spec.containers[1].name: Duplicate value: "c"',
	],
	[
		'a mount of no volume',
		pod('a', { containers: [{ name: 'c', image: 'x', volumeMounts: [{ name: 'data', mountPath: '/d' }] }] }),
		'Invalid',
		'Pod "a" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "data"',
	],
	[
		'a volume of three types',
		pod('a', { volumes: [{ name: 'v', configMap: { name: 'c' }, emptyDir: {}, hostPath: { path: '/' } }] }),
		'Invalid',
		'Pod "a" is invalid: [spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type, spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type]',
	],
	[
		'a port out of range',
		pod('a', { containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 70000 }] }] }),
		'Invalid',
		'Pod "a" is invalid: spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
	],
	[
		'a restart policy there is not',
		pod('a', { restartPolicy: 'Sometimes' }),
		'Invalid',
		'Pod "a" is invalid: spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
	],
	[
		'a template the selector does not match',
		deployment('web', { selector: { matchLabels: { app: 'other' } } }),
		'Invalid',
		'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`',
	],
	[
		'a Deployment without a selector',
		deployment('web', { selector: undefined }),
		'Invalid',
		'Deployment.apps "web" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`]',
	],
	[
		'fewer than no replicas',
		deployment('web', { replicas: -1 }),
		'Invalid',
		'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
	],
	[
		'a number as text',
		deployment('web', { replicas: '3' }),
		'BadRequest',
		'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
	],
	[
		'a label that is a boolean',
		{ ...pod('a'), metadata: { name: 'a', labels: { ready: true } } },
		'BadRequest',
		'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
	],
	...(
		[
			['kubernetes.io/ssh-auth', { 'ssh-privatekey': '' }, 'data[ssh-privatekey]: Required value'],
			['kubernetes.io/dockerconfigjson', { a: 'Yg==' }, 'data[.dockerconfigjson]: Required value'],
			['kubernetes.io/tls', {}, '[data[tls.crt]: Required value, data[tls.key]: Required value]'],
			['kubernetes.io/basic-auth', {}, '[data[username]: Required value, data[password]: Required value]'],
			[
				'kubernetes.io/service-account-token',
				{},
				'metadata.annotations[kubernetes.io/service-account.name]: Required value',
			],
		] as const
	).map(
		([type, data, fault]) =>
			[
				`a Secret of ${type} without what its type asks for`,
				{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type, data },
				'Invalid',
				`Secret "s" is invalid: ${fault}`,
			] as const,
	),
	[
		'a node port out of range',
		service('x', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }),
		'Invalid',
		'Service "x" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
	],
	[
		'a node port somebody has',
		service('x', { type: 'NodePort', ports: [{ port: 80, nodePort: 32017 }] }),
		'Invalid',
		'Service "x" is invalid: spec.ports[0].nodePort: Invalid value: 32017: provided port is already allocated',
	],
	[
		'a node port without the type',
		service('x', { ports: [{ port: 80, nodePort: 30080 }] }),
		'Invalid',
		'Service "x" is invalid: spec.ports[0].nodePort: Forbidden: may not be used when `type` is \'ClusterIP\'',
	],
	[
		'a ClusterIP out of range',
		service('x', { clusterIP: '10.0.0.1' }),
		'Invalid',
		'Service "x" is invalid: spec.clusterIPs: Invalid value: []string{"10.0.0.1"}: failed to allocate IP 10.0.0.1: provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/16',
	],
	[
		'a Service name that begins with a digit',
		service('1x'),
		'Invalid',
		"Service \"1x\" is invalid: metadata.name: Invalid value: \"1x\": a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
	],
	[
		'several ports without names',
		service('x', { ports: [{ port: 80 }, { port: 81 }] }),
		'Invalid',
		'Service "x" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
	],
	[
		'a Service without ports',
		service('x', { ports: [] }),
		'Invalid',
		'Service "x" is invalid: spec.ports: Required value',
	],
	[
		'a traffic policy there is not',
		service('x', { type: 'NodePort', externalTrafficPolicy: 'local' }),
		'Invalid',
		'Service "x" is invalid: spec.externalTrafficPolicy: Invalid value: "local": ExternalTrafficPolicy must be empty, Cluster or Local',
	],
	[
		'two ports of one number',
		service('x', {
			ports: [
				{ name: 'a', port: 80 },
				{ name: 'b', port: 80 },
			],
		}),
		'Invalid',
		'Service "x" is invalid: spec.ports[1]: Duplicate value: core.ServicePort{Name:"", Protocol:"TCP", AppProtocol:(*string)(nil), Port:80, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}',
	],
	[
		'a Job whose pods would restart for ever',
		{ ...deployment('j'), apiVersion: 'batch/v1', kind: 'Job', spec: { template: { spec: pod('j').spec } } },
		'Invalid',
		'Job.batch "j" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
	],
	[
		'an external policy on a ClusterIP',
		service('x', { externalTrafficPolicy: 'Local' }),
		'Invalid',
		'Service "x" is invalid: spec.externalTrafficPolicy: Invalid value: "Local": ExternalTrafficPolicy can only be set on NodePort and LoadBalancer service',
	],
	[
		'a schedule of four fields',
		{
			apiVersion: 'batch/v1',
			kind: 'CronJob',
			metadata: { name: 'c' },
			spec: {
				schedule: '* * * *',
				jobTemplate: {
					spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } } },
				},
			},
		},
		'Invalid',
		'CronJob.batch "c" is invalid: spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4: [* * * *]',
	],
];

describe('what cannot be created', () => {
	test.each(CREATIONS)('%s', (_, input, reason, message) => {
		const { api } = bench();
		must(api.create(pod('taken')));
		must(api.create(deployment('taken')));
		must(api.create(service('echo', { type: 'NodePort', ports: [{ port: 80, nodePort: 32017 }] })));
		const revision = api.revision;
		const { error } = api.create(input);
		expect(error?.message).toBe(message);
		expect(error?.reason).toBe(reason);
		expect(api.revision).toBe(revision);
	});
});

describe('from Kubernetes 1.26 on, traffic policies', () => {
	test.each([
		[
			{ type: 'NodePort', externalTrafficPolicy: 'local' },
			'Service "x" is invalid: spec.externalTrafficPolicy: Unsupported value: "local": supported values: "Cluster", "Local"',
		],
		[
			{ externalTrafficPolicy: 'Local' },
			'Service "x" is invalid: spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
		],
		[{ externalTrafficPolicy: 'Local', externalIPs: ['192.0.2.1'] }, undefined],
	])('%j', (spec, message) => {
		expect(bench('v1.28.0').api.create(service('x', spec)).error?.message).toBe(message);
	});
});

describe('unknown fields', () => {
	const wrong = deployment('web', { replica: 3, template: { spec: { containers: [{ name: 'c', imagee: 'x' }] } } });

	test('are all named when validation is strict', () => {
		expect(bench('v1.28.0').api.create(wrong, { fieldValidation: 'Strict' }).error).toMatchObject({
			code: 400,
			reason: 'BadRequest',
			message:
				'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica", unknown field "spec.template.spec.containers[0].imagee"',
		});
	});

	test('are dropped with a warning, or without one', () => {
		const input = deployment('web', { replica: 3 });
		const warned = bench().api.create(input, { fieldValidation: 'Warn' });
		expect(warned.warnings).toEqual(['unknown field "spec.replica"']);
		expect(must(warned).spec).not.toHaveProperty('replica');
		expect(bench().api.create(input).warnings).toBeUndefined();
	});
});

describe('patches that cannot be read', () => {
	test.each([
		[
			{ spec: { replica: 3 } },
			'Invalid value: "map[spec:map[replica:3]]": strict decoding error: unknown field "spec.replica"',
		],
		[{ spec: { replicas: 'x' } }, 'Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32'],
		[{ spec: { template: 'x' } }, 'Invalid value: "map[spec:map[template:x]]": cannot restore struct from: string'],
		[
			{ metadata: { labels: ['a', 'b'] } },
			'Invalid value: "map[metadata:map[labels:[a b]]]": cannot restore map from slice',
		],
	])('%j', (patch, message) => {
		const { api, resource } = bench('v1.28.0');
		must(api.create(deployment('web')));
		const { error } = api.patch(resource('deploy'), 'default', 'web', 'application/strategic-merge-patch+json', patch, {
			fieldValidation: 'Strict',
		});
		expect(error).toMatchObject({ code: 422, reason: 'Invalid', causes: [{ field: 'patch', message }] });
	});
});

describe('what may not change', () => {
	test('the selector of a Deployment, in Go notation before 1.34', () => {
		const { api, resource } = bench();
		must(api.create(deployment('web')));
		const patch = {
			spec: { selector: { matchLabels: { app: 'b' } }, template: { metadata: { labels: { app: 'b' } } } },
		};
		expect(
			api.patch(resource('deploy'), 'default', 'web', 'application/strategic-merge-patch+json', patch).error?.message,
		).toBe(
			'Deployment.apps "web" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"b"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
		);
	});

	test("a pod's spec, but for images and tolerations added", () => {
		const { api, resource } = bench();
		must(api.create(pod('a')));
		const patch = (spec: Record<string, unknown>) =>
			api.patch(resource('po'), 'default', 'a', 'application/strategic-merge-patch+json', { spec } as never);
		expect(patch({ containers: [{ name: 'c', image: 'nginx:1.24' }] }).error).toBeUndefined();
		expect(patch({ nodeName: 'n1' }).error?.message).toContain(
			'Pod "a" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
		);
		expect(patch({ nodeName: 'n1' }).error?.message).toMatch(
			/\n\(the simulator leaves out the difference that a server prints here\)$/,
		);
	});

	test('a pod that is sent without what admission added: its tolerations and priority are there again', () => {
		const { api } = bench();
		must(api.create(pod('a')));
		expect(api.update(pod('a')).error?.message).toMatch(
			/^Pod "a" is invalid: spec: Forbidden: pod updates may not change fields/,
		);
		const plain = { automountServiceAccountToken: false, serviceAccountName: 'default' };
		const made = must(api.create(pod('b', plain)));
		expect(must(api.update(pod('b', { ...plain, serviceAccount: 'default' }))).spec).toEqual(made.spec);
	});

	test('a name', () => {
		const { api, resource } = bench();
		must(api.create(pod('a')));
		const patch = { metadata: { name: 'b' } };
		expect(api.patch(resource('po'), 'default', 'a', 'application/merge-patch+json', patch).error?.message).toBe(
			'the name of the object (b) does not match the name on the URL (a)',
		);
	});

	test('a binding’s role, in Go’s notation', () => {
		const { api, resource } = bench();
		const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };
		const metadata = { name: 'b', namespace: 'default' };
		must(api.create({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata, roleRef } as never));
		expect(
			api.patch(resource('rolebindings'), 'default', 'b', 'application/merge-patch+json', {
				roleRef: { ...roleRef, name: 's' },
			} as never).error?.message,
		).toBe(
			'RoleBinding.rbac.authorization.k8s.io "b" is invalid: roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"Role", Name:"s"}: cannot change roleRef',
		);
	});

	test("a Service's ClusterIP, while its type may come and go", () => {
		const { api, resource } = bench();
		const made = must(api.create(service('x', { type: 'NodePort' })));
		const patch = (spec: Record<string, unknown>) =>
			api.patch(resource('svc'), 'default', 'x', 'application/merge-patch+json', { spec } as never);
		expect(patch({ clusterIP: '10.96.0.77', clusterIPs: ['10.96.0.77'] }).error?.message).toBe(
			'Service "x" is invalid: spec.clusterIPs[0]: Invalid value: []string{"10.96.0.77"}: may not change once set',
		);
		const plain = must(patch({ type: 'ClusterIP' }));
		expect(plain.spec?.clusterIP).toBe(made.spec?.clusterIP);
		expect(plain.spec).not.toHaveProperty('externalTrafficPolicy');
		expect(plain.spec?.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
	});
});

test('reading and deleting what is not there', () => {
	const { api, resource } = bench();
	expect(api.delete(resource('ds'), 'kube-system', 'kube-proxy').error).toEqual({
		code: 404,
		reason: 'NotFound',
		message: 'daemonsets.apps "kube-proxy" not found',
	});
	expect(api.patch(resource('po'), 'default', 'x', 'application/merge-patch+json', {}).error?.message).toBe(
		'pods "x" not found',
	);
	expect(api.delete(resource('ns'), undefined, 'kube-system').error?.message).toBe(
		'namespaces "kube-system" is forbidden: this namespace may not be deleted',
	);
});
