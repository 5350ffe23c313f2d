/** /proc/net/snmp, netstat and snmp6 as the kernel writes them, and what `nstat` and `netstat -s` read there. */
import { socketsOf } from '../sockets.ts';
import type { Space } from '../space.ts';
import { counted, icmpTypes } from '../traffic-log.ts';
import { NETSTAT, SNMP, SNMP6 } from './names.ts';

/** Values that count nothing: what is set, and constants of TCP (RtoMin and RtoMax in milliseconds). */
function fixed(space: Space, name: string): number | undefined {
	switch (name) {
		case 'IpForwarding':
			return space.ns().sysctls.ip_forward ? 1 : 2;
		case 'IpDefaultTTL':
			return space.ns().sysctls.ip_default_ttl;
		case 'TcpRtoAlgorithm':
			return 1;
		case 'TcpRtoMin':
			return 200;
		case 'TcpRtoMax':
			return 120_000;
		case 'TcpMaxConn':
			return -1;
		case 'TcpCurrEstab':
			return socketsOf(space).filter(
				(row) => row.protocol === 'tcp' && (row.state === 'ESTABLISHED' || row.state === 'CLOSE_WAIT'),
			).length;
		default:
			return undefined;
	}
}

export const counterOf = (space: Space, name: string): number => fixed(space, name) ?? counted(space, name);

export interface MibTable {
	/** `Ip`, `TcpExt`: what names of `nstat` begin with. */
	readonly table: string;
	readonly names: readonly string[];
}

/** Types of ICMP are a table of their own once there are some (icmpmsg_put()). */
export function snmpTables(space: Space): readonly MibTable[] {
	const types = [
		...icmpTypes(space, 'In').map((type) => `InType${type}`),
		...icmpTypes(space, 'Out').map((type) => `OutType${type}`),
	];
	return Object.entries(SNMP).flatMap(([table, names]) => [
		{ table, names: names.split(' ') },
		...(table === 'Icmp' && types.length > 0 ? [{ table: 'IcmpMsg', names: types }] : []),
	]);
}

export const netstatTables: readonly MibTable[] = Object.entries(NETSTAT).map(([table, names]) => ({
	table,
	names: names.split(' '),
}));

const written = (space: Space, tables: readonly MibTable[]): string =>
	tables
		.map(
			({ table, names }) =>
				`${table}: ${names.join(' ')}\n${table}: ${names.map((name) => counterOf(space, table + name)).join(' ')}\n`,
		)
		.join('');

/** Files of /proc/net by path. */
export const mibFiles = (space: Space): Readonly<Record<string, () => string>> => ({
	'/proc/net/snmp': () => written(space, snmpTables(space)),
	'/proc/net/netstat': () => written(space, netstatTables),
	'/proc/net/snmp6': () =>
		SNMP6.split(' ')
			.map((name) => `${name.padEnd(32)}\t0\n`)
			.join(''),
});

/** Names of `nstat` in its order, those of IPv6 last but for what netstat has. */
export const allCounters = (space: Space): readonly (readonly [string, number])[] => [
	...snmpTables(space).flatMap(({ table, names }) =>
		names.map((name) => [table + name, counterOf(space, table + name)] as const),
	),
	...SNMP6.split(' ').map((name) => [name, 0] as const),
	...netstatTables.flatMap(({ table, names }) =>
		names.map((name) => [table + name, counterOf(space, table + name)] as const),
	),
];
