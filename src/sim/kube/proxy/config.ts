/** How one kube-proxy runs: its flags, its node, and what its generation does. */
import { type Ip, type Prefix, prefixContains } from '../../wire/index.ts';
import type { ProxyGeneration } from '../objects.ts';
import { LOOPBACK, type Match, source } from './netfilter.ts';

/** `--detect-local-mode`: how kube-proxy tells packets of this node's pods. */
export type LocalDetector =
	| { readonly kind: 'ClusterCIDR' | 'NodeCIDR'; readonly prefix: Prefix }
	| { readonly kind: 'BridgeInterface'; readonly device: string }
	| { readonly kind: 'InterfaceNamePrefix'; readonly prefix: string }
	| { readonly kind: 'none' };

export interface ProxyConfig {
	readonly generation: ProxyGeneration;
	readonly nodeName: string;
	/** The node's primary address: source ranges that hold it let the node's own load-balancer addresses in. */
	readonly nodeIP: Ip;
	/** All addresses of the node, loopback included; looked at only with `nodePortAddresses`. */
	readonly nodeAddresses: readonly Ip[];
	readonly localDetector: LocalDetector;
	/** `--masquerade-all`. */
	readonly masqueradeAll: boolean;
	/** `--iptables-masquerade-bit`. */
	readonly masqueradeBit: number;
	/** `--iptables-localhost-nodeports` (a flag from 1.26). */
	readonly localhostNodePorts: boolean;
	/** `--nodeport-addresses`; empty: all. */
	readonly nodePortAddresses: readonly Prefix[];
	/** Whether iptables knows `--random-fully` (1.6.2 and later). */
	readonly randomFully: boolean;
	/** nf_conntrack_tcp_be_liberal: no rule against INVALID packets is needed (from 1.29). */
	readonly conntrackTcpLiberal: boolean;
	/** Whether nfnetlink_acct works here: two rules count (from 1.32). */
	readonly nfacct: boolean;
}

/** The defaults of a kubeadm or kind cluster, for a node. */
export const defaultProxyConfig = (
	generation: ProxyGeneration,
	node: {
		readonly name: string;
		readonly ip: Ip;
		readonly clusterCIDR: Prefix;
		readonly addresses?: readonly Ip[];
	},
): ProxyConfig => ({
	generation,
	nodeName: node.name,
	nodeIP: node.ip,
	nodeAddresses: node.addresses ?? [0x7f000001, node.ip],
	localDetector: { kind: 'ClusterCIDR', prefix: node.clusterCIDR },
	masqueradeAll: false,
	masqueradeBit: 14,
	localhostNodePorts: true,
	nodePortAddresses: [],
	randomFully: true,
	conntrackTcpLiberal: false,
	nfacct: true,
});

/** What sets the generations apart (kubernetes pkg/proxy/iptables/proxier.go at the tags named in objects.ts). */
export interface Features {
	/** Terminating endpoints serve when none is ready: ProxyTerminatingEndpoints, on by default from 1.26. */
	readonly terminatingEndpoints: boolean;
	/** `name -> ip:port` in the comments of the balancing rules, from 1.24. */
	readonly endpointComments: boolean;
	/** Drops are marked 0x8000 in nat and done in KUBE-FIREWALL; later they are rules of the filter table. */
	readonly markDrop: boolean;
	/** kube-proxy keeps its own copy of the kubelet's rule against martian loopback packets. */
	readonly ownFirewall: boolean;
	/** nfacct counters. */
	readonly counters: boolean;
	/** externalTrafficPolicy Local counts for ClusterIP services with external addresses too. */
	readonly externalIPsLocal: boolean;
}

export const FEATURES: Readonly<Record<ProxyGeneration, Features>> = {
	'1.23': {
		terminatingEndpoints: false,
		endpointComments: false,
		markDrop: true,
		ownFirewall: false,
		counters: false,
		externalIPsLocal: false,
	},
	'1.24': {
		terminatingEndpoints: false,
		endpointComments: true,
		markDrop: true,
		ownFirewall: false,
		counters: false,
		externalIPsLocal: false,
	},
	'1.26': {
		terminatingEndpoints: true,
		endpointComments: true,
		markDrop: false,
		ownFirewall: true,
		counters: false,
		externalIPsLocal: true,
	},
	'1.33': {
		terminatingEndpoints: true,
		endpointComments: true,
		markDrop: false,
		ownFirewall: true,
		counters: true,
		externalIPsLocal: true,
	},
};

/** Where packets to NodePorts may be addressed: undefined for every local address. */
export const nodePortTargets = (config: ProxyConfig): readonly Ip[] | undefined => {
	if (config.nodePortAddresses.length === 0 || config.nodePortAddresses.some((prefix) => prefix.length === 0))
		return undefined;
	return config.nodeAddresses.filter((ip) => config.nodePortAddresses.some((prefix) => prefixContains(prefix, ip)));
};

/**
 * Whether NodePorts answer on 127.0.0.1. kube-proxy then sets net.ipv4.conf.all.route_localnet. Before 1.26 there
 * was no flag, only `--nodeport-addresses`.
 */
export const localhostNodePorts = (config: ProxyConfig): boolean => {
	if (config.generation !== '1.23' && config.generation !== '1.24' && !config.localhostNodePorts) return false;
	const { nodePortAddresses } = config;
	return nodePortAddresses.length === 0 || nodePortAddresses.some((prefix) => containsLoopback(prefix));
};

const containsLoopback = (prefix: Prefix): boolean =>
	prefix.length === 0 || prefixContains(LOOPBACK, prefix.address) || prefixContains(prefix, LOOPBACK.address);

/** The match "from a pod of this node", or its opposite; undefined without a detector. */
export const localPod = (detector: LocalDetector, invert = false): Match | undefined => {
	switch (detector.kind) {
		case 'ClusterCIDR':
		case 'NodeCIDR':
			return source(detector.prefix, invert);
		case 'BridgeInterface':
			return invert ? { kind: 'in', device: detector.device, invert } : { kind: 'in', device: detector.device };
		case 'InterfaceNamePrefix':
			return invert
				? { kind: 'in', device: `${detector.prefix}+`, invert }
				: { kind: 'in', device: `${detector.prefix}+` };
		case 'none':
			return undefined;
	}
};
