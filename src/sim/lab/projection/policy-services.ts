/** Services in policies (toServices). */
import type { PolicyPeer } from '../../kube/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type EndpointSlice, type Service, selectorMatches } from '../cluster/kinds.ts';
import { agentMinor } from './policy-errors.ts';
import { type ApiSelector, cidrPeers, inNamespace, ofKubernetes, requirements } from './policy-selectors.ts';

export interface ToService {
	readonly k8sService?: { readonly serviceName?: string; readonly namespace?: string };
	readonly k8sServiceSelector?: { readonly selector?: ApiSelector; readonly namespace?: string };
}

/** A service as toServices sees it. */
export interface PolicyService {
	readonly namespace: string;
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	/** Of its pods; none: somebody else keeps its endpoints. */
	readonly selector: Readonly<Record<string, string>>;
	/** Its endpoints'. */
	readonly addresses: readonly string[];
}

/**
 * Whom toServices means: a service without selector by the addresses of its endpoints, another by the selector of its
 * pods. A namespace that is not said is any. Of a service's labels no source is asked.
 * Source: pkg/policy/k8s/service.go serviceSelectorMatches(), serviceRefMatches(), processRule() @ v1.18.3. That
 * versions of 1.17 and 1.18 find no pods by labels with a dot (cilium/cilium issue 41151) is not modelled.
 */
export const servicePeers =
	(services: readonly PolicyService[]) =>
	({ k8sService, k8sServiceSelector }: ToService): readonly PolicyPeer[] =>
		services
			.filter(({ namespace, name, labels }) => {
				const { namespace: where = '' } = k8sServiceSelector ?? k8sService ?? {};
				if (where !== '' && where !== namespace) return false;
				if (!k8sServiceSelector) return k8sService?.serviceName === name;
				return selectorMatches(k8sServiceSelector.selector ?? {}, labels);
			})
			.flatMap(({ namespace, selector, addresses }): readonly PolicyPeer[] =>
				Object.keys(selector).length === 0
					? addresses.flatMap((cidr) => cidrPeers({ cidr }))
					: [
							{
								kind: 'endpoints',
								selector: [inNamespace(namespace), ...requirements({ matchLabels: selector }, ofKubernetes)],
							},
						],
			);

/**
 * Services as agents look at them for toServices: before 1.17 only those without selector (IsExternal() in
 * pkg/k8s/service.go @ v1.12.1; pull request 34208 of cilium/cilium).
 */
export function policyServices({ api, machines }: Pick<ClusterContext, 'api' | 'machines'>): readonly PolicyService[] {
	const all17 = agentMinor({ machines }) >= 17;
	const slices = all<EndpointSlice>(api, 'endpointslices');
	return all<Service>(api, 'services').flatMap(({ metadata, spec: { selector = {} } }) => {
		const { namespace = '', name, labels = {} } = metadata;
		if (!all17 && Object.keys(selector).length > 0) return [];
		const own = slices.filter(
			(slice) =>
				slice.metadata.namespace === namespace && slice.metadata.labels?.['kubernetes.io/service-name'] === name,
		);
		const addresses = own.flatMap(({ endpoints }) => (endpoints ?? []).flatMap((endpoint) => endpoint.addresses));
		return [{ namespace, name, labels, selector, addresses }];
	});
}
