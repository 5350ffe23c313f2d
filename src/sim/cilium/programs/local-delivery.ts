/**
 * Delivery to an endpoint of this node, past the stack. bpf/lib/{l3,local_delivery}.h ipv4_local_delivery(), and the
 * destination's ingress policy program (bpf_lxc.c ipv4_policy()), which every endpoint has in a tail-call map.
 * No policy is modelled: all is allowed, as in a cluster without one.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp, formatMac } from '../../wire/index.ts';
import { ctCreate4, ctLookup4, ctTupleOf } from '../maps/conntrack.ts';
import { CT_F_LB_LOOPBACK } from '../maps/ct-entry.ts';
import type { EndpointInfo } from '../maps/endpoints.ts';
import { type Ctx, type IpSkb, ipv4L3, say } from './context.ts';
import { reverseNat } from './lb.ts';

/** An endpoint as `cilium bpf endpoint list` shows it. */
export const endpointEntry = (ep: EndpointInfo): string =>
	ep.host
		? '(localhost)'
		: `id=${ep.lxcId} flags=0x0000 ifindex=${ep.ifindex} mac=${formatMac(ep.mac)} nodemac=${formatMac(ep.nodeMac)}`;

/** ipv4_policy(): what is done on the destination's side: connection tracking, and answers of services restored. */
export const ingressPolicy = (skb: IpSkb, ctx: Ctx): void => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple) return;
	const ct = ctLookup4(ctx, tuple, 'IN');
	if (ct.status === 'REPLY' && ct.entry.revNatIndex !== 0 && !(ct.entry.flags & CT_F_LB_LOOPBACK))
		reverseNat(skb, ctx, ct.entry);
	else if (ct.status === 'NEW') ctCreate4(ctx, tuple, 'IN');
};

/** ipv4_local_delivery() and redirect_ep(): TTL less one, MAC addresses, policy, out of the endpoint's device. */
export const localDelivery = (skb: IpSkb, ctx: Ctx, ep: EndpointInfo, hairpin = false): ProgramVerdict => {
	const used = ipv4L3(skb, ctx, ep.nodeMac, ep.mac);
	if (used) return used;
	const ip = formatIp(skb.net.dst);
	const dev = ctx.ns.devices.get(ep.ifindex)?.name ?? '';
	say(
		ctx,
		skb,
		'redirect',
		{ code: 'cilium.deliver', ip, dev, endpoint: ep.lxcId },
		{
			table: ctx.maps.lxc.spec.name,
			key: ip,
			entry: endpointEntry(ep),
		},
	);
	if (!hairpin) ingressPolicy(skb, ctx);
	return { action: 'redirect', ifindex: ep.ifindex, ingress: false };
};
