import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeIpv4, fragment, type Ipv4, ipLength, reassemble } from '../../../../src/sim/wire/index.ts';
import { plain } from './arbitrary.ts';

const whole: fc.Arbitrary<Ipv4> = fc
	.tuple(plain, fc.uint8Array({ minLength: 0, maxLength: 3000 }))
	.map(([p, data]) => ({
		...p,
		options: new Uint8Array(),
		payload: { ...p.payload, data },
	}));

test('fragments fit the link, and make the datagram again in any order', () => {
	fc.assert(
		fc.property(whole, fc.integer({ min: 68, max: 1500 }), fc.boolean(), (packet, mtu, reverse) => {
			const pieces = fragment(packet, mtu);
			for (const piece of pieces) {
				expect(ipLength(piece)).toBeLessThanOrEqual(mtu);
				expect(piece.id).toBe(packet.id);
				expect(piece.offset % 8).toBe(0);
			}
			if (pieces.length === 1) expect(pieces[0]).toBe(packet);
			else {
				expect(encodeIpv4(reassemble(reverse ? [...pieces].reverse() : pieces)!)).toEqual(encodeIpv4(packet));
				expect(reassemble(pieces.slice(1))).toBeUndefined();
				expect(reassemble(pieces.slice(0, -1))).toBeUndefined();
				expect(reassemble([...pieces, pieces[0]!])).toBeDefined();
			}
		}),
	);
});

test('only copied options go into later fragments', () => {
	const packet: Ipv4 = {
		kind: 'ipv4',
		src: 1,
		dst: 2,
		ttl: 64,
		protocol: 200,
		id: 7,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		// Record route (not copied), then router alert (copied, RFC 2113).
		options: Uint8Array.from([7, 3, 4, 1, 0x94, 4, 0, 0]),
		payload: { kind: 'raw', data: new Uint8Array(200) },
	};
	const pieces = fragment(packet, 100);
	expect(pieces.length).toBeGreaterThan(2);
	expect([...pieces[0]!.options]).toEqual([7, 3, 4, 1, 0x94, 4, 0, 0]);
	expect([...pieces[1]!.options]).toEqual([0x94, 4, 0, 0]);
});

test('a link too small for eight octets of data gives nothing', () => {
	const packet = {
		kind: 'ipv4',
		src: 1,
		dst: 2,
		ttl: 64,
		protocol: 200,
		id: 7,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		options: new Uint8Array(),
		payload: { kind: 'raw', data: new Uint8Array(200) },
	} as Ipv4;
	expect(fragment(packet, 27)).toEqual([]);
});
