/**
 * Requests for certificates.
 *
 * Source: kubernetes pkg/apis/certificates/{validation/validation.go,v1/helpers.go}, pkg/registry/certificates/certificates/
 * strategy.go @ v1.24.0.
 */
import type { Draft } from '../json.ts';
import { number, sub, text, texts } from '../json.ts';
import { octetsOf } from '../pki/der.ts';
import { readPem, readRequest } from '../pki/index.ts';
import { type FieldError, invalidValue, notSupported, required } from '../status.ts';
import type { Strategy } from '../strategy.ts';

const USAGES = [
	'any',
	'cert sign',
	'client auth',
	'code signing',
	'content commitment',
	'crl sign',
	'data encipherment',
	'decipher only',
	'digital signature',
	'email protection',
	'encipher only',
	'ipsec end system',
	'ipsec tunnel',
	'ipsec user',
	'key agreement',
	'key encipherment',
	'microsoft sgc',
	'netscape sgc',
	'ocsp signing',
	'server auth',
	's/mime',
	'signing',
	'timestamping',
];

/** What is wrong with the octets of a request; undefined when it is a good one. */
function requestFault(octets: Uint8Array): string | undefined {
	const block = readPem(String.fromCharCode(...octets));
	if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
	const read = readRequest(block.octets);
	if (!read) return 'asn1: structure error: malformed certificate request';
	return read.signed === false ? 'crypto/rsa: verification error' : undefined;
}

/** `[]byte{0x67, 0x61}` */
const goOctets = (octets: Uint8Array): string =>
	`[]byte{${[...octets].map((octet) => `0x${octet.toString(16)}`).join(', ')}}`;

function requestFaults(object: Draft): readonly FieldError[] {
	const encoded = text(object, 'spec', 'request') ?? '';
	if (encoded === '') return [required('spec.request')];
	const octets = octetsOf(encoded);
	const fault = requestFault(octets);
	return fault === undefined
		? []
		: [
				{
					field: 'spec.request',
					message: `Invalid value: ${JSON.stringify(encoded)}: ${fault}`,
					go: `Invalid value: ${goOctets(octets)}: ${fault}`,
				},
			];
}

function signerFaults(object: Draft): readonly FieldError[] {
	const signer = text(object, 'spec', 'signerName') ?? '';
	if (signer === '') return [required('spec.signerName')];
	if (signer === 'kubernetes.io/legacy-unknown')
		return [invalidValue('spec.signerName', signer, 'the legacy signerName is not allowed via this API version')];
	return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\/[\w.:-]+$/.test(signer)
		? []
		: [
				invalidValue(
					'spec.signerName',
					signer,
					"must be a fully qualified domain and path of the form 'example.com/signer-name'",
				),
			];
}

function usageFaults(object: Draft): readonly FieldError[] {
	const usages = texts(sub(object, 'spec'), 'usages');
	if (usages.length === 0) return [required('spec.usages')];
	return usages.flatMap((usage, i) =>
		!USAGES.includes(usage)
			? [notSupported(`spec.usages[${i}]`, usage, [...USAGES].sort())]
			: usages.indexOf(usage) < i
				? [{ field: `spec.usages[${i}]`, message: `Duplicate value: ${JSON.stringify(usage)}` }]
				: [],
	);
}

export const signingRequest: Strategy = {
	status: true,
	initialStatus: () => ({}),
	keep(object, old) {
		object.spec = (old as Draft).spec;
	},
	validateCreate(object) {
		const seconds = number(object, 'spec', 'expirationSeconds');
		return [
			...requestFaults(object),
			...usageFaults(object),
			...signerFaults(object),
			...(seconds !== undefined && seconds < 600
				? [
						invalidValue(
							'spec.expirationSeconds',
							seconds,
							'may not specify a duration less than 600 seconds (10 minutes)',
						),
					]
				: []),
		];
	},
};
