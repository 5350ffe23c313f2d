/**
 * Accounts and what they may do, and the secrets helm makes up itself.
 *
 * Source: install/kubernetes/cilium/templates/{cilium-agent,cilium-operator}/clusterrole.yaml @ v1.12.1; the rules
 * are grouped here, the rights are the same.
 */
import type { ApiInput } from '../../api/index.ts';
import { hubbleEnabled, relayEnabled, uiEnabled } from './hubble.ts';
import { flag, meta, type Release } from './parts.ts';

const READ = ['get', 'list', 'watch'];

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): ApiInput => ({
	apiGroups,
	resources,
	verbs,
});

const AGENT_RULES = [
	rule(['networking.k8s.io'], ['networkpolicies'], READ),
	rule(['discovery.k8s.io'], ['endpointslices'], READ),
	rule([''], ['namespaces', 'services', 'pods', 'endpoints', 'nodes'], READ),
	rule(['apiextensions.k8s.io'], ['customresourcedefinitions'], ['list', 'watch', 'get']),
	rule(
		['cilium.io'],
		['ciliumnetworkpolicies', 'ciliumclusterwidenetworkpolicies', 'ciliumendpoints', 'ciliumidentities', 'ciliumnodes'],
		READ,
	),
	rule(['cilium.io'], ['ciliumidentities', 'ciliumendpoints', 'ciliumnodes'], ['create']),
	rule(['cilium.io'], ['ciliumidentities'], ['update']),
	rule(['cilium.io'], ['ciliumendpoints'], ['delete', 'get']),
	rule(['cilium.io'], ['ciliumnodes', 'ciliumnodes/status'], ['get', 'update']),
	rule(['cilium.io'], ['ciliumendpoints/status', 'ciliumendpoints'], ['patch']),
];
const OPERATOR_RULES = [
	rule([''], ['pods'], ['get', 'list', 'watch', 'delete']),
	rule([''], ['nodes'], ['list', 'watch']),
	rule([''], ['nodes', 'nodes/status'], ['patch']),
	rule(['discovery.k8s.io'], ['endpointslices'], READ),
	rule([''], ['services/status'], ['update', 'patch']),
	rule([''], ['namespaces', 'services', 'endpoints'], READ),
	rule(['cilium.io'], ['*'], ['*']),
	rule(['apiextensions.k8s.io'], ['customresourcedefinitions'], ['create', 'get', 'list', 'watch', 'update']),
	rule(['coordination.k8s.io'], ['leases'], ['create', 'get', 'update']),
];

const account = (release: Release, name: string): ApiInput => ({
	apiVersion: 'v1',
	kind: 'ServiceAccount',
	metadata: meta(release, name),
});

const role = (release: Release, name: string, rules: readonly ApiInput[]): readonly ApiInput[] => [
	{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: meta(release, name, {}, false), rules },
	{
		apiVersion: 'rbac.authorization.k8s.io/v1',
		kind: 'ClusterRoleBinding',
		metadata: meta(release, name, {}, false),
		roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
		subjects: [{ kind: 'ServiceAccount', name, namespace: release.namespace }],
	},
];

/** Certificates are stood in for by an empty octet: nothing in the lab reads them. */
const secret = (release: Release, name: string, keys: readonly string[], type: string): ApiInput => ({
	apiVersion: 'v1',
	kind: 'Secret',
	type,
	metadata: meta(release, name),
	data: Object.fromEntries(keys.map((key) => [key, 'AA=='])),
});

export function access(release: Release): readonly ApiInput[] {
	const tls = hubbleEnabled(release) && release.config.has('hubble-tls-cert-file');
	return [
		account(release, 'cilium'),
		account(release, 'cilium-operator'),
		...(flag(release, 'envoy.enabled', release.minor >= 16) ? [account(release, 'cilium-envoy')] : []),
		...(relayEnabled(release) ? [account(release, 'hubble-relay')] : []),
		...(uiEnabled(release) ? [account(release, 'hubble-ui')] : []),
		...(tls ? [secret(release, 'cilium-ca', ['ca.crt', 'ca.key'], 'Opaque')] : []),
		...(tls ? [secret(release, 'hubble-server-certs', ['ca.crt', 'tls.crt', 'tls.key'], 'kubernetes.io/tls')] : []),
		...(tls && relayEnabled(release)
			? [secret(release, 'hubble-relay-client-certs', ['ca.crt', 'tls.crt', 'tls.key'], 'kubernetes.io/tls')]
			: []),
		...role(release, 'cilium', AGENT_RULES),
		...role(release, 'cilium-operator', OPERATOR_RULES),
	];
}
