import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase85, toBase85 } from '../../../src/search/base85.ts';

it('gives every run of bytes back, and needs no escape in a script', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			const text = toBase85(bytes);
			expect([...fromBase85(text)]).toEqual([...bytes]);
			expect(JSON.stringify(text)).toBe(`"${text}"`);
		}),
	);
});

it('is the encoding others read: the example of ZeroMQ’s RFC 32', () => {
	expect(toBase85(Uint8Array.of(0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b))).toBe('0HelloWorld');
});
