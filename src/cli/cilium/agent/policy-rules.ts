/**
 * Rules as the agent's repository has them, in JSON, and the selectors they use. Source: pkg/policy/api/{rule,selector}.go,
 * pkg/k8s/network_policy.go, pkg/policy/selectorcache.go GetModel() @ v1.12.1, v1.18.3.
 */

import type { ApiObject } from '../../../sim/api/index.ts';
import { nodePolicyContext, peerIdentities, selectsLabels } from '../../../sim/cilium/index.ts';
import {
	type LabelSelector,
	list,
	type NetworkPolicy,
	type PolicyDirection,
	type PolicyPeer,
	type PolicyRule,
} from '../../../sim/kube/index.ts';
import { writtenPolicy } from '../../../sim/lab/index.ts';
import { formatPrefix } from '../../../sim/wire/index.ts';
import type { Agent } from './context.ts';

const PLURALS = {
	NetworkPolicy: 'networkpolicies',
	CiliumNetworkPolicy: 'ciliumnetworkpolicies',
	CiliumClusterwideNetworkPolicy: 'ciliumclusterwidenetworkpolicies',
} as const;

type Kind = keyof typeof PLURALS;

const policiesOf = (agent: Agent): readonly NetworkPolicy[] =>
	(Object.keys(PLURALS) as Kind[]).flatMap((kind) => list(agent.cluster.world().snapshot, kind));

/** A policy as the agents imported it last. */
const objectOf = ({ cluster }: Agent, { kind, metadata, rules }: NetworkPolicy): ApiObject | undefined => {
	const resource = cluster.api.find(PLURALS[kind]);
	const object = resource && cluster.api.get(resource, metadata.namespace || undefined, metadata.name);
	return object && kind !== 'NetworkPolicy' ? ((writtenPolicy(rules) as ApiObject | undefined) ?? object) : object;
};

/** One value is a label, all else an expression. */
function selectorJson(selector: LabelSelector): object {
	const labels = selector.filter(({ operator, values }) => operator === 'In' && values.length === 1);
	const rest = selector.filter((requirement) => !labels.includes(requirement));
	return {
		...(labels.length > 0
			? { matchLabels: Object.fromEntries(labels.map(({ key, values }) => [key, values[0]!] as const).sort()) }
			: {}),
		...(rest.length > 0
			? {
					matchExpressions: rest.map(({ key, operator, values }) => ({
						key,
						operator,
						...(values.length > 0 ? { values } : {}),
					})),
				}
			: {}),
	};
}

const peersOf = <K extends PolicyPeer['kind']>({ peers = [] }: PolicyDirection, kind: K) =>
	peers.filter((peer): peer is Extract<PolicyPeer, { readonly kind: K }> => peer.kind === kind);

/** Of a NetworkPolicy: what the agent makes of it. */
function madeDirection(direction: PolicyDirection, from: 'from' | 'to'): object {
	const endpoints = peersOf(direction, 'endpoints').map(({ selector }) => selectorJson(selector));
	const cidrs = peersOf(direction, 'cidr').map(({ prefix, except }) => ({
		cidr: formatPrefix(prefix),
		...(except.length > 0 ? { except: except.map(formatPrefix) } : {}),
	}));
	return {
		...(direction.peers === undefined ? { [`${from}Endpoints`]: [{}] } : {}),
		...(endpoints.length > 0 ? { [`${from}Endpoints`]: endpoints } : {}),
		...(cidrs.length > 0 ? { [`${from}CIDRSet`]: cidrs } : {}),
		...(direction.ports
			? {
					toPorts: [
						{
							ports: direction.ports.map(({ port, protocol, endPort }) => ({
								port: String(port),
								...(endPort === undefined ? {} : { endPort }),
								protocol,
							})),
						},
					],
				}
			: {}),
	};
}

type Raw = Readonly<Record<string, unknown>>;

/** Of a policy of Cilium's own: as it was written, with selectors as they are meant. */
function writtenDirection(raw: Raw, direction: PolicyDirection, from: 'from' | 'to'): object {
	const name = `${from}Endpoints`;
	const written = raw[name];
	if (!Array.isArray(written)) return raw;
	const meant = peersOf(direction, 'endpoints').slice(0, written.length);
	return { ...raw, [name]: meant.map(({ selector }) => selectorJson(selector)) };
}

const SIDES = [
	['ingress', 'from'],
	['ingressDeny', 'from'],
	['egress', 'to'],
	['egressDeny', 'to'],
] as const;

function ruleJson(agent: Agent, policy: NetworkPolicy, rule: PolicyRule, written: Raw | undefined): object {
	const { kind, metadata } = policy;
	const sides = SIDES.map(([side, from]) => {
		const directions = rule[side];
		if (!directions) return {};
		const raw = written?.[side];
		const made = directions.map((direction, i) =>
			Array.isArray(raw) ? writtenDirection(raw[i] as Raw, direction, from) : madeDirection(direction, from),
		);
		// Nobody, as the agent writes it: a rule that names nobody.
		return { [side]: made.length > 0 ? made : [{}] };
	});
	const label = (key: string, value: string) => ({ key: `io.cilium.k8s.policy.${key}`, value, source: 'k8s' });
	return {
		endpointSelector: selectorJson(rule.endpointSelector),
		...Object.assign({}, ...sides),
		labels: [
			label('derived-from', kind),
			label('name', metadata.name),
			...(metadata.namespace === '' ? [] : [label('namespace', metadata.namespace)]),
			label('uid', metadata.uid),
		],
		...(agent.minor >= 16
			? {
					enableDefaultDeny: {
						ingress: rule.defaultDeny?.ingress ?? (rule.ingress ?? rule.ingressDeny) !== undefined,
						egress: rule.defaultDeny?.egress ?? (rule.egress ?? rule.egressDeny) !== undefined,
					},
				}
			: {}),
		...(written?.description === undefined ? {} : { description: written.description }),
	};
}

/** `cilium policy get`. */
export const rulesJson = (agent: Agent): readonly object[] =>
	policiesOf(agent).flatMap((policy) => {
		const object = objectOf(agent, policy) as { readonly spec?: Raw; readonly specs?: readonly Raw[] } | undefined;
		const written =
			policy.kind === 'NetworkPolicy' ? [] : [...(object?.spec ? [object.spec] : []), ...(object?.specs ?? [])];
		return policy.rules.map((rule, i) =>
			ruleJson(agent, policy, rule, written.filter((raw) => raw.endpointSelector)[i]),
		);
	});

/** LabelSelector.String() of Go, with sources before a dot. */
function selectorText(selector: LabelSelector): string {
	const labels = selector
		.filter(({ operator, values }) => operator === 'In' && values.length === 1)
		.map(({ key, values }) => `${key.replace(':', '.')}: ${values[0]},`)
		.sort();
	const rest = selector
		.filter(({ operator, values }) => operator !== 'In' || values.length !== 1)
		.map(
			({ key, operator, values }) =>
				`LabelSelectorRequirement{Key:${key.replace(':', '.')},Operator:${operator},Values:[${values.join(' ')}],},`,
		);
	return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${rest.join('')}},}`;
}

const peerText = (peer: PolicyPeer): string =>
	peer.kind === 'endpoints'
		? selectorText(peer.selector)
		: selectorText(
				peer.kind === 'cidr'
					? [{ key: `cidr:${formatPrefix(peer.prefix)}`, operator: 'In', values: [''] }]
					: peer.entity === 'all'
						? []
						: [{ key: `reserved:${peer.entity}`, operator: 'In', values: [''] }],
			);

export interface SelectorRow {
	readonly selector: string;
	/** `namespace/name` of the policies. */
	readonly policies: readonly string[];
	/** How many filters of endpoints' policies use it. */
	readonly users: number;
	readonly identities: readonly number[];
}

/** `cilium policy selectors`: those of rules that select an endpoint of this node. */
export function selectorRows(agent: Agent, local: ReadonlySet<number>): readonly SelectorRow[] {
	const node = agent.cluster.nodes().find(({ name }) => name === agent.state.node);
	const { snapshot } = agent.cluster.world();
	const { identities } = nodePolicyContext(agent.settings, snapshot, agent.maps, agent.ns(), node?.ip ?? 0);
	const rows = new Map<string, { policies: Set<string>; users: number; identities: readonly number[] }>();
	for (const { metadata, rules } of policiesOf(agent))
		for (const rule of rules) {
			const subjects = [...local].filter((identity) => {
				const labels = identities.labels.get(identity);
				return labels !== undefined && selectsLabels(rule.endpointSelector, labels);
			}).length;
			if (subjects === 0) continue;
			for (const [side] of SIDES)
				for (const direction of rule[side] ?? []) {
					const peers: readonly PolicyPeer[] = direction.peers ?? [{ kind: 'entity', entity: 'all' }];
					for (const peer of peers) {
						const text = peerText(peer);
						const row = rows.get(text) ?? {
							policies: new Set(),
							users: 0,
							identities: peerIdentities(peer, identities),
						};
						rows.set(text, row);
						row.policies.add(`${metadata.namespace}/${metadata.name}`);
						row.users += subjects * (direction.ports?.length ?? 1);
					}
				}
		}
	return [...rows]
		.map(([selector, { policies, ...rest }]) => ({ selector, policies: [...policies].sort(), ...rest }))
		.sort((a, b) => (a.selector < b.selector ? -1 : 1));
}
