/**
 * One service port's rules to 1.23: masquerade marks stand in KUBE-SVC itself, every load balancer address has a
 * KUBE-FW chain, and KUBE-XLB is what policy Local makes of external traffic.
 *
 * Source: kubernetes pkg/proxy/iptables/proxier.go, syncProxyRules @ v1.23.0.
 */
import { prefixContains } from '../../wire/index.ts';
import { type Block, chainOf, newBlock } from './block.ts';
import { type Categorised, categoriseLegacy } from './categorise.ts';
import { localPod, type ProxyConfig } from './config.ts';
import { writeBalancing, writeEndpoint } from './endpoint-rules.ts';
import {
	ACCEPT,
	comment,
	DST_LOCAL,
	destination,
	dport,
	host,
	jump,
	L4_OF,
	LOOPBACK,
	type Match,
	REJECT,
	type Rule,
	rule,
	SRC_LOCAL,
	source,
} from './netfilter.ts';
import type { ServicePortInfo } from './state.ts';

const MARK_MASQ = jump('KUBE-MARK-MASQ');
const MARK_DROP = jump('KUBE-MARK-DROP');

const to = (info: ServicePortInfo, address: number, text: string): Match[] => [
	destination(host(address)),
	info.l4.match,
	comment(text),
	dport(info.l4, info.port),
];

/** `matches` for sources that are no local pods; for all, when nobody can tell. */
const notLocal = (config: ProxyConfig, matches: Match[]): Match[] => {
	const detector = localPod(config.localDetector, true);
	if (!detector) return matches;
	return detector.kind === 'in' ? [matches[0]!, detector, ...matches.slice(1)] : [detector, ...matches];
};

/** All that `info` adds to the rules of a node. */
export const legacyServiceBlock = (info: ServicePortInfo, config: ProxyConfig, large: boolean): Block => {
	const block = newBlock();
	const found = categoriseLegacy(info, config);
	const onlyLocal = info.externalPolicyLocal && info.type !== 'ClusterIP';
	const { svc, xlb, fw } = info.chains;
	const reject = (address: number): Rule => rule(to(info, address, `${info.name} has no endpoints`), REJECT);

	for (const endpoint of found.reachable) writeEndpoint(block, info, endpoint, large);
	if (found.any) chainOf(block, svc);
	if (onlyLocal) chainOf(block, xlb);

	if (found.any) {
		const matches = to(info, info.clusterIP, `${info.name} cluster IP`);
		if (config.masqueradeAll) chainOf(block, svc).push(rule(matches, MARK_MASQ));
		else if (config.localDetector.kind !== 'none') chainOf(block, svc).push(rule(notLocal(config, matches), MARK_MASQ));
		block.services.push(rule(matches, jump(svc)));
	} else block.filterServices.push(reject(info.clusterIP));

	for (const ip of info.externalIPs) {
		if (!found.any) {
			block.filterExternal.push(reject(ip));
			continue;
		}
		const matches = to(info, ip, `${info.name} external IP`);
		if (!onlyLocal) chainOf(block, svc).push(rule(notLocal(config, matches), MARK_MASQ));
		block.services.push(rule(matches, jump(onlyLocal ? xlb : svc)));
	}

	for (const ip of info.loadBalancerVIPs) {
		if (!found.any) {
			block.filterExternal.push(reject(ip));
			continue;
		}
		block.services.push(rule(to(info, ip, `${info.name} loadbalancer IP`), jump(fw)));
		writeFirewall(chainOf(block, fw), info, config, ip, onlyLocal);
	}

	writeNodePort(block, info, found, onlyLocal);
	if (info.healthCheckNodePort !== 0)
		block.filterNodePorts.push(
			rule(
				[L4_OF.TCP.match, comment(`${info.name} health check node port`), dport(L4_OF.TCP, info.healthCheckNodePort)],
				ACCEPT,
			),
		);
	if (!found.any) return block;
	writeBalancing(chainOf(block, svc), info, found.cluster, config, large);
	if (onlyLocal) writeExternalLocal(chainOf(block, xlb), info, config, found, large);
	return block;
};

/** KUBE-FW-…, once for each address of the load balancer. */
const writeFirewall = (
	rules: Rule[],
	info: ServicePortInfo,
	config: ProxyConfig,
	ip: number,
	onlyLocal: boolean,
): void => {
	const text = comment(`${info.name} loadbalancer IP`);
	const chosen = jump(onlyLocal ? info.chains.xlb : info.chains.svc);
	if (!onlyLocal) rules.push(rule([text], MARK_MASQ));
	if (info.sourceRanges.length === 0) rules.push(rule([text], chosen));
	else {
		for (const range of info.sourceRanges) rules.push(rule([source(range), text], chosen));
		if (info.sourceRanges.some((range) => prefixContains(range, config.nodeIP)))
			rules.push(rule([source(host(ip)), text], chosen));
	}
	rules.push(rule([text], MARK_DROP));
};

const writeNodePort = (block: Block, info: ServicePortInfo, found: Categorised, onlyLocal: boolean): void => {
	if (info.nodePort === 0) return;
	const port = dport(info.l4, info.nodePort);
	if (!found.any) {
		block.filterExternal.push(rule([info.l4.match, comment(`${info.name} has no endpoints`), DST_LOCAL, port], REJECT));
		return;
	}
	const matches = [info.l4.match, comment(info.name), port];
	if (!onlyLocal) {
		chainOf(block, info.chains.svc).push(rule(matches, MARK_MASQ));
		block.nodePorts.push(rule(matches, jump(info.chains.svc)));
	} else
		block.nodePorts.push(
			// A packet from 127.0.0.1 must not leave the node with that source.
			rule([source(LOOPBACK), ...matches], MARK_MASQ),
			rule(matches, jump(info.chains.xlb)),
		);
};

/** KUBE-XLB-…: pods and the node itself go to any endpoint, the others to a local one or nowhere. */
const writeExternalLocal = (
	rules: Rule[],
	info: ServicePortInfo,
	config: ProxyConfig,
	found: Categorised,
	large: boolean,
): void => {
	const local = localPod(config.localDetector);
	if (local)
		rules.push(
			rule(
				[local, comment('Redirect pods trying to reach external loadbalancer VIP to clusterIP')],
				jump(info.chains.svc),
			),
		);
	rules.push(
		rule([comment(`masquerade LOCAL traffic for ${info.name} LB IP`), SRC_LOCAL], MARK_MASQ),
		rule([comment(`route LOCAL traffic for ${info.name} LB IP to service chain`), SRC_LOCAL], jump(info.chains.svc)),
	);
	if (found.local.length === 0) rules.push(rule([comment(`${info.name} has no local endpoints`)], MARK_DROP));
	else writeBalancing(rules, info, found.local, config, large);
};
