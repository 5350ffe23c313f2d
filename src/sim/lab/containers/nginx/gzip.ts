/** gzip (RFC 1952) of a body: deflate with the fixed code and matches of what came before (RFC 1951 3.2.6). */
import { crc32 } from './digests.ts';

const LENGTHS = [
	3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [
	1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
	8193, 12_289, 16_385, 24_577,
];
const DISTANCE_BITS = [
	0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

export function gzipped(body: Uint8Array): Uint8Array {
	const out: number[] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
	let held = 0;
	let count = 0;
	const bits = (value: number, n: number): void => {
		held |= value << count;
		count += n;
		while (count >= 8) {
			out.push(held & 255);
			held >>>= 8;
			count -= 8;
		}
	};
	// Codes go out with their first bit first.
	const code = (value: number, n: number): void => {
		for (let i = n - 1; i >= 0; i--) bits((value >> i) & 1, 1);
	};
	const symbol = (s: number): void => {
		if (s < 144) code(0x30 + s, 8);
		else if (s < 256) code(0x190 + s - 144, 9);
		else if (s < 280) code(s - 256, 7);
		else code(0xc0 + s - 280, 8);
	};
	bits(1, 1);
	bits(1, 2);
	const seen = new Map<number, number>();
	for (let at = 0; at < body.length; ) {
		const key = at + 2 < body.length ? (body[at]! << 16) | (body[at + 1]! << 8) | body[at + 2]! : -1;
		const from = key < 0 ? undefined : seen.get(key);
		let length = 0;
		if (from !== undefined && at - from <= 32_768)
			while (length < 258 && at + length < body.length && body[from + length] === body[at + length]) length++;
		if (length >= 3) {
			const l = LENGTHS.findLastIndex((base) => base <= length);
			symbol(257 + l);
			bits(length - LENGTHS[l]!, LENGTH_BITS[l]!);
			const distance = at - from!;
			const d = DISTANCES.findLastIndex((base) => base <= distance);
			code(d, 5);
			bits(distance - DISTANCES[d]!, DISTANCE_BITS[d]!);
		} else symbol(body[at]!);
		if (key >= 0) seen.set(key, at);
		at += Math.max(1, length >= 3 ? length : 1);
	}
	symbol(256);
	if (count > 0) out.push(held & 255);
	const crc = crc32(body);
	for (const word of [crc, body.length]) for (let i = 0; i < 4; i++) out.push((word >>> (8 * i)) & 255);
	return Uint8Array.from(out);
}
