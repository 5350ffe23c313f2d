/** Taking routes away. */
import { formatPrefix } from '../wire/index.ts';
import { deviceByName } from './device.ts';
import { type LinuxError, linuxError } from './error.ts';
import { RT_TABLE_MAIN } from './namespace.ts';
import type { Network } from './net.ts';
import type { RouteOptions } from './routes.ts';

/** `ip route del`: the first route of that prefix (and what else is given). */
export const delRoute = (
	net: Network,
	nsName: string,
	which: Pick<RouteOptions, 'dst' | 'table' | 'dev' | 'via' | 'metric'>,
): LinuxError | undefined => {
	const ns = net.namespaces.get(nsName);
	if (!ns) return linuxError('ns.unknown', { ns: nsName });
	const dev = which.dev === undefined ? undefined : deviceByName(ns, which.dev)?.ifindex;
	const at = ns.routes.findIndex(
		(route) =>
			route.table === (which.table ?? RT_TABLE_MAIN) &&
			route.dst.address === which.dst.address &&
			route.dst.length === which.dst.length &&
			(which.dev === undefined || route.dev === dev) &&
			(which.via === undefined || route.via === which.via) &&
			(which.metric === undefined || route.metric === which.metric),
	);
	if (at < 0) return linuxError('route.unknown', { dst: formatPrefix(which.dst) });
	ns.routes = ns.routes.filter((_, i) => i !== at);
	return undefined;
};
