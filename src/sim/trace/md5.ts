/** MD5 (RFC 1321). Not for keeping secrets. */

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

/** Its 16 octets. */
export function md5(octets: Uint8Array): Uint8Array {
	// Whole parts of |sin(i + 1)| · 2^32 (RFC 1321 3.4).
	const sines = Array.from({ length: 64 }, (_, i) => (Math.abs(Math.sin(i + 1)) * 2 ** 32) >>> 0);
	const padded = new Uint8Array((((octets.length + 8) >> 6) + 1) << 6);
	padded.set(octets);
	padded[octets.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setUint32(padded.length - 8, (octets.length * 8) >>> 0, true);
	const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
	for (let at = 0; at < padded.length; at += 64) {
		let [a, b, c, d] = state as [number, number, number, number];
		for (let i = 0; i < 64; i++) {
			const round = i >> 4;
			const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round]!;
			const word = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! & 15;
			const sum = (a + mixed + sines[i]! + view.getUint32(at + word * 4, true)) | 0;
			const by = SHIFTS[round * 4 + (i & 3)]!;
			[a, d, c, b] = [d, c, b, (b + ((sum << by) | (sum >>> (32 - by)))) | 0];
		}
		for (const [i, n] of [a, b, c, d].entries()) state[i] = (state[i]! + n) | 0;
	}
	const out = new DataView(new ArrayBuffer(16));
	for (const [i, n] of state.entries()) out.setInt32(i * 4, n, true);
	return new Uint8Array(out.buffer);
}
