/** MD5 (RFC 1321) and SHA-512 (FIPS 180-4) of octets, hexadecimal: what plugin/reload says of a configuration. */

const padded = (data: Uint8Array, block: number): Uint8Array => {
	const tail = block / 8;
	const out = new Uint8Array(Math.ceil((data.length + 1 + tail) / block) * block);
	out.set(data);
	out[data.length] = 0x80;
	return out;
};

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

export function md5(data: Uint8Array): string {
	const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
	const message = padded(data, 64);
	const view = new DataView(message.buffer);
	view.setUint32(message.length - 8, (data.length * 8) >>> 0, true);
	const sum = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
	for (let at = 0; at < message.length; at += 64) {
		let [a, b, c, d] = sum as [number, number, number, number];
		for (let i = 0; i < 64; i++) {
			const round = i >> 4;
			const mixed =
				round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
			const word = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! & 15;
			const added = (a + mixed + sines[i]! + view.getInt32(at + word * 4, true)) | 0;
			const by = SHIFTS[round * 4 + (i & 3)]!;
			[a, d, c, b] = [d, c, b, (b + ((added << by) | (added >>> (32 - by)))) | 0];
		}
		for (const [i, n] of [a, b, c, d].entries()) sum[i] = (sum[i]! + n) | 0;
	}
	const out = new DataView(new ArrayBuffer(16));
	for (const [i, n] of sum.entries()) out.setInt32(i * 4, n, true);
	return hex(new Uint8Array(out.buffer));
}

const hex = (data: Uint8Array): string => [...data].map((n) => n.toString(16).padStart(2, '0')).join('');

const MASK = (1n << 64n) - 1n;

/** The first 64 bits behind the point of a prime's root: of the square root or the cube root. */
function rootBits(prime: number, power: 2n | 3n): bigint {
	const scaled = BigInt(prime) << (64n * power);
	let low = 0n;
	let high = 1n << 70n;
	while (low < high) {
		const middle = (low + high + 1n) >> 1n;
		if (middle ** power <= scaled) low = middle;
		else high = middle - 1n;
	}
	return low & MASK;
}

function primes(count: number): readonly number[] {
	const out: number[] = [];
	for (let n = 2; out.length < count; n++) if (out.every((p) => n % p !== 0)) out.push(n);
	return out;
}

export function sha512(data: Uint8Array): string {
	const first = primes(80);
	const keys = first.map((prime) => rootBits(prime, 3n));
	const sum = first.slice(0, 8).map((prime) => rootBits(prime, 2n));
	const message = padded(data, 128);
	const view = new DataView(message.buffer);
	view.setBigUint64(message.length - 8, BigInt(data.length * 8));
	const turn = (n: bigint, by: bigint): bigint => ((n >> by) | (n << (64n - by))) & MASK;
	for (let at = 0; at < message.length; at += 128) {
		const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + i * 8));
		for (let i = 16; i < 80; i++) {
			const [a, b] = [w[i - 15]!, w[i - 2]!];
			const low = turn(a, 1n) ^ turn(a, 8n) ^ (a >> 7n);
			const high = turn(b, 19n) ^ turn(b, 61n) ^ (b >> 6n);
			w.push((w[i - 16]! + low + w[i - 7]! + high) & MASK);
		}
		let [a, b, c, d, e, f, g, h] = sum as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
		for (let i = 0; i < 80; i++) {
			const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & MASK & g)) + keys[i]! + w[i]!;
			const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
			[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & MASK, c, b, a, (one + two) & MASK];
		}
		for (const [i, n] of [a, b, c, d, e, f, g, h].entries()) sum[i] = (sum[i]! + n) & MASK;
	}
	return sum.map((n) => n.toString(16).padStart(16, '0')).join('');
}
