import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base32, hex, md5, sha1, sha256, sha384, sha512, sha512With256 } from '../../../../src/sim/trace/index.ts';
import { utf8 } from '../../../../src/sim/wire/index.ts';

test.each([
	['md5', md5],
	['sha1', sha1],
	['sha256', sha256],
	['sha384', sha384],
	['sha512', sha512],
	['sha512-256', sha512With256],
] as const)('%s is what Node says, of any length', (name, of) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			expect(hex(of(bytes))).toBe(createHash(name).update(bytes).digest('hex'));
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
