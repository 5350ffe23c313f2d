/**
 * From a service chain to one endpoint: affinity, balancing, and the endpoint's own chain.
 *
 * Source: kubernetes pkg/proxy/iptables/proxier.go, writeServiceToEndpointRules @ v1.24.0 and v1.33.0.
 */
import { type Block, chainOf } from './block.ts';
import { FEATURES, type ProxyConfig } from './config.ts';
import { comment, host, jump, type Match, probability, type Rule, rule, source } from './netfilter.ts';
import type { ProxyEndpoint, ServicePortInfo } from './state.ts';

/** Comments that only help readers; large clusters do without. */
const note = (text: string, large: boolean): Match[] => (large ? [] : [comment(text)]);

/** Rules that pick one of the endpoints: first where the client went before, then by lot. */
export const writeBalancing = (
	rules: Rule[],
	info: ServicePortInfo,
	endpoints: readonly ProxyEndpoint[],
	config: ProxyConfig,
	large: boolean,
): void => {
	const { endpointComments } = FEATURES[config.generation];
	const about = (endpoint: ProxyEndpoint): Match[] =>
		note(endpointComments ? `${info.name} -> ${endpoint.text}` : info.name, large);
	if (info.affinitySeconds !== undefined)
		for (const endpoint of endpoints)
			rules.push(
				rule(
					[
						...about(endpoint),
						{
							kind: 'recent',
							action: 'rcheck',
							name: endpoint.chain,
							seconds: info.affinitySeconds,
							reap: true,
							side: 'source',
						},
					],
					jump(endpoint.chain),
				),
			);
	endpoints.forEach((endpoint, i) => {
		const left = endpoints.length - i;
		const matches = about(endpoint);
		// The last one takes whoever is left.
		if (left > 1) matches.push({ kind: 'statistic', probability: probability(left) });
		rules.push(rule(matches, jump(endpoint.chain)));
	});
};

/** KUBE-SEP-…: a pod that reached itself is masqueraded, everybody gets DNAT. */
export const writeEndpoint = (block: Block, info: ServicePortInfo, endpoint: ProxyEndpoint, large: boolean): void => {
	const rules = chainOf(block, endpoint.chain);
	rules.push(rule([source(host(endpoint.ip)), ...note(info.name, large)], jump('KUBE-MARK-MASQ')));
	const matches: Match[] = [info.l4.match, ...note(info.name, large)];
	if (info.affinitySeconds !== undefined)
		matches.push({ kind: 'recent', action: 'set', name: endpoint.chain, side: 'source' });
	matches.push(info.l4.bare);
	rules.push(rule(matches, { kind: 'DNAT', ip: endpoint.ip, ports: [endpoint.port, endpoint.port] }));
};
