/**
 * Egress gateway: a pod's packets to a part of the world leave by one node, from one address. On the pod's node they
 * go into the tunnel to the gateway (in native routing too); there they get the egress IP; answers go back by the
 * tunnel. bpf/lib/{egress_policies,nat,nodeport}.h, bpf_lxc.c @ v1.12.1; bpf/lib/egress_gateway.h, bpf_host.c,
 * bpf_overlay.c @ v1.16.0, v1.18.0. What versions differ in is in egress-features.ts.
 *
 * In tunnel mode answers go back by the stack and cilium_host, like all answers to pods (read at 1.14, taken to hold).
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp, type Ip } from '../../wire/index.ts';
import { DROP_NO_EGRESS_GATEWAY, DROP_NO_EGRESS_IP } from '../drop.ts';
import { type EgressFeatures, egressFeatures } from '../egress-features.ts';
import { ID_HOST, ID_WORLD, identityOfMark } from '../identity.ts';
import { ctLookup4, ctTupleOf } from '../maps/conntrack.ts';
import { EXCLUDED_CIDR, egressPolicyMap, lookupEgressPolicy, NO_EGRESS_IP, NO_GATEWAY } from '../maps/egress.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import { type NatTarget, natPorts } from '../maps/snat.ts';
import { egressColumns } from '../print/egress.ts';
import { type Ctx, drop, type IpSkb, ipv4L3, say } from './context.ts';
import { encapTo } from './encap.ts';
import { fibRedirect4 } from './fib.ts';
import { MARK_MAGIC_HOST, MARK_MAGIC_HOST_MASK, MARK_MAGIC_OVERLAY } from './marks.ts';

export const MARK_MAGIC_EGW_DONE = 0x0500;

const featuresOf = (ctx: Ctx): EgressFeatures => egressFeatures(ctx.features.version);

type Found = NonNullable<ReturnType<typeof lookupEgressPolicy>>;

const row = (ctx: Ctx, { key, entry }: Found) => {
	const [source, destination, egress, gateway] = egressColumns(ctx.features.version, key, entry);
	return { table: egressPolicyMap.spec.name, key: `${source} ${destination}`, entry: `${egress} ${gateway}` };
};

/**
 * The policy for a packet that leaves the cluster: identity_is_cluster() (is_cluster_destination() to 1.12) says
 * whether it does. Undefined too where the destination is an excluded CIDR.
 */
const policyFor = (skb: IpSkb, ctx: Ctx): Found | undefined => {
	const { src, dst } = skb.net;
	const info = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, dst);
	if (info && info.identity !== ID_WORLD) return undefined;
	const found = lookupEgressPolicy(ctx.ns, src, dst);
	if (found?.entry.gatewayIP !== EXCLUDED_CIDR || !featuresOf(ctx).specialValues) return found;
	say(ctx, skb, 'pass', { code: 'cilium.egw-excluded', ip: formatIp(dst) }, row(ctx, found));
	return undefined;
};

/** egress_gw_handle_packet(): into the tunnel to the gateway. Undefined: the packet goes on as it would. */
const toGateway = (skb: IpSkb, ctx: Ctx, identity: number): ProgramVerdict | undefined => {
	const found = policyFor(skb, ctx);
	if (!found) return undefined;
	const { gatewayIP } = found.entry;
	const ip = formatIp(skb.net.dst);
	if (gatewayIP === NO_GATEWAY && featuresOf(ctx).specialValues) {
		say(ctx, skb, 'miss', { code: 'cilium.egw-no-gateway', ip }, row(ctx, found));
		return drop(DROP_NO_EGRESS_GATEWAY);
	}
	if (ctx.maps.lxc.lookup(ctx.ns, gatewayIP)?.host) {
		say(ctx, skb, 'hit', { code: 'cilium.egw-here', ip }, row(ctx, found));
		return undefined;
	}
	const node = formatIp(gatewayIP);
	say(ctx, skb, 'redirect', { code: 'cilium.egw-gateway', ip, node }, row(ctx, found));
	return encapTo(skb, ctx, gatewayIP, identity);
};

/** egress_gw_snat_needed_hook(): the source a policy gives. Undefined: no policy, or none with a gateway. */
const egressIP = (skb: IpSkb, ctx: Ctx): { readonly found: Found; readonly address: Ip } | undefined => {
	const found = policyFor(skb, ctx);
	if (!found || (found.entry.gatewayIP === NO_GATEWAY && featuresOf(ctx).specialValues)) return undefined;
	return { found, address: found.entry.egressIP };
};

/** A policy whose gateway was given no address: a drop from 1.17. */
const noAddress = (skb: IpSkb, ctx: Ctx, found: Found): ProgramVerdict | undefined => {
	if (found.entry.egressIP !== NO_EGRESS_IP || !featuresOf(ctx).needsAddress) return undefined;
	say(ctx, skb, 'miss', { code: 'cilium.egw-no-address', ip: formatIp(skb.net.dst) }, row(ctx, found));
	return drop(DROP_NO_EGRESS_IP);
};

/** What ENABLE_EGRESS_GATEWAY compiles into the programs. Undefined always means: go on as without it. */
export const egressPrograms = {
	/** from_container of a pod whose packet answers nothing, once it is known not to stay on this node. */
	fromContainer: (skb: IpSkb, ctx: Ctx, identity: number): ProgramVerdict | undefined =>
		featuresOf(ctx).atPod ? toGateway(skb, ctx, identity) : undefined,

	/** egress_gw_handle_request(), at to_netdev: for connections that from_container has seen begin. */
	toNetdev(skb: IpSkb, ctx: Ctx): ProgramVerdict | undefined {
		const magic = skb.mark & MARK_MAGIC_HOST_MASK;
		if (!featuresOf(ctx).atNetdev || ctx.where !== 'host') return undefined;
		// What came by the tunnel is at its gateway; the host's own and the tunnel's are nobody's to redirect.
		if (magic === MARK_MAGIC_EGW_DONE || magic === MARK_MAGIC_HOST || magic === MARK_MAGIC_OVERLAY) return undefined;
		const tuple = ctTupleOf(skb.net);
		if (!tuple || ctLookup4(ctx, tuple, 'OUT', { scope: 'forward' }).status !== 'ESTABLISHED') return undefined;
		const identity = ctx.maps.lxc.lookup(ctx.ns, skb.net.src)?.identity ?? identityOfMark(skb.mark) ?? ID_WORLD;
		return toGateway(skb, ctx, identity);
	},

	/**
	 * At the gateway, from_overlay: the way out is looked up as from the egress IP. The source is changed where the
	 * packet leaves.
	 */
	fromOverlay(skb: IpSkb, ctx: Ctx): ProgramVerdict | undefined {
		const features = featuresOf(ctx);
		const policy = features.ownFib ? egressIP(skb, ctx) : undefined;
		if (!policy) return undefined;
		const none = noAddress(skb, ctx, policy.found) ?? ipv4L3(skb, ctx, undefined, skb.frame.dst);
		if (none) return none;
		const address = formatIp(policy.address);
		say(ctx, skb, 'hit', { code: 'cilium.egw-way', ip: formatIp(skb.net.dst), address }, row(ctx, policy.found));
		if (features.doneMark) {
			const identity = skb.tunnel?.id ?? 0;
			const carried = features.markIdentity ? ((identity & 0xffff) << 16) | ((identity >>> 16) & 0xff) : 0;
			const rest = features.markIdentity ? carried : skb.mark & ~MARK_MAGIC_HOST_MASK;
			skb.mark = (rest | MARK_MAGIC_EGW_DONE) >>> 0;
		}
		return fibRedirect4(skb, ctx, 'elsewhere', policy.address);
	},

	/**
	 * At the gateway, to_netdev: the egress IP as the new source, or a verdict where the packet is not to leave by
	 * this device. `local`: the pod is of this node, so its connection is tracked already.
	 */
	source(skb: IpSkb, ctx: Ctx, local: boolean): NatTarget | ProgramVerdict | undefined {
		const features = featuresOf(ctx);
		const policy = egressIP(skb, ctx);
		if (!policy) return undefined;
		const { found, address } = policy;
		const ip = formatIp(skb.net.dst);
		const none = noAddress(skb, ctx, found);
		if (none) return none;
		say(ctx, skb, 'hit', { code: 'cilium.egw-address', ip, address: formatIp(address) }, row(ctx, found));
		if (features.ownFib) {
			const way = fibRedirect4(skb, ctx, 'elsewhere', address, ctx.device.ifindex);
			if (way.action !== 'ok') return way;
		}
		return { addr: address, ...natPorts(ctx), needsCt: features.specialValues && !local };
	},

	/** egress_gw_reply_needs_redirect_hook(): an answer for a pod of another node, which the gateway asked for. */
	reply(skb: IpSkb, ctx: Ctx): ProgramVerdict | undefined {
		const { specialValues: special, replyAtXdp } = featuresOf(ctx);
		const xdp = ctx.hook === 'xdp';
		if (ctx.node.tunnel || (xdp ? !replyAtXdp : ctx.where !== 'host')) return undefined;
		const { src, dst } = skb.net;
		const found = lookupEgressPolicy(ctx.ns, dst, src);
		if (!found || (special && (found.entry.gatewayIP === NO_GATEWAY || found.entry.gatewayIP === EXCLUDED_CIDR)))
			return undefined;
		const info = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, dst);
		if (!info || info.tunnelEndpoint === 0) return undefined;
		const node = formatIp(info.tunnelEndpoint);
		say(ctx, skb, 'redirect', { code: 'cilium.egw-reply', ip: formatIp(dst), node }, row(ctx, found));
		return encapTo(skb, ctx, info.tunnelEndpoint, xdp ? ID_WORLD : ID_HOST);
	},
};

export type EgressPrograms = typeof egressPrograms;
