/**
 * Forwarding by the programs themselves: bpf_fib_lookup() asks the host's routes and neighbours, then the packet leaves
 * by the device found, past the stack. bpf/lib/fib.h; net/core/filter.c bpf_ipv4_fib_lookup().
 */
import { fibLookup, neighbourKey, type ProgramVerdict } from '../../linux/index.ts';
import { formatIp, formatMac, ipLength } from '../../wire/index.ts';
import { DROP_NO_FIB } from '../drop.ts';
import { type Ctx, drop, type IpSkb, ipv4L3, OK, say } from './context.ts';

/**
 * fib_redirect_v4(). Where the next hop's link-layer address is not known yet, the kernel finds it out
 * (bpf_redirect_neigh). XDP has no such help, only what came in by the same way (`neighMap`, for answers to clients). The
 * TTL is lowered where this counts as a hop: always for a pod's own packets (`hop`), for a service's from 1.14. `src`:
 * the source that is asked with, where the packet's own is still to change. `stay`: a device the packet is leaving by,
 * and may: 'ok'.
 */
export const fibRedirect4 = (
	skb: IpSkb,
	ctx: Ctx,
	hop = ctx.features.fibLowersTtl,
	neighMap = false,
	src = skb.net.src,
	stay = 0,
): ProgramVerdict => {
	const { ns } = ctx;
	const { dst } = skb.net;
	const key = `${formatIp(dst)} from ${formatIp(src)} iif ${ctx.device.name}`;
	const route = fibLookup(ns, { dst, src, mark: 0, iif: ctx.device.ifindex, oif: 0, scope: 0 });
	// BPF_FIB_LKUP_RET_NOT_FWDED, _UNREACHABLE and their kin.
	if (route?.type !== 'unicast' || route.dev === undefined) {
		say(ctx, skb, 'miss', { code: 'cilium.fib-none', ip: formatIp(dst) }, { table: 'fib', key });
		return drop(DROP_NO_FIB);
	}
	const out = ns.devices.get(route.dev)!;
	// is_skb_forwardable(): a VLAN tag's worth of slack.
	const mtu = out.mtu + 4;
	if (ipLength(skb.net) > mtu) {
		say(
			ctx,
			skb,
			'miss',
			{ code: 'cilium.fib-too-long', length: ipLength(skb.net), mtu: out.mtu },
			{ table: 'fib', key },
		);
		return drop(DROP_NO_FIB);
	}
	if (out.ifindex === stay) return OK;
	const next = route.via ?? dst;
	const neighbour = ns.neighbours.get(neighbourKey(out.ifindex, next));
	let mac = neighbour && neighbour.state !== 'INCOMPLETE' && neighbour.state !== 'FAILED' ? neighbour.mac : undefined;
	if (mac === undefined && ctx.hook === 'xdp') {
		// The lookup has put the gateway in the destination's place; to 1.13 the packet's own was asked for.
		if (neighMap) mac = ctx.maps.neigh.lookup(ns, ctx.features.fibLowersTtl ? next : dst);
		if (mac === undefined) {
			say(ctx, skb, 'miss', { code: 'cilium.xdp-no-neigh', ip: formatIp(next) }, { table: 'fib', key });
			return drop(DROP_NO_FIB);
		}
	}
	if (hop) {
		const used = ipv4L3(skb, ctx, out.mac, mac ?? skb.frame.dst);
		if (used) return used;
	}
	if (mac === undefined) {
		say(ctx, skb, 'redirect', { code: 'cilium.fib-neigh', ip: formatIp(next), dev: out.name }, { table: 'fib', key });
		return { action: 'redirect-neigh', ifindex: out.ifindex, nextHop: next };
	}
	skb.frame.src = out.mac;
	skb.frame.dst = mac;
	say(
		ctx,
		skb,
		'redirect',
		{ code: 'cilium.fib', ip: formatIp(next), dev: out.name, mac: formatMac(mac) },
		{ table: 'fib', key },
	);
	return { action: 'redirect', ifindex: out.ifindex, ingress: false };
};
