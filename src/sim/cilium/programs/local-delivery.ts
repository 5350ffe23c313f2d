/**
 * Delivery to an endpoint of this node, past the stack. bpf/lib/{l3,local_delivery}.h ipv4_local_delivery(), and the
 * destination's ingress policy program (bpf_lxc.c ipv4_policy()), which every endpoint has in a tail-call map.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { type CtTuple, ctCreate4, ctLookup4, ctMapOf, ctTupleOf, hasPorts } from '../maps/conntrack.ts';
import { CT_F_LB_LOOPBACK, CT_F_NODE_PORT } from '../maps/ct-entry.ts';
import type { EndpointInfo } from '../maps/endpoints.ts';
import { TUPLE_F_IN, TUPLE_F_OUT } from '../maps/tuple.ts';
import { type Ctx, type IpSkb, ipv4L3, say } from './context.ts';
import { reverseNat } from './lb.ts';
import { usesDsr } from './node.ts';
import { handleDsrAtPod } from './nodeport-dsr.ts';
import { ctRow, endpointEntry, sayKnown } from './text.ts';

/** ct_has_loopback_egress_entry4(): the pod has asked itself. */
const isLoopback = (ctx: Ctx, tuple: CtTuple): boolean => {
	const { saddr, daddr, sport, dport, proto } = tuple;
	const entry = ctMapOf(ctx.maps, proto).lookup(ctx.ns, { saddr, daddr, sport, dport, proto, flags: TUPLE_F_OUT });
	return entry !== undefined && (entry.flags & CT_F_LB_LOOPBACK) !== 0;
};

/**
 * ct_has_nodeport_egress_entry4() of a request: this node let it in as a NodePort's, and the pod's program is to send
 * its answers out. From 1.16 it does so for IPsec and SRv6 only: answers leave as others do, and to_netdev puts the
 * frontend back. bpf/bpf_lxc.c ipv4_policy() @ v1.15.4, v1.16.15, v1.18.3.
 */
const cameByNodePort = (ctx: Ctx, tuple: CtTuple): boolean => {
	if (!ctx.features.podReverses || !ctx.node.nodePort || !hasPorts(tuple)) return false;
	const { saddr, daddr, sport, dport, proto } = tuple;
	const entry = ctMapOf(ctx.maps, proto).lookup(ctx.ns, { saddr, daddr, sport, dport, proto, flags: TUPLE_F_OUT });
	return entry !== undefined && (entry.flags & CT_F_NODE_PORT) !== 0;
};

/**
 * ipv4_policy(): what is done on the destination's side: connection tracking, answers of services restored, the policy.
 * A verdict where the packet is not let in.
 */
export const ingressPolicy = (skb: IpSkb, ctx: Ctx): ProgramVerdict | undefined => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple) return undefined;
	const ct = ctLookup4(ctx, tuple, 'IN');
	if (ct.entry && ct.status !== 'NEW') sayKnown(skb, ctx, ct);
	if (ct.status === 'REPLY' || ct.status === 'RELATED') {
		const not = CT_F_NODE_PORT | (ctx.features.hairpinAtIngress ? 0 : CT_F_LB_LOOPBACK);
		if (ct.entry.revNatIndex !== 0 && !(ct.entry.flags & not)) reverseNat(skb, ctx, ct.entry);
		return undefined;
	}
	const { node, features } = ctx;
	const known = ct.status === 'ESTABLISHED';
	// A pod that asks itself may always.
	const loopback =
		features.hairpinAtIngress && (known ? (ct.entry.flags & CT_F_LB_LOOPBACK) !== 0 : isLoopback(ctx, tuple));
	const denied = loopback ? undefined : node.policy?.ingress(skb, ctx, tuple, !known);
	if (denied || known) return denied;
	const dsr =
		!features.dsrAtNetdev && node.nodePort && usesDsr(node, tuple.proto) ? handleDsrAtPod(skb, ctx, tuple) : false;
	const entry = ctCreate4(ctx, tuple, 'IN', {
		srcSecId: ctx.source ?? 0,
		nodePort: cameByNodePort(ctx, tuple),
		loopback,
		dsr,
	});
	say(ctx, skb, 'create', { code: 'cilium.ct-new' }, ctRow(ctx, { ...tuple, flags: TUPLE_F_IN }, entry));
	return undefined;
};

/**
 * ipv4_local_delivery() and redirect_ep(): TTL less one, MAC addresses, policy, then out of the endpoint's device, or
 * with BPF host routing straight into the pod. `ip` is what the endpoint was found by; `bypass`: no policy is asked.
 */
export const localDelivery = (
	skb: IpSkb,
	ctx: Ctx,
	ep: EndpointInfo,
	bypass = false,
	ip = formatIp(skb.net.dst),
): ProgramVerdict => {
	const used = ipv4L3(skb, ctx, ep.nodeMac, ep.mac);
	if (used) return used;
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
	const { endpointRoutes, hostRouting } = ctx.node;
	if (!bypass && !endpointRoutes) {
		const program = ctx.features.policyProgram;
		say(ctx, skb, 'jump', { code: 'cilium.tail-call', program });
		const denied = ingressPolicy(skb, { ...ctx, program });
		if (denied) return denied;
	}
	// ctx_change_type(PACKET_HOST): a frame out of the tunnel was addressed to nobody here, and nobody looks again.
	if (ctx.where === 'overlay') skb.type = 'host';
	// The helper works at ingress hooks only; packets of the stack itself take the device.
	return hostRouting && !endpointRoutes && ctx.hook === 'tc-ingress'
		? { action: 'redirect-peer', ifindex: ep.ifindex }
		: { action: 'redirect', ifindex: ep.ifindex, ingress: false };
};
