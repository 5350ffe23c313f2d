import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base32, hex, sha256 } from '../../../../src/sim/trace/index.ts';
import { utf8 } from '../../../../src/sim/wire/index.ts';

test('SHA-256 is what FIPS 180-4 and Node say', () => {
	expect(hex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
		}),
	);
});

test.each([
	['', ''],
	['f', 'MY======'],
	['fo', 'MZXQ===='],
	['foo', 'MZXW6==='],
	['foob', 'MZXW6YQ='],
	['fooba', 'MZXW6YTB'],
	['foobar', 'MZXW6YTBOI======'],
])('base32 of %j is as in RFC 4648', (text, expected) => {
	expect(base32(utf8(text))).toBe(expected);
});

test("kube-proxy's chain of the API server's ClusterIP has its well-known name", () => {
	const hash = (text: string) => base32(sha256(utf8(text))).slice(0, 16);
	expect(hash('default/kubernetes:httpstcp')).toBe('NPX46M4PTMTKRN6Y');
	expect(hash('kube-system/kube-dns:dnsudp')).toBe('TCOU7JCQXEZGVUNU');
});
