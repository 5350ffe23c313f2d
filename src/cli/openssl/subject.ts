/** `-subj /O=dev/CN=john` (apps/lib/apps.c parse_name @ 3.0). */
import { der, type Names, oid, sequence, derText as text } from '../../sim/api/index.ts';

const TYPES: Readonly<Record<string, string>> = {
	CN: '2.5.4.3',
	SN: '2.5.4.4',
	serialNumber: '2.5.4.5',
	C: '2.5.4.6',
	L: '2.5.4.7',
	ST: '2.5.4.8',
	street: '2.5.4.9',
	O: '2.5.4.10',
	OU: '2.5.4.11',
	title: '2.5.4.12',
	GN: '2.5.4.42',
	emailAddress: '1.2.840.113549.1.9.1',
	DC: '0.9.2342.19200300.100.1.25',
	UID: '0.9.2342.19200300.100.1.1',
	commonName: '2.5.4.3',
	countryName: '2.5.4.6',
	localityName: '2.5.4.7',
	stateOrProvinceName: '2.5.4.8',
	organizationName: '2.5.4.10',
	organizationalUnitName: '2.5.4.11',
};

/** Strings are UTF8String but for the two that have a type of their own (crypto/asn1/tbl_standard.h, string_mask utf8only). */
const tagOf = (type: string): number =>
	type === TYPES.C || type === TYPES.serialNumber
		? 0x13
		: type === TYPES.emailAddress || type === TYPES.DC
			? 0x16
			: 0x0c;

/** A name as certificates have it, in its order. */
export const nameDer = (names: Names): Uint8Array =>
	sequence(...names.map(([type, value]) => der(0x31, sequence(oid(type), text(tagOf(type), value)))));

/** The name and its encoding, or what is wrong with it. */
export function subjectOfText(given: string): { readonly names: Names; readonly der: Uint8Array } | string {
	if (!given.startsWith('/'))
		return `name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${given}'\n`;
	const names: (readonly [string, string])[] = [];
	let skipped = '';
	for (const part of given.slice(1).split(/(?<!\\)\//)) {
		const [, type, value] = /^([^=]+)=(.*)$/.exec(part) ?? [];
		if (type === undefined || value === undefined)
			return `req: Hit end of string before finding the '='\nproblems making Certificate Request\n`;
		const known = /^\d+(?:\.\d+)+$/.test(type) ? type : Object.hasOwn(TYPES, type) ? TYPES[type]! : undefined;
		// What has no value or no known type is left out.
		if (known === undefined) skipped = `req: Unknown subject name attribute "${type}"\n`;
		else if (value !== '') names.push([known, value.replace(/\\(.)/g, '$1')]);
	}
	if (skipped !== '' && names.length === 0) return `${skipped}problems making Certificate Request\n`;
	return { names, der: nameDer(names) };
}
