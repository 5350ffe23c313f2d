/** Reading what `base64url.ts` wrote. */
import { ALPHABET } from './base64url.ts';

/** Base64url to ASCII text; undefined for any character or length that no encoder writes, and for octets above 0x7f. */
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
