/**
 * Load balancing of each packet a pod sends: the socket LB is off, so the service's address is on the wire until
 * here. bpf/lib/lb.h, __per_packet_lb_svc_xlate_4() and lb4_local() @ v1.12.1 and v1.18.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { lb4Local } from '../lb-local.ts';
import { lb4LookupService } from '../lb-select.ts';
import { ctTupleOf, hasPorts } from '../maps/conntrack.ts';
import type { Ctx, IpSkb } from './context.ts';
import { say } from './context.ts';
import { lb4Xlate, noBackend, sayChosen } from './lb.ts';

export interface LbState {
	readonly revNatIndex: number;
	/** The pod is its own backend. */
	readonly loopback: boolean;
}

/**
 * Sends a packet for a service to a backend. Undefined: the destination is no service (or one without backends, in
 * versions that leave it to the stack). A verdict: the packet goes no further.
 */
export const perPacketLb = (skb: IpSkb, ctx: Ctx): LbState | ProgramVerdict | undefined => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple || !hasPorts(tuple)) return undefined;
	const found = lb4LookupService(ctx, tuple, true);
	if (!found) return undefined;
	if (found.service.count === 0) return noBackend(skb, ctx, found);
	const local = lb4Local(ctx, tuple, found, true);
	if (!local) return noBackend(skb, ctx, found);
	const self = local.backend.address === tuple.saddr;
	sayChosen(skb, ctx, tuple, found, local, true);
	lb4Xlate(skb, ctx, found, local);
	if (self) {
		const { loopback } = ctx.node;
		skb.net.src = loopback;
		say(ctx, skb, 'snat', { code: 'cilium.hairpin', address: formatIp(loopback) });
	}
	return { revNatIndex: found.service.revNatIndex, loopback: self };
};
