/** Into the tunnel: bpf/lib/encap.h __encap_with_nodeid(), __encap_with_nodeid_opt(). */
import type { ProgramVerdict } from '../../linux/index.ts';
import { EMPTY, ETH_P_IP, type Frame, formatIp, type GeneveOption, IPPROTO_UDP, type Ip } from '../../wire/index.ts';
import { DROP_NO_TUNNEL_ENDPOINT } from '../drop.ts';
import { ID_HOST, ID_REMOTE_NODE } from '../identity.ts';
import { hashFromTuple4 } from '../jhash.ts';
import { ctTupleOf } from '../maps/conntrack.ts';
import { before, type Ctx, drop, type IpSkb, OK, say } from './context.ts';
import { fibRedirect4 } from './fib.ts';
import { setXfer, XFER_PKT_ENCAP } from './marks.ts';

/**
 * Sends the packet to the node that has the destination: the tunnel's VNI is the sender's identity, a node's own
 * goes as "remote node". MAC addresses stay: only the other end looks at them, and writes its own.
 */
export const encapAndRedirect = (
	skb: IpSkb,
	ctx: Ctx,
	remote: Ip,
	identity: number,
	options?: readonly GeneveOption[],
): ProgramVerdict => {
	const verdict = encapTo(skb, ctx, remote, identity, options);
	if (verdict.action === 'drop' || ctx.hook === 'xdp') return verdict;
	say(
		ctx,
		skb,
		'redirect',
		{ code: 'cilium.encap', ip: formatIp(skb.net.dst), node: formatIp(remote), vni: skb.tunnel!.id },
		{
			table: ctx.maps.ipcache.spec.name,
			key: formatIp(skb.net.dst),
			entry: `tunnelendpoint=${formatIp(remote)}`,
		},
	);
	return verdict;
};

/** The same for who has said why. */
export const encapTo = (
	skb: IpSkb,
	ctx: Ctx,
	remote: Ip,
	identity: number,
	options?: readonly GeneveOption[],
): ProgramVerdict => {
	const ifindex = ctx.node.encapIfindex;
	if (remote === 0 || ifindex === 0) return drop(DROP_NO_TUNNEL_ENDPOINT);
	const id = identity === ID_HOST ? ID_REMOTE_NODE : identity;
	if (ctx.hook === 'xdp') return encapAtXdp(skb, ctx, remote, id, options);
	skb.tunnel = { id, remote, ...(options ? { options } : {}) };
	return { action: 'redirect', ifindex, ingress: false };
};

/**
 * XDP cannot send into a tunnel device. From 1.14 it writes the headers itself (ctx_set_encap_info() of
 * bpf/lib/overloadable_xdp.h) and sends the datagram on; 1.13 leaves that to tc.
 */
const encapAtXdp = (
	skb: IpSkb,
	ctx: Ctx,
	remote: Ip,
	vni: number,
	options: readonly GeneveOption[] = [],
): ProgramVerdict => {
	const node = formatIp(remote);
	if (ctx.features.xdpEncap === 'tc') {
		setXfer(skb, ctx, XFER_PKT_ENCAP);
		skb.cb[1] = remote;
		skb.cb[2] = vni;
		say(ctx, skb, 'pass', { code: 'cilium.xdp-tunnel', node });
		return OK;
	}
	const device = ctx.ns.devices.get(ctx.node.encapIfindex)!;
	const was = before(ctx, skb);
	const tuple = ctTupleOf(skb.net);
	// tunnel_gen_src_port_v4(): both halves of the hash, as a little-endian machine writes them.
	const hash = tuple ? hashFromTuple4(tuple, ctx.maps.lb.jhashSeed) : 0;
	const port = (hash >>> 16) ^ (hash & 0xffff);
	const inner: Frame = { ...skb.frame, type: ETH_P_IP, payload: skb.net };
	skb.net = {
		kind: 'ipv4',
		src: ctx.node.directRouting,
		dst: remote,
		ttl: 64,
		protocol: IPPROTO_UDP,
		id: 0,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		options: EMPTY,
		payload: {
			kind: 'udp',
			sport: ((port & 0xff) << 8) | (port >>> 8),
			dport: device.tunnel!.port,
			noChecksum: true,
			tunnel: device.kind === 'geneve' ? { kind: 'geneve', vni, options, inner } : { kind: 'vxlan', vni, inner },
			data: EMPTY,
		},
	};
	say(ctx, skb, 'pass', { code: 'cilium.xdp-encap', node, source: formatIp(skb.net.src) }, was);
	return fibRedirect4(skb, ctx, 'backend');
};
