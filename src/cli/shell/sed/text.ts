/** Lines as characters: octets that are no UTF-8 are characters of their own, U+DC80 and on, so that they come out again. */
import { latin1, octetsOf } from '../routes.ts';

const ASCII = /^[\0-\x7f]*$/;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Well-formed characters of several octets (Unicode 15.0, table 3-7), and single octets of others. */
const PARTS =
	/[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

export function charactersOf(octets: string): string {
	if (ASCII.test(octets)) return octets;
	try {
		return strict.decode(octetsOf(octets));
	} catch {
		return octets.replace(PARTS, (part) => {
			if (part.length === 1) return String.fromCharCode(0xdc00 + part.charCodeAt(0));
			try {
				return strict.decode(octetsOf(part));
			} catch {
				return [...part].map((octet) => String.fromCharCode(0xdc00 + octet.charCodeAt(0))).join('');
			}
		});
	}
}

export function octetsFor(text: string): string {
	if (ASCII.test(text)) return text;
	return text
		.split(/([\u{dc80}-\u{dcff}]+)/u)
		.map((part, i) =>
			i % 2 === 0
				? latin1(encoder.encode(part))
				: [...part].map((c) => String.fromCharCode(c.charCodeAt(0) & 255)).join(''),
		)
		.join('');
}
