/** Big-endian numbers in octets (network byte order), and text as UTF-8. */

export const get16 = (b: Uint8Array, at: number): number => (b[at]! << 8) | b[at + 1]!;

export const get32 = (b: Uint8Array, at: number): number =>
	((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;

export const get48 = (b: Uint8Array, at: number): number => get16(b, at) * 0x100000000 + get32(b, at + 2);

/** No octets at all; shared, so do not write into it (nothing could be written anyway). */
export const EMPTY: Uint8Array = new Uint8Array(0);

/** UTF-8 of a string (RFC 3629). A lone surrogate becomes U+FFFD, as TextEncoder does it. */
export const utf8 = (text: string): Uint8Array => {
	const out: number[] = [];
	for (const char of text) {
		let c = char.codePointAt(0)!;
		if (c >= 0xd800 && c <= 0xdfff) c = 0xfffd;
		if (c < 0x80) out.push(c);
		else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63));
		else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
		else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
	}
	return Uint8Array.from(out);
};
