/** Bob Jenkins' hash as the programs use it (bpf/lib/jhash.h, from include/linux/jhash.h). */

const JHASH_INITVAL = 0xdeadbeef;

const rol = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/** jhash_3words(): 32 bits, unsigned. */
export const jhash3words = (a: number, b: number, c: number, initval: number): number => {
	const init = (initval + JHASH_INITVAL + (3 << 2)) | 0;
	a = (a + init) | 0;
	b = (b + init) | 0;
	c = (c + init) | 0;
	c = ((c ^ b) - rol(b, 14)) | 0;
	a = ((a ^ c) - rol(c, 11)) | 0;
	b = ((b ^ a) - rol(a, 25)) | 0;
	c = ((c ^ b) - rol(b, 16)) | 0;
	a = ((a ^ c) - rol(c, 4)) | 0;
	b = ((b ^ a) - rol(a, 14)) | 0;
	c = ((c ^ b) - rol(b, 24)) | 0;
	return c >>> 0;
};

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
