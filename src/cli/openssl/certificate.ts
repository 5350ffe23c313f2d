/** What x509 tells of a certificate beside its names and times (apps/x509.c, crypto/x509/{x_name,x509_cmp,v3_utl}.c @ 3.0). */
import { type CertificateRead, der, type Names, oid, sequence } from '../../sim/api/index.ts';
import { hex, md5, sha1, sha256, sha384, sha512, sha512With256 } from '../../sim/trace/index.ts';
import { utf8 } from '../../sim/wire/index.ts';

/** Digests of a fingerprint by their options; SHA-1 is what 3.0 takes where nothing is asked for. */
export const FINGERPRINTS: Readonly<Record<string, (octets: Uint8Array) => Uint8Array>> = {
	sha1,
	md5,
	sha256,
	sha384,
	sha512,
	'sha512-256': sha512With256,
};

/** A name's hash, as it names files of `openssl rehash`: of its letters in lower case and single spaces (x509_name_canon()). */
export function nameHash(names: Names): string {
	const canonical = names.map(([type, value]) => {
		const text = value.trim().replace(/\s+/g, ' ').toLowerCase();
		return der(0x31, [...sequence(oid(type), der(0x0c, [...utf8(text)]))]);
	});
	const sum = sha1(Uint8Array.from(canonical.flatMap((octets) => [...octets])));
	return hex(sum.slice(0, 4).reverse());
}

/** Values of the certificate's alternative names by tag: 0x81 mail, 0x82 DNS, 0x87 an address. */
export const alternatives = (cert: CertificateRead, tag: number): readonly string[] =>
	(cert.extensions.find(({ type }) => type === '2.5.29.17')?.value?.parts ?? [])
		.filter((part) => part.tag === tag)
		.map(({ body }) => (tag === 0x87 ? [...body].join('.') : String.fromCharCode(...body)));

/** Whether a certificate is for a name (0x82, DNS) or an address (0x87); its common name counts where it has no others. */
export function isFor(cert: CertificateRead, name: string | undefined, tag: number): boolean {
	if (name === undefined) return true;
	const texts = alternatives(cert, tag);
	const common = cert.subject.findLast(([type]) => type === '2.5.4.3')?.[1];
	const all = texts.length > 0 || tag !== 0x82 ? texts : [common ?? ''];
	return all.some(
		(text) =>
			text.toLowerCase() === name.toLowerCase() ||
			(text.startsWith('*.') && name.slice(name.indexOf('.')).toLowerCase() === text.slice(1).toLowerCase()),
	);
}
