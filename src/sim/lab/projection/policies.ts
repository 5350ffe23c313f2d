/**
 * Policies of the API as an agent reads them. pkg/k8s/network_policy.go, pkg/k8s/apis/cilium.io/utils/utils.go,
 * pkg/policy/{rule,api/ingress,api/egress}.go @ v1.12.1, v1.18.3.
 *
 * Not modelled: fromRequires and toRequires, names (toFQDNs selects nobody), groups, nodes, L7 rules (their port is
 * allowed), and policies for nodes (nodeSelector: the host firewall).
 */
import type {
	LabelSelector,
	NetworkPolicy,
	PolicyDirection,
	PolicyEntity,
	PolicyPeer,
	PolicyPort,
	PolicyRule,
} from '../../kube/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type Pod } from '../cluster/kinds.ts';
import { type CheckedPolicy, enforced } from './policy-errors.ts';
import {
	ANY_POD,
	type ApiSelector,
	cidrPeers,
	type IpBlock,
	inNamespace,
	NAMESPACE_LABELS,
	ofKubernetes,
	requirements,
	withSource,
} from './policy-selectors.ts';
import { type PolicyService, policyServices, servicePeers, type ToService } from './policy-services.ts';

interface ApiPort {
	readonly protocol?: PolicyPort['protocol'];
	readonly port?: string | number;
	readonly endPort?: number;
}

interface KubePeer {
	readonly podSelector?: ApiSelector;
	readonly namespaceSelector?: ApiSelector;
	readonly ipBlock?: IpBlock;
}

interface KubeDirection {
	readonly from?: readonly KubePeer[];
	readonly to?: readonly KubePeer[];
	readonly ports?: readonly ApiPort[];
}

type Meta = Pod['metadata'];

interface KubePolicy {
	readonly metadata: Meta;
	readonly spec?: {
		readonly podSelector?: ApiSelector;
		readonly policyTypes?: readonly string[];
		readonly ingress?: readonly KubeDirection[];
		readonly egress?: readonly KubeDirection[];
	};
}

const portNumber = (port: string | number | undefined): number | string =>
	port === undefined ? 0 : /^\d+$/.test(String(port)) ? Number(port) : String(port);

/** ParseNetworkPolicy(). */
export function kubePolicy({ metadata, spec = {} }: KubePolicy): NetworkPolicy {
	const namespace = metadata.namespace ?? 'default';
	const peer = ({ podSelector, namespaceSelector, ipBlock }: KubePeer): readonly PolicyPeer[] => {
		if (ipBlock) return cidrPeers(ipBlock);
		const where = namespaceSelector
			? [ANY_POD, ...requirements(namespaceSelector, (key) => `${NAMESPACE_LABELS}${key}`)]
			: [inNamespace(namespace)];
		return [{ kind: 'endpoints', selector: [...where, ...requirements(podSelector, ofKubernetes)] }];
	};
	const direction = (peers: readonly KubePeer[] = [], ports: readonly ApiPort[] = []): PolicyDirection => ({
		...(peers.length > 0 ? { peers: peers.flatMap(peer) } : {}),
		...(ports.length > 0
			? {
					ports: ports.map(({ protocol = 'TCP', port, endPort }) => ({
						protocol,
						port: portNumber(port),
						...(endPort === undefined ? {} : { endPort }),
					})),
				}
			: {}),
	});
	const types = spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
	const rule: PolicyRule = {
		endpointSelector: [inNamespace(namespace), ...requirements(spec.podSelector, ofKubernetes)],
		...(types.includes('Ingress') ? { ingress: (spec.ingress ?? []).map((r) => direction(r.from, r.ports)) } : {}),
		...(types.includes('Egress') ? { egress: (spec.egress ?? []).map((r) => direction(r.to, r.ports)) } : {}),
	};
	return { kind: 'NetworkPolicy', metadata: meta(metadata), rules: [rule] };
}

interface CiliumDirection {
	readonly fromEndpoints?: readonly ApiSelector[];
	readonly toEndpoints?: readonly ApiSelector[];
	readonly fromEntities?: readonly PolicyEntity[];
	readonly toEntities?: readonly PolicyEntity[];
	readonly fromCIDR?: readonly string[];
	readonly toCIDR?: readonly string[];
	readonly fromCIDRSet?: readonly IpBlock[];
	readonly toCIDRSet?: readonly IpBlock[];
	readonly fromNodes?: readonly unknown[];
	readonly toNodes?: readonly unknown[];
	readonly fromGroups?: readonly unknown[];
	readonly toGroups?: readonly unknown[];
	readonly toFQDNs?: readonly unknown[];
	readonly toServices?: readonly ToService[];
	readonly toPorts?: readonly { readonly ports?: readonly ApiPort[] }[];
	readonly icmps?: readonly {
		readonly fields?: readonly { readonly family?: string; readonly type?: number | string }[];
	}[];
}

interface CiliumRule {
	readonly endpointSelector?: ApiSelector;
	readonly ingress?: readonly CiliumDirection[];
	readonly egress?: readonly CiliumDirection[];
	readonly ingressDeny?: readonly CiliumDirection[];
	readonly egressDeny?: readonly CiliumDirection[];
	readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
}

interface CiliumPolicy {
	readonly metadata: Meta;
	readonly spec?: CiliumRule;
	readonly specs?: readonly CiliumRule[];
}

/** Names of ICMP types that a rule may have for their numbers: pkg/policy/api/icmp.go. */
const ICMP_TYPES: Readonly<Record<string, number>> = {
	EchoReply: 0,
	DestinationUnreachable: 3,
	Redirect: 5,
	Echo: 8,
	EchoRequest: 8,
	RouterAdvertisement: 9,
	RouterSelection: 10,
	TimeExceeded: 11,
	ParameterProblem: 12,
	Timestamp: 13,
	TimestampReply: 14,
	Photuris: 40,
	ExtendedEchoRequest: 42,
	ExtendedEchoReply: 43,
};

const NO_SELECTOR: ApiSelector = {};

/** ParseToCiliumRule(). `services`: for toServices, those that agents look at. */
export function ciliumPolicy(
	kind: 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy',
	{ metadata, spec, specs = [] }: CiliumPolicy,
	services: readonly PolicyService[],
): NetworkPolicy {
	const namespace = kind === 'CiliumNetworkPolicy' ? (metadata.namespace ?? 'default') : undefined;
	/** getEndpointSelector(): a policy of a namespace means its pods, unless it says otherwise. */
	const selector = (from: ApiSelector): LabelSelector => {
		const own = requirements(from, withSource);
		const says = own.some(
			({ key }) =>
				/^(?:k8s|any):io\.kubernetes\.pod\.namespace$/.test(key) ||
				key.startsWith('reserved:') ||
				/^(?:k8s|any):io\.cilium\.k8s\.namespace\.labels\./.test(key),
		);
		if (namespace !== undefined && !says) return [inNamespace(namespace), ...own];
		return own.length === 0 ? [ANY_POD] : own;
	};
	const direction = (d: CiliumDirection): PolicyDirection => {
		const groups = [
			(d.fromEndpoints ?? d.toEndpoints)?.map((one): PolicyPeer => ({ kind: 'endpoints', selector: selector(one) })),
			(d.fromEntities ?? d.toEntities)?.map((entity): PolicyPeer => ({ kind: 'entity', entity })),
			(d.fromCIDR ?? d.toCIDR)?.flatMap((cidr) => cidrPeers({ cidr })),
			(d.fromCIDRSet ?? d.toCIDRSet)?.flatMap(cidrPeers),
			d.toServices?.flatMap(servicePeers(services)),
			// They mean somebody, only we do not know whom.
			(d.fromNodes ?? d.toNodes ?? d.fromGroups ?? d.toGroups ?? d.toFQDNs) && [],
		].filter((group) => group !== undefined);
		const ports = [
			...(d.toPorts ?? []).flatMap(({ ports: listed = [] }) =>
				listed.map(({ protocol = 'ANY', port, endPort }) => ({
					protocol,
					port: portNumber(port),
					...(endPort === undefined ? {} : { endPort }),
				})),
			),
			...(d.icmps ?? []).flatMap(({ fields = [] }) =>
				fields
					.filter(({ family }) => family !== 'IPv6')
					.map(({ type = 0 }) => ({ protocol: 'ICMP' as const, port: ICMP_TYPES[type] ?? Number(type) })),
			),
		];
		// A rule that names neither peers nor ports allows nothing.
		const peers = groups.length > 0 || ports.length === 0 ? groups.flat() : undefined;
		return { ...(peers ? { peers } : {}), ...(ports.length > 0 ? { ports } : {}) };
	};
	const rules = [...(spec ? [spec] : []), ...specs].flatMap((rule): readonly PolicyRule[] => {
		if (!rule.endpointSelector) return [];
		const { ingress, egress, ingressDeny, egressDeny, enableDefaultDeny } = rule;
		const some = (list: readonly CiliumDirection[] | undefined) => (list?.length ? list.map(direction) : undefined);
		const made = {
			ingress: some(ingress),
			egress: some(egress),
			ingressDeny: some(ingressDeny),
			egressDeny: some(egressDeny),
			defaultDeny: enableDefaultDeny,
		};
		return [
			{
				endpointSelector: selector(rule.endpointSelector ?? NO_SELECTOR),
				...(Object.fromEntries(
					Object.entries(made).filter(([, value]) => value !== undefined),
				) as typeof made extends infer M ? { readonly [K in keyof M]?: NonNullable<M[K]> } : never),
			},
		];
	});
	written.set(rules, { metadata, ...(spec && { spec }), specs });
	return { kind, metadata: meta(metadata), rules };
}

/** What rules were made of: a policy as the agents imported it, which may be older than the API's. */
const written = new WeakMap<readonly PolicyRule[], CiliumPolicy>();

/** The policy that rules of the packets' world were made of. */
export const writtenPolicy = (rules: readonly PolicyRule[]): object | undefined => written.get(rules);

const meta = ({ name, namespace = '', labels = {}, uid }: Meta) => ({
	name,
	namespace,
	labels,
	uid,
	creationTimestamp: 0,
});

/** All policies of a cluster whose agents know them; those they refuse are as they were before, if they were. */
export function projectPolicies({ api, machines }: Pick<ClusterContext, 'api' | 'machines'>): readonly NetworkPolicy[] {
	const services = policyServices({ api, machines });
	const taken = (plural: string): readonly CiliumPolicy[] =>
		all<CiliumPolicy & CheckedPolicy>(api, plural).flatMap((policy) => enforced(policy, { machines }) ?? []);
	return [
		...all<KubePolicy>(api, 'networkpolicies').map(kubePolicy),
		...taken('ciliumnetworkpolicies').map((p) => ciliumPolicy('CiliumNetworkPolicy', p, services)),
		...taken('ciliumclusterwidenetworkpolicies').map((p) =>
			ciliumPolicy('CiliumClusterwideNetworkPolicy', p, services),
		),
	];
}
