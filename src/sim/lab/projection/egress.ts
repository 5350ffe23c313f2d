/** CiliumEgressGatewayPolicy of the API, as the agents' egress gateway manager reads it. pkg/egressgateway/policy.go @ v1.18.3. */
import type { CiliumEgressGatewayPolicy } from '../../kube/index.ts';
import { type Prefix, parseIp, parsePrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type LabelSelector, type Pod, selectorMatches } from '../cluster/kinds.ts';

interface ApiPolicy {
	readonly metadata: Pod['metadata'];
	readonly spec?: {
		readonly selectors?: readonly {
			readonly podSelector?: LabelSelector;
			readonly namespaceSelector?: LabelSelector;
			readonly nodeSelector?: LabelSelector;
		}[];
		readonly destinationCIDRs?: readonly string[];
		readonly excludedCIDRs?: readonly string[];
		readonly egressGateway?: {
			readonly nodeSelector?: LabelSelector;
			readonly interface?: string;
			readonly egressIP?: string;
		};
	};
}

const prefixes = (texts: readonly string[] = []): readonly Prefix[] => texts.flatMap((text) => parsePrefix(text) ?? []);

const HOSTNAME = 'kubernetes.io/hostname';
const NAMESPACE = 'kubernetes.io/metadata.name';

type Selectors = NonNullable<NonNullable<ApiPolicy['spec']>['selectors']>[number];

/** Labels that Kubernetes does not give a pod, but Cilium its identity: namespace, service account, cluster. */
const OF_IDENTITY = /^(?:k8s:|any:|io\.kubernetes\.pod\.|io\.cilium\.)/;

const isPlain = ({ matchExpressions = [], matchLabels = {} }: LabelSelector = {}): boolean =>
	matchExpressions.length === 0 && !Object.keys(matchLabels).some((key) => OF_IDENTITY.test(key));

interface Endpoint {
	readonly metadata: Pod['metadata'];
	readonly status?: { readonly identity?: { readonly labels?: readonly string[] } };
}

/** What a policy selects pods by: the labels of their identity (getEndpointMetadata()), with and without the source. */
function labelsOfPod(api: ClusterContext['api'], { metadata }: Pod): Readonly<Record<string, string>> {
	const endpoint = all<Endpoint>(api, 'ciliumendpoints').find(
		(one) => one.metadata.name === metadata.name && one.metadata.namespace === metadata.namespace,
	);
	const pairs = (endpoint?.status?.identity?.labels ?? []).flatMap((label) => {
		const [, key = '', value = ''] = /^k8s:([^=]*)=?(.*)$/.exec(label) ?? [];
		return ['', 'k8s:', 'any:'].map((source) => [`${source}${key}`, value] as const);
	});
	return { ...metadata.labels, ...Object.fromEntries(pairs) };
}

/**
 * Expressions and labels of namespaces and identities are looked at here: the World's policies know labels of pods and names. What they
 * select stands in their place, pod by pod.
 */
function selectorsOf(api: ClusterContext['api'], one: Selectors): CiliumEgressGatewayPolicy['selectors'] {
	const { podSelector, namespaceSelector, nodeSelector } = one;
	if (isPlain(podSelector) && !namespaceSelector && !nodeSelector)
		return podSelector ? [{ podSelector: podSelector.matchLabels ?? {} }] : [{}];
	const labelsOf = (plural: string, name: string | undefined) =>
		all<{ readonly metadata: Pod['metadata'] }>(api, plural).find(({ metadata }) => metadata.name === name)?.metadata
			.labels;
	return all<Pod>(api, 'pods')
		.filter((pod) => {
			const { metadata, spec } = pod;
			return (
				selectorMatches(podSelector ?? {}, labelsOfPod(api, pod)) &&
				(!namespaceSelector || selectorMatches(namespaceSelector, labelsOf('namespaces', metadata.namespace))) &&
				(!nodeSelector || selectorMatches(nodeSelector, labelsOf('nodes', spec.nodeName)))
			);
		})
		.map(({ metadata }) => ({
			podSelector: metadata.labels ?? {},
			namespaceSelector: { [NAMESPACE]: metadata.namespace ?? '' },
		}));
}

/** The first node by name that is selected, by its name; nobody has an empty one. */
function gatewayOf(api: ClusterContext['api'], selector: LabelSelector = {}): Readonly<Record<string, string>> {
	const [name = ''] = all<{ readonly metadata: Pod['metadata'] }>(api, 'nodes')
		.filter(({ metadata }) => selectorMatches(selector, metadata.labels))
		.map(({ metadata }) => metadata.name)
		.sort();
	return { [HOSTNAME]: name };
}

export const projectEgressPolicies = ({ api }: Pick<ClusterContext, 'api'>): readonly CiliumEgressGatewayPolicy[] =>
	all<ApiPolicy>(api, 'ciliumegressgatewaypolicies').map(({ metadata, spec = {} }) => {
		const { nodeSelector, interface: device, egressIP } = spec.egressGateway ?? {};
		const address = parseIp(egressIP ?? '');
		return {
			kind: 'CiliumEgressGatewayPolicy',
			metadata: {
				name: metadata.name,
				namespace: '',
				labels: metadata.labels ?? {},
				uid: metadata.uid,
				creationTimestamp: 0,
			},
			selectors: (spec.selectors ?? []).flatMap((one) => selectorsOf(api, one)),
			destinationCIDRs: prefixes(spec.destinationCIDRs),
			excludedCIDRs: prefixes(spec.excludedCIDRs),
			egressGateway: {
				nodeSelector: gatewayOf(api, nodeSelector),
				...(device === undefined ? {} : { interface: device }),
				...(address === undefined ? {} : { egressIP: address }),
			},
		};
	});
