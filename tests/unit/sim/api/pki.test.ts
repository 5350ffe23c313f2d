import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
	certificatePem,
	KEYS,
	pem,
	privateKeyDer,
	publicKeyDer,
	readCertificate,
	readPem,
	readRequest,
	requestDer,
	rsaKey,
	rsaSign,
	rsaVerify,
	secondsOf,
	subjectDer,
	subjectOf,
} from '../../../../src/sim/api/index.ts';

const authority = rsaKey(7);
const mine = rsaKey(KEYS - 1);
const FACTS = {
	serial: 0x3e02fc5ca04743aen,
	subject: { organizations: ['system:masters', 'Zoë'], commonName: 'kubernetes-admin' },
	issuer: { commonName: 'kubernetes' },
	notBefore: 1661940003,
	notAfter: 1661940003 + 365 * 86_400,
	key: mine,
	signer: authority,
	usages: ['server auth', 'client auth'],
	dnsNames: ['basic-control-plane', 'localhost'],
	addresses: [0xac120004],
} as const;

describe('keys and certificates', () => {
	it('are read by OpenSSL as they were meant', () => {
		const cert = new X509Certificate(certificatePem(FACTS));
		expect(cert.subject).toBe('O=system:masters\nO=Zoë\nCN=kubernetes-admin'.replace('\nO=', ' + O='));
		expect(cert.issuer).toBe('CN=kubernetes');
		expect(cert.serialNumber).toBe('3E02FC5CA04743AE');
		expect(cert.subjectAltName).toBe('DNS:basic-control-plane, DNS:localhost, IP Address:172.18.0.4');
		expect(cert.validFrom).toBe('Aug 31 10:00:03 2022 GMT');
		expect(cert.ca).toBe(false);
		expect(
			cert.verify(createPublicKey({ key: Buffer.from(publicKeyDer(authority)), format: 'der', type: 'spki' })),
		).toBe(true);
	});

	it('have keys that sign and verify as everybody’s do', () => {
		const text = new TextEncoder().encode('packets');
		const own = createPrivateKey(pem('RSA PRIVATE KEY', privateKeyDer(mine)));
		const theirs = sign('sha256', text, own);
		expect([...rsaSign(mine, text)]).toEqual([...theirs]);
		expect(rsaVerify(mine, text, theirs)).toBe(true);
		expect(rsaVerify(authority, text, theirs)).toBe(false);
		expect(verify('sha256', text, createPublicKey(own), rsaSign(mine, text))).toBe(true);
	});

	it('are all different', () => {
		const first = new Set(Array.from({ length: 200 }, (_, i) => rsaKey(i * 5).n));
		expect(first.size).toBe(200);
	});

	it('are read back', () => {
		const read = readCertificate(readPem(certificatePem(FACTS))!.octets)!;
		expect(subjectOf(read.subject)).toEqual({ ...FACTS.subject });
		expect([secondsOf(read.notBefore), secondsOf(read.notAfter)]).toEqual([FACTS.notBefore, FACTS.notAfter]);
		expect(rsaVerify(authority, read.body, read.signature)).toBe(true);
		const far = readCertificate(readPem(certificatePem({ ...FACTS, notAfter: 4_000_000_000 }))!.octets)!;
		expect(far.notAfter).toBe('20961002070640Z');
		expect(secondsOf(far.notAfter)).toBe(4_000_000_000);
	});

	it('are asked for with proof of the key', () => {
		const asked = requestDer(subjectDer({ organizations: ['dev'], commonName: 'john' }), mine);
		expect(readRequest(asked)).toMatchObject({ signed: true });
		expect(subjectOf(readRequest(asked)!.names)).toEqual({ organizations: ['dev'], commonName: 'john' });
		const forged = Uint8Array.from(asked);
		forged[forged.length - 1]! ^= 1;
		expect(readRequest(forged)?.signed).toBe(false);
		expect(readRequest(asked.subarray(1))).toBeUndefined();
		expect(readRequest(new Uint8Array(0))).toBeUndefined();
	});
});
