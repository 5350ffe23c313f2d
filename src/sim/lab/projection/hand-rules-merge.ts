/** Rules of a node's programs and those that somebody wrote, together again: see `hand-rules.ts`. */
import { type Chain, emptyTable, printRule, type Ruleset, type Table, type TableName } from '../../linux/index.ts';

const TABLES: readonly TableName[] = ['raw', 'mangle', 'nat', 'filter'];
/** The kubelet looks every minute whether its chains are there. */
const KUBELET = /^KUBE-(?:MARK-MASQ|MARK-DROP|POSTROUTING|FIREWALL|KUBELET-CANARY|IPTABLES-HINT)$/;
const PROXY = /^KUBE-/;

const texts = (chain: Chain | undefined): readonly string[] =>
	(chain?.rules ?? []).map((rule) => printRule(chain!.name, rule));
const same = (a: Chain, b: Chain): boolean => a.policy === b.policy && texts(a).join('\n') === texts(b).join('\n');

/**
 * What a node has after its programs, which had written `before`, wrote `next`, where it now has `current`.
 *
 * @param proxied whether kube-proxy runs, and writes its chains anew with every change
 */
export function mergeRules(before: Ruleset, current: Ruleset, next: Ruleset, proxied: boolean): Ruleset {
	const owned = (name: string): boolean => (proxied ? PROXY : KUBELET).test(name);
	return Object.fromEntries(
		TABLES.filter((name) => before[name] ?? current[name] ?? next[name]).map((name) => [
			name,
			mergeTable(
				before[name] ?? emptyTable(name),
				current[name] ?? emptyTable(name),
				next[name] ?? emptyTable(name),
				owned,
			),
		]),
	) as Ruleset;
}

function mergeTable(before: Table, current: Table, next: Table, owned: (name: string) => boolean): Table {
	const names = new Set([...next.chains.keys(), ...current.chains.keys()]);
	const chains = [...names].flatMap((name): Chain[] => {
		const [b, c, n] = [before.chains.get(name), current.chains.get(name), next.chains.get(name)];
		if (n && (owned(name) || !b || (c && same(b, c)))) return [n];
		if (!c) return n && b && !same(b, n) ? [n] : [];
		if (n && b) return [mergeChain(b, c, n, owned)];
		// Theirs no longer: gone, unless it is somebody else's too.
		return !b || (!owned(name) && !same(b, c)) ? [c] : [];
	});
	return { ...next, chains: new Map(chains.map((chain) => [chain.name, chain])) };
}

/** A chain with rules of several: what is new in `next` comes to its place there, what is old goes, the rest stays. */
function mergeChain(before: Chain, current: Chain, next: Chain, owned: (name: string) => boolean): Chain {
	const [old, wanted] = [new Set(texts(before)), new Set(texts(next))];
	const kept = current.rules.filter((rule) => {
		const text = printRule(current.name, rule);
		return wanted.has(text) || !old.has(text);
	});
	const there = new Set(kept.map((rule) => printRule(current.name, rule)));
	for (const [at, rule] of next.rules.entries()) {
		const text = printRule(next.name, rule);
		const jump = rule.target.kind === 'jump' || rule.target.kind === 'goto' ? rule.target.chain : undefined;
		if (there.has(text) || (old.has(text) && !(jump !== undefined && owned(jump)))) continue;
		kept.splice(at, 0, rule);
	}
	const policy = current.policy === before.policy ? next.policy : current.policy;
	return { ...next, ...(policy === undefined ? {} : { policy }), rules: kept };
}
