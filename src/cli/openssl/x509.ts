/** `openssl x509`: prints certificates, and makes them of requests (apps/x509.c @ 3.0). */
import {
	certificatePem,
	pem,
	publicKeyDer,
	readCertificate,
	readPem,
	readRequest,
	secondsOf,
} from '../../sim/api/index.ts';
import { hex, sha256 } from '../../sim/trace/index.ts';
import type { Call } from '../tool.ts';
import { alternatives, FINGERPRINTS, isFor, nameHash } from './certificate.ts';
import { extensionsOf, readConfig } from './extensions.ts';
import { certificateIn, input, keyIn, output, unable } from './in-out.ts';
import { hexOf, nameText, octetsOfNumber, timeText } from './names.ts';
import { type Options, Refused, read } from './options.ts';
import { certificateText, extensionBlock } from './print.ts';
import { nameDer } from './subject.ts';

export async function x509(call: Call, words: readonly string[]): Promise<number> {
	const known =
		'in out inform outform noout text subject issuer dates startdate enddate serial fingerprint pubkey modulus checkend checkhost checkip checkemail alias ocsp_uri req CA CAkey CAcreateserial CAserial days ext email hash subject_hash issuer_hash extfile extensions copy_extensions set_serial signkey key';
	const o = read('x509', words, [...known.split(' '), ...Object.keys(FINGERPRINTS)]);
	const digest = Object.keys(FINGERPRINTS).find((name) => o.has(name)) ?? 'sha1';
	for (const form of [o.value('inform'), o.value('outform')])
		if (form !== undefined && !/^(?:PEM|DER)$/i.test(form))
			throw new Refused(`x509: the simulator has the formats PEM and DER, not ${form}\n`);
	let octets: Uint8Array;
	const ownKey = o.value('signkey') ?? o.value('key');
	if (ownKey !== undefined && o.has('CA')) throw new Refused('Cannot use both -key/-signkey and -CA option\n');
	if (o.has('req')) {
		octets = await signed(call, o, ownKey);
	} else if (ownKey !== undefined)
		throw new Refused('x509: the simulator signs requests with -signkey, and no certificates anew\n');
	else octets = (await certificateIn(call, o.value('in'), /^der$/i.test(o.value('inform') ?? ''))).octets;
	const cert = readCertificate(octets)!;
	for (const word of words) {
		if (word === '-subject') call.out(`subject=${nameText(cert.subject)}\n`);
		if (word === '-issuer') call.out(`issuer=${nameText(cert.issuer)}\n`);
		if (word === '-startdate' || word === '-dates') call.out(`notBefore=${timeText(cert.notBefore)}\n`);
		if (word === '-enddate' || word === '-dates') call.out(`notAfter=${timeText(cert.notAfter)}\n`);
		if (word === '-serial')
			call.out(
				`serial=${hexOf(octetsOfNumber(cert.serial))
					.join('')
					.replace(/^00(?=..)/, '')
					.toUpperCase()}\n`,
			);
		if (word === '-pubkey' && cert.key) call.out(pem('PUBLIC KEY', publicKeyDer(cert.key)));
		if (word === '-modulus' && cert.key) call.out(`Modulus=${cert.key.n.toString(16).toUpperCase()}\n`);
		if (word === '-fingerprint') {
			const pairs = hex(FINGERPRINTS[digest]!(octets)).match(/../g)!.join(':').toUpperCase();
			call.out(`${digest} Fingerprint=${pairs}\n`);
		}
		if (word === '-hash' || word === '-subject_hash') call.out(`${nameHash(cert.subject)}\n`);
		if (word === '-issuer_hash') call.out(`${nameHash(cert.issuer)}\n`);
		if (word === '-alias') call.out('<No Alias>\n');
		if (word === '-email')
			for (const mail of [
				...cert.subject.filter(([type]) => type === '1.2.840.113549.1.9.1').map(([, value]) => value),
				...alternatives(cert, 0x81),
			])
				call.out(`${mail}\n`);
		if (word === '-text') call.out(certificateText(cert));
		if (word === '-ext') call.out(extensionBlock(cert, o.value('ext')!.split(',')));
	}
	for (const [option, what, tag] of CHECKS) {
		const value = o.value(option);
		if (value !== undefined)
			call.out(`${what} ${value} does ${isFor(cert, value, tag) ? '' : 'NOT '}match certificate\n`);
	}
	if (o.has('checkend')) {
		const ends = secondsOf(cert.notAfter) <= call.lab.epoch + call.lab.now / 1e6 + Number(o.value('checkend'));
		call.out(ends ? 'Certificate will expire\n' : 'Certificate will not expire\n');
		return ends ? 1 : 0;
	}
	if (o.has('noout')) return 0;
	if (!/^der$/i.test(o.value('outform') ?? '')) await output(call, o.value('out'), pem('CERTIFICATE', octets));
	else if (o.value('out') === undefined) call.outBytes(octets);
	else await call.files.write(o.value('out')!, octets);
	return 0;
}

const CHECKS = [
	['checkhost', 'Hostname', 0x82],
	['checkemail', 'Email', 0x81],
	['checkip', 'IP', 0x87],
] as const;

/** `x509 -req`: a request becomes a certificate of whoever has the authority's key, or with a key of one's own its own issuer. */
async function signed(call: Call, o: Options, ownKey: string | undefined): Promise<Uint8Array> {
	const path = o.value('in');
	const block = readPem(await input(call, path, 'certificate request input'));
	const asked = (block && readRequest(block.octets)) ?? unable('certificate request input', path);
	if (asked.signed === false) throw new Refused('Certificate request self-signature did not match the contents\n');
	if (!o.has('CA') && ownKey === undefined)
		throw new Refused('x509: We need a private key to sign with, use -key or -CAkey or -force_pubkey\n');
	const authority = ownKey === undefined ? (await certificateIn(call, o.value('CA'))).read : undefined;
	const key = await keyIn(
		call,
		ownKey ?? o.value('CAkey') ?? o.value('CA'),
		authority ? 'CA private key' : 'private key',
	);
	if (authority && authority.key?.n !== key.n) throw new Refused('CA certificate and CA private key do not match\n');
	call.err(`Certificate request self-signature ok\nsubject=${nameText(asked.names)}\n`);
	const from = Math.floor(call.lab.epoch + call.lab.now / 1e6);
	const file = readConfig(o.has('extfile') ? await input(call, o.value('extfile'), 'extfile') : '');
	const section =
		o.value('extensions') ?? file.get('default')?.find(([name]) => name === 'extensions')?.[1] ?? 'default';
	if (o.has('extfile') && !file.has(section)) throw new Refused(`Error checking extension section ${section}\n`);
	const copied = /^copy(?:all)?$/.test(o.value('copy_extensions') ?? '')
		? asked.extensions.map(({ whole }) => whole)
		: [];
	const extensions = [
		...copied,
		...extensionsOf(
			(o.has('extfile') ? (file.get(section) ?? []) : []).filter(([name]) => name !== 'extensions'),
			file,
			{ key: asked.key, signer: key },
		),
	];
	const text = certificatePem({
		serial: o.has('set_serial')
			? BigInt(o.value('set_serial')!)
			: BigInt(`0x1${hex(sha256(block!.octets)).slice(0, 38)}`),
		extensions,
		subject: asked.subject,
		issuer: authority ? nameDer(authority.subject) : asked.subject,
		notBefore: from,
		notAfter: from + 86_400 * Number(o.value('days') ?? 30),
		key: { info: authority ? asked.keyInfo.whole : publicKeyDer(key) },
		signer: key,
	});
	return readPem(text)!.octets;
}
