/** The routing table as `route` and `netstat -r` of net-tools print it (lib/inet_gr.c). */
import { type Route, RT_TABLE_MAIN } from '../../sim/linux/index.ts';
import { formatIp, maskOf } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import type { Space } from './space.ts';

const kernelRoutes = (space: Space): readonly Route[] =>
	space
		.ns()
		.routes.filter((r) => r.table === RT_TABLE_MAIN)
		.sort((a, b) => a.dst.address - b.dst.address || b.dst.length - a.dst.length || a.metric - b.metric);

interface RouteRow {
	readonly dst: string;
	readonly gateway: string;
	readonly mask: string;
	readonly flags: string;
	readonly metric: number;
	readonly dev: string;
	readonly refused: boolean;
}

const routeRow = (space: Space, r: Route): RouteRow => {
	const refused = r.type === 'unreachable' || r.type === 'prohibit';
	const host = r.dst.length === 32 ? 'H' : '';
	return {
		dst: formatIp(r.dst.address),
		gateway: refused ? '-' : formatIp(r.via ?? 0),
		mask: formatIp(maskOf(r.dst.length)),
		flags: refused ? `!${host}` : `U${r.via === undefined ? '' : 'G'}${host}`,
		metric: r.metric,
		dev: refused ? '-' : (space.ns().devices.get(r.dev ?? 0)?.name ?? '*'),
		refused,
	};
};

export function printRoutes(call: Call, space: Space, netstat: boolean): void {
	call.out(
		`Kernel IP routing table\nDestination     Gateway         Genmask         Flags ${netstat ? '  MSS Window  irtt Iface' : 'Metric Ref    Use Iface'}\n`,
	);
	for (const r of kernelRoutes(space).map((route) => routeRow(space, route)))
		call.out(
			netstat
				? `${r.dst.padEnd(15)} ${r.gateway.padEnd(15)} ${r.mask.padEnd(15)} ${r.flags.padEnd(5)} ${(r.refused ? '-' : '0').padStart(5)} ${(r.refused ? '-' : '0').padEnd(6)} ${(r.refused ? '-' : '0').padStart(5)} ${r.dev}\n`
				: `${r.dst.padEnd(15)} ${r.gateway.padEnd(15)} ${r.mask.padEnd(15)} ${r.flags.padEnd(5)} ${String(r.metric).padEnd(6)} ${(r.refused ? '-' : '0').padEnd(2)} ${'0'.padStart(7)} ${r.dev}\n`,
		);
}
