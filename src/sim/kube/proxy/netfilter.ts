/** The netfilter vocabulary kube-proxy writes in, and short ways to write it. */
import type { Chain, CtState, Match, Rule, RulesetPatch, TableName, Target } from '../../linux/netfilter/index.ts';
import { type Ip, type Prefix, prefixOf } from '../../wire/index.ts';
import type { Protocol } from '../objects.ts';

export type { Chain, Match, Rule, RulesetPatch, TableName, Target };

/** `-p`'s name and number, and the module that knows its ports. */
export interface L4 {
	readonly module: 'tcp' | 'udp' | 'sctp';
	readonly number: number;
	/** `-p tcp`, one object for all rules. */
	readonly match: Match;
	/** `-m tcp` without an option, which the kernel keeps as "any port". */
	readonly bare: Match;
}

const l4 = (module: L4['module'], number: number): L4 => ({
	module,
	number,
	match: { kind: 'protocol', protocol: number },
	bare: { kind: 'dport', module, ports: [0, 65535] },
});

export const L4_OF: Readonly<Record<Protocol, L4>> = {
	TCP: l4('tcp', 6),
	UDP: l4('udp', 17),
	SCTP: l4('sctp', 132),
};

export const source = (prefix: Prefix, invert = false): Match =>
	invert ? { kind: 'source', prefix, invert } : { kind: 'source', prefix };
export const destination = (prefix: Prefix, invert = false): Match =>
	invert ? { kind: 'destination', prefix, invert } : { kind: 'destination', prefix };
export const host = (ip: Ip): Prefix => ({ address: ip, length: 32 });
export const LOOPBACK: Prefix = prefixOf(0x7f000000, 8);

export const comment = (text: string): Match => ({ kind: 'comment', text });
export const dport = (proto: L4, port: number): Match => ({ kind: 'dport', module: proto.module, ports: [port, port] });
export const ctstate = (states: readonly CtState[], invert = false): Match =>
	invert ? { kind: 'conntrack', states, invert } : { kind: 'conntrack', states };
export const mark = (value: number, invert = false): Match =>
	invert ? { kind: 'mark', value, mask: value, invert } : { kind: 'mark', value, mask: value };
export const SRC_LOCAL: Match = { kind: 'addrtype', src: 'LOCAL' };
export const DST_LOCAL: Match = { kind: 'addrtype', dst: 'LOCAL' };

export const jump = (chain: string): Target => ({ kind: 'jump', chain });
export const rule = (matches: readonly Match[], target: Target): Rule => ({ matches, target });
export const ACCEPT: Target = { kind: 'ACCEPT' };
export const DROP: Target = { kind: 'DROP' };
export const REJECT: Target = { kind: 'REJECT', with: 'icmp-port-unreachable' };
export const RETURN: Target = { kind: 'RETURN' };
export const NONE: Target = { kind: 'none' };

/**
 * `--probability` as kube-proxy prints it (1/n with ten decimals) and iptables stores it (lround of 2^31 times
 * that): 1/3 becomes 715827883, which `iptables-save` shows as 0.33333333349.
 */
export const probability = (n: number): number => Math.round(0x80000000 * (Math.round(1e10 / n) / 1e10));
