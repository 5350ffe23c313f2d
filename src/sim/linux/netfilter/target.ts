/** What rules do: one case per target, after the kernel's modules (net/netfilter/xt_*.c, net/ipv4/netfilter). */
import type { Why } from '../../trace/index.ts';
import {
	formatIp,
	ICMP_HOST_UNREACH,
	ICMP_NET_UNREACH,
	ICMP_PKT_FILTERED,
	ICMP_PORT_UNREACH,
	ICMP_PROT_UNREACH,
	ICMP_UNREACHABLE,
} from '../../wire/index.ts';
import { kernelAtLeast } from '../namespace.ts';
import type { IpSkb, NetfilterContext } from './context.ts';
import { masqueradeAddress, redirectAddress } from './masquerade.ts';
import { type Manip, type NatRange, natDone, setupNat } from './nat.ts';
import { setClosing } from './tcp-state.ts';
import { trackerOf } from './tracker.ts';
import type { BuiltinChain, RejectWith, Target } from './types.ts';

/** Targets that are not about the walk itself. */
export type Action = Exclude<Target, { kind: 'ACCEPT' | 'DROP' | 'RETURN' | 'jump' | 'goto' }>;

export interface ActionResult {
	/** `continue`: the next rule is tried (XT_CONTINUE). */
	readonly verdict: 'continue' | 'accept' | 'drop';
	readonly why: Why;
	/** To be done once the decision is written down: what it sends comes after it. */
	readonly then?: () => void;
}

const UNREACHABLE_CODE: Readonly<Record<Exclude<RejectWith, 'tcp-reset'>, number>> = {
	'icmp-net-unreachable': ICMP_NET_UNREACH,
	'icmp-host-unreachable': ICMP_HOST_UNREACH,
	'icmp-proto-unreachable': ICMP_PROT_UNREACH,
	'icmp-port-unreachable': ICMP_PORT_UNREACH,
	'icmp-admin-prohibited': ICMP_PKT_FILTERED,
	'icmp-net-prohibited': 9,
	'icmp-host-prohibited': 10,
};

export function perform(target: Action, ctx: NetfilterContext, skb: IpSkb, hook: BuiltinChain): ActionResult {
	switch (target.kind) {
		case 'LOG':
		case 'NFLOG':
		case 'TRACE':
		case 'none':
			return { verdict: 'continue', why: { code: 'nf.count' } };
		case 'MARK':
			skb.mark = ((skb.mark & ~target.mask) ^ target.value) >>> 0;
			return { verdict: 'continue', why: { code: 'nf.mark', mark: hex(skb.mark) } };
		case 'CONNMARK':
			return connmark(target, skb);
		case 'CT':
			// A packet that has a connection already keeps it.
			if (skb.ct === undefined || skb.ct === 'invalid') skb.ct = 'untracked';
			return { verdict: 'continue', why: { code: 'nf.notrack' } };
		case 'REJECT':
			return reject(target.with, ctx, skb, hook);
		case 'DNAT':
		case 'SNAT':
		case 'MASQUERADE':
		case 'REDIRECT':
			return nat(target, ctx, skb, hook);
		case 'TPROXY':
			return tproxy(target, ctx, skb);
	}
}

const hex = (n: number) => `0x${n.toString(16)}`;

function connmark({ op, mask }: Extract<Action, { kind: 'CONNMARK' }>, skb: IpSkb): ActionResult {
	if (typeof skb.ct !== 'object') return { verdict: 'continue', why: { code: 'nf.count' } };
	const { connection } = skb.ct;
	if (op === 'save') {
		connection.mark = ((connection.mark & ~mask) ^ (skb.mark & mask)) >>> 0;
		return { verdict: 'continue', why: { code: 'nf.connmark', mark: hex(connection.mark) } };
	}
	skb.mark = ((skb.mark & ~mask) ^ (connection.mark & mask)) >>> 0;
	return { verdict: 'continue', why: { code: 'nf.mark', mark: hex(skb.mark) } };
}

function reject(kind: RejectWith, ctx: NetfilterContext, skb: IpSkb, hook: BuiltinChain): ActionResult {
	const { services } = ctx;
	const then =
		kind === 'tcp-reset'
			? () => {
					if (typeof skb.ct === 'object' && kernelAtLeast(ctx.ns, 6, 3)) {
						setClosing(trackerOf(ctx), skb.ct.connection);
					}
					services.sendTcpReset(ctx, skb, hook);
				}
			: () => services.sendIcmpError(ctx, skb, ICMP_UNREACHABLE, UNREACHABLE_CODE[kind]);
	return { verdict: 'drop', why: { code: 'nf.reject', with: kind }, then };
}

type NatTarget = Extract<Action, { kind: 'DNAT' | 'SNAT' | 'MASQUERADE' | 'REDIRECT' }>;

/** Targets of the nat table: they settle one side of the connection; the packet is rewritten after the walk. */
function nat(target: NatTarget, ctx: NetfilterContext, skb: IpSkb, hook: BuiltinChain): ActionResult {
	if (typeof skb.ct !== 'object') return { verdict: 'accept', why: { code: 'nf.accept' } };
	const { connection } = skb.ct;
	const manip: Manip = target.kind === 'SNAT' || target.kind === 'MASQUERADE' ? 'src' : 'dst';
	const settle = (range: NatRange) => {
		if (!natDone(connection, manip)) setupNat(ctx, connection, range, manip);
		const { reply } = connection;
		// What the packet will carry: the reply tuple read backwards.
		const to = manip === 'src' ? [reply.dst, reply.dport] : [reply.src, reply.sport];
		return reply.protocol === 1 ? formatIp(to[0]!) : `${formatIp(to[0]!)}:${to[1]}`;
	};
	const { ports } = target;
	switch (target.kind) {
		case 'DNAT':
		case 'SNAT': {
			const ips = target.ip === undefined ? undefined : ([target.ip, target.ipMax ?? target.ip] as const);
			const random = target.random || target.randomFully;
			const to = settle({ ips, ports, random, persistent: target.persistent });
			return { verdict: 'accept', why: { code: target.kind === 'DNAT' ? 'nf.dnat' : 'nf.snat', to } };
		}
		case 'MASQUERADE': {
			// A packet without a source address yet is let be.
			if (connection.original.src === 0) return { verdict: 'accept', why: { code: 'nf.accept' } };
			const dev = ctx.outDev?.name ?? '';
			const ip = masqueradeAddress(ctx, skb);
			if (ip === undefined) return { verdict: 'drop', why: { code: 'nf.no-address', dev } };
			connection.masqIndex = ctx.outDev?.ifindex ?? 0;
			const to = settle({ ips: [ip, ip], ports, random: target.random || target.randomFully });
			return { verdict: 'accept', why: { code: 'nf.masquerade', to, dev } };
		}
		case 'REDIRECT': {
			const ip = redirectAddress(ctx, hook);
			if (ip === undefined) return { verdict: 'drop', why: { code: 'nf.no-address', dev: ctx.inDev?.name ?? '' } };
			return { verdict: 'accept', why: { code: 'nf.dnat', to: settle({ ips: [ip, ip], ports }) } };
		}
	}
}

/** tproxy_tg4: hands the packet to a local proxy's socket without rewriting it; drops it when there is none. */
function tproxy(target: Extract<Action, { kind: 'TPROXY' }>, ctx: NetfilterContext, skb: IpSkb): ActionResult {
	const { src, protocol, payload } = skb.net;
	const why: Why = { code: 'nf.tproxy', port: target.port };
	if (payload.kind !== 'tcp' && payload.kind !== 'udp') return { verdict: 'drop', why };
	const ip = target.ip || ctx.inDev?.addresses[0]?.ip || skb.net.dst;
	const port = target.port || payload.dport;
	const socket = ctx.services.lookupSocket?.(ctx.ns, { protocol, src, sport: payload.sport, dst: ip, dport: port });
	if (!socket?.transparent) return { verdict: 'drop', why };
	skb.mark = ((skb.mark & ~target.mask) ^ target.value) >>> 0;
	skb.tproxy = { ip, port };
	return { verdict: 'accept', why };
}
