/**
 * One decision of the datapath: where it was taken, what was looked up, what answered, what followed and why.
 *
 * Everything a learner is shown (figure, text, tables, hints, checks) is derived from these records. Code
 * below `i18n` writes no sentence: `why` names a reason and its parameters, words come later.
 */

import type { Why } from './why.ts';

/** Where in a namespace a decision is taken, in the order the kernel meets the places. */
export type Hook =
	| 'socket' // connect(), accept(), data handed to a program
	| 'cgroup' // cgroup/connect4 and its kin
	| 'rx' // a device received the frame
	| 'xdp'
	| 'tc-ingress'
	| 'bridge' // forwarding by a Linux bridge
	| 'arp'
	| 'PREROUTING'
	| 'route' // FIB lookup
	| 'INPUT'
	| 'FORWARD'
	| 'OUTPUT'
	| 'POSTROUTING'
	| 'neigh' // neighbour lookup
	| 'tc-egress'
	| 'tx'; // a device sent the frame

/** What came of it. */
export type Verdict =
	| 'pass' // goes on unchanged
	| 'accept'
	| 'drop'
	| 'reject'
	| 'dnat'
	| 'snat'
	| 'mark'
	| 'jump' // went into another chain
	| 'return'
	| 'deliver' // to a local socket
	| 'forward'
	| 'transmit'
	| 'redirect'
	| 'create' // an entry was written
	| 'hit'
	| 'miss'
	| 'error';

/** The visible headers of a packet at one moment; addresses as 32-bit numbers. `mark` is the skb's. */
export interface Headers {
	readonly src: number;
	readonly dst: number;
	readonly protocol: number;
	readonly ttl: number;
	readonly mark: number;
	readonly sport?: number;
	readonly dport?: number;
	/** TCP flag bits. */
	readonly flags?: number;
	/** ICMP type and code. */
	readonly icmp?: readonly [number, number];
	/** Octets of the IP packet. */
	readonly length: number;
	/** Frontend that Cilium's DSR sends along, in an IP option or a Geneve option. */
	readonly dsr?: { readonly ip: number; readonly port: number };
	/** Encapsulated packet. */
	readonly inner?: Headers;
}

export interface Decision {
	/** 0-based position in its trace. */
	readonly seq: number;
	/** Virtual time, microseconds. */
	readonly time: number;
	/** Identifies one packet from the socket that sent it to the socket that got it, through all rewriting. */
	readonly packet: number;
	/** `host`, `node/<name>`, `pod/<namespace>/<name>`, `router/<name>`, `world`. */
	readonly ns: string;
	/** The device concerned: in for rx-side hooks, out for tx-side ones. */
	readonly dev?: string;
	readonly hook: Hook;
	/** netfilter table (`nat`), `fib`, `neigh`, `conntrack`, `fdb`, `sockets`, or the name of a BPF map. */
	readonly table?: string;
	/** netfilter chain, or the program's name. */
	readonly chain?: string;
	/** 1-based number of the rule in its chain that decided. */
	readonly rule?: number;
	/** Rules of this chain tried before that did not match. */
	readonly tried?: number;
	/** What was looked up, as the real tool would write it. */
	readonly key?: string;
	/** The entry that answered, as the real tool prints it (an iptables-save line, an `ip route` line, …). */
	readonly entry?: string;
	readonly verdict: Verdict;
	/** The reason, as a code and plain parameters (addresses are dotted strings); words are added in `i18n`. */
	readonly why: Why;
	/** Present on rx and tx, and on every decision that changed the packet. */
	readonly before?: Headers;
	readonly after?: Headers;
}

/** A decision as the code that takes it writes it down: the recorder adds `seq`. */
export type Draft = Omit<Decision, 'seq'>;

/** Where decisions go. Absent when nobody looks: code asks `if (net.recorder)` before it builds a draft. */
export interface Recorder {
	record(draft: Draft): void;
}
