/** SHA-1 (FIPS 180-4). Not for keeping secrets. */

const rotate = (n: number, by: number): number => (n << by) | (n >>> (32 - by));

/** Its 20 octets. */
export function sha1(octets: Uint8Array): Uint8Array {
	const padded = new Uint8Array((((octets.length + 8) >> 6) + 1) << 6);
	padded.set(octets);
	padded[octets.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setUint32(padded.length - 8, Math.floor(octets.length / 0x20000000));
	view.setUint32(padded.length - 4, octets.length << 3);
	let state: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
	const w = new Int32Array(80);
	for (let at = 0; at < padded.length; at += 64) {
		for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
		for (let i = 16; i < 80; i++) w[i] = rotate(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
		let [a, b, c, d, e] = state as [number, number, number, number, number];
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
		state = [a, b, c, d, e].map((n, i) => (n + state[i]!) | 0);
	}
	const out = new DataView(new ArrayBuffer(20));
	for (const [i, n] of state.entries()) out.setInt32(i * 4, n);
	return new Uint8Array(out.buffer);
}
