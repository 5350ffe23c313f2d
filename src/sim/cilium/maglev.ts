/**
 * Maglev tables: which backend each of M slots belongs to. Every node computes the same table from the same
 * backends. pkg/maglev/maglev.go @ v1.12.1, v1.18.0; the paper is Eisenbud et al., NSDI 2016.
 */
import { murmur3 } from './murmur3.ts';

/** Sizes the agent accepts: primes, to be at least a hundred times the backends. */
export const MAGLEV_SIZES: readonly number[] = [251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071];

export interface MaglevSeed {
	/** Of the table. */
	readonly murmur: number;
	/** Of the programs' hash of a packet. */
	readonly jhash4: number;
	readonly jhash6: number;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The agent's option: 12 octets in base64, three words. Undefined when it is not that. */
export const maglevSeed = (text: string): MaglevSeed | undefined => {
	if (!/^[A-Za-z0-9+/]{16}$/.test(text)) return undefined;
	const words = [0, 0, 0];
	for (let octet = 0; octet < 12; octet++) {
		const bit = octet * 8;
		const at = Math.floor(bit / 6);
		const pair = (BASE64.indexOf(text[at]!) << 6) | BASE64.indexOf(text[at + 1]!);
		const value = (pair >>> (4 - (bit % 6))) & 0xff;
		words[octet >>> 2] = ((words[octet >>> 2]! << 8) | value) >>> 0;
	}
	return { murmur: words[0]!, jhash4: words[1]!, jhash6: words[2]! };
};

/** What the chart and the agent take when nothing is said. */
export const DEFAULT_MAGLEV_SEED = 'JLfvgnHc2kaSUFaI';
export const DEFAULT_MAGLEV_SIZE = 16381;

export interface MaglevBackend {
	readonly id: number;
	/** By which all nodes know and order it. */
	readonly text: string;
	/** 1 where nobody set another. */
	readonly weight: number;
}

/**
 * A backend's text: `ip:port`, with `/i` in the internal scope, to 1.16; `[ip:port/TCP,State:active]` from 1.17.
 */
export const maglevText = (
	address: string,
	{
		protocol,
		internal,
		bracketed,
	}: { readonly protocol: string; readonly internal: boolean; readonly bracketed: boolean },
): string =>
	bracketed ? `[${address}/${protocol}${internal ? '/i' : ''},State:active]` : `${address}${internal ? '/i' : ''}`;

/** Where a backend's preference list begins and how far it steps, in a table of `size`. */
export const maglevPermutation = (
	text: string,
	size: number,
	seed: number,
): readonly [offset: number, skip: number] => {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
	const [h1, h2] = murmur3(bytes, seed);
	return [Number(h1 % BigInt(size)), Number(h2 % BigInt(size - 1)) + 1];
};

/**
 * The table: backend ids by slot. Backends take turns in the order of their texts; each takes the next free slot of
 * its own permutation. A backend with a weight below others' sits turns out.
 */
export const maglevTable = (backends: readonly MaglevBackend[], size: number, seed: number): Uint32Array => {
	const table = new Uint32Array(size);
	if (backends.length === 0) return table;
	const sorted = [...backends].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
	const walks = sorted.map(({ text }) => maglevPermutation(text, size, seed));
	const next = walks.map(([offset]) => offset);
	const taken = new Uint8Array(size);
	let weightSum = 0;
	for (const { weight } of sorted) weightSum += weight;
	const weighted = Math.floor(weightSum / sorted.length) > 1;
	const counters = sorted.map(({ weight }) => weight / sorted.length);
	for (let turn = 0; turn < size; turn++) {
		let i = turn % sorted.length;
		if (weighted) {
			while ((turn + 1) * sorted[i]!.weight < Math.floor(counters[i]!)) i = (i + 1) % sorted.length;
			counters[i]! += weightSum;
		}
		let slot = next[i]!;
		const skip = walks[i]![1];
		while (taken[slot]) slot = (slot + skip) % size;
		table[slot] = sorted[i]!.id;
		taken[slot] = 1;
		next[i] = (slot + skip) % size;
	}
	return table;
};
