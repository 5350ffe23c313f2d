/**
 * What kube-proxy writes whether there are services or not: jumps from the built-in chains, marks, forwarding.
 *
 * Source: kubernetes pkg/proxy/iptables/proxier.go, iptablesJumpChains and syncProxyRules @ v1.24.0, v1.33.0.
 */
import type { ProxyGeneration } from '../objects.ts';
import { FEATURES, type ProxyConfig } from './config.ts';
import {
	ACCEPT,
	comment,
	ctstate,
	DROP,
	destination,
	jump,
	LOOPBACK,
	mark,
	RETURN,
	type Rule,
	type RulesetPatch,
	rule,
	source,
	type TableName,
} from './netfilter.ts';

/** Counter behind the drop of INVALID packets. */
const INVALID_COUNTER = 'ct_state_invalid_dropped_pkts';

interface Jump {
	readonly table: TableName;
	readonly from: string;
	readonly to: string;
	readonly text: string;
	/** Only for the first packet of a connection. */
	readonly onlyNew?: true;
	/** From 1.26. */
	readonly firewall?: true;
}

/** In the order kube-proxy ensures them; each goes to the top, so the last stands first. */
const JUMPS: readonly Jump[] = [
	{
		table: 'filter',
		to: 'KUBE-EXTERNAL-SERVICES',
		from: 'INPUT',
		text: 'kubernetes externally-visible service portals',
		onlyNew: true,
	},
	{
		table: 'filter',
		to: 'KUBE-EXTERNAL-SERVICES',
		from: 'FORWARD',
		text: 'kubernetes externally-visible service portals',
		onlyNew: true,
	},
	{ table: 'filter', to: 'KUBE-NODEPORTS', from: 'INPUT', text: 'kubernetes health check service ports' },
	{ table: 'filter', to: 'KUBE-SERVICES', from: 'FORWARD', text: 'kubernetes service portals', onlyNew: true },
	{ table: 'filter', to: 'KUBE-SERVICES', from: 'OUTPUT', text: 'kubernetes service portals', onlyNew: true },
	{ table: 'filter', to: 'KUBE-FORWARD', from: 'FORWARD', text: 'kubernetes forwarding rules' },
	{
		table: 'filter',
		to: 'KUBE-PROXY-FIREWALL',
		from: 'INPUT',
		text: 'kubernetes load balancer firewall',
		onlyNew: true,
		firewall: true,
	},
	{
		table: 'filter',
		to: 'KUBE-PROXY-FIREWALL',
		from: 'OUTPUT',
		text: 'kubernetes load balancer firewall',
		onlyNew: true,
		firewall: true,
	},
	{
		table: 'filter',
		to: 'KUBE-PROXY-FIREWALL',
		from: 'FORWARD',
		text: 'kubernetes load balancer firewall',
		onlyNew: true,
		firewall: true,
	},
	{ table: 'nat', to: 'KUBE-SERVICES', from: 'OUTPUT', text: 'kubernetes service portals' },
	{ table: 'nat', to: 'KUBE-SERVICES', from: 'PREROUTING', text: 'kubernetes service portals' },
	{ table: 'nat', to: 'KUBE-POSTROUTING', from: 'POSTROUTING', text: 'kubernetes postrouting rules' },
];

/** Jumps from the built-in chains of a table. */
export const proxyJumps = (table: TableName, generation: ProxyGeneration): RulesetPatch['inserts'] =>
	JUMPS.filter((j) => j.table === table && (!j.firewall || !FEATURES[generation].markDrop)).map((j) => ({
		chain: j.from,
		at: 'first',
		rule: rule([...(j.onlyNew ? [ctstate(['NEW'])] : []), comment(j.text)], jump(j.to)),
	}));

/** KUBE-MARK-MASQ: set the bit (`--or-mark`). */
export const markMasqRules = (bit: number): readonly Rule[] => [
	rule([], { kind: 'MARK', value: 2 ** bit, mask: 2 ** bit }),
];

/** KUBE-POSTROUTING: masquerade what is marked, and clear the mark (`--xor-mark`) should it come by again. */
export const postroutingRules = (bit: number, randomFully: boolean): readonly Rule[] => [
	rule([mark(2 ** bit, true)], RETURN),
	rule([], { kind: 'MARK', value: 2 ** bit, mask: 0 }),
	rule(
		[comment('kubernetes service traffic requiring SNAT')],
		randomFully ? { kind: 'MASQUERADE', randomFully } : { kind: 'MASQUERADE' },
	),
];

/** KUBE-FORWARD. */
export const forwardRules = (config: ProxyConfig): readonly Rule[] => {
	const rules: Rule[] = [];
	// INVALID packets would leave without NAT and make the client reset the connection (kubernetes issue 74839).
	const counters = FEATURES[config.generation].counters;
	if (!config.conntrackTcpLiberal)
		rules.push(
			rule(
				[
					ctstate(['INVALID']),
					...(counters && config.nfacct ? [{ kind: 'nfacct', name: INVALID_COUNTER } as const] : []),
				],
				DROP,
			),
		);
	rules.push(
		rule([comment('kubernetes forwarding rules'), mark(2 ** config.masqueradeBit)], ACCEPT),
		rule([comment('kubernetes forwarding conntrack rule'), ctstate(['RELATED', 'ESTABLISHED'])], ACCEPT),
	);
	return rules;
};

/** KUBE-FIREWALL: with route_localnet on, nobody outside may reach 127.0.0.1 (kubernetes issue 90259). */
export const MARTIAN_RULE: Rule = rule(
	[
		source(LOOPBACK, true),
		destination(LOOPBACK),
		comment('block incoming localnet connections'),
		ctstate(['RELATED', 'ESTABLISHED', 'DNAT'], true),
	],
	DROP,
);

/** The kubelet's jumps to KUBE-FIREWALL; kube-proxy keeps a copy from 1.26. */
export const firewallJumps = (order: readonly ('INPUT' | 'OUTPUT')[]): RulesetPatch['inserts'] =>
	order.map((chain) => ({ chain, at: 'first', rule: rule([], jump('KUBE-FIREWALL')) }));
