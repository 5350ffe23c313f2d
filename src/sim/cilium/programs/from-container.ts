/**
 * cil_from_container (section from-container to 1.12): what a pod sends, at the node's end of its veth pair, ingress.
 * bpf/bpf_lxc.c handle_ipv4_from_lxc() @ v1.12.1 and v1.18, for native routing without BPF host routing.
 */
import type { Program, ProgramVerdict } from '../../linux/index.ts';
import { formatIp, type Ip, type Mac } from '../../wire/index.ts';
import { DROP_INVALID_SIP } from '../drop.ts';
import { identityMark } from '../identity.ts';
import { ctCreate4, ctLookup4, ctTupleOf } from '../maps/conntrack.ts';
import { CT_F_LB_LOOPBACK } from '../maps/ct-entry.ts';
import type { CiliumMaps } from '../maps/index.ts';
import { type Ctx, drop, type IpSkb, ipv4L3, OK, program, say } from './context.ts';
import { type LbState, perPacketLb, reverseNat } from './lb.ts';
import { endpointEntry, localDelivery } from './local-delivery.ts';

/** Constants the agent compiles into the program of one endpoint. */
export interface LxcConfig {
	/** LXC_IPV4 */
	readonly ip: Ip;
	/** Of the pod's own end. */
	readonly mac: Mac;
	/** SECLABEL */
	readonly identity: number;
	/** Of cilium_host. */
	readonly routerMac: Mac;
	/** ENABLE_ROUTING: the program delivers; without (endpoint routes) the stack does. */
	readonly routing: boolean;
}

export const fromContainer = (config: LxcConfig, maps: CiliumMaps): Program =>
	program(maps.features.programNames === 'section' ? 'from-container' : 'cil_from_container', maps, (skb, ctx) =>
		handleIpv4FromLxc(skb, ctx, config),
	);

const handleIpv4FromLxc = (skb: IpSkb, ctx: Ctx, config: LxcConfig): ProgramVerdict => {
	if (skb.net.src !== config.ip) return drop(DROP_INVALID_SIP);

	const lb = perPacketLb(skb, ctx, config.mac);
	if (lb && 'action' in lb) return lb;

	const hairpin = trackEgress(skb, ctx, lb, config);

	const ep = ctx.maps.lxc.lookup(ctx.ns, skb.net.dst);
	if (ep?.host) {
		const ip = formatIp(skb.net.dst);
		say(
			ctx,
			skb,
			'pass',
			{ code: 'cilium.host', ip },
			{
				table: ctx.maps.lxc.spec.name,
				key: ip,
				entry: endpointEntry(ep),
			},
		);
		return passToStack(skb, ctx, config);
	}
	if (ep && (config.routing || hairpin)) return localDelivery(skb, ctx, ep, hairpin);

	const ip = formatIp(skb.net.dst);
	say(
		ctx,
		skb,
		'miss',
		{ code: 'cilium.stack', ip, identity: config.identity },
		{
			table: ctx.maps.lxc.spec.name,
			key: ip,
		},
	);
	return passToStack(skb, ctx, config);
};

/**
 * The connection as the pod's side sees it. True for a pod that talks to itself through a service: such packets are
 * delivered here in any mode.
 */
const trackEgress = (skb: IpSkb, ctx: Ctx, lb: LbState | undefined, config: LxcConfig): boolean => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple) return false;
	const ct = ctLookup4(ctx, tuple, 'OUT');
	if (ct.status === 'NEW')
		ctCreate4(ctx, tuple, 'OUT', {
			srcSecId: config.identity,
			...(lb ? { revNatIndex: lb.revNatIndex } : {}),
			...(lb?.loopback ? { loopback: true, loopbackTuple: tuple } : {}),
		});
	else if (ct.status === 'REPLY' && ct.entry.flags & CT_F_LB_LOOPBACK) {
		reverseNat(skb, ctx, ct.entry);
		return true;
	}
	return lb?.loopback ?? false;
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
