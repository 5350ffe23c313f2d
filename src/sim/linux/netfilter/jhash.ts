/** Bob Jenkins' hash as the kernel has it (include/linux/jhash.h @ v6.12). */

const JHASH_INITVAL = 0xdeadbeef;
const rol = (word: number, shift: number) => (word << shift) | (word >>> (32 - shift));

/** jhash2 of 32-bit words, unsigned. */
export function jhash2(words: readonly number[], initval: number): number {
	let a = (JHASH_INITVAL + (words.length << 2) + initval) | 0;
	let b = a;
	let c = a;
	let i = 0;
	for (; words.length - i > 3; i += 3) {
		a = (a + words[i]!) | 0;
		b = (b + words[i + 1]!) | 0;
		c = (c + words[i + 2]!) | 0;
		// __jhash_mix
		a = ((a - c) ^ rol(c, 4)) | 0;
		c = (c + b) | 0;
		b = ((b - a) ^ rol(a, 6)) | 0;
		a = (a + c) | 0;
		c = ((c - b) ^ rol(b, 8)) | 0;
		b = (b + a) | 0;
		a = ((a - c) ^ rol(c, 16)) | 0;
		c = (c + b) | 0;
		b = ((b - a) ^ rol(a, 19)) | 0;
		a = (a + c) | 0;
		c = ((c - b) ^ rol(b, 4)) | 0;
		b = (b + a) | 0;
	}
	if (i === words.length) return c >>> 0;
	a = (a + words[i]!) | 0;
	if (words.length - i > 1) b = (b + words[i + 1]!) | 0;
	if (words.length - i > 2) c = (c + words[i + 2]!) | 0;
	// __jhash_final
	c = ((c ^ b) - rol(b, 14)) | 0;
	a = ((a ^ c) - rol(c, 11)) | 0;
	b = ((b ^ a) - rol(a, 25)) | 0;
	c = ((c ^ b) - rol(b, 16)) | 0;
	a = ((a ^ c) - rol(c, 4)) | 0;
	b = ((b ^ a) - rol(a, 14)) | 0;
	c = ((c ^ b) - rol(b, 24)) | 0;
	return c >>> 0;
}

/** reciprocal_scale: maps a 32-bit value onto [0, bound). */
export function reciprocalScale(value: number, bound: number): number {
	// value * bound can pass 2^53: the value goes in two halves.
	const high = (value >>> 16) * bound;
	const low = (value & 0xffff) * bound;
	return Math.floor((high + Math.floor(low / 65536)) / 65536);
}
