/**
 * Policies, roles, limits and workloads that a server does not take.
 *
 * Source: kubernetes pkg/apis/{networking,rbac,apps,policy,autoscaling,core}/validation/validation.go @ v1.24.0.
 */
import { expect, test } from 'vitest';
import type { ApiInput } from '../../../../../src/sim/api/index.ts';
import { bench, deployment } from '../fixtures.ts';

const object = (apiVersion: string, kind: string, rest: object): ApiInput => ({
	apiVersion,
	kind,
	metadata: { name: 'x' },
	...rest,
});
const policy = (spec: object): ApiInput =>
	object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, ...spec } });
const block = (ipBlock: object): ApiInput => policy({ ingress: [{ from: [{ ipBlock }] }] });
const BLOCK = 'spec.ingress[0].from[0].ipBlock';
const ingress = (rule: object): ApiInput => object('networking.k8s.io/v1', 'Ingress', { spec: { rules: [rule] } });
const path = (backend: object, more: object = {}): ApiInput =>
	ingress({ http: { paths: [{ path: '/', pathType: 'Prefix', backend, ...more }] } });
const PATH = 'spec.rules[0].http.paths[0]';
const WEB = { service: { name: 'web', port: { number: 80 } } };
const RBAC = 'rbac.authorization.k8s.io';
const role = (kind: string, rule: object): ApiInput => object(`${RBAC}/v1`, kind, { rules: [rule] });
const binding = (kind: string, ref: object, subjects: readonly object[] = []): ApiInput =>
	object(`${RBAC}/v1`, kind, { roleRef: { apiGroup: RBAC, name: 'a', ...ref }, subjects });
const budget = (spec: object): ApiInput =>
	object('policy/v1', 'PodDisruptionBudget', { spec: { selector: { matchLabels: { a: 'b' } }, ...spec } });
const range = (limit: object): ApiInput => object('v1', 'LimitRange', { spec: { limits: [limit] } });
const quota = (hard: object): ApiInput => object('v1', 'ResourceQuota', { spec: { hard } });
const login = (text: string): ApiInput =>
	object('v1', 'Secret', { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': text } });

test.each([
	[block({ cidr: '10.0.0.0' }), `${BLOCK}.cidr: Invalid value: "10.0.0.0": not a valid CIDR`],
	[block({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }), undefined],
	[
		block({ cidr: '10.0.0.0/8', except: ['192.168.0.0/16'] }),
		`${BLOCK}.except[0]: Invalid value: "192.168.0.0/16": must be a strict subset of \`cidr\``,
	],
	[
		block({ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }),
		`${BLOCK}.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of \`cidr\``,
	],
	[
		policy({ policyTypes: ['ingress'] }),
		'spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"',
	],
	[
		policy({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }),
		'spec.podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
	],
	[
		policy({ ingress: [{ ports: [{ protocol: 'http', port: 80 }] }] }),
		'spec.ingress[0].ports[0].protocol: Unsupported value: "http": supported values: "TCP", "UDP", "SCTP"',
	],
	[
		policy({ egress: [{ ports: [{ endPort: 90 }] }] }),
		'spec.egress[0].ports[0].endPort: Invalid value: 90: may not be specified when `port` is not specified',
	],
	[path(WEB), undefined],
	[path({}), `${PATH}.backend: Invalid value: "": resource or service backend is required`],
	[path({ service: { name: 'web', port: {} } }), `${PATH}.backend: Required value: port name or number is required`],
	[
		path({ service: { name: 'web', port: { number: 80, name: 'http' } } }),
		`${PATH}.backend: Invalid value: "": cannot set both port name & port number`,
	],
	[path(WEB, { path: '/a//b' }), `${PATH}.path: Invalid value: "/a//b": must not contain '//'`],
	[
		ingress({ host: '10.0.0.1', http: { paths: [{ path: '/', pathType: 'Exact', backend: WEB }] } }),
		'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
	],
	[ingress({ host: '*.example.com', http: { paths: [{ path: '/', pathType: 'Exact', backend: WEB }] } }), undefined],
	[ingress({ host: 'a.example', http: { paths: [] } }), 'spec.rules[0].http.paths: Required value'],
	[
		role('Role', { nonResourceURLs: ['/x'], verbs: ['get'] }),
		'rules[0].nonResourceURLs: Invalid value: []string{"/x"}: namespaced rules cannot apply to non-resource URLs',
	],
	[role('ClusterRole', { nonResourceURLs: ['/x'], verbs: ['get'] }), undefined],
	[
		role('ClusterRole', { verbs: ['get'] }),
		'[rules[0].apiGroups: Required value: resource rules must supply at least one api group, rules[0].resources: Required value: resource rules must supply at least one resource]',
	],
	[
		role('ClusterRole', { apiGroups: [''], resources: ['pods'] }),
		'rules[0].verbs: Required value: verbs must contain at least one value',
	],
	[
		binding('ClusterRoleBinding', { kind: 'Role' }),
		'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
	],
	[binding('RoleBinding', { kind: 'Role' }, [{ kind: 'ServiceAccount', name: 'a' }]), undefined],
	[
		binding('ClusterRoleBinding', { kind: 'ClusterRole' }, [{ kind: 'ServiceAccount', name: 'a' }]),
		'subjects[0].namespace: Required value',
	],
	[
		binding('RoleBinding', { kind: 'Role' }, [{ kind: 'Usr', name: 'b' }]),
		'subjects[0].kind: Unsupported value: "Usr": supported values: "ServiceAccount", "User", "Group"',
	],
	[budget({ minAvailable: -1 }), 'spec.minAvailable: Invalid value: -1: must be greater than or equal to 0'],
	[
		budget({ minAvailable: '120%' }),
		'spec.minAvailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"120%"}: must not be greater than 100%',
	],
	[
		budget({ maxUnavailable: 'half' }),
		"spec.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:\"half\"}: a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
	],
	[
		range({ type: 'PersistentVolumeClaim', min: { storage: '2Gi' }, max: { storage: '1Gi' } }),
		'spec.limits[0].min[storage]: Invalid value: resource.Quantity{(the simulator leaves out what stands here)}: min value 2Gi is greater than max value 1Gi',
	],
	[
		range({ type: 'Pod', default: { cpu: '1' } }),
		"spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
	],
	[range({ type: 'Container', min: { cpu: '100m' }, max: { cpu: '1' } }), undefined],
	[
		quota({ pod: '2' }),
		'[spec.hard[pod]: Invalid value: "pod": must be a standard resource type or fully qualified, spec.hard[pod]: Invalid value: "pod": must be a standard resource for quota]',
	],
	[quota({ pods: '2', 'count/deployments.apps': '1', 'requests.storage': '1Gi' }), undefined],
	[quota({ pods: '-2' }), 'spec.hard[pods]: Invalid value: "-2": must be greater than or equal to 0'],
	[
		deployment('x', { progressDeadlineSeconds: 5, minReadySeconds: 10 }),
		'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds',
	],
	[
		deployment('x', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
		'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:""}: may not be 0 when `maxSurge` is 0',
	],
	[login('{"auths":{}}'), undefined],
	[
		login('abc'),
		'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'a\' looking for beginning of value',
	],
	[login(''), 'data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input'],
])('%j', (input, fault) => {
	const { error } = bench().api.create(input);
	expect(error?.message.replace(/^\S+ "x" is invalid: /, '')).toBe(fault);
});
