/** RFC 4648 section 5 without padding, over ASCII text: what a URL fragment carries. No host API is used. */

export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

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
