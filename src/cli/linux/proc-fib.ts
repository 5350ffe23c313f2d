/** /proc/net/fib_trie, fib_triestat (net/ipv4/fib_trie.c @ v5.15): the tables of routes as the kernel keeps them. */
import { DEFAULT_RULES, type Namespace, type Route, RT_TABLE_LOCAL, RT_TABLE_MAIN } from '../../sim/linux/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import { emptyChildren, fullChildren, isTnode, trieOf, type Vector } from './fib-trie.ts';
import type { Space } from './space.ts';

interface Fib {
	readonly title: string;
	readonly trie: Vector<Route>;
}

/**
 * In the order of the kernel's hash of tables. Until somebody adds a rule the tables main and local are one trie, which both of them
 * show (fib_unmerge()).
 */
function tablesOf(ns: Namespace): readonly Fib[] {
	const apart = ns.rules.length > DEFAULT_RULES.length;
	const ids = [...new Set([...ns.routes.map(({ table }) => table), RT_TABLE_MAIN, RT_TABLE_LOCAL])];
	const title = (id: number): string => (id === RT_TABLE_MAIN ? 'Main' : id === RT_TABLE_LOCAL ? 'Local' : `Id ${id}`);
	return ids
		.sort((a, b) => (a & 255) - (b & 255) || a - b)
		.map((id) => {
			const both = !apart && (id === RT_TABLE_MAIN || id === RT_TABLE_LOCAL);
			const routes = ns.routes.filter(({ table }) =>
				both ? table === RT_TABLE_MAIN || table === RT_TABLE_LOCAL : table === id,
			);
			return { title: title(id), trie: trieOf(routes, ({ dst }) => dst.address) };
		})
		.filter(({ trie }) => trie !== undefined);
}

const SCOPES: Readonly<Record<string, string>> = { global: 'universe' };

function lines(node: Vector<Route>, depth: number): string {
	const indent = (n: number): string => '   '.repeat(n);
	if (node === undefined) return '';
	if (isTnode(node)) {
		const head = `${indent(depth)}  +-- ${formatIp(node.key)}/${32 - node.pos - node.bits} ${node.bits} ${fullChildren(node)} ${emptyChildren(node)}\n`;
		return head + node.children.map((child) => lines(child, depth + 1)).join('');
	}
	const longest = [...node.held].sort((a, b) => b.dst.length - a.dst.length);
	const held = longest.map(
		({ dst, scope, type }) => `${indent(depth + 1)}  /${dst.length} ${SCOPES[scope] ?? scope} ${type.toUpperCase()}\n`,
	);
	return `${indent(depth)}  |-- ${formatIp(node.key)}\n${held.join('')}`;
}

/** fib_trie_seq_show() */
export const procFibTrie = (space: Space): string =>
	tablesOf(space.ns())
		.map(({ title, trie }) => `${title}:\n${lines(trie, 0)}`)
		.join('');

/** Sizes in octets on a 64-bit machine: a leaf or node without children, an alias, a pointer. */
const SIZES = { leaf: 48, tnode: 40, alias: 56, pointer: 8 };

/** trie_show_stats() */
function statLines({ title, trie }: Fib): string {
	const stats = { depth: 0, most: 0, leaves: 0, prefixes: 0, nulls: 0 };
	const nodes = new Map<number, number>();
	const visit = (node: Vector<Route>, depth: number): void => {
		if (node === undefined) return;
		if (isTnode(node)) {
			nodes.set(node.bits, (nodes.get(node.bits) ?? 0) + 1);
			stats.nulls += emptyChildren(node);
			for (const child of node.children) visit(child, depth + 1);
			return;
		}
		stats.leaves++;
		stats.prefixes += node.held.length;
		stats.depth += depth;
		stats.most = Math.max(stats.most, depth);
	};
	visit(trie, 0);
	const sorted = [...nodes].sort(([a], [b]) => a - b);
	const count = sorted.reduce((sum, [, n]) => sum + n, 0);
	const pointers = sorted.reduce((sum, [bits, n]) => sum + n * 2 ** bits, 0);
	const average = Math.floor((stats.depth * 100) / stats.leaves);
	const bytes =
		SIZES.leaf * stats.leaves + SIZES.alias * stats.prefixes + SIZES.tnode * count + SIZES.pointer * pointers;
	return `${title}:
\tAver depth:     ${Math.floor(average / 100)}.${String(average % 100).padStart(2, '0')}
\tMax depth:      ${stats.most}
\tLeaves:         ${stats.leaves}
\tPrefixes:       ${stats.prefixes}
\tInternal nodes: ${count}
\t${sorted.map(([bits, n]) => `  ${bits}: ${n}`).join('')}
\tPointers: ${pointers}
Null ptrs: ${stats.nulls}
Total size: ${Math.floor((bytes + 1023) / 1024)}  kB
`;
}

/** fib_triestat_seq_show() */
export const procFibTrieStat = (space: Space): string =>
	`Basic info: size of leaf: ${SIZES.leaf} bytes, size of tnode: ${SIZES.tnode} bytes.\n${tablesOf(space.ns()).map(statLines).join('')}`;
