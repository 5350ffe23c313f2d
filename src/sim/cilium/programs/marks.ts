/** Marks by which programs know what others have done already. bpf/lib/common.h, bpf/lib/overloadable_skb.h. */
import type { IpSkb } from './context.ts';

export const MARK_MAGIC_HOST_MASK = 0x0f00;
export const MARK_MAGIC_OVERLAY = 0x0400;
export const MARK_MAGIC_HOST = 0x0c00;

/** ctx_snat_done_set(): the packet is translated, to_netdev is to leave it alone. `value` is 0x1500 to 1.12, 0x0300 later. */
export const setSnatDone = (skb: IpSkb, value: number): void => {
	skb.mark = value === 0x1500 ? (skb.mark | value) >>> 0 : ((skb.mark & ~MARK_MAGIC_HOST_MASK) | value) >>> 0;
};

/** ctx_snat_done(). */
export const isSnatDone = (skb: IpSkb, value: number): boolean =>
	value === 0x1500 ? (skb.mark & value) === value : (skb.mark & MARK_MAGIC_HOST_MASK) === value;

/** set_identity_mark(ctx, identity, MARK_MAGIC_OVERLAY): in front of the tunnel device's own datagram. */
export const overlayMark = (identity: number): number =>
	((((identity & 0xffff) << 16) >>> 0) | MARK_MAGIC_OVERLAY | ((identity >>> 16) & 0xff)) >>> 0;
