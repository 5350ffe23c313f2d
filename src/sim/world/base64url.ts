/** RFC 4648 section 5 without padding, over ASCII text: what a URL fragment carries. No host API is used. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** ASCII text to base64url. Characters above 0x7f must have been escaped before. */
export function toBase64Url(text: string): string {
	let out = '';
	for (let i = 0; i < text.length; i += 3) {
		const left = text.length - i;
		const bits =
			(text.charCodeAt(i) << 16) |
			((left > 1 ? text.charCodeAt(i + 1) : 0) << 8) |
			(left > 2 ? text.charCodeAt(i + 2) : 0);
		const digits = Math.min(left, 3) + 1;
		for (let d = 0; d < digits; d++) out += ALPHABET[(bits >> (18 - 6 * d)) & 63];
	}
	return out;
}

/** Back again; undefined for any character or length that no encoder writes, and for octets above 0x7f. */
export function fromBase64Url(text: string): string | undefined {
	if (text.length % 4 === 1) return undefined;
	let out = '';
	for (let i = 0; i < text.length; i += 4) {
		const digits = Math.min(4, text.length - i);
		let bits = 0;
		for (let d = 0; d < 4; d++) {
			const value = d < digits ? ALPHABET.indexOf(text[i + d]!) : 0;
			if (value < 0) return undefined;
			bits = (bits << 6) | value;
		}
		for (let o = 0; o < digits - 1; o++) {
			const octet = (bits >> (16 - 8 * o)) & 0xff;
			if (octet > 0x7f) return undefined;
			out += String.fromCharCode(octet);
		}
		const unused = bits & ((1 << (8 * (4 - digits))) - 1);
		if (unused !== 0) return undefined;
	}
	return out;
}
