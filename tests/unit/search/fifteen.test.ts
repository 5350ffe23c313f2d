import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromText, toText, utf16 } from '../../../src/search/fifteen.ts';

it('gives every run of bytes back, needs no escape in a script, and survives UTF-16', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			const text = toText(bytes);
			expect([...fromText(text)]).toEqual([...bytes]);
			expect(JSON.stringify(text)).toBe(`"${text}"`);
			expect(new TextDecoder('utf-16le', { fatal: true }).decode(utf16(text))).toBe(text);
			expect(text.length).toBeLessThanOrEqual(2 + Math.ceil((bytes.length * 8) / 15));
		}),
	);
});

it('begins with the mark that says what it is', () => {
	expect([...utf16('a')]).toEqual([0xff, 0xfe, 0x61, 0]);
});
