/**
 * kindnetd's part in network policies, from kind v0.24 on: a table that queues the first packet of each connection from
 * or to a local pod that a policy selects, and the program behind that queue. Source: kubernetes-sigs/kind
 * images/kindnetd/cmd/kindnetd/main.go @ v0.29.0, kubernetes-sigs/kube-network-policies pkg/networkpolicy/{controller,
 * networkpolicy,packet}.go @ v0.7.0.
 *
 * Not modelled: the race of two DNS questions from one socket (its own chain in PREROUTING), AdminNetworkPolicies.
 */
import { selectsLabels } from '../cilium/index.ts';
import {
	list,
	type NetworkPolicy,
	type Pod,
	type PolicyDirection,
	type PolicyRule,
	type Snapshot,
} from '../kube/index.ts';
import type { PacketQueue } from '../linux/index.ts';
import { formatIp, type Ip, type Ipv4, prefixContains } from '../wire/index.ts';
import type { NodeSpec } from './scenario.ts';

const PROTOCOL: Readonly<Record<number, string>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

/** Its labels with those of its namespace; without somebody who knows better, those that come with its name. */
const labelsOf = ({ securityLabels, metadata }: Pod): ReadonlyMap<string, string> =>
	new Map(
		securityLabels
			? Object.entries(securityLabels)
			: [
					...Object.entries(metadata.labels).map(([key, value]) => [`k8s:${key}`, value] as const),
					['k8s:io.kubernetes.pod.namespace', metadata.namespace],
				],
	);

/** evaluatePorts(): `pod` is the one that is asked for the port. Without a protocol (ICMP) no port fits. */
const portFits = (
	{ ports }: PolicyDirection,
	pod: Pod | undefined,
	protocol: string | undefined,
	port: number,
): boolean =>
	ports === undefined ||
	ports.some((rule) => {
		if (rule.protocol !== protocol) return false;
		if (typeof rule.port === 'string')
			return (pod?.ports ?? []).some(
				(own) => own.name === rule.port && own.containerPort === port && own.protocol === protocol,
			);
		if (rule.port === 0 || rule.port === port) return true;
		return rule.endPort !== undefined && port > rule.port && port <= rule.endPort;
	});

/** Selectors mean pods that have their address to themselves; a block means anybody, pods too (evaluateIPBlocks()). */
const peerFits = ({ peers }: PolicyDirection, pod: Pod | undefined, ip: Ip): boolean =>
	peers === undefined ||
	peers.some((peer) => {
		if (peer.kind === 'cidr')
			return prefixContains(peer.prefix, ip) && !peer.except.some((out) => prefixContains(out, ip));
		return peer.kind === 'endpoints' && pod !== undefined && selectsLabels(peer.selector, labelsOf(pod));
	});

/** What a kindnetd goes by: its node, and the cluster as it was told of it last. */
export interface KindnetView {
	readonly node: NodeSpec;
	readonly snapshot: Snapshot;
}

/** Worked out at the first packet. */
const queues = new WeakMap<KindnetView, { readonly queue: PacketQueue | undefined }>();

/** What it has against the first packet of a connection. */
export function kindnetDenies(view: KindnetView, packet: Ipv4): ReturnType<PacketQueue['denies']> {
	const known = queues.get(view) ?? { queue: queueOf(view) };
	queues.set(view, known);
	return known.queue?.denies(packet);
}

/** Who is asked on a node; undefined while no policy selects a pod there, or no kindnetd runs to answer (FailOpen). */
function queueOf({ node, snapshot }: KindnetView): PacketQueue | undefined {
	const rules = (list(snapshot, 'NetworkPolicy') as readonly NetworkPolicy[]).flatMap((policy) => policy.rules);
	if (rules.length === 0) return undefined;
	const pods = list(snapshot, 'Pod');
	const runs = pods.some(
		({ nodeName, metadata, ready }) =>
			nodeName === node.name && metadata.namespace === 'kube-system' && metadata.labels.app === 'kindnet' && ready,
	);
	if (!runs) return undefined;
	const byIp = new Map<Ip, Pod>();
	for (const pod of pods) if (!pod.hostNetwork && pod.podIP !== undefined) byIp.set(pod.podIP, pod);
	const mine = (pod: Pod | undefined): readonly PolicyRule[] =>
		pod ? rules.filter((rule) => selectsLabels(rule.endpointSelector, labelsOf(pod))) : [];
	const local = new Set(
		[...byIp].filter(([, pod]) => pod.nodeName === node.name && mine(pod).length > 0).map(([ip]) => ip),
	);
	if (local.size === 0) return undefined;
	return {
		denies({ src, dst, protocol: number, payload }: Ipv4) {
			if (!local.has(src) && !local.has(dst)) return undefined;
			const protocol = PROTOCOL[number];
			const port = 'dport' in payload ? payload.dport : 0;
			const [from, to] = [byIp.get(src), byIp.get(dst)];
			for (const side of ['egress', 'ingress'] as const) {
				const [own, other, ip] = side === 'egress' ? [from, to, dst] : [to, from, src];
				const said = mine(own).flatMap((rule) => (rule[side] ? [rule[side]] : []));
				// evaluator(): whoever no policy of this direction selects may do all.
				if (!own || said.length === 0) continue;
				if (said.flat().some((rule) => portFits(rule, to, protocol, port) && peerFits(rule, other, ip))) continue;
				const { namespace, name } = own.metadata;
				return { code: `kindnet.policy-${side}`, pod: `${namespace}/${name}`, ip: formatIp(ip), port };
			}
			return undefined;
		},
	};
}
