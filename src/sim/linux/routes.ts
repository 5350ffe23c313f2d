/** `ip route`: what the kernel takes and what it refuses (net/ipv4/fib_semantics.c, fib_trie.c). */
import { formatIp, formatPrefix, type Ip, maskOf, type Prefix } from '../wire/index.ts';
import { deviceByName } from './device.ts';
import { type LinuxError, linuxError } from './error.ts';
import { appendRoutes, fibLookup, RT_SCOPE, routesAt } from './fib.ts';
import { RT_TABLE_MAIN } from './namespace.ts';
import type { Network } from './net.ts';
import { addressType } from './source.ts';
import type { Namespace, Route, RouteType, Scope } from './types.ts';

/** A route as `ip route add` takes it. */
export interface RouteOptions {
	readonly dst: Prefix;
	/** `unicast` when absent. */
	readonly type?: RouteType;
	/** Main when absent. */
	readonly table?: number;
	/** Device name; may be absent with `via`. */
	readonly dev?: string;
	readonly via?: Ip;
	readonly src?: Ip;
	/** As iproute2 fills it in when absent: `host` for local, `link` for unicast without `via`, else `global`. */
	readonly scope?: Scope;
	readonly metric?: number;
	readonly mtu?: number;
	/** `boot` when absent, which `ip route` does not print. */
	readonly protocol?: string;
	readonly onlink?: boolean;
}

const defaultScope = (type: RouteType, via: Ip | undefined): Scope => {
	if (type === 'local') return 'host';
	if (type === 'broadcast' || (type === 'unicast' && via === undefined)) return 'link';
	return 'global';
};

/** fib_check_nh(): the device of the next hop, or what is wrong with it. */
const nextHopDevice = (ns: Namespace, options: RouteOptions, scope: Scope): { readonly dev: number } | LinuxError => {
	const device = options.dev === undefined ? undefined : deviceByName(ns, options.dev);
	if (options.dev !== undefined && !device) return linuxError('dev.unknown', { ns: ns.name, dev: options.dev });
	if (options.via === undefined || options.via === 0)
		return device?.up ? { dev: device.ifindex } : linuxError('route.no-device', { dst: formatPrefix(options.dst) });
	const invalid = linuxError('route.invalid-gateway', { via: formatIp(options.via), dst: formatPrefix(options.dst) });
	if (options.onlink) {
		if (!device?.up) return linuxError('route.no-device', { dst: formatPrefix(options.dst) });
		return addressType(ns, options.via) === 'UNICAST' ? { dev: device.ifindex } : invalid;
	}
	// The gateway itself must be reachable by a route that is nearer than this one, and at least on the link.
	const route = fibLookup(ns, {
		dst: options.via,
		src: 0,
		mark: 0,
		iif: 0,
		oif: device?.ifindex ?? 0,
		scope: Math.max(RT_SCOPE[scope] + 1, RT_SCOPE.link),
	});
	if (!route || (route.type !== 'unicast' && route.type !== 'local') || route.dev === undefined) return invalid;
	return { dev: route.dev };
};

const build = (ns: Namespace, options: RouteOptions): Route | LinuxError => {
	const type = options.type ?? 'unicast';
	const scope = options.scope ?? defaultScope(type, options.via);
	const { dst } = options;
	if (!(dst.length >= 0 && dst.length <= 32) || (dst.address & ~maskOf(dst.length)) !== 0)
		return linuxError('route.invalid-prefix', { dst: formatPrefix(dst) });
	const table = options.table ?? (type === 'local' || type === 'broadcast' ? 255 : RT_TABLE_MAIN);
	const hop =
		type === 'unicast' || type === 'local' || type === 'broadcast' ? nextHopDevice(ns, options, scope) : undefined;
	if (hop && 'code' in hop) return hop;
	if (options.src !== undefined && addressType(ns, options.src) !== 'LOCAL' && options.src !== dst.address)
		return linuxError('route.invalid-source', { src: formatIp(options.src) });
	return {
		dst,
		type,
		table,
		dev: hop?.dev,
		via: options.via || undefined,
		src: options.src,
		scope,
		metric: options.metric ?? 0,
		mtu: options.mtu,
		protocol: options.protocol ?? 'boot',
		onlink: options.onlink || undefined,
	};
};

/** `ip route add`. Errors: the kernel's, see `LinuxErrorCode`. */
export const addRoute = (net: Network, nsName: string, options: RouteOptions): Route | LinuxError => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const route = build(ns, options);
	if ('code' in route) return route;
	if (routesAt(ns, route.table, route.dst).some((other) => other.metric === route.metric))
		return linuxError('route.exists', { dst: formatPrefix(route.dst) });
	appendRoutes(ns, [route]);
	return route;
};

/** `ip route replace`: in the place of the route of that prefix and metric, or added. */
export const replaceRoute = (net: Network, nsName: string, options: RouteOptions): Route | LinuxError => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const route = build(ns, options);
	if ('code' in route) return route;
	const old = routesAt(ns, route.table, route.dst).filter((other) => other.metric === route.metric);
	if (old.length > 0) ns.routes = ns.routes.filter((other) => !old.includes(other));
	appendRoutes(ns, [route]);
	return route;
};
