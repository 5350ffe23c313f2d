/** `openssl req`: requests for certificates, and certificates of one's own (apps/req.c @ 3.0). */
import {
	certificatePem,
	pem,
	publicKeyDer,
	type RsaKey,
	readPem,
	readRequest,
	requestDer,
} from '../../sim/api/index.ts';
import { hex, sha256 } from '../../sim/trace/index.ts';
import type { Call } from '../tool.ts';
import { freshKey } from './chance.ts';
import { extensionsOf, readConfig } from './extensions.ts';
import { input, keyIn, output, unable } from './in-out.ts';
import { sized } from './key-commands.ts';
import { keyPem } from './keys.ts';
import { nameText } from './names.ts';
import { Refused, read } from './options.ts';
import { requestText } from './print.ts';
import { subjectOfText } from './subject.ts';

export async function req(call: Call, words: readonly string[]): Promise<number> {
	const known =
		'new key subj out in text noout verify nodes noenc newkey keyout x509 days sha256 subject pubkey addext config batch extensions reqexts utf8';
	const o = read('req', words, known.split(' '));
	const config = readConfig(o.has('config') ? await input(call, o.value('config'), 'config file') : '');
	const settings = new Map(config.get('req') ?? []);
	const added = (key: RsaKey, section: string | undefined, before: readonly (readonly [string, string])[] = []) => {
		const words = (o.value('addext')?.split('\n') ?? []).map((text): readonly [string, string] => {
			const at = text.indexOf('=');
			return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
		});
		const own = section === undefined ? before : (config.get(section) ?? []);
		if (section !== undefined && !config.has(section))
			throw new Refused(`Error checking request extension section ${section}\n`);
		return extensionsOf([...own, ...words], config, { key, signer: key });
	};
	let octets: Uint8Array | undefined;
	if (o.has('new') || o.has('newkey') || o.has('x509')) {
		if (o.has('newkey')) sized('req', o.value('newkey'));
		const path = o.value('key');
		const key = path === undefined ? freshKey(call) : await keyIn(call, path);
		if (path === undefined) {
			if (!o.has('nodes') && !o.has('noenc'))
				throw new Refused('req: the simulator does not encrypt keys: give -nodes, or a key with -key\n');
			await output(call, o.value('keyout') ?? 'privkey.pem', keyPem(key));
		}
		const names = config.get(settings.get('distinguished_name') ?? '') ?? [];
		const asks = settings.get('prompt') !== 'no';
		const subject =
			o.value('subj') ??
			(names.length > 0 && !asks
				? names
						.map(([type, value]) => `/${LONG[type] ?? type.replace(/^\d+\./, '')}=${value.replaceAll('/', '\\/')}`)
						.join('')
				: undefined);
		if (subject === undefined) throw new Refused('req: the simulator asks no questions: give the name with -subj\n');
		const name = subjectOfText(subject);
		if (typeof name === 'string') throw new Refused(name);
		if (o.has('x509')) {
			const from = Math.floor(call.lab.epoch + call.lab.now / 1e6);
			const text = certificatePem({
				serial: BigInt(`0x1${hex(sha256(publicKeyDer(key))).slice(0, 38)}`),
				subject: name.der,
				issuer: name.der,
				notBefore: from,
				notAfter: from + 86_400 * Number(o.value('days') ?? 30),
				key,
				signer: key,
				authority: true,
				// What openssl.cnf gives a certificate of one's own ([ v3_ca ]).
				extensions: added(key, o.value('extensions') ?? settings.get('x509_extensions'), [
					['subjectKeyIdentifier', 'hash'],
					['authorityKeyIdentifier', 'keyid'],
					['basicConstraints', 'critical,CA:true'],
				]),
			});
			await output(call, o.value('out'), text);
			return 0;
		}
		octets = requestDer(
			name.der,
			key,
			added(key, o.value('reqexts') ?? o.value('extensions') ?? settings.get('req_extensions')),
		);
	} else {
		const path = o.value('in');
		const block = readPem(await input(call, path, 'X509 request'));
		if (!block || !/CERTIFICATE REQUEST$/.test(block.type)) return unable('X509 request', path);
		octets = block.octets;
	}
	const found = readRequest(octets) ?? unable('X509 request', o.value('in'));
	if (o.has('verify'))
		call.err(
			found.signed === false
				? 'Certificate request self-signature verify failure\n'
				: 'Certificate request self-signature verify OK\n',
		);
	if (o.has('text')) call.out(requestText(found, octets));
	if (o.has('subject')) call.out(`subject=${nameText(found.names)}\n`);
	if (o.has('pubkey')) call.out(pem('PUBLIC KEY', found.keyInfo.whole));
	if (!o.has('noout')) await output(call, o.value('out'), pem('CERTIFICATE REQUEST', octets));
	return o.has('verify') && found.signed === false ? 1 : 0;
}

/** Types of names by their long ones. */
const LONG: Readonly<Record<string, string>> = {
	commonName: 'CN',
	organizationName: 'O',
	organizationalUnitName: 'OU',
	countryName: 'C',
	stateOrProvinceName: 'ST',
	localityName: 'L',
};
