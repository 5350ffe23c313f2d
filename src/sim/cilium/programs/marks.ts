/** Marks by which programs know what others have done already. bpf/lib/common.h, bpf/lib/overloadable_skb.h. */
import type { Ctx, IpSkb } from './context.ts';

export const MARK_MAGIC_HOST_MASK = 0x0f00;
export const MARK_MAGIC_OVERLAY = 0x0400;
export const MARK_MAGIC_HOST = 0x0c00;

/**
 * What XDP has done already, for cil_from_netdev: no service concerns the packet any more, it belongs into the tunnel
 * (1.13; then node and identity follow), or it is translated.
 */
export const XFER_PKT_NO_SVC = 1;
export const XFER_PKT_ENCAP = 2;
export const XFER_PKT_SNAT_DONE = 8;

/**
 * ctx_set_xfer() (bpf/lib/overloadable_xdp.h): written in front of the frame when XDP passes it on, where tc reads it.
 * Nothing at tc.
 */
export const setXfer = (skb: IpSkb, { hook }: Ctx, flag: number): void => {
	if (hook === 'xdp') skb.cb[0] = (skb.cb[0] ?? 0) | flag;
};

/**
 * ctx_snat_done_set(): the packet is translated, to_netdev is to leave it alone. The mark is 0x1500 to 1.12, 0x0300
 * later; a frame at XDP has none yet.
 */
export const setSnatDone = (skb: IpSkb, ctx: Ctx): void => {
	const { snatDoneMark: value } = ctx.features;
	if (ctx.hook === 'xdp') {
		if (value !== 0x1500) setXfer(skb, ctx, XFER_PKT_SNAT_DONE);
	} else skb.mark = value === 0x1500 ? (skb.mark | value) >>> 0 : ((skb.mark & ~MARK_MAGIC_HOST_MASK) | value) >>> 0;
};

/** ctx_snat_done(). */
export const isSnatDone = (skb: IpSkb, value: number): boolean =>
	value === 0x1500 ? (skb.mark & value) === value : (skb.mark & MARK_MAGIC_HOST_MASK) === value;

/** set_identity_mark(ctx, identity, MARK_MAGIC_OVERLAY): in front of the tunnel device's own datagram. */
export const overlayMark = (identity: number): number =>
	((((identity & 0xffff) << 16) >>> 0) | MARK_MAGIC_OVERLAY | ((identity >>> 16) & 0xff)) >>> 0;
