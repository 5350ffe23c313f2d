/**
 * Which endpoints each traffic policy may use on a node.
 *
 * Source: kubernetes pkg/proxy/topology.go, CategorizeEndpoints @ v1.28.0; FilterEndpoints and the loop of
 * proxier.go @ v1.23.0. Topology hints are not modelled.
 */
import { FEATURES, type ProxyConfig } from './config.ts';
import { type ProxyEndpoint, type ServicePortInfo, usesClusterEndpoints, usesLocalEndpoints } from './state.ts';

export interface Categorised {
	/** For policy Cluster. */
	readonly cluster: readonly ProxyEndpoint[];
	/** For policy Local. */
	readonly local: readonly ProxyEndpoint[];
	/** Either: those that get a KUBE-SEP chain here. */
	readonly reachable: readonly ProxyEndpoint[];
	/** Some endpoint anywhere can be used: else REJECT, not DROP. */
	readonly any: boolean;
}

const ready = (endpoint: ProxyEndpoint): boolean => endpoint.ready;
const leaving = (endpoint: ProxyEndpoint): boolean => endpoint.serving && endpoint.terminating;

/** Ready endpoints, or, when there is none and the generation knows how, those that end but still serve. */
const usable = (endpoints: readonly ProxyEndpoint[], terminating: boolean): readonly ProxyEndpoint[] => {
	const good = endpoints.filter(ready);
	return good.length > 0 || !terminating ? good : endpoints.filter(leaving);
};

/** From 1.24 on. */
export const categorise = (info: ServicePortInfo, config: ProxyConfig): Categorised => {
	const terminating = FEATURES[config.generation].terminatingEndpoints;
	const cluster = usesClusterEndpoints(info) ? usable(info.endpoints, terminating) : [];
	if (!usesLocalEndpoints(info)) return { cluster, local: [], reachable: cluster, any: cluster.length > 0 };
	const any = info.endpoints.some((endpoint) => endpoint.ready || (terminating && leaving(endpoint)));
	const here = info.endpoints.filter((endpoint) => endpoint.nodeName === config.nodeName);
	const local = usable(here, terminating);
	const reachable = info.endpoints.filter((endpoint) => cluster.includes(endpoint) || local.includes(endpoint));
	return { cluster, local, reachable, any };
};

/** To 1.23: internalTrafficPolicy Local simply hides the others, unless the external policy is Local as well. */
export const categoriseLegacy = (info: ServicePortInfo, config: ProxyConfig): Categorised => {
	const externalLocal = info.externalPolicyLocal && info.type !== 'ClusterIP';
	const endpoints =
		!externalLocal && info.internalPolicyLocal
			? info.endpoints.filter((endpoint) => endpoint.nodeName === config.nodeName)
			: info.endpoints;
	const cluster = endpoints.filter(ready);
	const local = externalLocal ? cluster.filter((endpoint) => endpoint.nodeName === config.nodeName) : [];
	return { cluster, local, reachable: cluster, any: cluster.length > 0 };
};
