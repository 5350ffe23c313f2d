/** SHA-256 (FIPS 180-4) and base32 (RFC 4648): for digests of traces and for the names of kube-proxy's chains. */

/** The first 64 primes. */
const PRIMES: readonly number[] = Array.from({ length: 312 }, (_, n) => n).filter((n) => {
	for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
	return n > 1;
});

/** The first 32 bits of the fractional part of a prime's root, exactly: a bit at a time, with whole numbers. */
const fractionOfRoot = (prime: number, degree: number): number => {
	const target = BigInt(prime) << BigInt(32 * degree);
	let root = 0n;
	for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) if ((root + bit) ** BigInt(degree) <= target) root += bit;
	return Number(BigInt.asUintN(32, root));
};

/** Of the cube roots of the first 64 primes (FIPS 180-4 4.2.2): fewer octets than their list. */
const K: readonly number[] = PRIMES.map((prime) => fractionOfRoot(prime, 3));

/** Of the square roots of the first eight (FIPS 180-4 5.3.3). */
const H: readonly number[] = PRIMES.slice(0, 8).map((prime) => fractionOfRoot(prime, 2));

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
