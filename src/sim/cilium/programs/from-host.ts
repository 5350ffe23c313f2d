/**
 * cil_from_host (section from-host to 1.12): what the stack sends into cilium_host, egress: packets for pods of this
 * node, and in tunnel mode for pods anywhere. bpf/bpf_host.c handle_ipv4() with from_host @ v1.12.1 and v1.18.
 */
import type { Program, ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { DROP_UNROUTABLE } from '../drop.ts';
import { ID_WORLD, identityOfMark } from '../identity.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import { type Ctx, drop, type IpSkb, OK, program, say, tailCall } from './context.ts';
import { encapAndRedirect } from './encap.ts';
import { localDelivery } from './local-delivery.ts';
import type { NodeConfig } from './node.ts';
import { resolveSrcid4 } from './source-identity.ts';
import { endpointEntry } from './text.ts';

export const fromHost = (node: NodeConfig): Program =>
	program('from_host', 'host', node, (skb, ctx) =>
		// The node itself by its mark (CILIUM_OUTPUT), a pod by its own.
		tailCall(
			skb,
			{ ...ctx, source: resolveSrcid4(skb, ctx, identityOfMark(skb.mark) ?? ID_WORLD) },
			'tail_handle_ipv4_from_host',
			handleIpv4FromHost,
		),
	);

const handleIpv4FromHost = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const ip = formatIp(skb.net.dst);
	const ep = ctx.maps.lxc.lookup(ctx.ns, skb.net.dst);
	if (ep?.host) {
		say(
			ctx,
			skb,
			'pass',
			{ code: 'cilium.host', ip },
			{ table: ctx.maps.lxc.spec.name, key: ip, entry: endpointEntry(ep) },
		);
		return toStack(skb, ctx);
	}
	if (ep) return localDelivery(skb, ctx, ep);
	const info = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, skb.net.dst);
	if (ctx.node.tunnel && info && info.tunnelEndpoint !== 0 && !info.skipTunnel)
		return encapAndRedirect(skb, ctx, info.tunnelEndpoint, ctx.source!);
	if (info && info.identity !== ID_WORLD) return toStack(skb, ctx);
	// Routed here by the pod CIDR, and nobody has the address.
	say(ctx, skb, 'miss', { code: 'cilium.unroutable', ip }, { table: ctx.maps.ipcache.spec.name, key: ip });
	return drop(DROP_UNROUTABLE);
};

/** rewrite_dmac_to_host(): over the veth pair the packet comes back by cilium_net, for the node itself. */
const toStack = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	skb.frame.dst = ctx.node.ciliumNetMac;
	return OK;
};
