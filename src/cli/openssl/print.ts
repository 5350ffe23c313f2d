/** Certificates and requests as text (crypto/x509/{t_x509,t_req,v3_prn}.c, crypto/rsa/rsa_ameth.c @ 3.0). */
import {
	type CertificateRead,
	type Der,
	oidText,
	type RequestRead,
	type RsaPublicKey,
	readDer,
} from '../../sim/api/index.ts';
import { colons, hexOf, nameText, octetsOfNumber, timeText } from './names.ts';

const ALGORITHM = 'sha256WithRSAEncryption';

function keyText(key: RsaPublicKey | undefined): string {
	const head = '        Subject Public Key Info:\n';
	if (!key) return `${head}            Public Key Algorithm: unknown\n            Unable to load Public Key\n`;
	const bits = key.n.toString(2).length;
	return `${head}            Public Key Algorithm: rsaEncryption\n                Public-Key: (${bits} bit)\n                Modulus:\n${colons(octetsOfNumber(key.n), 15, 20)}                Exponent: ${key.e} (0x${key.e.toString(16)})\n`;
}

const NAMES: Readonly<Record<string, string>> = {
	'2.5.29.14': 'X509v3 Subject Key Identifier',
	'2.5.29.15': 'X509v3 Key Usage',
	'2.5.29.17': 'X509v3 Subject Alternative Name',
	'2.5.29.19': 'X509v3 Basic Constraints',
	'2.5.29.35': 'X509v3 Authority Key Identifier',
	'2.5.29.37': 'X509v3 Extended Key Usage',
};

const USAGE_BITS = [
	'Digital Signature',
	'Non Repudiation',
	'Key Encipherment',
	'Data Encipherment',
	'Key Agreement',
	'Certificate Sign',
	'CRL Sign',
];

const PURPOSES: Readonly<Record<string, string>> = {
	'1.3.6.1.5.5.7.3.1': 'TLS Web Server Authentication',
	'1.3.6.1.5.5.7.3.2': 'TLS Web Client Authentication',
	'1.3.6.1.5.5.7.3.3': 'Code Signing',
};

const identifier = (octets: Uint8Array): string => hexOf(octets).join(':').toUpperCase();

function alternative({ tag, body }: Der): string {
	if (tag === 0x82) return `DNS:${String.fromCharCode(...body)}`;
	if (tag === 0x87) return `IP Address:${[...body].join('.')}`;
	if (tag === 0x86) return `URI:${String.fromCharCode(...body)}`;
	return tag === 0x81 ? `email:${String.fromCharCode(...body)}` : '<unsupported>';
}

function extensionText(type: string, value: Der | undefined): string {
	if (!value) return '';
	switch (type) {
		case '2.5.29.14':
			return identifier(value.body);
		case '2.5.29.15':
			return USAGE_BITS.filter((_, i) => ((value.body[1] ?? 0) >> (7 - i)) & 1).join(', ');
		case '2.5.29.17':
			return value.parts.map(alternative).join(', ');
		case '2.5.29.19': {
			const length = value.parts.find(({ tag }) => tag === 2);
			return `CA:${value.parts.some(({ tag }) => tag === 1) ? 'TRUE' : 'FALSE'}${length ? `, pathlen:${length.body[0]}` : ''}`;
		}
		case '2.5.29.35':
			return value.parts.map(({ body }) => identifier(body)).join('\n                ');
		case '2.5.29.37':
			return value.parts.map((part) => PURPOSES[oidText(part)] ?? oidText(part)).join(', ');
		default:
			return hexOf(value.whole).join(':');
	}
}

/** `-ext NAME,…`: each that is there (apps/x509.c print_x509v3_exts()). */
export function extensionBlock(read: CertificateRead, asked: readonly string[]): string {
	const chosen = read.extensions.filter(({ type }) => asked.includes(LN[type] ?? '') || asked.includes(type));
	if (chosen.length === 0) return 'No extensions matched your query\n';
	return chosen
		.map(
			({ type, critical, value }) =>
				`${NAMES[type] ?? type}: ${critical ? 'critical' : ''}\n    ${extensionText(type, value).replaceAll('\n                ', '\n    ')}\n`,
		)
		.join('');
}

/** Names as `-ext` takes them. */
const LN: Readonly<Record<string, string>> = {
	'2.5.29.14': 'subjectKeyIdentifier',
	'2.5.29.15': 'keyUsage',
	'2.5.29.17': 'subjectAltName',
	'2.5.29.19': 'basicConstraints',
	'2.5.29.35': 'authorityKeyIdentifier',
	'2.5.29.37': 'extendedKeyUsage',
};

function serialText(serial: bigint): string {
	if (serial < 1n << 64n) return `        Serial Number: ${serial} (0x${serial.toString(16)})\n`;
	return `        Serial Number:\n            ${hexOf(octetsOfNumber(serial)).join(':')}\n`;
}

export function certificateText(read: CertificateRead): string {
	const extensions = read.extensions
		.map(
			({ type, critical, value }) =>
				`            ${NAMES[type] ?? type}: ${critical ? 'critical' : ''}\n                ${extensionText(type, value)}\n`,
		)
		.join('');
	return `Certificate:
    Data:
        Version: ${read.version} (0x${read.version - 1})
${serialText(read.serial)}        Signature Algorithm: ${ALGORITHM}
        Issuer: ${nameText(read.issuer)}
        Validity
            Not Before: ${timeText(read.notBefore)}
            Not After : ${timeText(read.notAfter)}
        Subject: ${nameText(read.subject)}
${keyText(read.key)}${extensions === '' ? '' : `        X509v3 extensions:\n${extensions}`}    Signature Algorithm: ${ALGORITHM}
    Signature Value:
${colons(read.signature, 18, 8)}`;
}

export function requestText(read: RequestRead, octets: Uint8Array): string {
	const signature = readDer(octets)!.parts[2]!.body.subarray(1);
	const asked = read.extensions
		.map(
			({ type, critical, value }) =>
				`                ${NAMES[type] ?? type}: ${critical ? 'critical' : ''}\n                    ${extensionText(type, value)}\n`,
		)
		.join('');
	return `Certificate Request:
    Data:
        Version: 1 (0x0)
        Subject: ${nameText(read.names)}
${keyText(read.key)}        Attributes:
${asked === '' ? '            (none)\n' : `            Requested Extensions:\n${asked}`}    Signature Algorithm: ${ALGORITHM}
    Signature Value:
${colons(signature, 18, 8)}`;
}
