/**
 * cil_from_overlay (section from-overlay to 1.12): what the tunnel device took out of a datagram; to_overlay: what it
 * is about to put into one. bpf/bpf_overlay.c @ v1.12.1, v1.18.0.
 */
import type { Program, ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { DROP_INVALID_IDENTITY } from '../drop.ts';
import { ID_HOST, ID_REMOTE_NODE } from '../identity.ts';
import { type Ctx, drop, type IpSkb, OK, program, say, tailCall } from './context.ts';
import { localDelivery } from './local-delivery.ts';
import { overlayMark } from './marks.ts';
import type { NodeConfig } from './node.ts';
import { nodeportLb4 } from './nodeport.ts';
import { resolveSrcid4 } from './source-identity.ts';
import { endpointEntry } from './text.ts';
import { handleNatFwd } from './to-netdev.ts';

export const fromOverlay = (node: NodeConfig): Program =>
	program('from_overlay', 'overlay', node, (skb, ctx) => tailCall(skb, ctx, 'tail_handle_ipv4', handleIpv4));

/** handle_ipv4() of bpf_overlay.c: the VNI is the sender's identity; services, then the pod or the node itself. */
const handleIpv4 = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const vni = skb.tunnel?.id ?? 0;
	say(ctx, skb, 'pass', { code: 'cilium.overlay-identity', vni, node: formatIp(skb.tunnel?.remote ?? 0) });
	// A node never says it is "host": it says "remote node".
	if (vni === ID_HOST) return drop(DROP_INVALID_IDENTITY);
	// Of a node the ipcache knows which: it may be one with an API server.
	const known: Ctx = { ...ctx, source: vni === ID_REMOTE_NODE ? resolveSrcid4(skb, ctx, vni) : vni };
	if (ctx.node.nodePort) {
		const result = nodeportLb4(skb, known, (s, c) => tailCall(s, c, 'tail_handle_ipv4', deliver));
		if (result !== 'continue') return result;
	}
	return deliver(skb, known);
};

const deliver = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const out = ctx.node.egressGateway?.fromOverlay(skb, ctx);
	if (out) return out;
	const ip = formatIp(skb.net.dst);
	const ep = ctx.maps.lxc.lookup(ctx.ns, skb.net.dst);
	const { endpointRoutes, hostRouting } = ctx.node;
	const routed = endpointRoutes && !hostRouting;
	if (ep && !ep.host && !routed) return localDelivery(skb, ctx, ep);
	const table = { table: ctx.maps.lxc.spec.name, key: ip };
	if (ep && routed) say(ctx, skb, 'pass', { code: 'cilium.netdev-stack', ip }, { ...table, entry: endpointEntry(ep) });
	else if (ep) say(ctx, skb, 'pass', { code: 'cilium.host', ip }, { ...table, entry: endpointEntry(ep) });
	else say(ctx, skb, 'miss', { code: 'cilium.netdev-unknown', ip }, table);
	// ctx_change_type(PACKET_HOST): the frame carried the MAC addresses of the other node.
	skb.frame.dst = ctx.device.mac;
	skb.type = 'host';
	return OK;
};

export const toOverlay = (node: NodeConfig): Program =>
	program('to_overlay', 'overlay', node, (skb, ctx) => {
		const verdict = handleNatFwd(skb, ctx);
		// The datagram is the node's own; its mark says so, lest to_netdev takes it for one to translate.
		if (verdict.action === 'ok') skb.mark = overlayMark(skb.tunnel?.id ?? 0);
		return verdict;
	});
