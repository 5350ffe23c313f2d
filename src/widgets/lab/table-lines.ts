/** Tables of a place as they are printed: what prints them comes with the first that has a line. */
import {
	formatConntrack,
	formatNeighbours,
	formatRoutes,
	printIptablesSave,
	RT_TABLE_LOCAL,
	RT_TABLE_MAIN,
} from '../../sim/linux/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import {
	type CiliumList,
	ciliumListOf,
	conntrackOf,
	devicesOf,
	namespaceOf,
	nodeOfNs,
	nowOf,
	type World,
} from '../../sim/world/index.ts';

/** Tables of the kernel, and lists of Cilium's maps under the name of the command that prints them. */
export type TableKind = 'addresses' | 'routes' | 'neighbours' | 'conntrack' | 'rules' | CiliumList;

/** The table of a place, line by line. */
export function linesOf(world: World, ns: string, kind: TableKind): readonly string[] {
	const namespace = namespaceOf(world, ns);
	if (!namespace) return [];
	switch (kind) {
		case 'addresses':
			return devicesOf(world, ns).map(({ name, addresses }) =>
				`${name.padEnd(16)} ${addresses.map(({ ip, length }) => `${formatIp(ip)}/${length}`).join(' ')}`.trimEnd(),
			);
		case 'routes':
			return [...formatRoutes(namespace, RT_TABLE_MAIN), ...formatRoutes(namespace, RT_TABLE_LOCAL)];
		case 'neighbours':
			return formatNeighbours(world.net, namespace);
		case 'conntrack':
			return conntrackOf(world, ns).map((entry) => formatConntrack(entry, nowOf(world)));
		case 'rules':
			return printIptablesSave(namespace.ruleset).trimEnd().split('\n');
		default:
			return ciliumListOf(world, nodeOfNs(ns) ?? '', kind)?.stdout ?? [];
	}
}
