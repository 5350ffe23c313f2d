/**
 * Certificates and requests for them (RFC 5280, RFC 2986), as Go's crypto/x509 writes them: kubeadm's authorities and what
 * they sign, and what people ask for.
 */
import { sha256 } from '../../trace/index.ts';
import { formatTime, parseTime } from '../time.ts';
import {
	bits,
	bitsOf,
	type Der,
	der,
	integer,
	numberOf,
	oid,
	oidText,
	pem,
	readDer,
	sequence,
	TAG,
	text,
	textOf,
} from './der.ts';
import { inverse, type RsaKey, type RsaPublicKey, rsaSign, rsaVerify } from './rsa.ts';

/** A name, with what it has in the order of its encoding: organizations, then the common name. */
export interface Subject {
	readonly organizations?: readonly string[];
	readonly commonName: string;
}

export interface CertificateFacts {
	readonly serial: bigint;
	/** Or the encoding of one. */
	readonly subject: Subject | Uint8Array;
	readonly issuer: Subject | Uint8Array;
	/** Seconds since 1970. */
	readonly notBefore: number;
	readonly notAfter: number;
	readonly key: RsaPublicKey | { readonly info: Uint8Array };
	/** Whose signature it has: its own key's, of an authority. */
	readonly signer: RsaKey;
	readonly authority?: boolean;
	/** `server auth`, `client auth`. */
	readonly usages?: readonly ('server auth' | 'client auth')[];
	readonly dnsNames?: readonly string[];
	/** Addresses of four octets. */
	readonly addresses?: readonly number[];
	/** Encoded extensions in the place of those above; with none the certificate is of version 1. */
	readonly extensions?: readonly Uint8Array[];
}

const OID = {
	rsa: '1.2.840.113549.1.1.1',
	sha256WithRsa: '1.2.840.113549.1.1.11',
	commonName: '2.5.4.3',
	organization: '2.5.4.10',
	keyUsage: '2.5.29.15',
	extendedUsage: '2.5.29.37',
	constraints: '2.5.29.19',
	subjectKey: '2.5.29.14',
	authorityKey: '2.5.29.35',
	alternatives: '2.5.29.17',
	'server auth': '1.3.6.1.5.5.7.3.1',
	'client auth': '1.3.6.1.5.5.7.3.2',
} as const;

const algorithm = (name: string): Uint8Array => sequence(oid(name), der(TAG.null));

/** Printable text has a type of its own (X.680 41.4). */
const nameText = (value: string): Uint8Array =>
	text(/^[A-Za-z0-9 '()+,./:=?-]*$/.test(value) ? TAG.printable : TAG.utf8, value);

/** A name as certificates have it: organizations in one set, then the common name. */
export function subjectDer({ organizations = [], commonName }: Subject): Uint8Array {
	const part = (type: string, value: string): Uint8Array => sequence(oid(type), nameText(value));
	return sequence(
		...(organizations.length > 0 ? [der(TAG.set, ...organizations.map((o) => part(OID.organization, o)))] : []),
		...(commonName === '' ? [] : [der(TAG.set, part(OID.commonName, commonName))]),
	);
}

const rsaDer = ({ n, e }: RsaPublicKey): Uint8Array => sequence(integer(n), integer(e));

/** SubjectPublicKeyInfo. */
export const publicKeyDer = (key: RsaPublicKey): Uint8Array => sequence(algorithm(OID.rsa), bits(rsaDer(key)));

/** RSAPrivateKey (RFC 8017 A.1.2). */
export const privateKeyDer = ({ n, e, d, p, q }: RsaKey): Uint8Array =>
	sequence(
		integer(0),
		integer(n),
		integer(e),
		integer(d),
		integer(p),
		integer(q),
		integer(d % (p - 1n)),
		integer(d % (q - 1n)),
		integer(inverse(q, p)),
	);

/** What names a key (RFC 7093, method 1: as Go does from 1.25; SHA-1 before). */
export const keyIdentifier = (key: RsaPublicKey): Uint8Array => sha256(rsaDer(key)).subarray(0, 20);

/** Years until 2049 have two digits (RFC 5280 4.1.2.5). */
function timeDer(seconds: number): Uint8Array {
	const digits = formatTime(seconds).replace(/[-:T]/g, '');
	return digits < '2050' ? text(TAG.utcTime, digits.slice(2)) : text(TAG.generalTime, digits);
}

/** An extension by its object identifier. */
export const extension = (name: string, critical: boolean, value: Uint8Array): Uint8Array =>
	sequence(oid(name), ...(critical ? [der(TAG.boolean, [255])] : []), der(TAG.octets, value));

/** In the order of Go's buildCertExtensions. */
function extensionsOf(facts: CertificateFacts): Uint8Array {
	const { authority = false, usages = [], dnsNames = [], addresses = [] } = facts;
	const names = [
		...dnsNames.map((name) => text(0x82, name)),
		...addresses.map((ip) => der(0x87, [ip >>> 24, (ip >>> 16) & 255, (ip >>> 8) & 255, ip & 255])),
	];
	return sequence(
		// Digital signature and key encipherment; an authority signs certificates as well.
		extension(OID.keyUsage, true, authority ? bits([0xa4], 2) : bits([0xa0], 5)),
		...(usages.length > 0
			? [extension(OID.extendedUsage, false, sequence(...usages.map((usage) => oid(OID[usage]))))]
			: []),
		extension(OID.constraints, true, authority ? sequence(der(TAG.boolean, [255])) : sequence()),
		...(authority ? [extension(OID.subjectKey, false, der(TAG.octets, keyIdentifier(facts.signer)))] : []),
		...(authority ? [] : [extension(OID.authorityKey, false, sequence(der(0x80, keyIdentifier(facts.signer))))]),
		...(names.length > 0 ? [extension(OID.alternatives, false, sequence(...names))] : []),
	);
}

/** A signed certificate. */
export function certificateDer(facts: CertificateFacts): Uint8Array {
	const { extensions } = facts;
	const plain = extensions?.length === 0;
	const body = sequence(
		...(plain ? [] : [der(0xa0, integer(2))]),
		integer(facts.serial),
		algorithm(OID.sha256WithRsa),
		facts.issuer instanceof Uint8Array ? facts.issuer : subjectDer(facts.issuer),
		sequence(timeDer(facts.notBefore), timeDer(facts.notAfter)),
		facts.subject instanceof Uint8Array ? facts.subject : subjectDer(facts.subject),
		'info' in facts.key ? facts.key.info : publicKeyDer(facts.key),
		...(plain ? [] : [der(0xa3, extensions ? sequence(...extensions) : extensionsOf(facts))]),
	);
	return sequence(body, algorithm(OID.sha256WithRsa), bits(rsaSign(facts.signer, body)));
}

/** A certificate as a file has it. */
export const certificatePem = (facts: CertificateFacts): string => pem('CERTIFICATE', certificateDer(facts));

/** A name as it was read: each attribute by its object identifier, in their order. */
export type Names = readonly (readonly [type: string, value: string])[];

/** The attributes of a name that was read. */
export const namesOf = ({ parts }: Der): Names =>
	parts.flatMap((set) => set.parts.map((pair) => [oidText(pair.parts[0]!), textOf(pair.parts[1]!)] as const));

/** Who a name is, to the API server. */
export const subjectOf = (names: Names): Subject => ({
	organizations: names.flatMap(([type, value]) => (type === OID.organization ? [value] : [])),
	commonName: names.findLast(([type]) => type === OID.commonName)?.[1] ?? '',
});

const keyOf = (info: Der | undefined): RsaPublicKey | undefined => {
	const [kind, value] = info?.parts ?? [];
	if (!kind || !value || oidText(kind.parts[0]!) !== OID.rsa) return undefined;
	const [n, e] = readDer(bitsOf(value))?.parts ?? [];
	return n && e && { n: numberOf(n), e: numberOf(e) };
};

/** The RSA key of a SubjectPublicKeyInfo (RFC 5280 4.1); undefined when it is none. */
export const publicKeyOf = (octets: Uint8Array): RsaPublicKey | undefined => keyOf(readDer(octets));

/** A request as it was read. */
export interface RequestRead {
	readonly names: Names;
	/** Undefined of a key that is no RSA key. */
	readonly key: RsaPublicKey | undefined;
	/** SubjectPublicKeyInfo. */
	readonly keyInfo: Der;
	/** The encoded name. */
	readonly subject: Uint8Array;
	/** Whether who asks has the key; undefined of keys that are not checked here. */
	readonly signed: boolean | undefined;
	/** Extensions it asks for (RFC 2985, 5.4.2). */
	readonly extensions: readonly ExtensionRead[];
}

export interface ExtensionRead {
	readonly type: string;
	readonly critical: boolean;
	readonly value: Der | undefined;
	/** All of it. */
	readonly whole: Uint8Array;
}

const extensionsIn = (list: Der | undefined): readonly ExtensionRead[] =>
	(list?.parts ?? []).map(({ parts, whole }) => ({
		type: oidText(parts[0]!),
		critical: parts.length > 2,
		value: readDer(parts.at(-1)!.body),
		whole,
	}));

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** A PKCS #10 request; undefined when the octets are none. */
export function readRequest(octets: Uint8Array): RequestRead | undefined {
	const [info, how, signature] = readDer(octets)?.parts ?? [];
	const [version, name, keyInfo, attributes] = info?.parts ?? [];
	if (!info || !how || !signature || version?.tag !== TAG.integer || name?.tag !== TAG.sequence || !keyInfo)
		return undefined;
	try {
		const key = keyOf(keyInfo);
		const known = key && oidText(how.parts[0]!) === OID.sha256WithRsa;
		return {
			names: namesOf(name),
			subject: name.whole,
			key,
			keyInfo,
			signed: known ? rsaVerify(key, info.whole, bitsOf(signature)) : undefined,
			extensions: extensionsIn(
				attributes?.parts.find(({ parts }) => parts[0] && oidText(parts[0]) === EXTENSION_REQUEST)?.parts[1]?.parts[0],
			),
		};
	} catch {
		return undefined;
	}
}

/** A request for a certificate, signed by the key it is for, with the extensions it asks for. */
export function requestDer(name: Uint8Array, key: RsaKey, extensions: readonly Uint8Array[] = []): Uint8Array {
	const asked =
		extensions.length === 0 ? [] : [sequence(oid(EXTENSION_REQUEST), der(TAG.set, sequence(...extensions)))];
	const info = sequence(integer(0), name, publicKeyDer(key), der(0xa0, ...asked));
	return sequence(info, algorithm(OID.sha256WithRsa), bits(rsaSign(key, info)));
}

/** A certificate as it was read. */
export interface CertificateRead {
	readonly serial: bigint;
	readonly issuer: Names;
	readonly subject: Names;
	/** As written: `220831100003Z`. */
	readonly notBefore: string;
	readonly notAfter: string;
	readonly key: RsaPublicKey | undefined;
	/** Object identifier, whether it is critical, its value. */
	readonly extensions: readonly ExtensionRead[];
	/** 1 or 3. */
	readonly version: number;
	readonly signature: Uint8Array;
	/** What is signed. */
	readonly body: Uint8Array;
}

/** What a certificate says; undefined of octets that are none. */
export function readCertificate(octets: Uint8Array): CertificateRead | undefined {
	const [body, , signature] = readDer(octets)?.parts ?? [];
	const all = body?.parts ?? [];
	const versioned = all[0]?.tag === 0xa0;
	const [serial, , issuer, dates, subject, keyInfo, ...rest] = versioned ? all.slice(1) : all;
	if (!body || !signature || serial?.tag !== TAG.integer || !issuer || !dates || !subject || !keyInfo) return undefined;
	try {
		return {
			serial: numberOf(serial),
			issuer: namesOf(issuer),
			subject: namesOf(subject),
			notBefore: textOf(dates.parts[0]!),
			notAfter: textOf(dates.parts[1]!),
			key: keyOf(keyInfo),
			extensions: extensionsIn(rest.find(({ tag }) => tag === 0xa3)?.parts[0]),
			version: versioned ? 3 : 1,
			signature: bitsOf(signature),
			body: body.whole,
		};
	} catch {
		return undefined;
	}
}

/** Seconds since 1970 of a time as certificates have it. */
export function secondsOf(time: string): number {
	const full = /^\d{12}Z$/.test(time) ? `${Number(time.slice(0, 2)) < 50 ? 20 : 19}${time}` : time;
	return parseTime(full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')) ?? 0;
}
