/**
 * cil_to_netdev (section to-netdev to 1.12): what is about to leave by the node's own device. Answers of services get
 * the frontend's address, pods the node's. bpf/bpf_host.c, bpf/lib/nodeport{,_egress}.h @ v1.12.1, v1.14, v1.18.0.
 */
import { fibLookup, type Program, type ProgramVerdict } from '../../linux/index.ts';
import { formatIp, prefixContains } from '../../wire/index.ts';
import { isRemoteNode } from '../identity.ts';
import { type CtResult, ctIsReply4, ctTupleOf } from '../maps/conntrack.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import { inIpmasq } from '../maps/ipmasq.ts';
import { type NatTarget, natPorts } from '../maps/snat.ts';
import { type Ctx, drop, type IpSkb, OK, program, say, tailCall } from './context.ts';
import { fibRedirect4 } from './fib.ts';
import { reverseNat } from './lb.ts';
import { isSnatDone, MARK_MAGIC_HOST_MASK, MARK_MAGIC_OVERLAY, setSnatDone } from './marks.ts';
import { snatNat } from './nat.ts';
import type { NodeConfig } from './node.ts';
import { dsrFrontend, isDsrReply, xlateDsr4 } from './nodeport-dsr.ts';
import { nodeportReply } from './nodeport-nat.ts';
import { sayKnown } from './text.ts';

export const toNetdev = (node: NodeConfig): Program => program('to_netdev', 'host', node, handleNatFwd);

/** handle_nat_fwd(). Also run by to_overlay. */
export const handleNatFwd = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const { node, features } = ctx;
	if (!node.nodePort) return OK;
	const sent = node.egressGateway?.toNetdev(skb, ctx);
	if (sent) return sent;
	if ((skb.mark & MARK_MAGIC_HOST_MASK) === MARK_MAGIC_OVERLAY) {
		say(ctx, skb, 'pass', { code: 'cilium.egress-overlay' });
		return OK;
	}
	if (isSnatDone(skb, features.snatDoneMark)) {
		say(ctx, skb, 'pass', { code: 'cilium.egress-done' });
		return OK;
	}
	// nodeport_rev_dnat_fwd_ipv4(), from 1.13: answers of backends on this node.
	if (features.dsrAtNetdev) {
		const ct = nodeportReply(skb, ctx);
		const away = !node.oneDevice && features.replyByRoute && otherDevice(skb, ctx, ct);
		if (away) return away;
		if (ct?.entry) {
			sayKnown(skb, ctx, ct);
			reverseNat(skb, ctx, ct.entry);
			setSnatDone(skb, ctx);
			return OK;
		}
		if (node.mode !== 'snat' && isDsrReply(skb, ctx)) {
			xlateDsr4(skb, ctx);
			return OK;
		}
	}
	if (node.mode === 'dsr' && !node.bpfMasquerade) return OK;
	const [, , , fwd] = features.natTailNames;
	return fwd === undefined ? snatFwd(skb, ctx) : tailCall(skb, ctx, fwd, snatFwd);
};

/**
 * An answer that leaves by another device, as the frontend's route has it, goes there as it is: the program there
 * translates it. nodeport_rev_dnat_fwd_ipv4() without ENABLE_SKIP_FIB.
 */
const otherDevice = (skb: IpSkb, ctx: Ctx, ct: CtResult | undefined): ProgramVerdict | undefined => {
	const frontend = ct?.entry
		? ctx.maps.reverseNat.lookup(ctx.ns, ct.entry.revNatIndex)?.address
		: dsrFrontend(skb, ctx)?.toAddr;
	if (frontend === undefined) return undefined;
	const { ifindex } = ctx.device;
	const route = fibLookup(ctx.ns, { dst: skb.net.dst, src: frontend, mark: 0, iif: ifindex, oif: 0, scope: 0 });
	return route?.dev === undefined || route.dev === ifindex ? undefined : fibRedirect4(skb, ctx, 'elsewhere', frontend);
};

interface Needed {
	readonly target: NatTarget;
	/** A pod's packet (with an egress gateway, any node's), not the node's own. */
	readonly pod: boolean;
}

/** snat_v4_needed(), snat_v4_prepare_state(): whether this packet is to get another source. */
const snatNeeded = (skb: IpSkb, ctx: Ctx): Needed | ProgramVerdict | undefined => {
	const { node } = ctx;
	const { src, dst } = skb.net;
	const own = ctx.where === 'overlay' ? node.gateway : node.directRouting;
	// Tuples of the node's own connections may collide with those made here: they are remembered too.
	const ofService = !ctx.features.snatIcmpIsMasquerade || skb.net.payload.kind !== 'icmp';
	if (src === own && (ofService || (ctx.where === 'host' && node.bpfMasquerade)))
		return { target: { addr: own, ...natPorts(ctx), needsCt: true }, pod: false };
	if (ctx.where === 'overlay' || !node.bpfMasquerade) return undefined;
	const ep = ctx.maps.lxc.lookup(ctx.ns, src);
	const tuple = ep && ctTupleOf(skb.net);
	if (tuple && ctIsReply4(ctx, tuple)) return undefined;
	// Before the CIDR below: a policy may be about a part of it.
	const egress = node.egressGateway?.source(skb, ctx, ep !== undefined);
	if (egress) return 'action' in egress ? egress : { target: egress, pod: true };
	if (!ep) return undefined;
	if (node.snatExclusion && prefixContains(node.snatExclusion, dst)) return undefined;
	if (ep.host) return undefined;
	if (inIpmasq(ctx.maps.ipmasq, ctx.ns, dst)) return undefined;
	const remote = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, dst);
	if (remote && isRemoteNode(remote.identity) && (!node.tunnel || remote.skipTunnel)) return undefined;
	return { target: { addr: node.directRouting, ...natPorts(ctx) }, pod: true };
};

/** tail_handle_snat_fwd_ipv4(). */
const snatFwd = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const needed = snatNeeded(skb, ctx);
	if (!needed) {
		say(ctx, skb, 'pass', { code: 'cilium.egress-as-is', ip: formatIp(skb.net.src) });
		return OK;
	}
	if ('action' in needed) return needed;
	const result = snatNat(skb, ctx, needed.target, needed.pod);
	if (typeof result === 'object') return drop(result.drop);
	if (result === 'done') setSnatDone(skb, ctx);
	return OK;
};
