/** SHA-256 (FIPS 180-4) and base32 (RFC 4648): for digests of traces and for the names of kube-proxy's chains. */

/** Fractional parts of the cube roots of the first 64 primes (FIPS 180-4 4.2.2). */
// biome-ignore format: eight a row, as the standard prints them
const K: readonly number[] = [
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/** Fractional parts of the square roots of the first eight primes (FIPS 180-4 5.3.3). */
const H = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19] as const;

const W = new Uint32Array(64);

const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

const compress = (state: Uint32Array, data: Uint8Array, at: number): void => {
	for (let i = 0; i < 16; i++) {
		const j = at + 4 * i;
		W[i] = (data[j]! << 24) | (data[j + 1]! << 16) | (data[j + 2]! << 8) | data[j + 3]!;
	}
	for (let i = 16; i < 64; i++) {
		const x = W[i - 15]!;
		const y = W[i - 2]!;
		const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
		const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
		W[i] = (W[i - 16]! + s0 + W[i - 7]! + s1) | 0;
	}
	let a = state[0]!;
	let b = state[1]!;
	let c = state[2]!;
	let d = state[3]!;
	let e = state[4]!;
	let f = state[5]!;
	let g = state[6]!;
	let h = state[7]!;
	for (let i = 0; i < 64; i++) {
		const s1 = rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
		const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + W[i]!) | 0;
		const s0 = rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
		const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
		h = g;
		g = f;
		f = e;
		e = (d + t1) | 0;
		d = c;
		c = b;
		b = a;
		a = (t1 + t2) | 0;
	}
	[a, b, c, d, e, f, g, h].forEach((value, i) => {
		state[i] = state[i]! + value;
	});
};

/** The 32 octets of SHA-256. */
export const sha256 = (bytes: Uint8Array): Uint8Array => {
	const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
	padded.set(bytes);
	padded[bytes.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
	view.setUint32(padded.length - 4, bytes.length << 3);
	const state = Uint32Array.from(H);
	for (let at = 0; at < padded.length; at += 64) compress(state, padded, at);
	const out = new Uint8Array(32);
	const outView = new DataView(out.buffer);
	state.forEach((word, i) => {
		outView.setUint32(4 * i, word);
	});
	return out;
};

/** Lower-case hexadecimal. */
export const hex = (bytes: Uint8Array): string => {
	let out = '';
	for (const b of bytes) out += b.toString(16).padStart(2, '0');
	return out;
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 with padding (RFC 4648 section 6), as Go's base32.StdEncoding. */
export const base32 = (bytes: Uint8Array): string => {
	let out = '';
	let buffer = 0;
	let bits = 0;
	for (const b of bytes) {
		buffer = ((buffer << 8) | b) & 0xfff;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			out += ALPHABET[(buffer >>> bits) & 31];
		}
	}
	if (bits > 0) out += ALPHABET[(buffer << (5 - bits)) & 31];
	while (out.length % 8) out += '=';
	return out;
};
