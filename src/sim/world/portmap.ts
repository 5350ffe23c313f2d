/**
 * Host ports as the CNI plugin `portmap` opens them, which stands behind kindnet's ptp: rules of the node, by pod.
 *
 * Source: containernetworking/plugins plugins/meta/portmap/{portmap,chain,main}.go @ v1.1.1. Not modelled: the node's own
 * 127.0.0.1, for which the plugin sets route_localnet on the pod's device.
 */
import type { Pod } from '../kube/index.ts';
import { applyPatches, type Rule, type Ruleset } from '../linux/index.ts';
import { sha256 } from '../trace/index.ts';
import { type Prefix, prefixOf, utf8 } from '../wire/index.ts';
import { podNs } from './names.ts';

const DNAT = 'CNI-HOSTPORT-DNAT';
const SETMARK = 'CNI-HOSTPORT-SETMARK';
const MASQ = 'CNI-HOSTPORT-MASQ';
/** markMasqBit 13. */
const BIT = 0x2000;

const hex = (octets: Uint8Array): string => [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');

/** Twenty-eight characters: the plugin's prefix and the beginning of a hash of network and container. */
const chainOf = (container: string): string => `CNI-DN-${hex(sha256(utf8(`kindnet${container}`))).slice(0, 21)}`;

const containerOf = (pod: Pod): string => hex(sha256(utf8(`sandbox ${pod.metadata.uid} ${podNs(pod)}`)));

const PROTOCOLS = { TCP: 6, UDP: 17 } as const;

interface Mapping {
	readonly protocol: 'TCP' | 'UDP';
	readonly hostPort: number;
	readonly containerPort: number;
	readonly hostIP: number;
}

const mappingsOf = ({ ports, hostNetwork }: Pod): readonly Mapping[] =>
	hostNetwork
		? []
		: ports.flatMap(({ hostPort, hostIP = 0, containerPort, protocol }): Mapping[] =>
				hostPort === undefined || protocol === 'SCTP' ? [] : [{ protocol, hostPort, containerPort, hostIP }],
			);

/** The rules laid over a node's, for the pods that are on it. `podCIDR` is the network of their addresses. */
export function withPortmap(rules: Ruleset, pods: readonly Pod[], podCIDR: Prefix): Ruleset {
	const mapped = pods.filter((pod) => pod.podIP !== undefined && mappingsOf(pod).length > 0);
	if (mapped.length === 0) return rules;
	const entries: Rule[] = [];
	const chains = mapped.map((pod) => {
		const container = containerOf(pod);
		const name = chainOf(container);
		const mappings = mappingsOf(pod);
		for (const protocol of ['TCP', 'UDP'] as const) {
			const ports = mappings
				.filter((m) => m.protocol === protocol)
				.map((m): [number, number] => [m.hostPort, m.hostPort]);
			if (ports.length === 0) continue;
			entries.push({
				matches: [
					{ kind: 'protocol', protocol: PROTOCOLS[protocol] },
					{ kind: 'comment', text: `dnat name: "kindnet" id: "${container}"` },
					{ kind: 'multiport', side: 'dports', ports },
				],
				target: { kind: 'jump', chain: name },
			});
		}
		return { name, rules: mappings.flatMap((mapping) => rulesOf(mapping, pod.podIP!, podCIDR)) };
	});
	const local = { kind: 'addrtype', dst: 'LOCAL' } as const;
	const toDnat: Rule = { matches: [local], target: { kind: 'jump', chain: DNAT } };
	return applyPatches(rules, [
		{
			table: 'nat',
			chains: [
				{ name: DNAT, rules: entries },
				{
					name: SETMARK,
					rules: [
						{
							matches: [{ kind: 'comment', text: 'CNI portfwd masquerade mark' }],
							target: { kind: 'MARK', value: BIT, mask: BIT },
						},
					],
				},
				{ name: MASQ, rules: [{ matches: [{ kind: 'mark', value: BIT, mask: BIT }], target: { kind: 'MASQUERADE' } }] },
				...chains,
			],
			inserts: [
				{ chain: 'PREROUTING', at: 'last', rule: toDnat },
				{ chain: 'OUTPUT', at: 'last', rule: toDnat },
				{
					chain: 'POSTROUTING',
					at: 'first',
					rule: {
						matches: [{ kind: 'comment', text: 'CNI portfwd requiring masquerade' }],
						target: { kind: 'jump', chain: MASQ },
					},
				},
			],
		},
	]);
}

/** Hairpins and the node's own programs are masqueraded; then the translation. */
function rulesOf(
	{ protocol, hostPort, containerPort, hostIP }: Mapping,
	podIP: number,
	podCIDR: Prefix,
): readonly Rule[] {
	const module = protocol === 'TCP' ? 'tcp' : 'udp';
	const match = (source?: Prefix): Rule['matches'] => [
		...(source ? [{ kind: 'source', prefix: source } as const] : []),
		...(hostIP === 0 ? [] : [{ kind: 'destination', prefix: prefixOf(hostIP, 32) } as const]),
		{ kind: 'protocol', protocol: PROTOCOLS[protocol] },
		{ kind: 'dport', module, ports: [hostPort, hostPort] },
	];
	const marked = (source: Prefix): Rule => ({ matches: match(source), target: { kind: 'jump', chain: SETMARK } });
	return [
		marked(podCIDR),
		marked(prefixOf(0x7f000001, 32)),
		{ matches: match(), target: { kind: 'DNAT', ip: podIP, ports: [containerPort, containerPort] } },
	];
}
