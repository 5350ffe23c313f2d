/** The Internet checksum (RFC 1071): one's complement of the one's complement sum of 16-bit words. */
import type { Ip } from './packet.ts';

/**
 * Adds the words of `bytes[from, to)` to `sum`, unfolded. An odd last octet counts as the high half of a word,
 * so only the last piece of a sum over several pieces may be odd.
 */
export const addWords = (bytes: Uint8Array, from: number, to: number, sum: number): number => {
	let i = from;
	for (; i + 1 < to; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
	if (i < to) sum += bytes[i]! << 8;
	return sum;
};

/** Folds the carries in and complements: the value of the checksum field. */
export const finishChecksum = (sum: number): number => {
	while (sum > 0xffff) sum = Math.floor(sum / 0x10000) + (sum & 0xffff);
	return ~sum & 0xffff;
};

/** Checksum of octets; 0 when they hold a right checksum already. */
export const checksum = (bytes: Uint8Array, from = 0, to: number = bytes.length): number =>
	finishChecksum(addWords(bytes, from, to, 0));

/** Sum of the pseudo header of TCP and UDP over IPv4 (RFC 9293 3.1, RFC 768). `length` is header and data. */
export const pseudoHeaderSum = (src: Ip, dst: Ip, protocol: number, length: number): number =>
	(src >>> 16) + (src & 0xffff) + (dst >>> 16) + (dst & 0xffff) + protocol + length;
