/** Chance without a shared generator: every draw is a hash of (seed, purpose, key, how many were drawn before). */

const mix = (h: number): number => {
	h ^= h >>> 16;
	h = Math.imul(h, 0x85ebca6b);
	h ^= h >>> 13;
	h = Math.imul(h, 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
};

/** 32-bit hash of a text (murmur3's finaliser over an FNV-like accumulation). */
export const hashText = (seed: number, text: string): number => {
	let h = (seed ^ 0x811c9dc5) >>> 0;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return mix(h);
};

/** Uniform integer in [0, bound), bound at most 2^32, from one hash; the bias is below bound / 2^32. */
export const drawFrom = (hash: number, count: number, bound: number): number =>
	Math.floor((mix((hash + Math.imul(count, 0x9e3779b9)) >>> 0) / 4294967296) * bound);
