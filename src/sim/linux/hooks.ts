/** The door to netfilter: which hooks a namespace has, and what netfilter asks of the kernel round it. */

import { RT_SCOPE } from './fib.ts';
import { sendIcmpError } from './icmp.ts';
import type { Network } from './net.ts';
import type { BuiltinChain } from './netfilter/index.ts';
import { type NetfilterContext, type NetfilterServices, netfilterHook, relatedTo } from './netfilter/index.ts';
import { note } from './records.ts';
import { routeOutput, setOutputRoute } from './routing.ts';
import { lookupSocket } from './socket.ts';
import { addressType, selectAddress } from './source.ts';
import { sendReset } from './tcp-reset.ts';
import type { Device, Namespace, PacketQueue, Skb } from './types.ts';

/** Hooks are registered per namespace, when a table is there: without any, conntrack does not run either. */
export const hasNetfilter = (ns: Namespace): boolean => {
	const { raw, mangle, nat, filter } = ns.ruleset;
	return (raw ?? mangle ?? nat ?? filter) !== undefined;
};

const services: NetfilterServices = {
	selectSourceAddress: (ns, outDev, nextHop) => selectAddress(ns, outDev, nextHop, RT_SCOPE.global) || undefined,
	addressType,
	sendIcmpError: (ctx, skb, type, code) => sendIcmpError(ctx.net as Network, ctx.ns, skb, type, code),
	sendTcpReset: (ctx, skb) => sendReset(ctx.net as Network, ctx.ns, skb, relatedTo(skb)),
	rerouteOutput: (ctx, skb) => {
		const { net, ns } = ctx;
		const type = addressType(ns, skb.net.src);
		// ip_route_me_harder(): a source that is neither ours nor a host's is chosen anew.
		const src = type === 'LOCAL' || type === 'UNICAST' ? skb.net.src : 0;
		const dst = routeOutput(net, ns, { dst: skb.net.dst, src, mark: skb.mark, anySource: src !== 0 });
		setOutputRoute(net, ns, skb, dst);
		return dst.type === 'error' ? undefined : ns.devices.get(dst.oif);
	},
	lookupSocket,
};

/** A packet of a connection under way is not asked about (`ct state established,related accept`). */
const queuePasses = (net: Network, ns: Namespace, skb: Skb, queue: PacketQueue): boolean => {
	if (skb.net.kind !== 'ipv4' || (typeof skb.ct === 'object' && skb.ct.info !== 'NEW')) return true;
	const why = queue.denies(skb.net);
	if (!why) return true;
	if (net.recorder) note(net, ns, skb, 'POSTROUTING', 'drop', why, { table: 'kindnet-network-policies' });
	return false;
};

/** NF_HOOK(): true when the packet goes on. */
export const runHook = (
	net: Network,
	ns: Namespace,
	skb: Skb,
	hook: BuiltinChain,
	inDev: Device | undefined,
	outDev: Device | undefined,
): boolean => {
	if (!hasNetfilter(ns)) return true;
	net.hooked?.(skb);
	if (hook === 'POSTROUTING' && ns.packetQueue && inDev && !queuePasses(net, ns, skb, ns.packetQueue)) return false;
	const ctx: NetfilterContext = { net, ns, inDev, outDev, services };
	return netfilterHook(hook, skb, ctx) === 'accept';
};
