/** Tables and chains of a place, as all three programs handle them. */

import { changedByHand } from '../../../sim/lab/index.ts';
import {
	BUILTIN_CHAINS,
	type BuiltinChain,
	type Chain,
	emptyTable,
	setRuleset,
	type Table,
	type TableName,
} from '../../../sim/linux/index.ts';
import type { Call } from '../../tool.ts';
import { may } from '../rights.ts';
import type { Space } from '../space.ts';

export const VERSION = 'v1.8.7 (nf_tables)';
export const TRY = "Try `iptables -h' or 'iptables --help' for more information.\n";
export const TABLES: readonly TableName[] = ['mangle', 'raw', 'filter', 'nat'];

export const isTable = (name: string): name is TableName => (TABLES as readonly string[]).includes(name);

/** A table as it would be once somebody looked at it. */
export const tableOf = (space: Space, name: TableName): Table => space.ns().ruleset[name] ?? emptyTable(name);

export function store(space: Space, table: Table): void {
	space.change((net, ns) => {
		const was = net.namespaces.get(ns)!.ruleset;
		return setRuleset(net, ns, changedByHand({ ...was, [table.name]: table }, was));
	});
}

/** Even to look at rules takes rights (iptables/nft.c mnl_genid_get()); answers the exit code for who has none. */
export function notRoot(call: Call): number | undefined {
	if (may(call, 'NET_ADMIN')) return undefined;
	call.err(`${call.name} ${VERSION}: Could not fetch rule set generation id: Permission denied (you must be root)\n\n`);
	return 4;
}

export const isBuiltin = (table: TableName, chain: string): boolean =>
	BUILTIN_CHAINS[table].includes(chain as BuiltinChain);

/** Built-in chains first, then the others by name. */
export const chainsOf = (table: Table): readonly Chain[] => {
	const builtin = BUILTIN_CHAINS[table.name] as readonly string[];
	const user = [...table.chains.keys()].filter((name) => !builtin.includes(name)).sort();
	return [...builtin, ...user].map((name) => table.chains.get(name) ?? { name, policy: 'ACCEPT', rules: [] });
};

export const references = (table: Table, chain: string): number =>
	[...table.chains.values()]
		.flatMap((c) => c.rules)
		.filter((r) => (r.target.kind === 'jump' || r.target.kind === 'goto') && r.target.chain === chain).length;

// iptables-save
