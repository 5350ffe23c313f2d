/** A whole ruleset as `iptables-save` prints it. */
import { BUILTIN_CHAINS } from './patch.ts';
import { printRule } from './save-print.ts';
import type { BuiltinChain, Chain, Ruleset, Table, TableName } from './types.ts';

/** Tables in the order iptables-nft-save prints them. */
const TABLE_ORDER: readonly TableName[] = ['mangle', 'raw', 'filter', 'nat'];

/**
 * The text that `iptables-restore` takes and `iptables-save` prints, without its comment lines. Chain counters are
 * printed as zero: the engine does not count. Built-in chains first, then the others in byte order.
 */
export function printIptablesSave(ruleset: Ruleset): string {
	const lines: string[] = [];
	for (const name of TABLE_ORDER) {
		const table = ruleset[name];
		if (table) printTable(table, lines);
	}
	return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

function printTable(table: Table, lines: string[]): void {
	lines.push(`*${table.name}`);
	const builtin = BUILTIN_CHAINS[table.name];
	const user = [...table.chains.keys()].filter((name) => !builtin.includes(name as BuiltinChain)).sort();
	const chains = [...builtin, ...user].map((name): Chain => table.chains.get(name) ?? { name, rules: [] });
	for (const { name, policy } of chains) {
		const isBuiltin = builtin.includes(name as BuiltinChain);
		lines.push(`:${name} ${isBuiltin ? (policy ?? 'ACCEPT') : '-'} [0:0]`);
	}
	for (const { name, rules } of chains) for (const rule of rules) lines.push(printRule(name, rule));
	lines.push('COMMIT');
}
