/** Bob Jenkins' hash as the programs use it (bpf/lib/jhash.h, from include/linux/jhash.h). */
import { jhash2 } from '../linux/index.ts';

/** jhash_3words(): 32 bits, unsigned; the kernel's jhash2() of the same three words. */
export const jhash3words = (a: number, b: number, c: number, initval: number): number => jhash2([a, b, c], initval);

const swap16 = (x: number): number => ((x & 0xff) << 8) | (x >>> 8);
const swap32 = (x: number): number => ((x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)) >>> 0;

/**
 * hash_from_tuple_v4(): over source address, both ports and protocol, not the destination's address. Addresses and
 * ports go in as a little-endian machine loads them from the wire. bpf/lib/hash.h.
 */
export const hashFromTuple4 = (
	tuple: { readonly saddr: number; readonly sport: number; readonly dport: number; readonly proto: number },
	seed: number,
): number =>
	jhash3words(swap32(tuple.saddr), ((swap16(tuple.dport) << 16) | swap16(tuple.sport)) >>> 0, tuple.proto, seed);
