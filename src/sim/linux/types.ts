/**
 * A network namespace as data. The functions beside this file are the kernel's path over it.
 */
import type { Recorder, Why } from '../trace/index.ts';
import type { Arp, Frame, GeneveOption, Ip, Ipv4, Mac, Prefix, Udp } from '../wire/index.ts';
import type { BpfMap } from './bpf.ts';
import type { Network } from './net.ts';
import type { Connection, ConnectionDirection, Conntrack } from './netfilter/conntrack.ts';
import type { Recent } from './netfilter/recent.ts';
import type { Ruleset } from './netfilter/types.ts';
import type { ConnectProgram, SocketTable } from './socket.ts';

/** `scope` of an address or route (include/uapi/linux/rtnetlink.h, RT_SCOPE_*). */
export type Scope = 'global' | 'site' | 'link' | 'host';

export interface Address {
	readonly ip: Ip;
	readonly length: number;
	readonly scope: Scope;
	/** IFA_F_SECONDARY: a later address in the subnet of an earlier one. */
	readonly secondary: boolean;
}

/** A device. `veth` and `physical` have a peer; frames sent on one arrive at the other. */
export interface Device {
	readonly ifindex: number;
	readonly name: string;
	readonly kind: 'loopback' | 'veth' | 'physical' | 'bridge' | 'dummy' | 'vxlan' | 'geneve';
	readonly mac: Mac;
	readonly mtu: number;
	readonly up: boolean;
	readonly addresses: readonly Address[];
	/** The bridge this device is a port of, by ifindex. */
	readonly master?: number;
	/** Other end: namespace name and ifindex there. */
	readonly peer?: { readonly ns: string; readonly ifindex: number };
	/** Of a tunnel device, which is in external mode. */
	readonly tunnel?: TunnelOps;
	/** Link delay in microseconds, one way. */
	readonly delay: number;
	/** Per-device sysctls. */
	readonly proxyArp: boolean;
	readonly rpFilter: 0 | 1 | 2;
	readonly routeLocalnet: boolean;
	/** Programs, in attach order; the hook points that Cilium's programs use. */
	readonly xdp?: XdpProgram;
	readonly tcIngress?: Program;
	readonly tcEgress?: Program;
}

/** What a tunnel device does with packets (struct net_device_ops, udp_sk(sk)->encap_rcv). */
export interface TunnelOps {
	/** UDP port it sends to and receives at. */
	readonly port: number;
	transmit(net: Network, ns: Namespace, dev: Device, skb: Skb): void;
	/** Takes what came in a datagram to its port. */
	receive(net: Network, ns: Namespace, dev: Device, skb: Skb, udp: Udp): void;
}

/** What a program attached to a hook may answer (TC_ACT_*, XDP_*). */
export type ProgramVerdict =
	| { readonly action: 'ok' }
	| { readonly action: 'drop'; readonly reason: number }
	/** bpf_redirect: to a device's egress or ingress in this namespace. At XDP, to its own device, it is XDP_TX. */
	| { readonly action: 'redirect'; readonly ifindex: number; readonly ingress: boolean }
	/** bpf_redirect_peer: straight into the namespace at the other end of a veth. */
	| { readonly action: 'redirect-peer'; readonly ifindex: number }
	/** bpf_redirect_neigh: out of a device, the kernel fills in the neighbour. */
	| { readonly action: 'redirect-neigh'; readonly ifindex: number; readonly nextHop?: Ip };

/** A BPF program at a hook. It reads and writes the skb; its maps are its own business. */
export interface Program {
	readonly name: string;
	run(
		skb: Skb,
		ctx: {
			readonly net: Net;
			readonly ns: Namespace;
			readonly device: Device;
			readonly hook: 'xdp' | 'tc-ingress' | 'tc-egress';
		},
	): ProgramVerdict;
}

/** A program at XDP, made by `xdpProgram()`. */
export interface XdpProgram extends Program {
	/** XDP_TX and XDP_REDIRECT: out of `dev`, by its driver alone. */
	transmit(net: Network, ns: Namespace, dev: Device, skb: Skb): void;
}

export type RouteType = 'unicast' | 'local' | 'broadcast' | 'unreachable' | 'blackhole' | 'prohibit';

export interface Route {
	readonly dst: Prefix;
	readonly type: RouteType;
	/** 255 local, 254 main. */
	readonly table: number;
	readonly dev?: number;
	readonly via?: Ip;
	readonly src?: Ip;
	readonly scope: Scope;
	readonly metric: number;
	readonly mtu?: number;
	/** As `ip route` names it: `kernel`, `boot`, `static`. */
	readonly protocol: string;
	readonly onlink?: boolean;
}

/** `ip rule`. */
export interface PolicyRule {
	readonly priority: number;
	readonly from?: Prefix;
	readonly to?: Prefix;
	readonly fwmark?: { readonly value: number; readonly mask: number };
	readonly iif?: string;
	readonly table: number;
	/** Who made it (FRA_PROTOCOL); nobody in particular when absent. */
	readonly protocol?: string;
}

export type NeighbourState = 'PERMANENT' | 'REACHABLE' | 'STALE' | 'DELAY' | 'INCOMPLETE' | 'FAILED';

export interface Neighbour {
	readonly ip: Ip;
	readonly dev: number;
	mac?: Mac;
	state: NeighbourState;
	/** Last confirmation, microseconds. */
	updated: number;
	/** Packets that wait for an answer. */
	queue: Skb[];
	/** When to ask again. */
	timer?: Timer;
}

/** How routing answers (struct rtable): what `skb_dst()` points to. Never changed in place. */
export interface Dst {
	/** `error` carries the errno the lookup gave; the packet goes no further (ip_error, or connect() fails). */
	readonly type: 'unicast' | 'local' | 'broadcast' | 'error';
	readonly error?: Errno;
	/** Device it leaves by; the loopback device for local delivery. */
	readonly oif: number;
	/** Gateway, or 0 when the destination is on the link. */
	readonly gateway: Ip;
	/** Source address the kernel would choose for a packet of its own: the route's `src`, else inet_select_addr. */
	readonly src: Ip;
	/** MTU of the route or of the device. */
	readonly mtu: number;
	/** True when an input route was looked up (rt_is_input_route). */
	readonly input: boolean;
	/** The FIB entry that answered, when one did. */
	readonly route?: Route;
}

/** Errors the kernel gives to a program, by name. */
export type Errno =
	| 'ECONNREFUSED'
	| 'ECONNRESET'
	| 'ETIMEDOUT'
	| 'EHOSTUNREACH'
	| 'ENETUNREACH'
	| 'EPERM'
	| 'EACCES'
	| 'EINVAL'
	| 'EMSGSIZE'
	| 'ENOPROTOOPT'
	| 'EPROTO'
	| 'EADDRINUSE'
	| 'EADDRNOTAVAIL'
	| 'ENODEV'
	| 'EXDEV';

/** struct bpf_tunnel_key, with the options of bpf_skb_set_tunnel_opt. */
export interface TunnelKey {
	/** VNI. */
	readonly id: number;
	/** The other machine: where to, or where from. */
	readonly remote: Ip;
	/** This machine's address; chosen by routing when absent. */
	readonly local?: Ip;
	readonly options?: readonly GeneveOption[];
}

/** A packet in a namespace: struct sk_buff, as far as the course goes. Mutable: it is the packet. */
export interface Skb {
	/** Trace identity, kept through all rewriting. */
	readonly packet: number;
	/** Link-layer header it came with; what it leaves with is built at the neighbour. */
	frame: { src: Mac; dst: Mac };
	net: Ipv4 | Arp;
	mark: number;
	/** Device it came in by (ifindex); 0 for locally generated. */
	iif: number;
	/** Device it leaves by, known after routing. */
	oif: number;
	/** PACKET_HOST, PACKET_BROADCAST, PACKET_OTHERHOST. */
	type: 'host' | 'broadcast' | 'otherhost';
	/** nf_conntrack's view; undefined before it was looked at. */
	ct?:
		| {
				readonly connection: Connection;
				readonly direction: ConnectionDirection;
				readonly info: 'NEW' | 'ESTABLISHED' | 'RELATED';
		  }
		| 'invalid'
		| 'untracked';
	/** Chosen by routing: route's next hop (the destination itself on a connected route). */
	nextHop: Ip;
	/** The routing decision; kept over the loopback device, dropped on entering another namespace. */
	dst?: Dst;
	/** Tunnel metadata: set by a program before a tunnel device sends it, or by the device that received it. */
	tunnel?: TunnelKey;
	/** skb->cb, and what XDP wrote in front of the frame, for programs. */
	cb: number[];
	/** True once tc saw TC_SKIP or a program redirected it so that the same hook is not run again. */
	redirected: boolean;
	/** The local listener TPROXY chose (skb->sk). */
	tproxy?: { readonly ip: Ip; readonly port: number };
	/** br_netfilter has run PREROUTING already (ip_sabotage_in()). */
	prerouted?: boolean;
	/** IPSKB_FORWARDED: IPCB(skb)->flags. */
	forwarded: boolean;
}

/** Sysctls of a namespace that change a packet's fate; names as under /proc/sys/net/ipv4 and netfilter. */
export interface Sysctls {
	readonly ip_forward: boolean;
	/** conf/all/*: combined with the device's as the kernel combines them. */
	readonly rp_filter: 0 | 1 | 2;
	readonly route_localnet: boolean;
	readonly ip_default_ttl: number;
	readonly ip_local_port_range: readonly [number, number];
	readonly nf_conntrack_tcp_be_liberal: boolean;
	/** Seconds, by conntrack state; see conntrack.ts for the defaults. */
	readonly conntrackTimeouts: Readonly<Record<string, number>>;
	/** bridge-nf-call-iptables: bridged frames walk iptables too. */
	readonly bridge_nf_call_iptables: boolean;
	readonly tcp_syn_retries: number;
	readonly tcp_synack_retries: number;
	readonly tcp_retries2: number;
	readonly icmp_echo_ignore_all?: boolean;
}

/** One network namespace. Configuration is replaced, never changed in place; tables are. */
/**
 * A program behind NFQUEUE, and the rule that brings it the first packet of a connection in POSTROUTING before its source
 * is translated (kindnetd's table, priority `srcnat - 5`). What processes of this machine send is let pass.
 */
export interface PacketQueue {
	/** Why a packet may not go on; undefined when it may. */
	denies(packet: Ipv4): Why | undefined;
}

export interface Namespace {
	readonly name: string;
	/** `5.15.0`, …: where behaviour differs by kernel. */
	readonly kernel: string;
	devices: ReadonlyMap<number, Device>;
	routes: readonly Route[];
	rules: readonly PolicyRule[];
	ruleset: Ruleset;
	ipsets: ReadonlyMap<string, readonly Prefix[]>;
	sysctls: Sysctls;
	/** By `neighbourKey(dev, ip)`. */
	readonly neighbours: Map<number, Neighbour>;
	readonly fdb: Map<Mac, { readonly port: number; readonly updated: number }>;
	readonly conntrack: Conntrack;
	readonly recent: Map<string, Recent>;
	/** What a rule's own match keeps between packets: a number, and when it was written. */
	readonly ruleState: Map<object, readonly [value: number, at: number]>;
	readonly sockets: SocketTable;
	/** Next value of the IP identification field, per destination. */
	readonly ipIds: Map<Ip, number>;
	/** Fragments that wait for the rest, by source, destination, protocol and identification. */
	readonly fragments: Map<string, { readonly pieces: Ipv4[]; readonly expires: number }>;
	/** Path MTUs learned from ICMP 3/4, by destination (fib_nh_exception); times in microseconds. */
	readonly pathMtus: Map<Ip, { readonly mtu: number; readonly expires: number }>;
	/** Programs on cgroup/connect4 and its kin, in attach order. */
	connectPrograms: readonly ConnectProgram[];
	/** Who is asked, outside of the kernel, about packets that leave; undefined: nobody. */
	packetQueue?: PacketQueue | undefined;
	/** Maps of the programs that run here, by name. */
	readonly bpfMaps: Map<string, BpfMap>;
	/** Frames received and sent, by device ifindex. */
	readonly counters: Map<number, { rx: number; tx: number }>;
}

/** A frame as a capture point saw it. */
export interface Capture {
	readonly time: number;
	readonly ns: string;
	readonly dev: string;
	readonly direction: 'rx' | 'tx';
	readonly packet: number;
	readonly frame: Frame;
}

/**
 * One lookup for a packet: a program's in a map (bpf_map_lookup_elem; one in a trie is one, however long the prefix),
 * or conntrack's own. Tail calls, and the kernel's routes, neighbours and sockets, are no such lookups.
 */
export interface Lookup {
	/** Where the packet is. */
	readonly ns: string;
	readonly packet: number;
	/** The program at the hook, whichever of its tail calls looked; nothing for conntrack. */
	readonly program?: string;
	/** Name of the map, or `nf_conntrack`. */
	readonly table: string;
	readonly hit: boolean;
}

/** Something that will happen. Opaque: give it back to `cancel`. */
export interface Timer {
	readonly at: number;
	readonly order: number;
	action: (() => void) | undefined;
}

/** The whole simulated network: namespaces, the clock, the queue, chance. */
export interface Net {
	/** Virtual time, microseconds. */
	readonly now: number;
	readonly namespaces: ReadonlyMap<string, Namespace>;
	readonly recorder?: Recorder;
	/** Called with each frame a device sends or receives, when someone captures. */
	readonly capture?: (c: Capture) => void;
	/** Called with each packet that comes to a hook of netfilter, when someone counts octets. */
	readonly hooked?: (skb: Skb) => void;
	/** Called with each lookup in a map or in conntrack, when someone counts. */
	readonly lookup?: (l: Lookup) => void;
	/** Run `action` at `at` (microseconds, not before now). Ordered by time, then by order of the calls. */
	schedule(at: number, action: () => void): Timer;
	/** Takes back what was scheduled; harmless when it has run. A cancelled event does not hold the clock. */
	cancel(timer: Timer | undefined): void;
	/** An integer in [0, bound): the next of the stream keyed by (seed, purpose, key). */
	random(purpose: string, key: string, bound: number): number;
	nextPacketId(): number;
}
