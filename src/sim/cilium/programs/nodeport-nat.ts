/**
 * Tail calls of NodePort in SNAT mode: out to a backend on another node, back from there, and the frontend's address
 * put back. bpf/lib/nodeport.h @ v1.12.1, v1.14, v1.18.0.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { ID_HOST, ID_WORLD } from '../identity.ts';
import { type CtResult, ctLookup4, ctTupleOf, hasPorts } from '../maps/conntrack.ts';
import { CT_F_NODE_PORT } from '../maps/ct-entry.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import { natPorts } from '../maps/snat.ts';
import { type Ctx, drop, type IpSkb, say, tailCall } from './context.ts';
import { encapAndRedirect } from './encap.ts';
import { fibRedirect4 } from './fib.ts';
import { reverseNat } from './lb.ts';
import { setSnatDone } from './marks.ts';
import { snatNat, snatRevNat } from './nat.ts';
import type { Recircle } from './nodeport.ts';
import { sayKnown } from './text.ts';

/** Where a destination lies behind a tunnel; 0 for nowhere. */
const tunnelEndpoint = (ctx: Ctx, ip: number): number => {
	if (!ctx.node.tunnel) return 0;
	const info = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, ip);
	return info && !info.skipTunnel ? info.tunnelEndpoint : 0;
};

/** tail_nodeport_nat_egress_ipv4() (tail_nodeport_nat_ipv4() to 1.12): the answer must come back here. */
export const tailNodeportNatEgress = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const { node } = ctx;
	const remote = tunnelEndpoint(ctx, skb.net.dst);
	say(ctx, skb, 'pass', { code: 'cilium.backend-elsewhere', ip: formatIp(skb.net.dst) });
	const addr = remote === 0 ? node.directRouting : node.gateway;
	const nat = snatNat(skb, ctx, { addr, ...natPorts(ctx) }, true);
	if (typeof nat === 'object') return drop(nat.drop);
	setSnatDone(skb, ctx);
	// Policies must see that the request came from outside.
	return remote === 0 ? fibRedirect4(skb, ctx, 'backend') : encapAndRedirect(skb, ctx, remote, ID_WORLD);
};

/** tail_nodeport_nat_ingress_ipv4(): an answer from a backend, or nothing of ours. */
export const tailNodeportNatIngress = (skb: IpSkb, ctx: Ctx, again: Recircle): ProgramVerdict => {
	if (snatRevNat(skb, ctx) === 'punt') return again(skb, ctx);
	setSnatDone(skb, ctx);
	const { dsrAtNetdev, revDnatInline, natTailNames } = ctx.features;
	// With DSR for everything no answer of a backend comes by here.
	const { node } = ctx;
	if (node.mode === 'dsr' && dsrAtNetdev && !node.egressGateway) return again(skb, ctx);
	const label = ctx.hook === 'xdp' || ctx.where === 'overlay' ? ID_WORLD : ID_HOST;
	const rest: Recircle = (s, c) => node.egressGateway?.reply(s, c) ?? revNodeportLb4(s, c, label) ?? again(s, c);
	return revDnatInline ? rest(skb, ctx) : tailCall(skb, ctx, natTailNames[2], rest);
};

/** ct_has_nodeport_egress_entry4() and the lookup after it: the connection this packet answers, if a NodePort's. */
export const nodeportReply = (skb: IpSkb, ctx: Ctx): CtResult | undefined => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple || !hasPorts(tuple)) return undefined;
	const ct = ctLookup4(ctx, tuple, 'IN', { scope: 'reverse', types: 'node-port' });
	return ct.status === 'REPLY' && ct.entry.flags & CT_F_NODE_PORT && ct.entry.revNatIndex !== 0 ? ct : undefined;
};

/**
 * rev_nodeport_lb4() (nodeport_rev_dnat_ipv4() later): a backend's answer leaves from the frontend's address, straight
 * to the client. Undefined: the packet is no such answer. `label` is SECLABEL of the program.
 */
export const revNodeportLb4 = (skb: IpSkb, ctx: Ctx, label: number): ProgramVerdict | undefined => {
	const ct = nodeportReply(skb, ctx);
	if (!ct?.entry) return undefined;
	sayKnown(skb, ctx, ct);
	reverseNat(skb, ctx, ct.entry);
	setSnatDone(skb, ctx);
	const remote = tunnelEndpoint(ctx, skb.net.dst);
	if (remote === 0) return fibRedirect4(skb, ctx, 'client');
	return encapAndRedirect(skb, ctx, remote, ctx.features.revDnatAsNode ? ID_HOST : label);
};
