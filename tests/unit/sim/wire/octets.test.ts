import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePcapng, utf8 } from '../../../../src/sim/wire/index.ts';

test('text becomes the UTF-8 that TextEncoder makes, lone surrogates included', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			expect(utf8(text)).toEqual(new TextEncoder().encode(text));
		}),
	);
	for (const text of ['é', '包', '패킷', '😀', '\ud800', 'a\udc00b'])
		expect(utf8(text)).toEqual(new TextEncoder().encode(text));
});

test('a capture is blocks whose two lengths agree', () => {
	const file = encodePcapng(
		[{ name: 'eth0' }, { name: 'lxc1', description: 'pod' }],
		[{ interface: 1, time: 0x1_0000_0001, frame: Uint8Array.of(1, 2, 3), direction: 'tx', comment: 'reçu' }],
		'essai',
	);
	const view = new DataView(file.buffer);
	const types: number[] = [];
	let at = 0;
	while (at < file.length) {
		types.push(view.getUint32(at, true));
		const length = view.getUint32(at + 4, true);
		expect(view.getUint32(at + length - 4, true)).toBe(length);
		if (types.at(-1) === 6) {
			expect(view.getUint32(at + 12, true)).toBe(1);
			expect(view.getUint32(at + 16, true)).toBe(1);
			expect(view.getUint32(at + 20, true)).toBe(3);
		}
		at += length;
	}
	expect(at).toBe(file.length);
	expect(types).toEqual([0x0a0d0d0a, 1, 1, 6]);
});
