/** Putting what one program writes beside what others wrote: `iptables-restore --noflush` and `iptables -N/-C/-I/-A`. */
import type { BuiltinChain, Chain, Rule, Ruleset, RulesetPatch, Table, TableName } from './types.ts';

/** Built-in chains by table, in the order iptables-save prints them. */
export const BUILTIN_CHAINS: Readonly<Record<TableName, readonly BuiltinChain[]>> = {
	raw: ['PREROUTING', 'OUTPUT'],
	mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
	nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
	filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** A table with its built-in chains, empty and with policy ACCEPT. */
export const emptyTable = (name: TableName): Table => ({
	name,
	chains: new Map(BUILTIN_CHAINS[name].map((chain) => [chain, { name: chain, policy: 'ACCEPT', rules: [] }])),
});

/** No tables at all: nothing is looked at, and no connection is tracked. */
export const emptyRuleset: Ruleset = {};

/** Applies one patch; see `applyPatches`. */
export const applyPatch = (ruleset: Ruleset, patch: RulesetPatch): Ruleset => applyPatches(ruleset, [patch]);

/** Applies patches in order. User chains come out sorted by name, as the kernel lists them. */
export const applyPatches = (ruleset: Ruleset, patches: readonly RulesetPatch[]): Ruleset => {
	const tables = new Map<TableName, Map<string, Chain>>();
	for (const patch of patches) {
		let chains = tables.get(patch.table);
		if (!chains) {
			chains = new Map((ruleset[patch.table] ?? emptyTable(patch.table)).chains);
			tables.set(patch.table, chains);
		}
		for (const chain of patch.chains) chains.set(chain.name, chain);
		for (const name of patch.ensure ?? []) if (!chains.has(name)) chains.set(name, { name, rules: [] });
		for (const insert of patch.inserts) {
			const chain = chains.get(insert.chain) ?? { name: insert.chain, rules: [] };
			if (chain.rules.some((rule) => sameRule(rule, insert.rule))) continue;
			const rules = insert.at === 'first' ? [insert.rule, ...chain.rules] : [...chain.rules, insert.rule];
			chains.set(chain.name, { ...chain, rules });
		}
	}
	const out: Partial<Record<TableName, Table>> = { ...ruleset };
	for (const [name, chains] of tables) out[name] = { name, chains: inOrder(name, chains) };
	return out;
};

/** Whether two rules are one to `iptables -C`: the same matches in the same order, the same target. */
const sameRule = (a: Rule, b: Rule): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const inOrder = (table: TableName, chains: ReadonlyMap<string, Chain>): ReadonlyMap<string, Chain> => {
	const builtin = BUILTIN_CHAINS[table] as readonly string[];
	const rest = [...chains.keys()].filter((name) => !builtin.includes(name)).sort();
	return new Map([...builtin, ...rest].map((name) => [name, chains.get(name)!]));
};
