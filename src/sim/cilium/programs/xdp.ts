/**
 * cil_xdp_entry (bpf_xdp_entry to 1.12): every frame that comes in by the node's own device, before the kernel sees it.
 * Services with a backend elsewhere are sent on at once; the rest goes into the kernel, with a note for
 * cil_from_netdev. bpf/bpf_xdp.c @ v1.12.1, v1.18.0.
 *
 * Not modelled: the prefilter, and services asked for by frames inside a tunnel, which the tunnel's program serves.
 */
import type { Program, ProgramVerdict } from '../../linux/index.ts';
import { type Ctx, type IpSkb, OK, program, say, tailCall } from './context.ts';
import { XFER_PKT_NO_SVC } from './marks.ts';
import type { NodeConfig } from './node.ts';
import { nodeportLb4 } from './nodeport.ts';

export const xdpEntry = (node: NodeConfig): Program =>
	program('xdp_entry', 'xdp', node, (skb, ctx) => {
		skb.cb = [];
		const verdict = tailCall(skb, ctx, 'tail_lb_ipv4', tailLbIpv4);
		// ctx_move_xfer(): what leaves takes no note along.
		if (verdict.action !== 'ok') skb.cb = [];
		return verdict;
	});

const tailLbIpv4 = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const result = nodeportLb4(skb, ctx, (s, c) => tailCall(s, c, 'tail_lb_ipv4', pass));
	return result === 'continue' ? pass(skb, ctx) : result;
};

/** bpf_xdp_exit(). */
const pass = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	if ((skb.cb[0] ?? 0) & XFER_PKT_NO_SVC) say(ctx, skb, 'pass', { code: 'cilium.xdp-pass' });
	return OK;
};
