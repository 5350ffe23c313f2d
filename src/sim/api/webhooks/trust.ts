/**
 * Whether the API server believes a webhook's certificate, in the words of Go's crypto/x509 (verify.go @ go1.18, go1.20).
 */
import { formatIp, parseIp } from '../../wire/index.ts';
import { type CertificateRead, type Names, readCertificate, readPem, rsaVerify, secondsOf } from '../pki/index.ts';
import { formatTime } from '../time.ts';

const ALTERNATIVES = '2.5.29.17';
const CONSTRAINTS = '2.5.29.19';
const COMMON_NAME = '2.5.4.3';

const alternatives = ({
	extensions,
}: CertificateRead): { readonly dns: readonly string[]; readonly ips: readonly string[]; readonly any: boolean } => {
	const parts = extensions.find(({ type }) => type === ALTERNATIVES)?.value?.parts;
	const dns: string[] = [];
	const ips: string[] = [];
	for (const { tag, body } of parts ?? []) {
		if (tag === 0x82) dns.push(String.fromCharCode(...body));
		if (tag === 0x87 && body.length === 4)
			ips.push(formatIp(((body[0]! << 24) | (body[1]! << 16) | (body[2]! << 8) | body[3]!) >>> 0));
	}
	return { dns, ips, any: parts !== undefined };
};

const commonName = (names: Names): string => names.findLast(([type]) => type === COMMON_NAME)?.[1] ?? '';

/** matchHostnames(): a star stands for the first label. */
const covers = (pattern: string, host: string): boolean => {
	const [a, b] = [pattern.toLowerCase().split('.'), host.toLowerCase().replace(/\.$/, '').split('.')];
	return a.length === b.length && a.every((label, i) => (i === 0 && label === '*') || label === b[i]);
};

const hostFault = (own: CertificateRead, host: string): string | undefined => {
	const { dns, ips, any } = alternatives(own);
	if (parseIp(host) !== undefined) {
		if (ips.length === 0) return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
		return ips.includes(host) ? undefined : `x509: certificate is valid for ${ips.join(', ')}, not ${host}`;
	}
	if (dns.some((name) => covers(name, host))) return undefined;
	if (!any && covers(commonName(own.subject), host))
		return 'x509: certificate relies on legacy Common Name field, use SANs instead';
	return dns.length === 0
		? `x509: certificate is not valid for any names, but wanted to match ${host}`
		: `x509: certificate is valid for ${dns.join(', ')}, not ${host}`;
};

const dateFault = ({ notBefore, notAfter }: CertificateRead, now: number): string | undefined => {
	const said = (word: string, time: string): string =>
		`x509: certificate has expired or is not yet valid: current time ${formatTime(now)} is ${word} ${formatTime(secondsOf(time))}`;
	if (now < secondsOf(notBefore)) return said('before', notBefore);
	return now > secondsOf(notAfter) ? said('after', notAfter) : undefined;
};

const isAuthority = ({ version, extensions }: CertificateRead): boolean =>
	version < 3 || extensions.find(({ type }) => type === CONSTRAINTS)?.value?.parts[0]?.body[0] === 0xff;

const sameNames = (a: Names, b: Names): boolean => JSON.stringify(a) === JSON.stringify(b);
const sameOctets = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

const UNKNOWN = 'x509: certificate signed by unknown authority';

/** Certificates of a PEM file, in their order. */
export const inPem = (text: string): readonly CertificateRead[] =>
	[...text.matchAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)].flatMap(([block]) => {
		const read = readPem(block);
		const certificate = read && readCertificate(read.octets);
		return certificate ? [certificate] : [];
	});

/**
 * Why a server is not believed; undefined when it is.
 *
 * @param chain as the server sent it, its own first @param bundle PEM @param now seconds since 1970
 */
export const trustFault = (
	chain: readonly Uint8Array[],
	bundle: string,
	host: string,
	now: number,
): string | undefined => {
	const [own, ...rest] = chain.map((octets) => readCertificate(octets)).filter((read) => read !== undefined);
	if (!own) return 'tls: server did not send a certificate';
	const roots = inPem(bundle);
	const early = dateFault(own, now) ?? hostFault(own, host);
	if (early !== undefined) return early;
	let hint = '';
	let at = own;
	for (let depth = 0; depth < 8; depth++) {
		if (roots.some((root) => sameOctets(root.body, at.body) && sameOctets(root.signature, at.signature)))
			return undefined;
		const issued = (one: CertificateRead): boolean => sameNames(one.subject, at.issuer);
		const signs = (one: CertificateRead): boolean => {
			const why = !isAuthority(one)
				? 'x509: invalid signature: parent certificate cannot sign this kind of certificate'
				: one.key === undefined || !rsaVerify(one.key, at.body, at.signature)
					? 'crypto/rsa: verification error'
					: dateFault(one, now);
			if (why === undefined) return true;
			hint ||= ` (possibly because of ${JSON.stringify(why)} while trying to verify candidate authority certificate ${JSON.stringify(commonName(one.subject))})`;
			return false;
		};
		if (roots.filter(issued).some(signs)) return undefined;
		const next: CertificateRead | undefined = rest.filter((one) => one !== at && issued(one)).find(signs);
		if (!next) return UNKNOWN + hint;
		at = next;
	}
	return UNKNOWN + hint;
};
