/** Whether a server's certificates are believed, in the words of curl and OpenSSL 3.0 (lib/vtls/openssl.c @ curl-7_81_0, crypto/x509/x509_txt.c). */
import { readCertificate, readPem, rsaVerify, secondsOf } from '../../sim/api/index.ts';
import { formatIp, parseIp } from '../../sim/wire/index.ts';

type Certificate = NonNullable<ReturnType<typeof readCertificate>>;

/** Object identifiers of extensions. */
const ALTERNATIVES = '2.5.29.17';

/** Short names of attributes (crypto/objects/objects.txt). */
const SHORT: Readonly<Record<string, string>> = {
	'2.5.4.3': 'CN',
	'2.5.4.6': 'C',
	'2.5.4.7': 'L',
	'2.5.4.8': 'ST',
	'2.5.4.10': 'O',
	'2.5.4.11': 'OU',
	'1.2.840.113549.1.9.1': 'emailAddress',
};

const nameOf = (names: Certificate['issuer']): string =>
	names.map(([type, value]) => `${SHORT[type] ?? type}=${value}`).join('; ');

/** Certificates of a file, in their order. */
function inPem(text: string): readonly Certificate[] {
	return [...text.matchAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)].flatMap(([block]) => {
		const read = readPem(block);
		const certificate = read && readCertificate(read.octets);
		return certificate ? [certificate] : [];
	});
}

/** Names a certificate is for: those of its subjectAltName (RFC 5280 4.2.1.6). */
function alternatives({ extensions }: Certificate): {
	readonly dns: readonly string[];
	readonly ips: readonly string[];
} {
	const dns: string[] = [];
	const ips: string[] = [];
	// SEQUENCE OF GeneralName: dNSName [2], iPAddress [7].
	for (const { tag, body } of extensions.find(({ type }) => type === ALTERNATIVES)?.value?.parts ?? []) {
		if (tag === 0x82) dns.push(String.fromCharCode(...body));
		if (tag === 0x87 && body.length === 4)
			ips.push(formatIp(((body[0]! << 24) | (body[1]! << 16) | (body[2]! << 8) | body[3]!) >>> 0));
	}
	return { dns, ips };
}

const covers = (pattern: string, host: string): boolean =>
	pattern.toLowerCase() === host.toLowerCase() ||
	(pattern.startsWith('*.') && host.slice(host.indexOf('.')).toLowerCase() === pattern.slice(1).toLowerCase());

function signedBy(certificate: Certificate, issuer: Certificate): boolean {
	return issuer.key !== undefined && rsaVerify(issuer.key, certificate.body, certificate.signature);
}

export interface Verdict {
	/** OpenSSL's words of why it is not believed. */
	readonly problem?: string;
	/** The name it is asked by is none of its own. */
	readonly mismatch?: string;
	/** Lines of -v about it. */
	readonly told: readonly string[];
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Aug 31 10:00:05 2022 GMT`. */
function date(time: string): string {
	const at = new Date(secondsOf(time) * 1000);
	const two = (n: number): string => String(n).padStart(2, '0');
	return `${MONTHS[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} ${at.getUTCFullYear()} GMT`;
}

/** @param chain certificates as the server sent them, its own first @param now seconds since 1970 */
export function verify(chain: readonly Uint8Array[], authorities: string, host: string, now: number): Verdict {
	const [own, ...rest] = chain.map((octets) => readCertificate(octets)).filter((read) => read !== undefined);
	if (!own) return { problem: 'unable to get local issuer certificate', told: [] };
	const trusted = inPem(authorities);
	const same = (a: Certificate, b: Certificate): boolean =>
		a.serial === b.serial && nameOf(a.subject) === nameOf(b.subject);
	const problem = ((): string | undefined => {
		let at = own;
		for (let depth = 0; depth < 8; depth++) {
			if (now < secondsOf(at.notBefore)) return 'certificate is not yet valid';
			if (now > secondsOf(at.notAfter)) return 'certificate has expired';
			if (trusted.some((known) => same(known, at))) return undefined;
			const authority = trusted.find((known) => nameOf(known.subject) === nameOf(at.issuer));
			if (authority) return signedBy(at, authority) ? undefined : 'certificate signature failure';
			if (nameOf(at.issuer) === nameOf(at.subject))
				return depth === 0 ? 'self-signed certificate' : 'self-signed certificate in certificate chain';
			const next = rest.find((known) => nameOf(known.subject) === nameOf(at.issuer) && signedBy(at, known));
			if (!next) return 'unable to get local issuer certificate';
			at = next;
		}
		return 'certificate chain too long';
	})();
	const { dns, ips } = alternatives(own);
	const common = own.subject.find(([type]) => SHORT[type] === 'CN' || type === 'CN')?.[1];
	const isIp = parseIp(host) !== undefined;
	const matched =
		(isIp ? ips : dns).find((name) => covers(name, host)) ??
		// The common name counts where there are no names beside it.
		(dns.length + ips.length === 0 && common !== undefined && covers(common, host) ? common : undefined);
	const mismatch =
		matched !== undefined
			? undefined
			: dns.length + ips.length > 0
				? `SSL: no alternative certificate subject name matches target host name '${host}'`
				: `SSL: certificate subject name '${common ?? ''}' does not match target host name '${host}'`;
	return {
		...(problem === undefined ? {} : { problem }),
		...(mismatch === undefined ? {} : { mismatch }),
		told: [
			'* Server certificate:',
			`*  subject: ${nameOf(own.subject)}`,
			`*  start date: ${date(own.notBefore)}`,
			`*  expire date: ${date(own.notAfter)}`,
			...(matched === undefined
				? []
				: [
						dns.length + ips.length > 0
							? `*  subjectAltName: host "${host}" matched cert's ${isIp ? 'IP address!' : `"${matched}"`}`
							: `*  common name: ${common} (matched)`,
					]),
			`*  issuer: ${nameOf(own.issuer)}`,
		],
	};
}
