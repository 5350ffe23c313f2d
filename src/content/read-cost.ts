/** What a packet cost on its way: rules, hits included. */
import type { Run } from '../exercises/index.ts';
import type { TableName } from '../sim/linux/index.ts';
import type { Decision } from '../sim/trace/index.ts';
import type { Outcome } from '../sim/world/index.ts';
import { firstPacket } from './read.ts';

/** Rules of a table that were tried for the first packet in a namespace. */
export function rulesTried(run: Run, ns: string, table: TableName): number {
	return tried(firstPacket(run).filter((d) => d.ns === ns && d.table === table));
}

/** Rules that were tried for one packet of an outcome, over all namespaces and tables. */
export function rulesTriedFor({ trace }: Outcome, packet: number): number {
	return tried(trace.filter((d) => d.packet === packet));
}

function tried(decisions: readonly Decision[]): number {
	return decisions.reduce((sum, d) => sum + (d.tried ?? 0) + (d.rule === undefined ? 0 : 1), 0);
}
