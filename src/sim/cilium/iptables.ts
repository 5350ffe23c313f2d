/**
 * The rules the agent writes: CILIUM_* chains, each with a jump at the top of its built-in chain.
 *
 * Source: cilium pkg/datapath/iptables/iptables.go @ v1.12.1 and v1.17/v1.18 (installStaticProxyRules,
 * installForwardChainRules, installHostTrafficMarkRule, installMasqueradeRules, installRules).
 */
import type { Match, Rule, RulesetPatch, TableName, Target } from '../linux/index.ts';
import type { Ip, Prefix } from '../wire/index.ts';
import { features } from './features.ts';
import { NODE_IPSET } from './node-ipset.ts';
import type { CiliumSettings } from './settings.ts';

export interface RulesNode {
	/** The node's pod CIDR: the range its addresses are allocated from. */
	readonly podCIDR: Prefix;
	/** Address of cilium_host. */
	readonly routerIP: Ip;
	/** Port of the agent's DNS proxy. */
	readonly dnsProxyPort: number;
}

const HOST_DEVICE = 'cilium_host';
/** "To the proxy", and the four bits that say so (pkg/datapath/linux/linux_defaults/mark.go). */
const TO_PROXY = 0x200;
const HOST_MASK = 0xf00;

const ACCEPT: Target = { kind: 'ACCEPT' };
const NOTRACK: Target = { kind: 'CT', notrack: true };
const comment = (text: string): Match => ({ kind: 'comment', text });
const mark = (value: number, mask: number): Match => ({ kind: 'mark', value, mask });
const notMark = (value: number, mask: number): Match => ({ kind: 'mark', value, mask, invert: true });
const into = (device: string): Match => ({ kind: 'in', device });
const out = (device: string): Match => ({ kind: 'out', device });
const rule = (matches: readonly Match[], target: Target): Rule => ({ matches, target });
const snat = (ip: Ip): Target => ({ kind: 'SNAT', ip });

/** Chains in the order the agent adds their jumps; each jump goes to the top (`prependIptablesChains`). */
const CHAINS: readonly { readonly chain: string; readonly table: TableName; readonly hook: string }[] = [
	{ chain: 'CILIUM_INPUT', table: 'filter', hook: 'INPUT' },
	{ chain: 'CILIUM_OUTPUT', table: 'filter', hook: 'OUTPUT' },
	{ chain: 'CILIUM_OUTPUT_raw', table: 'raw', hook: 'OUTPUT' },
	{ chain: 'CILIUM_POST_nat', table: 'nat', hook: 'POSTROUTING' },
	{ chain: 'CILIUM_OUTPUT_nat', table: 'nat', hook: 'OUTPUT' },
	{ chain: 'CILIUM_PRE_nat', table: 'nat', hook: 'PREROUTING' },
	{ chain: 'CILIUM_POST_mangle', table: 'mangle', hook: 'POSTROUTING' },
	{ chain: 'CILIUM_PRE_mangle', table: 'mangle', hook: 'PREROUTING' },
	{ chain: 'CILIUM_PRE_raw', table: 'raw', hook: 'PREROUTING' },
	{ chain: 'CILIUM_FORWARD', table: 'filter', hook: 'FORWARD' },
];

/** All of the agent's rules on a node, for raw, mangle, nat and filter. */
export const ciliumRules = (settings: CiliumSettings, node: RulesNode): readonly RulesetPatch[] => {
	const rules: Readonly<Record<string, readonly Rule[]>> = {
		CILIUM_INPUT: [rule([mark(TO_PROXY, HOST_MASK), comment('cilium: ACCEPT for proxy traffic')], ACCEPT)],
		CILIUM_OUTPUT: outputRules(settings),
		CILIUM_FORWARD: forwardRules(settings),
		CILIUM_OUTPUT_raw: outputRawRules(),
		CILIUM_PRE_raw: [rule([mark(TO_PROXY, HOST_MASK), comment('cilium: NOTRACK for proxy traffic')], NOTRACK)],
		CILIUM_POST_nat: settings.enableIPv4Masquerade && !settings.bpfMasquerade ? masqueradeRules(settings, node) : [],
		CILIUM_PRE_mangle: preMangleRules(settings, node),
	};
	return (['raw', 'mangle', 'nat', 'filter'] as const).map((table) => {
		const mine = CHAINS.filter((c) => c.table === table);
		return {
			table,
			chains: mine.map(({ chain }) => ({ name: chain, rules: rules[chain] ?? [] })),
			inserts: mine.map(({ chain, hook }) => ({
				chain: hook,
				at: 'first',
				rule: rule([comment(`cilium-feeder: ${chain}`)], { kind: 'jump', chain }),
			})),
		};
	});
};

/** Packets of the node's own processes are marked, so that the programs know them from masqueraded ones. */
const outputRules = (settings: CiliumSettings): readonly Rule[] => {
	const { acceptAllProxyOutput, hostMarkExceptions } = features(settings.version);
	return [
		acceptAllProxyOutput
			? rule([mark(0xa00, 0xe00), comment('cilium: ACCEPT for proxy traffic')], ACCEPT)
			: rule([mark(0xa00, 0xfffffeff), comment('cilium: ACCEPT for proxy return traffic')], ACCEPT),
		rule([mark(0x800, 0xe00), comment('cilium: ACCEPT for l7 proxy upstream traffic')], ACCEPT),
		rule(
			[
				...hostMarkExceptions.map(([value, mask]) => notMark(value, mask)),
				comment('cilium: host->any mark as from host'),
			],
			{ kind: 'MARK', value: 0xc00, mask: HOST_MASK },
		),
	];
};

const outputRawRules = (): readonly Rule[] => {
	const rules: Rule[] = [];
	for (const [value, mask, text] of [
		[0xa00, 0xfffffeff, 'cilium: NOTRACK for proxy return traffic'],
		[0x800, 0xe00, 'cilium: NOTRACK for L7 proxy upstream traffic'],
	] as const)
		for (const device of ['lxc+', HOST_DEVICE])
			rules.push(rule([out(device), mark(value, mask), comment(text)], NOTRACK));
	return rules;
};

/** Where the policy of FORWARD is DROP, or kube-proxy drops INVALID packets, pods would be cut off. */
const forwardRules = (settings: CiliumSettings): readonly Rule[] => {
	const rules = [
		rule([out(HOST_DEVICE), comment(`cilium: any->cluster on ${HOST_DEVICE} forward accept`)], ACCEPT),
		rule([into(HOST_DEVICE), comment(`cilium: cluster->any on ${HOST_DEVICE} forward accept (nodeport)`)], ACCEPT),
		rule([into('lxc+'), comment('cilium: cluster->any on lxc+ forward accept')], ACCEPT),
		rule([into('cilium_net'), comment('cilium: cluster->any on cilium_net forward accept (nodeport)')], ACCEPT),
	];
	if (settings.endpointRoutes)
		rules.push(
			rule([out('lxc+'), comment('cilium: any->cluster on lxc+ forward accept')], ACCEPT),
			rule([into('lxc+'), comment('cilium: cluster->any on lxc+ forward accept (nodeport)')], ACCEPT),
		);
	return rules;
};

const masqueradeRules = (settings: CiliumSettings, node: RulesNode): readonly Rule[] => {
	const pods: Match = { kind: 'source', prefix: node.podCIDR };
	const delivery = settings.endpointRoutes ? 'lxc+' : HOST_DEVICE;
	const tunnel = settings.routingMode === 'tunnel';
	const rules: Rule[] = [];
	// Through a tunnel pods are not known to the network between nodes: towards nodes they are masqueraded.
	if (!tunnel)
		rules.push(
			rule(
				[
					pods,
					{ kind: 'set', name: NODE_IPSET, direction: 'dst' },
					comment('exclude traffic to cluster nodes from masquerade'),
				],
				ACCEPT,
			),
		);
	rules.push(
		rule(
			[
				pods,
				{ kind: 'destination', prefix: settings.ipv4NativeRoutingCIDR ?? node.podCIDR, invert: true },
				{ kind: 'out', device: 'cilium_+', invert: true },
				comment('cilium masquerade non-cluster'),
			],
			{ kind: 'MASQUERADE' },
		),
		rule([mark(0xa00, 0xe00), comment('exclude proxy return traffic from masquerade')], ACCEPT),
	);
	if (tunnel)
		rules.push(
			rule(
				[
					{ ...pods, invert: true },
					{ kind: 'destination', prefix: node.podCIDR, invert: true },
					out(HOST_DEVICE),
					comment('cilium host->cluster masquerade'),
				],
				snat(node.routerIP),
			),
		);
	rules.push(
		rule(
			[
				{ kind: 'source', prefix: { address: 0x7f000001, length: 32 } },
				out(delivery),
				comment('cilium host->cluster from 127.0.0.1 masquerade'),
			],
			snat(node.routerIP),
		),
	);
	// A pod that reached a pod of its node through kube-proxy: the answer must come back through the stack.
	if (!settings.endpointRoutes)
		rules.push(
			rule(
				[
					out(delivery),
					mark(0xf00, HOST_MASK),
					{ kind: 'conntrack', states: ['DNAT'] },
					comment('hairpin traffic that originated from a local pod'),
				],
				snat(node.routerIP),
			),
		);
	return rules;
};

const preMangleRules = (settings: CiliumSettings, node: RulesNode): readonly Rule[] => {
	const { socketRuleExceptions, tproxyLoopback } = features(settings.version);
	const rules = [
		rule(
			[
				{ kind: 'socket', transparent: true, nowildcard: false },
				...(socketRuleExceptions ? [notMark(0xe00, 0xf00), notMark(0x800, 0xf00)] : []),
				comment('cilium: any->pod redirect proxied traffic to host proxy'),
			],
			{ kind: 'MARK', value: TO_PROXY, mask: 0xffffffff },
		),
	];
	if (!settings.l7Proxy) return rules;
	// The port stands in the upper half of the mark, in network byte order as the programs store it.
	const port = node.dnsProxyPort;
	const swapped = ((port & 0xff) << 8) | (port >>> 8);
	for (const protocol of [6, 17])
		rules.push(
			rule(
				[
					{ kind: 'protocol', protocol },
					mark(((swapped << 16) | TO_PROXY) >>> 0, 0xffffffff),
					comment('cilium: TPROXY to host cilium-dns-egress proxy'),
				],
				{ kind: 'TPROXY', port, ip: tproxyLoopback ? 0x7f000001 : 0, value: TO_PROXY, mask: 0xffffffff },
			),
		);
	return rules;
};
