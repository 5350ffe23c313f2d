/**
 * netfilter's rules as objects. kube-proxy, the kubelet and Cilium produce them, `iptables-save` text is parsed
 * into them and printed from them; the engine knows nothing of who wrote them.
 */
import type { Ip, Prefix } from '../../wire/index.ts';

export type TableName = 'raw' | 'mangle' | 'nat' | 'filter';
export type BuiltinChain = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';

/** An inclusive port range. */
export type PortRange = readonly [number, number];

export type CtState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'UNTRACKED' | 'DNAT' | 'SNAT';
export type AddrType = 'LOCAL' | 'UNICAST' | 'BROADCAST' | 'MULTICAST' | 'UNSPEC';

/** One condition. `invert` is iptables' `!`. The order of a rule's matches is the order they are printed in. */
export type Match =
	| { readonly kind: 'source' | 'destination'; readonly prefix: Prefix; readonly invert?: boolean }
	| {
			readonly kind: 'in' | 'out' /** `eth0`, or `lxc+` for every name that begins so. */;
			readonly device: string;
			readonly invert?: boolean;
	  }
	| { readonly kind: 'protocol'; readonly protocol: number; readonly invert?: boolean }
	| {
			/**
			 * `module` it was written with: prints as `-m tcp`. 0 to 65535 not inverted is any port, which the kernel
			 * keeps and iptables-save prints as the bare module.
			 */
			readonly kind: 'sport' | 'dport';
			readonly module: 'tcp' | 'udp' | 'sctp';
			readonly ports: PortRange;
			readonly invert?: boolean;
	  }
	| {
			readonly kind: 'multiport';
			readonly side: 'sports' | 'dports' | 'ports';
			readonly ports: readonly PortRange[];
			readonly invert?: boolean;
	  }
	| { readonly kind: 'tcp-flags'; readonly mask: number; readonly set: number; readonly invert?: boolean }
	| { readonly kind: 'icmp-type'; readonly type: number; readonly code?: number; readonly invert?: boolean }
	| { readonly kind: 'mark'; readonly value: number; readonly mask: number; readonly invert?: boolean }
	| { readonly kind: 'connmark'; readonly value: number; readonly mask: number; readonly invert?: boolean }
	/** `old`: written as `-m state`, which is this match by another name. */
	| {
			readonly kind: 'conntrack';
			readonly states: readonly CtState[];
			readonly invert?: boolean;
			readonly old?: true;
	  }
	| {
			readonly kind: 'addrtype';
			readonly src?: AddrType;
			readonly dst?: AddrType;
			readonly srcInvert?: boolean;
			readonly dstInvert?: boolean;
			readonly limitIfaceIn?: boolean;
			readonly limitIfaceOut?: boolean;
	  }
	| {
			readonly kind: 'statistic' /** Parts of 2^31, as the kernel stores it. */;
			readonly probability: number;
			readonly invert?: boolean;
	  }
	| {
			readonly kind: 'nth' /** `-m statistic --mode nth`: one packet of `every`, after `packet` of them. */;
			readonly every: number;
			readonly packet: number;
			readonly invert?: boolean;
	  }
	| {
			readonly kind: 'limit' /** `cost`: what one packet costs, in ten-thousandths of a second. */;
			readonly cost: number;
			readonly burst: number;
	  }
	| {
			readonly kind: 'recent';
			readonly action: 'set' | 'rcheck' | 'update';
			readonly name: string;
			readonly seconds?: number;
			/** How often it was seen, at least. */
			readonly hits?: number;
			readonly reap?: boolean;
			readonly side: 'source' | 'dest';
			readonly invert?: boolean;
	  }
	| {
			readonly kind: 'set' /** ipset. */;
			readonly name: string;
			readonly direction: 'src' | 'dst';
			readonly invert?: boolean;
	  }
	| { readonly kind: 'nfacct'; readonly name: string }
	| { readonly kind: 'socket'; readonly transparent: boolean; readonly nowildcard: boolean }
	| { readonly kind: 'comment'; readonly text: string };

export type RejectWith =
	| 'icmp-port-unreachable'
	| 'icmp-host-unreachable'
	| 'icmp-net-unreachable'
	| 'icmp-proto-unreachable'
	| 'icmp-admin-prohibited'
	| 'icmp-net-prohibited'
	| 'icmp-host-prohibited'
	| 'tcp-reset';

export type Target =
	| { readonly kind: 'ACCEPT' | 'DROP' | 'RETURN' }
	| { readonly kind: 'jump' | 'goto'; readonly chain: string }
	| { readonly kind: 'REJECT'; readonly with: RejectWith }
	| {
			/** mark = (mark & ~mask) ^ value: how the kernel stores --set-xmark, --or-mark, --and-mark, --xor-mark. */ readonly kind: 'MARK';
			readonly value: number;
			readonly mask: number;
	  }
	| { readonly kind: 'CONNMARK'; readonly op: 'save' | 'restore'; readonly mask: number }
	| {
			readonly kind: 'DNAT' | 'SNAT';
			readonly ip?: Ip;
			readonly ipMax?: Ip;
			readonly ports?: PortRange;
			readonly random?: boolean;
			readonly randomFully?: boolean;
			readonly persistent?: boolean;
	  }
	| {
			readonly kind: 'MASQUERADE';
			readonly ports?: PortRange;
			readonly random?: boolean;
			readonly randomFully?: boolean;
	  }
	| { readonly kind: 'REDIRECT'; readonly ports?: PortRange }
	| { readonly kind: 'CT'; readonly notrack: true }
	| {
			/**
			 * They tell somebody: the kernel's log, which only the first network namespace writes to
			 * (net.netfilter.nf_log_all_netns), a program that listens, `xtables-monitor`. Packets go on.
			 */
			readonly kind: 'LOG';
			readonly prefix?: string;
			readonly level: number;
			/** XT_LOG_TCPSEQ and its kin. */
			readonly flags: number;
	  }
	| { readonly kind: 'NFLOG'; readonly prefix?: string; readonly group: number }
	| { readonly kind: 'TRACE' }
	| { readonly kind: 'TPROXY'; readonly port: number; readonly ip: Ip; readonly value: number; readonly mask: number }
	| { /** A rule with no target counts, and does nothing else. */ readonly kind: 'none' };

export interface Rule {
	readonly matches: readonly Match[];
	readonly target: Target;
}

export interface Chain {
	readonly name: string;
	/** Built-in chains only. */
	readonly policy?: 'ACCEPT' | 'DROP';
	readonly rules: readonly Rule[];
}

/** One table: its chains by name, in the order `iptables-save` prints them. Never changed in place. */
export interface Table {
	readonly name: TableName;
	readonly chains: ReadonlyMap<string, Chain>;
}

/** All that `iptables-restore` would load: absent tables are empty with ACCEPT policies. Never changed in place. */
export type Ruleset = Readonly<Partial<Record<TableName, Table>>>;

/** What to add: chains, and rules appended or prepended to chains that others own too. */
export interface RulesetPatch {
	readonly table: TableName;
	/** Chains created, or replaced when they exist. */
	readonly chains: readonly Chain[];
	/** Chains created when they are missing and left alone when they are not (`iptables -N`). */
	readonly ensure?: readonly string[];
	/** Jumps and the like put into existing chains, in this order, each unless the chain has that very rule (`iptables -C`). */
	readonly inserts: readonly { readonly chain: string; readonly at: 'first' | 'last'; readonly rule: Rule }[];
}
