/** What every program here is given, and the helpers they share. */
import type { Device, Namespace, Net, Program, ProgramVerdict, Skb } from '../../linux/index.ts';
import { type Headers, headersOf, type Verdict, type Why } from '../../trace/index.ts';
import { type Arp, type Ipv4, type Mac, TCP_SYN } from '../../wire/index.ts';
import type { Features } from '../features.ts';
import type { CiliumMaps } from '../maps/index.ts';
import { programName } from './name.ts';
import type { NodeConfig } from './node.ts';

/** struct __ctx_buff, with the namespace it is in. */
export interface Ctx {
	readonly net: Net;
	readonly ns: Namespace;
	readonly device: Device;
	readonly hook: 'xdp' | 'tc-ingress' | 'tc-egress';
	/** Name of the program that runs, for its records. */
	readonly program: string;
	readonly features: Features;
	readonly maps: CiliumMaps;
	readonly node: NodeConfig;
	/** Which object file the program is of: bpf_host, bpf_overlay, bpf_lxc or bpf_xdp. */
	readonly where: Where;
	/** Identity of the sender (CB_SRC_LABEL), once the program knows it. */
	readonly source?: number;
}

export type Where = 'host' | 'overlay' | 'lxc' | 'xdp';

export type IpSkb = Skb & { net: Ipv4 };
export type ArpSkb = Skb & { net: Arp };

export const OK: ProgramVerdict = { action: 'ok' };
export const drop = (reason: number): ProgramVerdict => ({ action: 'drop', reason });

/** A program of this agent: `body` sees IPv4 packets, `arp` ARP; without one it goes on into the kernel, which answers it. */
export const program = (
	name: string,
	where: Where,
	node: NodeConfig,
	body: (skb: IpSkb, ctx: Ctx) => ProgramVerdict,
	arp?: (skb: ArpSkb, ctx: Ctx) => ProgramVerdict,
): Program => {
	const { maps } = node;
	const { features } = maps;
	const full = programName(features, name);
	return {
		name: full,
		run: (skb, ctx) => {
			const own = { ...ctx, program: full, features, maps, node, where };
			if (skb.net.kind === 'ipv4') return body(skb as IpSkb, own);
			return arp ? arp(skb as ArpSkb, own) : OK;
		},
	};
};

/** ep_tail_call(): the rest is another program's. */
export const tailCall = <S extends IpSkb | ArpSkb>(
	skb: S,
	ctx: Ctx,
	name: string,
	body: (skb: S, ctx: Ctx) => ProgramVerdict,
): ProgramVerdict => {
	say(ctx, skb, 'jump', { code: 'cilium.tail-call', program: name });
	return body(skb, { ...ctx, program: name });
};

/** One record of a program: which map was asked, what it said, what follows. */
export const say = (
	ctx: Ctx,
	skb: IpSkb | ArpSkb,
	verdict: Verdict,
	why: Why,
	more: { readonly table?: string; readonly key?: string; readonly entry?: string; readonly before?: Headers } = {},
): void => {
	ctx.net.recorder?.record({
		time: ctx.net.now,
		packet: skb.packet,
		ns: ctx.ns.name,
		dev: ctx.device.name,
		hook: ctx.hook,
		chain: ctx.program,
		verdict,
		why,
		...more,
		...(more.before && skb.net.kind === 'ipv4' ? { after: headersOf(skb.net, skb.mark) } : {}),
	});
};

/** Headers as they are, when somebody looks. */
export const before = (ctx: Ctx, skb: IpSkb): { readonly before: Headers } | Record<never, never> =>
	ctx.net.recorder ? { before: headersOf(skb.net, skb.mark) } : {};

/**
 * ipv4_l3(): one hop, in place of the stack's: TTL less one, MAC addresses of the next. A TTL that is used up is a
 * drop without an ICMP message (upstream's FIXME).
 */
export const ipv4L3 = (skb: IpSkb, ctx: Ctx, smac: Mac | undefined, dmac: Mac): ProgramVerdict | undefined => {
	if (skb.net.ttl <= 1) return drop(ctx.features.ttlDrop);
	skb.net.ttl--;
	if (smac !== undefined) skb.frame.src = smac;
	skb.frame.dst = dmac;
	return undefined;
};

/** A TCP packet that begins a connection, or the first of anything else. */
export const begins = (flags: number, proto: number): boolean => proto !== 6 || (flags & TCP_SYN) !== 0;

/** Ports of TCP and UDP may be changed, nothing else has any. */
export const setPort = (packet: Ipv4, side: 'sport' | 'dport', port: number): void => {
	const { payload } = packet;
	if (payload.kind === 'tcp' || payload.kind === 'udp') payload[side] = port;
};
