/**
 * The tests of `cilium connectivity test`: which policy each puts in place, what it tries, and what is to come of it.
 * Source: cilium-cli connectivity/suite.go and connectivity/tests @ v0.12.2, v0.15.14: names and meanings; the policies
 * are written anew. Left out: tests that need names, L7 rules, or the world, which the lab does not have.
 */
import type { ApiObject } from '../../../sim/api/index.ts';

export type Scenario =
	| 'pod-to-pod'
	| 'client-to-client'
	| 'pod-to-service'
	| 'pod-to-local-nodeport'
	| 'pod-to-remote-nodeport'
	| 'pod-to-host';

/** Who asks whom; of services and hosts only the client is a pod. */
export interface Ends {
	readonly scenario: Scenario;
	readonly from: Readonly<Record<string, string>>;
	readonly to: Readonly<Record<string, string>> | undefined;
}

export interface ConnectivityTest {
	readonly name: string;
	/** `spec` of a CiliumNetworkPolicy. */
	readonly policy?: object;
	readonly scenarios: readonly Scenario[];
	/** Whether it is to work. */
	allowed(ends: Ends): boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const clients = { matchLabels: { kind: 'client' } };
const echoes = { matchLabels: { kind: 'echo' } };
const other = { matchLabels: { other: 'client' } };
const dns = {
	toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
};
const http = [{ ports: [{ port: '8080', protocol: 'TCP' }] }];
const isOther = ({ from }: Ends): boolean => from.other === 'client';

const EVERYTHING: readonly Scenario[] = [
	'pod-to-pod',
	'pod-to-service',
	'pod-to-local-nodeport',
	'pod-to-remote-nodeport',
	'pod-to-host',
];

export const TESTS: readonly ConnectivityTest[] = [
	{ name: 'no-policies', scenarios: EVERYTHING, allowed: always },
	{
		name: 'allow-all-except-world',
		policy: { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }], egress: [{ toEntities: ['cluster'] }] },
		// Not by NodePorts: what kube-proxy masquerades is of the world for the pod's program.
		scenarios: ['pod-to-pod', 'client-to-client', 'pod-to-service', 'pod-to-host'],
		allowed: always,
	},
	{
		name: 'client-ingress',
		policy: { endpointSelector: clients, ingress: [{ fromEndpoints: [other] }] },
		scenarios: ['client-to-client'],
		allowed: isOther,
	},
	{
		name: 'all-ingress-deny',
		policy: { endpointSelector: {}, ingress: [{}] },
		scenarios: ['pod-to-pod', 'client-to-client'],
		allowed: never,
	},
	{
		name: 'all-egress-deny',
		policy: { endpointSelector: {}, egress: [{}] },
		scenarios: ['pod-to-pod', 'client-to-client', 'pod-to-host'],
		allowed: never,
	},
	{
		name: 'host-entity',
		policy: { endpointSelector: clients, egress: [{ toEntities: ['host', 'remote-node', 'kube-apiserver'] }] },
		scenarios: ['pod-to-host'],
		allowed: always,
	},
	{
		name: 'echo-ingress',
		policy: { endpointSelector: echoes, ingress: [{ fromEndpoints: [other], toPorts: http }] },
		scenarios: ['pod-to-pod'],
		allowed: isOther,
	},
	{
		name: 'client-egress',
		policy: { endpointSelector: clients, egress: [{ toEndpoints: [echoes], toPorts: http }, dns] },
		scenarios: ['pod-to-pod', 'client-to-client'],
		allowed: ({ scenario }) => scenario === 'pod-to-pod',
	},
	{
		name: 'client-egress-expression',
		policy: {
			endpointSelector: { matchExpressions: [{ key: 'kind', operator: 'In', values: ['client'] }] },
			egress: [
				{ toEndpoints: [{ matchExpressions: [{ key: 'kind', operator: 'In', values: ['echo'] }] }], toPorts: http },
			],
		},
		scenarios: ['pod-to-pod'],
		allowed: always,
	},
	{
		name: 'echo-ingress-from-other-client-deny',
		policy: {
			endpointSelector: echoes,
			ingress: [{ fromEntities: ['all'] }],
			ingressDeny: [{ fromEndpoints: [other] }],
		},
		scenarios: ['pod-to-pod', 'client-to-client'],
		allowed: (ends) => ends.scenario === 'client-to-client' || !isOther(ends),
	},
	{
		name: 'client-egress-to-echo-deny',
		policy: {
			endpointSelector: clients,
			egress: [{ toEntities: ['all'] }],
			egressDeny: [{ toEndpoints: [echoes], toPorts: http }],
		},
		scenarios: ['pod-to-pod', 'client-to-client'],
		allowed: ({ scenario }) => scenario === 'client-to-client',
	},
];

/** What a test is called with `--test`: `name` or `name/scenario`; `!` in front leaves it out. */
export function chosen(patterns: readonly string[], name: string): boolean {
	const fits = (text: string): boolean => {
		try {
			return new RegExp(text).test(name);
		} catch {
			return false;
		}
	};
	const out = patterns.filter((text) => text.startsWith('!')).map((text) => text.slice(1));
	const only = patterns.filter((text) => !text.startsWith('!'));
	return !out.some(fits) && (only.length === 0 || only.some(fits));
}

export const labelsOf = ({ metadata }: ApiObject): Readonly<Record<string, string>> => metadata.labels ?? {};
