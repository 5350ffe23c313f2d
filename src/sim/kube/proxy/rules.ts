/**
 * One service port's rules from 1.24 on: KUBE-EXT for what comes from outside, KUBE-SVC for policy Cluster,
 * KUBE-SVL for policy Local.
 *
 * Source: kubernetes pkg/proxy/iptables/proxier.go, syncProxyRules @ v1.24.0 (drops marked in nat), v1.26.0
 * (drops in filter) and v1.33.0 (counters); order and wording of the comments are theirs.
 */
import { prefixContains } from '../../wire/index.ts';
import { type Block, chainOf, newBlock } from './block.ts';
import { type Categorised, categorise } from './categorise.ts';
import { FEATURES, localhostNodePorts, localPod, type ProxyConfig } from './config.ts';
import { writeBalancing, writeEndpoint } from './endpoint-rules.ts';
import {
	ACCEPT,
	comment,
	DROP,
	DST_LOCAL,
	destination,
	dport,
	host,
	jump,
	L4_OF,
	LOOPBACK,
	type Match,
	NONE,
	REJECT,
	rule,
	SRC_LOCAL,
	source,
	type Target,
} from './netfilter.ts';
import { externallyAccessible, type ServicePortInfo, usesClusterEndpoints, usesLocalEndpoints } from './state.ts';

/** The counter behind rules for NodePorts on 127.0.0.1. */
const LOCALHOST_COUNTER = 'localhost_nps_accepted_pkts';

/** `-d address -p proto -m comment … -m proto --dport port`. */
const to = (info: ServicePortInfo, address: number, text: string, port = info.port): Match[] => [
	destination(host(address)),
	info.l4.match,
	comment(text),
	dport(info.l4, port),
];

/** The policy as this generation understands it. */
const withPolicy = (info: ServicePortInfo, config: ProxyConfig): ServicePortInfo =>
	info.externalPolicyLocal &&
	(!externallyAccessible(info) || (info.type === 'ClusterIP' && !FEATURES[config.generation].externalIPsLocal))
		? { ...info, externalPolicyLocal: false }
		: info;

/** Rules in filter for addresses that lead nowhere: REJECT without any endpoint, DROP without a local one. */
interface Refusals {
	readonly internal?: { readonly target: Target; readonly text: string };
	readonly external?: { readonly target: Target; readonly text: string };
}

const refusals = (info: ServicePortInfo, found: Categorised, config: ProxyConfig): Refusals => {
	if (!found.any) {
		const all = { target: REJECT, text: `${info.name} has no endpoints` };
		return { internal: all, external: all };
	}
	if (FEATURES[config.generation].markDrop || found.local.length > 0) return {};
	const none = { target: DROP, text: `${info.name} has no local endpoints` };
	return {
		...(info.internalPolicyLocal ? { internal: none } : {}),
		...(info.externalPolicyLocal ? { external: none } : {}),
	};
};

/** All that `given` adds to the rules of a node. */
export const serviceBlock = (given: ServicePortInfo, config: ProxyConfig, large: boolean): Block => {
	const info = withPolicy(given, config);
	const block = newBlock();
	const found = categorise(info, config);
	const { markDrop } = FEATURES[config.generation];
	const { svc, svl, ext, fw } = info.chains;
	const internalChain = info.internalPolicyLocal ? svl : svc;
	const externalPolicyChain = info.externalPolicyLocal ? svl : svc;
	const refuse = refusals(info, found, config);
	const hasInternal = found.any && refuse.internal === undefined;
	const hasExternal = found.any && refuse.external === undefined;
	const usesFw = found.any && info.loadBalancerVIPs.length > 0 && info.sourceRanges.length > 0;

	// The cluster IP.
	if (hasInternal) block.services.push(rule(to(info, info.clusterIP, `${info.name} cluster IP`), jump(internalChain)));
	else block.filterServices.push(rule(to(info, info.clusterIP, refuse.internal!.text), refuse.internal!.target));

	// External addresses.
	for (const ip of info.externalIPs) {
		if (found.any) block.services.push(rule(to(info, ip, `${info.name} external IP`), jump(ext)));
		if (refuse.external) block.filterExternal.push(rule(to(info, ip, refuse.external.text), refuse.external.target));
	}

	// Addresses of a load balancer.
	for (const ip of info.loadBalancerVIPs) {
		if (found.any) block.services.push(rule(to(info, ip, `${info.name} loadbalancer IP`), jump(usesFw ? fw : ext)));
		if (usesFw && !markDrop)
			block.filterFirewall.push(rule(to(info, ip, `${info.name} traffic not accepted by ${fw}`), DROP));
	}
	if (refuse.external)
		for (const ip of info.loadBalancerVIPs)
			block.filterExternal.push(rule(to(info, ip, refuse.external.text), refuse.external.target));

	writeNodePort(block, info, config, found, refuse);
	if (info.healthCheckNodePort !== 0)
		block.filterNodePorts.push(
			rule(
				[L4_OF.TCP.match, comment(`${info.name} health check node port`), dport(L4_OF.TCP, info.healthCheckNodePort)],
				ACCEPT,
			),
		);

	if (hasInternal) writeInternalMasquerade(block, info, config, internalChain);
	if (found.any && externallyAccessible(info)) writeExternal(block, info, config, hasExternal, externalPolicyChain);
	if (usesFw) writeFirewall(block, info, config);

	if (found.cluster.length > 0 && usesClusterEndpoints(info))
		writeBalancing(chainOf(block, svc), info, found.cluster, config, large);
	if (usesLocalEndpoints(info)) {
		if (found.local.length > 0) writeBalancing(chainOf(block, svl), info, found.local, config, large);
		else if (markDrop && found.any)
			chainOf(block, svl).push(rule([comment(`${info.name} has no local endpoints`)], jump('KUBE-MARK-DROP')));
	}
	for (const endpoint of found.reachable) writeEndpoint(block, info, endpoint, large);
	return block;
};

const writeNodePort = (
	block: Block,
	info: ServicePortInfo,
	config: ProxyConfig,
	found: Categorised,
	refuse: Refusals,
): void => {
	if (info.nodePort === 0) return;
	const port = dport(info.l4, info.nodePort);
	if (found.any) {
		const target = jump(info.chains.ext);
		// Source ranges do not hold for node ports, which upstream regrets.
		if (FEATURES[config.generation].counters && config.nfacct && localhostNodePorts(config))
			block.nodePorts.push(
				rule(
					[destination(LOOPBACK), info.l4.match, comment(info.name), port, { kind: 'nfacct', name: LOCALHOST_COUNTER }],
					target,
				),
			);
		block.nodePorts.push(rule([info.l4.match, comment(info.name), port], target));
	}
	if (refuse.external)
		block.filterExternal.push(
			rule([info.l4.match, comment(refuse.external.text), DST_LOCAL, port], refuse.external.target),
		);
};

/** Off-cluster clients of the cluster IP may have come through a route to any node: their answers must come back here. */
const writeInternalMasquerade = (block: Block, info: ServicePortInfo, config: ProxyConfig, chain: string): void => {
	const matches = to(info, info.clusterIP, `${info.name} cluster IP`);
	const notLocal = localPod(config.localDetector, true);
	if (config.masqueradeAll) chainOf(block, chain).push(rule(matches, jump('KUBE-MARK-MASQ')));
	else if (notLocal) chainOf(block, chain).push(rule(before(notLocal, matches), jump('KUBE-MARK-MASQ')));
};

/** `-s` prints before `-d`, `-i` after it. */
const before = (detector: Match, matches: readonly Match[]): Match[] =>
	detector.kind === 'in' ? [matches[0]!, detector, ...matches.slice(1)] : [detector, ...matches];

/** KUBE-EXT-…. */
const writeExternal = (
	block: Block,
	info: ServicePortInfo,
	config: ProxyConfig,
	hasExternal: boolean,
	policyChain: string,
): void => {
	const rules = chainOf(block, info.chains.ext);
	const { svc } = info.chains;
	if (!info.externalPolicyLocal) {
		// The endpoint may be on another node: masquerade, so that it answers here.
		rules.push(rule([comment(`masquerade traffic for ${info.name} external destinations`)], jump('KUBE-MARK-MASQ')));
	} else {
		// A pod of this cluster takes the short cut: as if it had gone out to the load balancer and come back.
		const local = localPod(config.localDetector);
		if (local) rules.push(rule([local, comment(`pod traffic for ${info.name} external destinations`)], jump(svc)));
		rules.push(
			rule(
				[comment(`masquerade LOCAL traffic for ${info.name} external destinations`), SRC_LOCAL],
				jump('KUBE-MARK-MASQ'),
			),
			rule([comment(`route LOCAL traffic for ${info.name} external destinations`), SRC_LOCAL], jump(svc)),
		);
	}
	if (hasExternal) rules.push(rule([], jump(policyChain)));
};

/** KUBE-FW-…: who is in the source ranges goes on; the others end up in a drop. */
const writeFirewall = (block: Block, info: ServicePortInfo, config: ProxyConfig): void => {
	const rules = chainOf(block, info.chains.fw);
	const text = comment(`${info.name} loadbalancer IP`);
	const target = jump(info.chains.ext);
	for (const range of info.sourceRanges) rules.push(rule([source(range), text], target));
	// The node itself would come with the load balancer's address as its source.
	if (info.sourceRanges.some((range) => prefixContains(range, config.nodeIP)))
		for (const ip of info.loadBalancerVIPs) rules.push(rule([source(host(ip)), text], target));
	if (FEATURES[config.generation].markDrop) rules.push(rule([text], jump('KUBE-MARK-DROP')));
	else rules.push(rule([comment(`other traffic to ${info.name} will be dropped by KUBE-PROXY-FIREWALL`)], NONE));
};
