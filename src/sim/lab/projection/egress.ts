/** CiliumEgressGatewayPolicy of the API, as the agents' egress gateway manager reads it. pkg/egressgateway/policy.go @ v1.18.3. */
import type { CiliumEgressGatewayPolicy } from '../../kube/index.ts';
import { type Prefix, parseIp, parsePrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type Pod } from '../cluster/kinds.ts';

interface Selector {
	readonly matchLabels?: Readonly<Record<string, string>>;
}

interface ApiPolicy {
	readonly metadata: Pod['metadata'];
	readonly spec?: {
		readonly selectors?: readonly {
			readonly podSelector?: Selector;
			readonly namespaceSelector?: Selector;
			readonly nodeSelector?: Selector;
		}[];
		readonly destinationCIDRs?: readonly string[];
		readonly excludedCIDRs?: readonly string[];
		readonly egressGateway?: {
			readonly nodeSelector?: Selector;
			readonly interface?: string;
			readonly egressIP?: string;
		};
	};
}

const prefixes = (texts: readonly string[] = []): readonly Prefix[] => texts.flatMap((text) => parsePrefix(text) ?? []);

/** What is given of some selectors, as their matchLabels. */
const given = <K extends string>(selectors: Readonly<Partial<Record<K, Selector>>>, names: readonly K[]) =>
	Object.fromEntries(
		names.flatMap((name) => (selectors[name] ? [[name, selectors[name].matchLabels ?? {}]] : [])),
	) as Partial<Record<K, Readonly<Record<string, string>>>>;

export const projectEgressPolicies = ({ api }: ClusterContext): readonly CiliumEgressGatewayPolicy[] =>
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
			selectors: (spec.selectors ?? []).map((one) => given(one, ['podSelector', 'namespaceSelector', 'nodeSelector'])),
			destinationCIDRs: prefixes(spec.destinationCIDRs),
			excludedCIDRs: prefixes(spec.excludedCIDRs),
			egressGateway: {
				nodeSelector: nodeSelector?.matchLabels ?? {},
				...(device === undefined ? {} : { interface: device }),
				...(address === undefined ? {} : { egressIP: address }),
			},
		};
	});
