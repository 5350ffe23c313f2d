/** Routing decisions: what FIB, device and addresses make of a packet (net/ipv4/route.c, fib_frontend.c). */

import type { Why } from '../trace/index.ts';
import { formatIp, type Ip } from '../wire/index.ts';
import { LOOPBACK_IFINDEX } from './device.ts';
import { fibLookup, RT_SCOPE, routeError } from './fib.ts';
import { noteRoute, routeKey } from './records.ts';
import {
	isConfigured,
	isLocalAddress,
	isLoopback,
	isMulticast,
	isZeronet,
	LIMITED_BROADCAST,
	selectAddress,
} from './source.ts';
import type { Device, Dst, Errno, Namespace, Net, Route, Skb } from './types.ts';

const failed = (error: Errno, input: boolean, route?: Route): Dst => ({
	type: 'error',
	error,
	oif: 0,
	gateway: 0,
	src: 0,
	mtu: 0,
	input,
	route,
});

/** Why a packet was dropped before any route could say so. */
type Martian = 'martian-source' | 'martian-destination' | 'rp-filter';
const martians = new Map<Martian, Dst>([
	['martian-source', failed('EINVAL', true)],
	['martian-destination', failed('EINVAL', true)],
	['rp-filter', failed('EXDEV', true)],
]);

/** fib_result_prefsrc(): the route's own `src`, else an address that fits the next hop. */
const preferredSource = (ns: Namespace, route: Route): Ip =>
	route.src ?? selectAddress(ns, ns.devices.get(route.dev!), route.via ?? 0, RT_SCOPE[route.scope]);

/**
 * fib_validate_source(): whether a packet from `src` may come in by `dev`. Own addresses may not; with rp_filter 1
 * the way back must be by the same device, with 2 there must be a way back.
 */
const validateSource = (ns: Namespace, src: Ip, dst: Ip, dev: Device): Martian | undefined => {
	const rpf = Math.max(ns.sysctls.rp_filter, dev.rpFilter);
	if (rpf === 0) return isConfigured(ns, src) ? 'martian-source' : undefined;
	const back = { dst: src, src: dst, mark: 0, iif: dev.ifindex, scope: 0 };
	const route = fibLookup(ns, { ...back, oif: 0 });
	if (!route || routeError(route)) return 'rp-filter';
	if (route.type !== 'unicast') return 'martian-source';
	if (route.dev === dev.ifindex) return undefined;
	if (rpf === 1 || dev.addresses.length === 0) return 'rp-filter';
	return undefined;
};

/** ip_route_input_slow(), without records: where a packet that came in by `dev` goes. */
export const lookupInput = (ns: Namespace, dst: Ip, src: Ip, mark: number, dev: Device): Dst => {
	const localnet = dev.routeLocalnet || ns.sysctls.route_localnet || dev.kind === 'loopback';
	if (isMulticast(src) || src === LIMITED_BROADCAST) return martians.get('martian-source')!;
	if (dst === LIMITED_BROADCAST || (src === 0 && dst === 0)) return local(dev, 'broadcast', undefined, dst);
	if (isZeronet(src)) return martians.get('martian-source')!;
	if (isZeronet(dst)) return martians.get('martian-destination')!;
	if (!localnet && isLoopback(dst)) return martians.get('martian-destination')!;
	if (!localnet && isLoopback(src)) return martians.get('martian-source')!;
	const route = fibLookup(ns, { dst, src, mark, iif: dev.ifindex, oif: 0, scope: 0 });
	if (!route) return failed(ns.sysctls.ip_forward ? 'ENETUNREACH' : 'EHOSTUNREACH', true);
	const error = routeError(route);
	if (error) return failed(error, true, route);
	const bad = validateSource(ns, src, dst, dev);
	if (bad) return martians.get(bad)!;
	if (route.type === 'local' || route.type === 'broadcast') return local(dev, route.type, route, dst);
	if (!ns.sysctls.ip_forward) return failed('EHOSTUNREACH', true, route);
	const out = ns.devices.get(route.dev!)!;
	return {
		type: 'unicast',
		oif: out.ifindex,
		gateway: route.via ?? 0,
		src: 0,
		mtu: route.mtu ?? out.mtu,
		input: true,
		route,
	};
};

const local = (dev: Device, type: 'local' | 'broadcast', route: Route | undefined, dst: Ip): Dst => ({
	type,
	oif: LOOPBACK_IFINDEX,
	gateway: 0,
	src: dst,
	mtu: dev.mtu,
	input: true,
	route,
});

const martianWhy = (dst: Dst, src: Ip, ip: Ip, dev: Device): Why | undefined => {
	if (dst === martians.get('martian-source')) return { code: 'route.martian-source', ip: formatIp(src), dev: dev.name };
	if (dst === martians.get('martian-destination'))
		return { code: 'route.martian-destination', ip: formatIp(ip), dev: dev.name };
	if (dst === martians.get('rp-filter')) return { code: 'route.rp-filter', ip: formatIp(src), dev: dev.name };
	return undefined;
};

/** ip_route_input(): routes a packet that came in and writes down what was decided. */
export const routeInput = (net: Net, ns: Namespace, skb: Skb, dev: Device): Dst => {
	const packet = skb.net;
	if (packet.kind !== 'ipv4') return martians.get('martian-destination')!;
	const dst = lookupInput(ns, packet.dst, packet.src, skb.mark, dev);
	skb.dst = dst;
	skb.oif = dst.oif;
	skb.nextHop = dst.gateway || packet.dst;
	if (net.recorder) {
		const not =
			dst.type === 'error' && !ns.sysctls.ip_forward && dst.route && !routeError(dst.route)
				? ({ code: 'route.not-forwarding', ip: formatIp(packet.dst) } as const)
				: martianWhy(dst, packet.src, packet.dst, dev);
		noteRoute(net, ns, skb, dst, routeKey(skb, packet.dst, packet.src, dev.name), packet.dst, dev, not);
	}
	return dst;
};

/** What a local sender asks of routing. */
export interface OutputFlow {
	readonly dst: Ip;
	/** 0: the kernel chooses. */
	readonly src?: Ip;
	readonly mark?: number;
	/** SO_BINDTODEVICE, or 0. */
	readonly oif?: number;
	/** FLOWI_FLAG_ANYSRC: the source need not be ours. */
	readonly anySource?: boolean;
}

/** Where a packet to `dst` goes: nowhere in particular is the sender itself (ip_route_output_key_hash_rcu()). */
export const destinationOf = (dst: Ip, src: Ip): Ip => dst || src || LOOPBACK;

const LOOPBACK: Ip = 0x7f000001;

/** __mkroute_output(): whether a packet is for one receiver or for all that listen. */
export const castOf = (route: Dst, dst: Ip): 'unicast' | 'broadcast' | 'multicast' =>
	route.type === 'broadcast' || dst === LIMITED_BROADCAST ? 'broadcast' : isMulticast(dst) ? 'multicast' : 'unicast';

/** ip_route_output_key_hash_rcu(): the way out, with the source the kernel would choose in `src`. */
export const routeOutput = (net: Net, ns: Namespace, flow: OutputFlow): Dst => {
	const src = flow.src ?? 0;
	if (src !== 0 && !flow.anySource && !isLocalAddress(ns, src)) return failed('EINVAL', false);
	const dst = destinationOf(flow.dst, src);
	const route = fibLookup(ns, {
		dst,
		src,
		mark: flow.mark ?? 0,
		iif: LOOPBACK_IFINDEX,
		oif: flow.oif ?? 0,
		scope: 0,
	});
	if (!route) return failed('ENETUNREACH', false);
	const error = routeError(route);
	if (error) return failed(error, false, route);
	if (route.type === 'local') {
		const lo = ns.devices.get(LOOPBACK_IFINDEX);
		if (!lo?.up) return failed('ENETUNREACH', false, route);
		return {
			type: 'local',
			oif: lo.ifindex,
			gateway: 0,
			src: src || (route.src ?? dst),
			mtu: lo.mtu,
			input: false,
			route,
		};
	}
	const dev = ns.devices.get(route.dev!)!;
	const source = src || preferredSource(ns, route);
	// __mkroute_output(): 127.0.0.0/8 leaves by no wire.
	if (isLoopback(source) && dev.kind !== 'loopback' && !dev.routeLocalnet && !ns.sysctls.route_localnet)
		return failed('EINVAL', false, route);
	let mtu = route.mtu ?? dev.mtu;
	const learned = ns.pathMtus.get(dst);
	if (learned && learned.expires > net.now && learned.mtu < mtu) mtu = learned.mtu;
	return {
		type: route.type === 'broadcast' ? 'broadcast' : 'unicast',
		oif: dev.ifindex,
		gateway: route.via ?? 0,
		src: source,
		mtu,
		input: false,
		route,
	};
};

/** Puts an output route on a packet and writes it down. */
export const setOutputRoute = (net: Net, ns: Namespace, skb: Skb, dst: Dst): void => {
	const packet = skb.net;
	if (packet.kind !== 'ipv4') return;
	skb.dst = dst;
	skb.oif = dst.oif;
	skb.nextHop = dst.gateway || packet.dst;
	if (net.recorder)
		noteRoute(net, ns, skb, dst, routeKey(skb, packet.dst, packet.src, undefined), packet.dst, undefined);
};
