/** SHA-1 (FIPS 180-4), by which etcd numbers its members. Not for keeping secrets. */

const rotate = (n: number, by: number): number => (n << by) | (n >>> (32 - by));

/** Its five words. */
function words(octets: Uint8Array): readonly number[] {
	const padded = new Uint8Array((((octets.length + 8) >> 6) + 1) << 6);
	padded.set(octets);
	padded[octets.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setUint32(padded.length - 4, octets.length * 8);
	let h: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
	const w = new Int32Array(80);
	for (let at = 0; at < padded.length; at += 64) {
		for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
		for (let i = 16; i < 80; i++) w[i] = rotate(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
		let [a, b, c, d, e] = h as [number, number, number, number, number];
		for (let i = 0; i < 80; i++) {
			const [f, k] =
				i < 20
					? [(b & c) | (~b & d), 0x5a827999]
					: i < 40
						? [b ^ c ^ d, 0x6ed9eba1]
						: i < 60
							? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
							: [b ^ c ^ d, 0xca62c1d6];
			const next = (rotate(a, 5) + f + e + k + w[i]!) | 0;
			[a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
		}
		h = [h[0]! + a, h[1]! + b, h[2]! + c, h[3]! + d, h[4]! + e].map((n) => n | 0);
	}
	return h.map((n) => n >>> 0);
}

/** The first 64 bits of the hash, as etcd reads them: big endian. */
export function sha1Head(octets: Uint8Array): bigint {
	const [first = 0, second = 0] = words(octets);
	return (BigInt(first) << 32n) | BigInt(second);
}

/** All of it, in hex. */
export const sha1 = (octets: Uint8Array): string =>
	words(octets)
		.map((word) => word.toString(16).padStart(8, '0'))
		.join('');
