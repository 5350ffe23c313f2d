/**
 * Sizes of the agent's maps. Source: daemon/cmd/status.go getBPFMapStatus(); the list as 1.12.0, 1.17 and 1.18.0 print it,
 * versions between have their neighbours' rows.
 */
import { type Agent, cpusOf } from '../context.ts';

/** Rows with tabs: `  NAT\t524288`. */
export const mapSizeRows = (agent: Agent): string =>
	mapSizesOf(agent)
		.map(([name, size]) => `  ${name}\t${size}\n`)
		.join('');

/** Names and entries, in order. */
export function mapSizesOf(agent: Agent): readonly (readonly [name: string, size: number])[] {
	const { minor, settings } = agent;
	const { mapSizes } = settings;
	const cpus = cpusOf(agent);
	const rows: readonly (readonly [name: string, size: number, from?: number, to?: number])[] = [
		['Auth', 524288, 15],
		['Non-TCP connection tracking', mapSizes.ctAny],
		['TCP connection tracking', mapSizes.ctTcp],
		['Endpoint policy', 65535, 12, 17],
		['Endpoints', 65535, 18],
		['Events', cpus, 12, 15],
		['IP cache', 512000],
		['IP masquerading agent', 16384, 12, 14],
		['IPv4 masquerading agent', 16384, 15],
		['IPv6 masquerading agent', 16384, 16],
		['IPv4 fragmentation', 8192],
		['IPv4 service', mapSizes.lb],
		['IPv6 service', mapSizes.lb],
		['IPv4 service backend', mapSizes.lb],
		['IPv6 service backend', mapSizes.lb],
		['IPv4 service reverse NAT', mapSizes.lb],
		['IPv6 service reverse NAT', mapSizes.lb],
		['Metrics', 1024],
		['Ratelimit metrics', 64, 16],
		['NAT', mapSizes.nat],
		['Neighbor table', mapSizes.neigh],
		['Global policy', mapSizes.policy, 12, 17],
		['Endpoint policy', mapSizes.policy, 18],
		// Rounded down to a multiple of the processors.
		['Policy stats', Math.floor(65536 / cpus) * cpus, 18],
		['Per endpoint policy', 65536, 12, 15],
		['Session affinity', mapSizes.lb],
		['Signal', cpus, 12, 15],
		['Sockmap', 65535, 12, 13],
		['Sock reverse NAT', mapSizes.sockRevNat],
		['Tunnel', 65536, 12, 16],
	];
	return rows
		.filter(([, , from = 12, to = 99]) => minor >= from && minor <= to)
		.map(([name, size]): readonly [string, number] => [name, size]);
}
