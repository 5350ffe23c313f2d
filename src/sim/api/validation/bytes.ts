/**
 * What the server decodes of base64 before it looks at anything else, and what it says of text that is none.
 *
 * Source: Go's encoding/base64 (decodeQuantum) and encoding/json (literalStore of a []byte) @ go1.18.
 */
import { type Draft, sub } from '../json.ts';

const DIGIT = /[A-Za-z0-9+/]/;
const END_OF_LINE = /[\r\n]/;

/** Where text stops to be base64, as Go's StdEncoding counts: the offset of its CorruptInputError. */
export const corruptAt = (text: string): number | undefined => {
	let at = 0;
	const skipLines = (): void => {
		while (at < text.length && END_OF_LINE.test(text[at]!)) at++;
	};
	while (at < text.length) {
		for (let digits = 0; digits < 4; ) {
			if (at === text.length) {
				if (digits === 0) return undefined;
				return at - digits;
			}
			const char = text[at++]!;
			if (DIGIT.test(char)) digits++;
			else if (char === '=') {
				if (digits < 2) return at - 1;
				skipLines();
				if (digits === 2) {
					if (at === text.length) return at;
					if (text[at] !== '=') return at - 1;
					at++;
					skipLines();
				}
				return at < text.length ? at : undefined;
			} else if (!END_OF_LINE.test(char)) return at - 1;
		}
	}
	return undefined;
};

/** How many bytes base64 stands for. */
export const byteLength = (text: string): number => Math.floor(text.replace(/[\r\n=]/g, '').length * 0.75);

const BYTES: Readonly<Record<string, string>> = { Secret: 'data', ConfigMap: 'binaryData' };

/** Why an object cannot be decoded, in Go's words; undefined when it can. */
export const undecodable = (kind: string, object: Draft): string | undefined => {
	const field = BYTES[kind];
	if (field === undefined) return undefined;
	for (const value of Object.values(sub(object, field))) {
		const offset = typeof value === 'string' ? corruptAt(value) : undefined;
		if (offset !== undefined) return `illegal base64 data at input byte ${offset}`;
	}
	return undefined;
};

/** Writes bytes as the server keeps them: a decoder skips line ends, an encoder makes none (encoding/base64). */
export const keepBytes = (kind: string, object: Draft): void => {
	const field = BYTES[kind];
	if (field === undefined) return;
	const bytes = sub(object, field);
	for (const [key, value] of Object.entries(bytes))
		if (typeof value === 'string' && /[\r\n]/.test(value)) bytes[key] = value.replace(/[\r\n]/g, '');
};
