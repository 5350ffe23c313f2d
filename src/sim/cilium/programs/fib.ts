/**
 * Forwarding by the programs themselves: bpf_fib_lookup() asks the host's routes and neighbours, then the packet leaves
 * by the device found, past the stack. bpf/lib/fib.h; net/core/filter.c bpf_ipv4_fib_lookup().
 */
import { fibLookup, neighbourKey, type ProgramVerdict } from '../../linux/index.ts';
import { formatIp, formatMac, ipLength } from '../../wire/index.ts';
import { DROP_NO_FIB } from '../drop.ts';
import { type Ctx, drop, type IpSkb, ipv4L3, OK, say } from './context.ts';

/**
 * What leaves: a pod's own packet, a service's request to a backend or answer to a client, or one that has left already
 * and is to take another device.
 */
export type Leaving = 'pod' | 'backend' | 'client' | 'elsewhere';

/**
 * fib_redirect_v4(), fib_do_redirect(). The TTL is lowered where this counts as a hop: always for a pod's own packets,
 * for a service's from 1.14, never for what has left already. `src`: the source that is asked with, where the packet's
 * own is still to change. `stay`: a device the packet is leaving by, and may: 'ok'.
 *
 * Where the next hop's link-layer address is not known yet (BPF_FIB_LKUP_RET_NO_NEIGH), the kernel finds it out
 * (bpf_redirect_neigh()). It cannot at XDP, and to 1.13 services do not ask it to: then a client's address is in the
 * map that its request was noted in, and any other packet is dropped. bpf/lib/nodeport.h @ v1.12.1, v1.13.9,
 * bpf/lib/fib.h @ v1.14.4, v1.18.3. (1.19 leaves known addresses to the kernel too: the frame is the same.)
 */
export const fibRedirect4 = (skb: IpSkb, ctx: Ctx, leaving: Leaving, src = skb.net.src, stay = 0): ProgramVerdict => {
	const { ns, features } = ctx;
	const service = leaving === 'backend' || leaving === 'client';
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
	let row: { readonly table: string; readonly key: string; readonly entry?: string } = { table: 'fib', key };
	if (mac === undefined && (ctx.hook === 'xdp' || (service && !features.fibResolves))) {
		const { neigh } = ctx.maps;
		const who = features.neighOfHop ? next : dst;
		mac = leaving === 'client' ? neigh.lookup(ns, who) : undefined;
		if (mac === undefined) {
			say(ctx, skb, 'miss', { code: 'cilium.fib-unknown', ip: formatIp(next), dev: out.name }, row);
			return drop(DROP_NO_FIB);
		}
		row = { table: neigh.spec.name, key: formatIp(who), entry: formatMac(mac) };
	}
	if (service ? features.fibLowersTtl : leaving === 'pod') {
		const used = ipv4L3(skb, ctx, out.mac, mac ?? skb.frame.dst);
		if (used) return used;
	}
	if (mac === undefined) {
		say(ctx, skb, 'redirect', { code: 'cilium.fib-neigh', ip: formatIp(next), dev: out.name }, { table: 'fib', key });
		return { action: 'redirect-neigh', ifindex: out.ifindex, nextHop: next };
	}
	skb.frame.src = out.mac;
	skb.frame.dst = mac;
	say(ctx, skb, 'redirect', { code: 'cilium.fib', ip: formatIp(next), dev: out.name, mac: formatMac(mac) }, row);
	return { action: 'redirect', ifindex: out.ifindex, ingress: false };
};
