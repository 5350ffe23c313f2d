/** Private keys in files: PKCS #1 and PKCS #8 (RFC 8017, RFC 5958). */
import {
	type Der,
	der,
	oid,
	pem,
	privateKeyDer,
	type RsaKey,
	readDer,
	readPem,
	sequence,
} from '../../sim/api/index.ts';

const numberOf = ({ body }: Der): bigint => body.reduce((all, octet) => all * 256n + BigInt(octet), 0n);

export const keyPem = (key: RsaKey): string =>
	pem(
		'PRIVATE KEY',
		sequence(der(0x02, [0]), sequence(oid('1.2.840.113549.1.1.1'), der(0x05)), der(0x04, privateKeyDer(key))),
	);

/** The RSA key in a PEM text; undefined when there is none. */
export function readKey(text: string): RsaKey | undefined {
	const block = readPem(text.slice(Math.max(0, text.search(/-----BEGIN (?:RSA )?PRIVATE KEY/))));
	if (!block) return undefined;
	let read = readDer(block.octets);
	if (block.type === 'PRIVATE KEY') read = read?.parts[2] && readDer(read.parts[2].body);
	else if (block.type !== 'RSA PRIVATE KEY') return undefined;
	const [, n, e, d, p, q] = read?.parts ?? [];
	if (!n || !e || !d || !p || !q) return undefined;
	return { n: numberOf(n), e: numberOf(e), d: numberOf(d), p: numberOf(p), q: numberOf(q) };
}
