/**
 * cil_from_netdev (section from-netdev to 1.12): what comes in by the node's own device. Services are translated here,
 * before the stack sees the packet. bpf/bpf_host.c @ v1.12.1, v1.18.0.
 */
import type { Program, ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { type Ctx, type IpSkb, OK, program, say, tailCall } from './context.ts';
import { encapAndRedirect } from './encap.ts';
import { localDelivery } from './local-delivery.ts';
import { setSnatDone, XFER_PKT_ENCAP, XFER_PKT_NO_SVC, XFER_PKT_SNAT_DONE } from './marks.ts';
import type { NodeConfig } from './node.ts';
import { nodeportLb4 } from './nodeport.ts';
import { resolveSrcid4 } from './source-identity.ts';
import { endpointEntry } from './text.ts';

export const fromNetdev = (node: NodeConfig): Program =>
	program('from_netdev', 'host', node, (skb, ctx) => {
		// ctx_get_xfer(): what XDP has done.
		const [xfer = 0, remote = 0, identity = 0] = skb.cb;
		skb.cb = [];
		if (xfer & XFER_PKT_SNAT_DONE) setSnatDone(skb, ctx);
		if (xfer & XFER_PKT_ENCAP) return encapAndRedirect(skb, ctx, remote, identity);
		const source = resolveSrcid4(skb, ctx, 0);
		return tailCall(skb, { ...ctx, source }, 'tail_handle_ipv4_from_netdev', (s, c) => {
			if (xfer & XFER_PKT_NO_SVC) say(c, s, 'pass', { code: 'cilium.xdp-done' });
			else if (node.nodePort) {
				const result = nodeportLb4(s, c, (s2, c2) => tailCall(s2, c2, 'tail_handle_ipv4_from_netdev', handleIpv4Cont));
				if (result !== 'continue') return result;
			}
			return handleIpv4Cont(s, c);
		});
	});

/** handle_ipv4_cont(): what is left of the program once no service is concerned (any more). */
const handleIpv4Cont = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const ip = formatIp(skb.net.dst);
	// A redirect here would pass by nf_conntrack, and iptables would not know the answers.
	if (!ctx.node.hostRouting) {
		say(ctx, skb, 'pass', { code: 'cilium.netdev-stack', ip });
		return OK;
	}
	const ep = ctx.maps.lxc.lookup(ctx.ns, skb.net.dst);
	const table = { table: ctx.maps.lxc.spec.name, key: ip };
	if (ep && !ep.host) return localDelivery(skb, ctx, ep);
	if (ep) say(ctx, skb, 'pass', { code: 'cilium.host', ip }, { ...table, entry: endpointEntry(ep) });
	else say(ctx, skb, 'miss', { code: 'cilium.netdev-unknown', ip }, table);
	return OK;
};
