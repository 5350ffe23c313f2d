/**
 * The trie the kernel keeps a table of routes in (net/ipv4/fib_trie.c @ v5.15): nodes of 2^bits children that grow while they are
 * full enough and shrink while they are not.
 */
import type { Ip } from '../../sim/wire/index.ts';

export interface Leaf<T> {
	readonly key: Ip;
	readonly held: T[];
}

export interface Tnode<T> {
	readonly key: Ip;
	/** Its children differ in the bits [pos, pos + bits). */
	readonly pos: number;
	readonly bits: number;
	readonly children: Vector<T>[];
}

export type Vector<T> = Leaf<T> | Tnode<T> | undefined;

export const isTnode = <T>(node: Vector<T>): node is Tnode<T> => node !== undefined && 'children' in node;

/** Of the address the bits that a node at `pos` with `bits` does not look at. */
const prefixOf = (key: Ip, shift: number): Ip => (shift >= 32 ? 0 : ((key >>> shift) << shift) >>> 0);

const tnode = <T>(key: Ip, pos: number, bits: number): Tnode<T> => ({
	key: prefixOf(key, pos + bits),
	pos,
	bits,
	children: Array<Vector<T>>(2 ** bits).fill(undefined),
});

/** get_index(): which child it would be; at or above the number of children it is none of this node's. */
const indexOf = <T>(key: Ip, node: Tnode<T>): number => ((key ^ node.key) >>> 0) >>> node.pos;

/** tnode_full(): a child that skips no bits. */
const isFull = <T>(node: Tnode<T>, child: Vector<T>): boolean => isTnode(child) && child.pos + child.bits === node.pos;

export const emptyChildren = <T>({ children }: Tnode<T>): number => children.filter((c) => c === undefined).length;
export const fullChildren = <T>(node: Tnode<T>): number => node.children.filter((c) => isFull(node, c)).length;

/** inflate(): one bit more. */
function inflate<T>(old: Tnode<T>): Tnode<T> {
	const tn = tnode<T>(old.key, old.pos - 1, old.bits + 1);
	for (const child of old.children) {
		if (child === undefined) continue;
		if (!isTnode(child) || !isFull(old, child)) tn.children[indexOf(child.key, tn)] = child;
		else if (child.bits === 1) {
			const at = indexOf(child.key, tn);
			[tn.children[at], tn.children[at + 1]] = child.children;
		} else {
			const half = child.children.length / 2;
			for (const [i, part] of [child.children.slice(0, half), child.children.slice(half)].entries()) {
				const key = (child.key | (i * 2 ** (child.pos + child.bits - 1))) >>> 0;
				const node = { ...tnode<T>(key, child.pos, child.bits - 1), children: part };
				tn.children[indexOf(key, tn)] = node;
			}
		}
	}
	return settled(tn);
}

/** halve(): one bit less. */
function halve<T>(old: Tnode<T>): Tnode<T> {
	const tn = tnode<T>(old.key, old.pos + 1, old.bits - 1);
	for (let i = 0; i < tn.children.length; i++) {
		const pair = [old.children[2 * i], old.children[2 * i + 1]] as const;
		if (pair[0] === undefined || pair[1] === undefined) tn.children[i] = pair[0] ?? pair[1];
		else {
			const node = tnode<T>(pair[0].key, old.pos, 1);
			[node.children[0], node.children[1]] = pair;
			tn.children[i] = resize(node, false);
		}
	}
	return settled(tn);
}

/** replace(): full children are looked at again. */
function settled<T>(tn: Tnode<T>): Tnode<T> {
	for (let i = tn.children.length - 1; i >= 0; i--) {
		const child = tn.children[i];
		if (isTnode(child) && isFull(tn, child)) tn.children[i] = resize(child, false);
	}
	return tn;
}

/** resize(): thresholds in percent, of the root's node and of others. */
function resize<T>(node: Tnode<T>, root: boolean): Vector<T> {
	let tn = node;
	const used = (): number => tn.children.length - emptyChildren(tn);
	const crowded = (): boolean => {
		const full = used() + fullChildren(tn);
		return full > 1 && tn.pos > 0 && 50 * full >= (root ? 30 : 50) * tn.children.length;
	};
	let work = 10;
	while (work > 0 && crowded()) {
		tn = inflate(tn);
		work--;
	}
	if (work < 10) return tn;
	while (work > 0 && used() > 1 && tn.bits > 1 && 100 * used() < (root ? 15 : 25) * tn.children.length) {
		tn = halve(tn);
		work--;
	}
	return used() < 2 ? tn.children.find((child) => child !== undefined) : tn;
}

/** fib_insert_node() and trie_rebalance(): the tree below `node` with one key more. */
function inserted<T>(node: Vector<T>, leaf: Leaf<T>, root: boolean): Vector<T> {
	if (node === undefined) return leaf;
	if (isTnode(node) && indexOf(leaf.key, node) < node.children.length) {
		const at = indexOf(leaf.key, node);
		node.children[at] = inserted(node.children[at], leaf, false);
		return resize(node, root);
	}
	const split = tnode<T>(leaf.key, 31 - Math.clz32(leaf.key ^ node.key), 1);
	split.children[indexOf(leaf.key, split)] = leaf;
	split.children[indexOf(leaf.key, split) ^ 1] = node;
	return resize(split, root);
}

/** A trie of values by their keys; values of one key are in the order given. */
export function trieOf<T>(values: readonly T[], keyOf: (value: T) => Ip): Vector<T> {
	const leaves = new Map<Ip, Leaf<T>>();
	let root: Vector<T>;
	for (const value of values) {
		const key = keyOf(value);
		const there = leaves.get(key);
		if (there) there.held.push(value);
		else {
			const leaf = { key, held: [value] };
			leaves.set(key, leaf);
			root = inserted(root, leaf, true);
		}
	}
	return root;
}
