/** All of kube-proxy's rules for a node, as patches to what other programs have written there. */
import { type Block, chainsOf } from './block.ts';
import { FEATURES, localhostNodePorts, nodePortTargets, type ProxyConfig } from './config.ts';
import { firewallJumps, forwardRules, MARTIAN_RULE, markMasqRules, postroutingRules, proxyJumps } from './fixed.ts';
import {
	type Chain,
	comment,
	DST_LOCAL,
	destination,
	host,
	jump,
	LOOPBACK,
	type Rule,
	type RulesetPatch,
	rule,
} from './netfilter.ts';
import { serviceBlock } from './rules.ts';
import { legacyServiceBlock } from './rules-legacy.ts';
import { type ProxyState, type ServicePortInfo, usesLocalEndpoints } from './state.ts';

export interface ProxyRules {
	/** For mangle, filter and nat. */
	readonly patches: readonly RulesetPatch[];
	/** kube-proxy sets net.ipv4.conf.all.route_localnet to 1 when NodePorts answer on 127.0.0.1. */
	readonly routeLocalnet: boolean;
}

/** Blocks that are the same on every node, by service port and by what of the configuration they depend on. */
const shared = new WeakMap<ServicePortInfo, Map<string, Block>>();

const blockOf = (info: ServicePortInfo, config: ProxyConfig, large: boolean, key: string): Block => {
	const build = config.generation === '1.23' ? legacyServiceBlock : serviceBlock;
	if (usesLocalEndpoints(info) || info.sourceRanges.length > 0) return build(info, config, large);
	let blocks = shared.get(info);
	if (!blocks) {
		blocks = new Map();
		shared.set(info, blocks);
	}
	let block = blocks.get(key);
	if (!block) {
		block = build(info, config, large);
		blocks.set(key, block);
	}
	return block;
};

/**
 * Rules of one node. Cost: linear in service ports and endpoints; blocks are shared between nodes as long as the
 * same `state` is passed.
 */
export const proxyRules = (state: ProxyState, config: ProxyConfig): ProxyRules => {
	const features = FEATURES[config.generation];
	const routeLocalnet = localhostNodePorts(config);
	const key = JSON.stringify([
		config.generation,
		config.localDetector,
		config.masqueradeAll,
		config.masqueradeBit,
		routeLocalnet,
		config.nfacct,
		state.large,
	]);

	const services: Rule[] = [];
	const nodePorts: Rule[] = [];
	const filterServices: Rule[] = [];
	const filterExternal: Rule[] = [];
	const filterNodePorts: Rule[] = [];
	const filterFirewall: Rule[] = [];
	const own: Chain[] = [];
	for (const info of state.ports) {
		const block = blockOf(info, config, state.large, key);
		services.push(...block.services);
		nodePorts.push(...block.nodePorts);
		filterServices.push(...block.filterServices);
		filterExternal.push(...block.filterExternal);
		filterNodePorts.push(...block.filterNodePorts);
		filterFirewall.push(...block.filterFirewall);
		own.push(...chainsOf(block));
	}
	services.push(...nodePortJumps(config, routeLocalnet));

	const filterChains: Chain[] = [
		{ name: 'KUBE-EXTERNAL-SERVICES', rules: filterExternal },
		{ name: 'KUBE-FORWARD', rules: forwardRules(config) },
		{ name: 'KUBE-NODEPORTS', rules: filterNodePorts },
		{ name: 'KUBE-PROXY-CANARY', rules: [] },
		...(features.markDrop ? [] : [{ name: 'KUBE-PROXY-FIREWALL', rules: filterFirewall }]),
		{ name: 'KUBE-SERVICES', rules: filterServices },
	];
	const natChains: Chain[] = [
		{ name: 'KUBE-MARK-MASQ', rules: markMasqRules(config.masqueradeBit) },
		{ name: 'KUBE-NODEPORTS', rules: nodePorts },
		{ name: 'KUBE-POSTROUTING', rules: postroutingRules(config.masqueradeBit, config.randomFully) },
		{ name: 'KUBE-PROXY-CANARY', rules: [] },
		...own,
		{ name: 'KUBE-SERVICES', rules: services },
	];
	return {
		routeLocalnet,
		patches: [
			{ table: 'mangle', chains: [{ name: 'KUBE-PROXY-CANARY', rules: [] }], inserts: [] },
			{
				table: 'filter',
				chains: filterChains,
				// The kubelet's chain: kube-proxy adds its copy of the rule, and takes nothing away.
				ensure: features.ownFirewall ? ['KUBE-FIREWALL'] : [],
				inserts: [
					...proxyJumps('filter', config.generation),
					...(features.ownFirewall ? firewallJumps(['INPUT', 'OUTPUT']) : []),
					...(features.ownFirewall && routeLocalnet
						? [{ chain: 'KUBE-FIREWALL', at: 'last', rule: MARTIAN_RULE } as const]
						: []),
				],
			},
			{
				table: 'nat',
				chains: natChains,
				// Filled by the kubelet.
				ensure: features.markDrop ? ['KUBE-MARK-DROP'] : [],
				inserts: proxyJumps('nat', config.generation),
			},
		],
	};
};

/** The last rule, or rules, of nat KUBE-SERVICES. */
const nodePortJumps = (config: ProxyConfig, routeLocalnet: boolean): readonly Rule[] => {
	const note = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
	const target = jump('KUBE-NODEPORTS');
	const addresses = nodePortTargets(config);
	if (addresses === undefined)
		return [rule(routeLocalnet ? [note, DST_LOCAL] : [destination(LOOPBACK, true), note, DST_LOCAL], target)];
	return addresses
		.filter((ip) => routeLocalnet || ip >>> 24 !== 127)
		.map((ip) => rule([destination(host(ip)), note], target));
};
