/**
 * Tail calls of NodePort in SNAT mode: out to a backend on another node, back from there, and the frontend's address
 * put back. bpf/lib/nodeport.h @ v1.12.1, v1.14, v1.18.0.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { DROP_NAT_NO_MAPPING } from '../drop.ts';
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
import { isDsrReply, xlateDsr4 } from './nodeport-dsr.ts';
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
	return remote === 0 ? fibRedirect4(skb, ctx) : encapAndRedirect(skb, ctx, remote, ID_WORLD);
};

/** tail_nodeport_nat_ingress_ipv4(): an answer from a backend, or nothing of ours. */
export const tailNodeportNatIngress = (skb: IpSkb, ctx: Ctx, again: Recircle): ProgramVerdict => {
	if (snatRevNat(skb, ctx) === 'punt') return again(skb, ctx);
	setSnatDone(skb, ctx);
	// With DSR for everything no answer of a backend comes by here.
	if (ctx.node.mode === 'dsr' && ctx.features.dsrAtNetdev && !ctx.node.egressGateway) return again(skb, ctx);
	return tailCall(skb, ctx, ctx.features.natTailNames[2], (s, c) => tailRevNodeportLb4(s, c, again));
};

/** ct_has_nodeport_egress_entry4() and the lookup after it: the connection this packet answers, if a NodePort's. */
export const nodeportReply = (skb: IpSkb, ctx: Ctx): CtResult | undefined => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple || !hasPorts(tuple)) return undefined;
	const ct = ctLookup4(ctx, tuple, 'IN', { scope: 'reverse', types: 'node-port' });
	return ct.status === 'REPLY' && ct.entry.flags & CT_F_NODE_PORT && ct.entry.revNatIndex !== 0 ? ct : undefined;
};

/**
 * rev_nodeport_lb4(): a backend's answer leaves from the frontend's address, straight to the client.
 * `again` is missing in a pod's program, where nothing else can follow.
 */
export const tailRevNodeportLb4 = (skb: IpSkb, ctx: Ctx, again?: Recircle): ProgramVerdict => {
	const back = again && ctx.node.egressGateway?.reply(skb, ctx);
	if (back) return back;
	const ct = nodeportReply(skb, ctx);
	if (ct?.entry) {
		sayKnown(skb, ctx, ct);
		reverseNat(skb, ctx, ct.entry);
		setSnatDone(skb, ctx);
	} else if (ctx.features.dsrReplyAtPod && ctx.node.mode !== 'snat' && isDsrReply(skb, ctx)) xlateDsr4(skb, ctx);
	else return again ? again(skb, ctx) : drop(DROP_NAT_NO_MAPPING);
	const remote = tunnelEndpoint(ctx, skb.net.dst);
	// XDP's SECLABEL is the world's.
	const identity = ctx.hook === 'xdp' ? ID_WORLD : ID_HOST;
	return remote === 0 ? fibRedirect4(skb, ctx, undefined, true) : encapAndRedirect(skb, ctx, remote, identity);
};
