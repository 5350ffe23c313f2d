/**
 * The rules the kubelet writes on its own, kube-proxy or not: eighteen lines of `iptables-save` that hold "KUBE"
 * from 1.24 to 1.26. From 1.27 (IPTablesOwnershipCleanup) the nat part shrinks to the canary.
 *
 * Source: kubernetes pkg/kubelet/kubelet_network_linux.go @ v1.24.0 and v1.28.0.
 */
import { minorOf } from './allocate.ts';
import { firewallJumps, MARTIAN_RULE, markMasqRules, postroutingRules } from './proxy/fixed.ts';
import { comment, DROP, jump, mark, type RulesetPatch, rule } from './proxy/netfilter.ts';

/** Bit 15: packets kube-proxy (to 1.25) wants dropped. */
const DROP_BIT = 15;
const MASQUERADE_BIT = 14;

/** Patches of one node. `version` is the kubelet's, `1.24.0`. */
export const kubeletRules = (version: string, randomFully = true): readonly RulesetPatch[] => {
	const minor = minorOf(version);
	const canary = { name: 'KUBE-KUBELET-CANARY', rules: [] };
	const ownsNat = minor < 27;
	return [
		{
			table: 'mangle',
			// The hint tells other programs which iptables (legacy or nft) the host uses.
			chains: [...(minor >= 24 ? [{ name: 'KUBE-IPTABLES-HINT', rules: [] }] : []), canary],
			inserts: [],
		},
		{
			table: 'filter',
			chains: [
				{
					name: 'KUBE-FIREWALL',
					rules: [
						...(ownsNat
							? [rule([comment('kubernetes firewall for dropping marked packets'), mark(2 ** DROP_BIT)], DROP)]
							: []),
						MARTIAN_RULE,
					],
				},
				canary,
			],
			inserts: firewallJumps(['OUTPUT', 'INPUT']),
		},
		{
			table: 'nat',
			chains: ownsNat
				? [
						canary,
						{ name: 'KUBE-MARK-DROP', rules: markMasqRules(DROP_BIT) },
						{ name: 'KUBE-MARK-MASQ', rules: markMasqRules(MASQUERADE_BIT) },
						{ name: 'KUBE-POSTROUTING', rules: postroutingRules(MASQUERADE_BIT, randomFully) },
					]
				: [canary],
			inserts: ownsNat
				? [
						{
							chain: 'POSTROUTING',
							at: 'first',
							rule: rule([comment('kubernetes postrouting rules')], jump('KUBE-POSTROUTING')),
						},
					]
				: [],
		},
	];
};
