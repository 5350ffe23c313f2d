/**
 * cil_from_container (section from-container to 1.12): what a pod sends, at the node's end of its veth pair, ingress.
 * bpf/bpf_lxc.c handle_ipv4_from_lxc() @ v1.12.1 and v1.18.
 */
import type { Program, ProgramVerdict } from '../../linux/index.ts';
import { formatIp, type Ip, MAC_BROADCAST, type Mac } from '../../wire/index.ts';
import { DROP_INVALID_SIP, DROP_NAT_NO_MAPPING } from '../drop.ts';
import { identityMark } from '../identity.ts';
import { ctCreate4, ctLookup4, ctTupleOf } from '../maps/conntrack.ts';
import { CT_F_DSR, CT_F_LB_LOOPBACK, CT_F_NODE_PORT } from '../maps/ct-entry.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import { TUPLE_F_OUT } from '../maps/tuple.ts';
import { type ArpSkb, before, type Ctx, drop, type IpSkb, ipv4L3, OK, program, say, tailCall } from './context.ts';
import { encapAndRedirect } from './encap.ts';
import { fibRedirect4 } from './fib.ts';
import { reverseNat } from './lb.ts';
import { localDelivery } from './local-delivery.ts';
import type { NodeConfig } from './node.ts';
import { xlateDsr4 } from './nodeport-dsr.ts';
import { revNodeportLb4 } from './nodeport-nat.ts';
import { type LbState, perPacketLb } from './per-packet-lb.ts';
import { ctRow, endpointEntry, sayKnown } from './text.ts';

/** Constants the agent compiles into the program of one endpoint. */
export interface LxcConfig {
	/** LXC_IPV4 */
	readonly ip: Ip;
	/** SECLABEL */
	readonly identity: number;
	/** Of cilium_host. */
	readonly routerMac: Mac;
	/** ENABLE_ROUTING: the program delivers; without (endpoint routes) the stack does. */
	readonly routing: boolean;
}

export const fromContainer = (config: LxcConfig, node: NodeConfig): Program =>
	program('from_container', 'lxc', node, ipv4FromLxc(config, node), (skb, ctx) =>
		tailCall(skb, ctx, 'tail_handle_arp', (s, c) => respondArp(s, c, config)),
	);

/**
 * tail_handle_arp (ENABLE_ARP_RESPONDER): this device's address for whatever IP is asked for, so that a pod keeps its
 * gateway when another agent chooses another; but for the pod's own, which it may be looking for duplicates of.
 */
const respondArp = (skb: ArpSkb, ctx: Ctx, config: LxcConfig): ProgramVerdict => {
	const { mac, ifindex } = ctx.device;
	const { op, targetIp, senderIp } = skb.net;
	// arp_validate(): what is no question goes to the stack.
	if (op !== 1 || (skb.frame.dst !== MAC_BROADCAST && skb.frame.dst !== mac) || targetIp === config.ip) return OK;
	const asker = skb.frame.src;
	skb.frame = { ...skb.frame, src: mac, dst: asker };
	skb.net = { ...skb.net, op: 2, senderMac: mac, senderIp: targetIp, targetMac: asker, targetIp: senderIp };
	return { action: 'redirect', ifindex, ingress: false };
};

const ipv4FromLxc =
	(config: LxcConfig, node: NodeConfig) =>
	(skb: IpSkb, ctx: Ctx): ProgramVerdict =>
		tailCall(skb, { ...ctx, source: config.identity }, 'tail_handle_ipv4', (s, c) => {
			if (s.net.src !== config.ip) return drop(DROP_INVALID_SIP);
			// Where sockets are translated, what follows is compiled into this program (invoke_tailcall_if).
			if (!node.perPacketLb) return handleIpv4FromLxc(s, c, config, undefined);
			const lb = perPacketLb(s, c);
			if (lb && 'action' in lb) return lb;
			return tailCall(s, c, 'tail_ipv4_ct_egress', (s2, c2) =>
				tailCall(s2, c2, 'tail_handle_ipv4_cont', (s3, c3) => handleIpv4FromLxc(s3, c3, config, lb)),
			);
		});

const handleIpv4FromLxc = (skb: IpSkb, ctx: Ctx, config: LxcConfig, lb: LbState | undefined): ProgramVerdict => {
	const tracked = trackEgress(skb, ctx, lb, config);
	if (typeof tracked === 'object') return tracked;
	const hairpin = tracked === 'hairpin' || tracked === 'answer';
	const { node, features } = ctx;
	// What answers the loopback address is for the pod it comes from.
	const to = tracked === 'answer' && features.hairpinAtIngress ? skb.net.src : skb.net.dst;
	const ip = formatIp(to);
	const table = { table: ctx.maps.lxc.spec.name, key: ip };

	const ep = ctx.maps.lxc.lookup(ctx.ns, to);
	if (ep?.host) {
		const was = before(ctx, skb);
		const verdict = passToStack(skb, ctx, config);
		say(ctx, skb, 'pass', { code: 'cilium.host', ip }, { ...table, entry: endpointEntry(ep), ...was });
		return verdict;
	}
	if (ep && (config.routing || hairpin || node.hostRouting))
		return localDelivery(skb, ctx, ep, hairpin && !features.hairpinAtIngress, ip);

	// Answers are nobody's to send elsewhere: whoever began is waiting for them.
	const sent = tracked === 'reply' ? undefined : node.egressGateway?.fromContainer(skb, ctx, config.identity);
	if (sent) return sent;
	const info = node.tunnel ? ipcacheLookup4(ctx.maps.ipcache, ctx.ns, skb.net.dst) : undefined;
	if (info && info.tunnelEndpoint !== 0 && !info.skipTunnel)
		return encapAndRedirect(skb, ctx, info.tunnelEndpoint, config.identity);
	// Without a route the stack says why.
	if (node.hostRouting) return fibRedirect4(skb, ctx, 'pod');
	const was = before(ctx, skb);
	const verdict = passToStack(skb, ctx, config);
	say(ctx, skb, 'miss', { code: 'cilium.stack', ip, identity: config.identity }, { ...table, ...was });
	return verdict;
};

/**
 * The connection as the pod's side sees it. `hairpin` for a pod that talks to itself through a service, `answer` when
 * it answers itself: such packets are delivered here in any mode; `reply` for any other answer. A verdict when another
 * program has the rest.
 */
const trackEgress = (
	skb: IpSkb,
	ctx: Ctx,
	lb: LbState | undefined,
	config: LxcConfig,
): 'hairpin' | 'answer' | 'reply' | 'on' | ProgramVerdict => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple) return 'on';
	const ct = ctLookup4(ctx, tuple, 'OUT');
	const answers = ct.status === 'REPLY' || ct.status === 'RELATED';
	// A pod that asks itself through a service may always.
	if (!answers && !lb?.loopback) {
		const denied = ctx.node.policy?.egress(skb, ctx, tuple, ct.status !== 'ESTABLISHED');
		if (denied) return denied;
	}
	if (ct.status === 'NEW' || ct.status === 'REOPENED') {
		const entry = ctCreate4(ctx, tuple, 'OUT', {
			srcSecId: config.identity,
			...(lb ? { revNatIndex: lb.revNatIndex } : {}),
			...(lb?.loopback ? { loopback: true, ...(ctx.features.hairpinAtIngress ? {} : { loopbackTuple: tuple }) } : {}),
		});
		say(ctx, skb, 'create', { code: 'cilium.ct-new' }, ctRow(ctx, { ...tuple, flags: TUPLE_F_OUT }, entry));
		return lb?.loopback ? 'hairpin' : 'on';
	}
	sayKnown(skb, ctx, ct);
	if (ct.status === 'REPLY') {
		const { flags } = ct.entry;
		if (flags & CT_F_LB_LOOPBACK) {
			if (!ctx.features.hairpinAtIngress) reverseNat(skb, ctx, ct.entry);
			return 'answer';
		}
		if (flags & CT_F_DSR && !ctx.features.dsrAtNetdev) xlateDsr4(skb, ctx);
		else if (flags & CT_F_NODE_PORT)
			return tailCall(
				skb,
				ctx,
				ctx.features.natTailNames[2],
				(s, c) => revNodeportLb4(s, c, config.identity) ?? drop(DROP_NAT_NO_MAPPING),
			);
	}
	if (answers) return 'reply';
	return lb?.loopback ? 'hairpin' : 'on';
};

/** pass_to_stack: a hop of its own where the program routes, and the sender's identity as the packet's mark. */
const passToStack = (skb: IpSkb, ctx: Ctx, config: LxcConfig): ProgramVerdict => {
	if (config.routing) {
		const used = ipv4L3(skb, ctx, undefined, config.routerMac);
		if (used) return used;
	}
	skb.mark = identityMark(config.identity);
	return OK;
};
