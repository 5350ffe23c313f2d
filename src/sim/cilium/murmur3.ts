/** MurmurHash3 x64-128, as the Maglev tables use it: pkg/maglev @ v1.12.1 (github.com/cilium/cilium/pkg/murmur3). */

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;
const M64 = (1n << 64n) - 1n;

const rotl = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (64n - r))) & M64;
const mul = (a: bigint, b: bigint): bigint => (a * b) & M64;
const add = (a: bigint, b: bigint): bigint => (a + b) & M64;

const fmix = (k: bigint): bigint => {
	let x = k;
	x = mul(x ^ (x >> 33n), 0xff51afd7ed558ccdn);
	x = mul(x ^ (x >> 33n), 0xc4ceb9fe1a85ec53n);
	return x ^ (x >> 33n);
};

const word = (data: Uint8Array, at: number, length: number): bigint => {
	let out = 0n;
	for (let i = length - 1; i >= 0; i--) out = (out << 8n) | BigInt(data[at + i]!);
	return out;
};

/** Both halves of the hash, unsigned. */
export const murmur3 = (data: Uint8Array, seed: number): readonly [h1: bigint, h2: bigint] => {
	let h1 = BigInt(seed >>> 0);
	let h2 = h1;
	const blocks = data.length >>> 4;
	const mix1 = (k: bigint): bigint => mul(rotl(mul(k, C1), 31n), C2);
	const mix2 = (k: bigint): bigint => mul(rotl(mul(k, C2), 33n), C1);
	for (let i = 0; i < blocks; i++) {
		h1 ^= mix1(word(data, i * 16, 8));
		h1 = add(mul(add(rotl(h1, 27n), h2), 5n), 0x52dce729n);
		h2 ^= mix2(word(data, i * 16 + 8, 8));
		h2 = add(mul(add(rotl(h2, 31n), h1), 5n), 0x38495ab5n);
	}
	const tail = blocks * 16;
	const left = data.length - tail;
	if (left > 8) h2 ^= mix2(word(data, tail + 8, left - 8));
	if (left > 0) h1 ^= mix1(word(data, tail, Math.min(left, 8)));
	const length = BigInt(data.length);
	h1 ^= length;
	h2 ^= length;
	h1 = add(h1, h2);
	h2 = add(h2, h1);
	h1 = fmix(h1);
	h2 = fmix(h2);
	h1 = add(h1, h2);
	h2 = add(h2, h1);
	return [h1, h2];
};
