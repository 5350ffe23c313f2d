/**
 * kindnetd's part in translation: what leaves the network of the pods has its node's address.
 *
 * Source: kubernetes-sigs/kind images/kindnetd/cmd/kindnetd/masq.go @ v0.14.0 to v0.29.0; POD_SUBNET of its manifest.
 */
import { applyPatches, type Ruleset } from '../linux/index.ts';
import type { Prefix } from '../wire/index.ts';

const CHAIN = 'KIND-MASQ-AGENT';

/** The rules laid over a node's. */
export const withMasquerade = (rules: Ruleset, podSubnet: Prefix): Ruleset =>
	applyPatches(rules, [
		{
			table: 'nat',
			chains: [
				{
					name: CHAIN,
					rules: [
						{
							matches: [
								{ kind: 'destination', prefix: podSubnet },
								{ kind: 'comment', text: 'kind-masq-agent: local traffic is not subject to MASQUERADE' },
							],
							target: { kind: 'RETURN' },
						},
						{
							matches: [
								{
									kind: 'comment',
									text: 'kind-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)',
								},
							],
							target: { kind: 'MASQUERADE' },
						},
					],
				},
			],
			inserts: [
				{
					chain: 'POSTROUTING',
					at: 'last',
					rule: {
						matches: [
							{ kind: 'addrtype', dst: 'LOCAL', dstInvert: true },
							{
								kind: 'comment',
								text: 'kind-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom KIND-MASQ-AGENT chain',
							},
						],
						target: { kind: 'jump', chain: CHAIN },
					},
				},
			],
		},
	]);
