/**
 * openssl: keys, requests and certificates as the lab has them (apps/{genrsa,req,x509,rsa,verify,rand}.c @ 3.0). Keys
 * are RSA of 2048 bits, out of the pool of `sim/api/pki`; nothing is encrypted and no connection is made.
 */
import {
	certificatePem,
	KEYS,
	pem,
	privateKeyDer,
	publicKeyDer,
	publicKeyOf,
	type RsaKey,
	readCertificate,
	readPem,
	readRequest,
	requestDer,
	rsaKey,
	rsaVerify,
	secondsOf,
} from '../../sim/api/index.ts';
import type { Lab } from '../../sim/lab/index.ts';
import { hex, sha256 } from '../../sim/trace/index.ts';
import type { Call, Tool } from '../tool.ts';
import { alternatives, FINGERPRINTS, isFor, nameHash } from './certificate.ts';
import { DIGEST_NAMES, dgst, enc, OTHER_DIGESTS } from './digest.ts';
import { ExtensionFault, extensionsOf, readConfig } from './extensions.ts';
import { keyPem, readKey } from './keys.ts';
import { hexOf, nameText, octetsOfNumber, timeText } from './names.ts';
import { type Options, Refused, read } from './options.ts';
import { passwords } from './passwd.ts';
import { certificateText, extensionBlock, requestText } from './print.ts';
import { nameDer, subjectOfText } from './subject.ts';

/** Ubuntu 22.04's, as the laptop has it. */
const VERSION = 'OpenSSL 3.0.2 15 Mar 2022 (Library: OpenSSL 3.0.2 15 Mar 2022)';

const counts = new WeakMap<Lab, number>();

function freshKey({ lab }: Call): RsaKey {
	const n = (counts.get(lab) ?? 0) + 1;
	counts.set(lab, n);
	return rsaKey(lab.random('openssl', `${lab.now}\0${n}`, KEYS));
}

/** A file's text, or standard input's. */
async function input(call: Call, path: string | undefined, what: string): Promise<string> {
	if (path === undefined || path === '-') return call.stdin;
	const text = await call.files.read(path);
	if (text !== undefined) return text;
	throw new Refused(
		`Could not open file or uri for loading ${what} from ${path}\n40E7D0A1B77F0000:error:16000069:STORE routines:ossl_store_get0_loader_int:unregistered scheme:../crypto/store/store_register.c:237:scheme=file\n40E7D0A1B77F0000:error:80000002:system library:file_open:No such file or directory:../providers/implementations/storemgmt/file_store.c:267:calling stat(${path})\nUnable to load ${what}\n`,
	);
}

async function output(call: Call, path: string | undefined, text: string): Promise<void> {
	if (path === undefined || path === '-') call.out(text);
	else await call.files.write(path, text);
}

const unable = (what: string, path: string | undefined): never => {
	throw new Refused(`Could not read ${what} from ${path ?? '<stdin>'}\nUnable to load ${what}\n`);
};

const keyIn = async (call: Call, path: string | undefined, what = 'private key'): Promise<RsaKey> =>
	readKey(await input(call, path, what)) ?? unable(what, path);

async function certificateIn(call: Call, path: string | undefined, plain = false) {
	if (plain) {
		if (path === undefined) throw new Refused('x509: the simulator reads DER from files: give -in\n');
		const octets = await call.files.readBytes(path);
		if (octets) return { read: readCertificate(octets) ?? unable('certificate', path), octets };
	}
	const block = readPem(await input(call, path, 'certificate'));
	const found = block?.type === 'CERTIFICATE' ? readCertificate(block.octets) : undefined;
	return { read: found ?? unable('certificate', path), octets: block!.octets };
}

function sized(command: string, word: string | undefined): void {
	const bits = word === undefined ? 2048 : Number(word.replace(/^(?:rsa:|rsa_keygen_bits:)/, ''));
	if (!Number.isInteger(bits)) throw new Refused(`${command}: Extra (unknown) options: "${word}"\n`);
	if (bits !== 2048) throw new Refused(`${command}: the simulator makes keys of 2048 bits only, not of ${bits}\n`);
}

async function genrsa(call: Call, words: readonly string[]): Promise<number> {
	const o = read('genrsa', words, ['out', 'traditional', '3', 'F4', 'f4', 'verbose']);
	sized('genrsa', o.rest[0]);
	const key = freshKey(call);
	await output(call, o.value('out'), o.has('traditional') ? traditional(key) : keyPem(key));
	return 0;
}

const traditional = (key: RsaKey): string => pem('RSA PRIVATE KEY', privateKeyDer(key));

async function genpkey(call: Call, words: readonly string[]): Promise<number> {
	const o = read('genpkey', words, ['out', 'algorithm', 'pkeyopt', 'quiet']);
	const algorithm = (o.value('algorithm') ?? '').toUpperCase();
	if (algorithm !== 'RSA')
		throw new Refused(`genpkey: the simulator makes RSA keys only, not ${algorithm || 'any other'}\n`);
	sized('genpkey', o.value('pkeyopt'));
	await output(call, o.value('out'), keyPem(freshKey(call)));
	return 0;
}

async function req(call: Call, words: readonly string[]): Promise<number> {
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

async function x509(call: Call, words: readonly string[]): Promise<number> {
	const known =
		'in out inform outform noout text subject issuer dates startdate enddate serial fingerprint pubkey modulus checkend checkhost checkip checkemail alias ocsp_uri req CA CAkey CAcreateserial CAserial days ext email hash subject_hash issuer_hash extfile extensions copy_extensions set_serial';
	const o = read('x509', words, [...known.split(' '), ...Object.keys(FINGERPRINTS)]);
	const digest = Object.keys(FINGERPRINTS).find((name) => o.has(name)) ?? 'sha1';
	for (const form of [o.value('inform'), o.value('outform')])
		if (form !== undefined && !/^(?:PEM|DER)$/i.test(form))
			throw new Refused(`x509: the simulator has the formats PEM and DER, not ${form}\n`);
	let octets: Uint8Array;
	if (o.has('req')) {
		octets = await signed(call, o);
	} else octets = (await certificateIn(call, o.value('in'), /^der$/i.test(o.value('inform') ?? ''))).octets;
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

/** `x509 -req`: a request becomes a certificate of whoever has the authority's key. */
async function signed(call: Call, o: Options): Promise<Uint8Array> {
	const path = o.value('in');
	const block = readPem(await input(call, path, 'certificate request input'));
	const asked = (block && readRequest(block.octets)) ?? unable('certificate request input', path);
	if (asked.signed === false) throw new Refused('Certificate request self-signature did not match the contents\n');
	if (!o.has('CA'))
		throw new Refused('x509: We need a private key to sign with, use -key or -CAkey or -force_pubkey\n');
	const { read: authority } = await certificateIn(call, o.value('CA'));
	const key = await keyIn(call, o.value('CAkey') ?? o.value('CA'), 'CA private key');
	if (authority.key?.n !== key.n) throw new Refused('CA certificate and CA private key do not match\n');
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
		issuer: nameDer(authority.subject),
		notBefore: from,
		notAfter: from + 86_400 * Number(o.value('days') ?? 30),
		key: { info: asked.keyInfo.whole },
		signer: key,
	});
	return readPem(text)!.octets;
}

/** Writes a key as `-outform` asks. */
async function emit(call: Call, o: Options, type: string, octets: Uint8Array): Promise<void> {
	const out = o.value('out');
	if (!/^der$/i.test(o.value('outform') ?? '')) await output(call, out, pem(type, octets));
	else if (out === undefined || out === '-') call.outBytes(octets);
	else await call.files.write(out, octets);
}

/** The two numbers of a public key that `-pubin` reads, as X.509 has them (RFC 5280, 4.1.2.7). */
async function publicKeyIn(call: Call, o: Options) {
	const path = o.value('in');
	const text = await input(call, path, 'Public Key');
	const block = readPem(text.slice(Math.max(0, text.search(/-----BEGIN PUBLIC KEY/))));
	const key = block?.type === 'PUBLIC KEY' ? publicKeyOf(block.octets) : undefined;
	return key ?? unable('Public Key', path);
}

async function rsa(call: Call, words: readonly string[]): Promise<number> {
	const o = read('rsa', words, ['in', 'out', 'outform', 'check', 'noout', 'pubin', 'pubout', 'modulus', 'traditional']);
	const secret = o.has('pubin') ? undefined : await keyIn(call, o.value('in'));
	const key = secret ?? (await publicKeyIn(call, o));
	if (o.has('modulus')) call.out(`Modulus=${key.n.toString(16).toUpperCase()}\n`);
	if (o.has('check')) {
		if (!secret) throw new Refused('Only private keys can be checked\n');
		call.out(secret.p * secret.q === key.n ? 'RSA key ok\n' : 'RSA key not ok\n');
	}
	if (o.has('noout')) return 0;
	call.err('writing RSA key\n');
	if (o.has('pubout') || !secret) await emit(call, o, 'PUBLIC KEY', publicKeyDer(key));
	else await emit(call, o, 'PRIVATE KEY', readPem(keyPem(secret))!.octets);
	return 0;
}

/** `pkey`: as `rsa`, in PKCS #8 and without a word on what it writes. */
async function pkey(call: Call, words: readonly string[]): Promise<number> {
	const o = read('pkey', words, ['in', 'out', 'outform', 'check', 'noout', 'pubin', 'pubout']);
	const secret = o.has('pubin') ? undefined : await keyIn(call, o.value('in'), 'key');
	const key = secret ?? (await publicKeyIn(call, o));
	if (o.has('check') && secret) call.out(secret.p * secret.q === key.n ? 'Key is valid\n' : 'Key is invalid\n');
	if (o.has('noout')) return 0;
	if (o.has('pubout') || !secret) await emit(call, o, 'PUBLIC KEY', publicKeyDer(key));
	else await emit(call, o, 'PRIVATE KEY', readPem(keyPem(secret))!.octets);
	return 0;
}

async function verify(call: Call, words: readonly string[]): Promise<number> {
	const o = read('verify', words, ['CAfile', 'verify_hostname', 'verify_ip']);
	// Nothing of this machine's own authorities has signed anything of the lab's.
	const authority = o.has('CAfile') ? (await certificateIn(call, o.value('CAfile'))).read : undefined;
	let code = 0;
	const now = call.lab.epoch + call.lab.now / 1e6;
	for (const path of o.rest) {
		const { read: cert } = await certificateIn(call, path);
		const own = nameText(cert.issuer) === nameText(cert.subject);
		const issued = authority && nameText(cert.issuer) === nameText(authority.subject);
		const fault =
			!issued || !authority.key
				? own
					? [18, 'self-signed certificate']
					: [20, 'unable to get local issuer certificate']
				: !rsaVerify(authority.key, cert.body, cert.signature)
					? [7, 'certificate signature failure']
					: now < secondsOf(cert.notBefore)
						? [9, 'certificate is not yet valid']
						: now > secondsOf(cert.notAfter)
							? [10, 'certificate has expired']
							: !isFor(cert, o.value('verify_hostname'), 0x82)
								? [62, 'hostname mismatch']
								: !isFor(cert, o.value('verify_ip'), 0x87)
									? [64, 'IP address mismatch']
									: undefined;
		if (!fault) {
			call.out(`${path}: OK\n`);
			continue;
		}
		call.err(
			`${nameText(cert.subject)}\nerror ${fault[0]} at 0 depth lookup: ${fault[1]}\nerror ${path}: verification failed\n`,
		);
		code = 2;
	}
	return code;
}

async function rand(call: Call, words: readonly string[]): Promise<number> {
	const o = read('rand', words, ['hex', 'base64', 'out']);
	const count = Number(o.rest[0]);
	if (!Number.isInteger(count) || count < 1) throw new Refused('rand: Use -help for summary.\n');
	const n = (counts.get(call.lab) ?? 0) + 1;
	counts.set(call.lab, n);
	const octets = Uint8Array.from({ length: count }, (_, i) =>
		call.lab.random('openssl rand', `${call.lab.now}\0${n}\0${i}`, 256),
	);
	if (!o.has('hex') && !o.has('base64')) call.outBytes(octets);
	else if (o.has('hex')) await output(call, o.value('out'), `${hexOf(octets).join('')}\n`);
	else
		await output(
			call,
			o.value('out'),
			pem('', octets)
				.split('\n')
				.slice(1, -2)
				.map((l) => `${l}\n`)
				.join(''),
		);
	return 0;
}

const COMMANDS: Readonly<Record<string, (call: Call, words: readonly string[]) => Promise<number>>> = {
	genrsa,
	genpkey,
	req,
	x509,
	rsa,
	pkey,
	passwd: (call, words) =>
		passwords(
			call,
			read('passwd', words, [
				'1',
				'apr1',
				'5',
				'6',
				'aixmd5',
				'salt',
				'stdin',
				'in',
				'table',
				'reverse',
				'noverify',
				'quiet',
			]),
		),
	verify,
	rand,
	dgst,
	...Object.fromEntries(DIGEST_NAMES.map((name) => [name, dgst])),
	enc,
	base64: enc,
	async list(call, words) {
		const names = [...Object.keys(COMMANDS), ...OTHERS].sort();
		if (/^-?-(?:digest-commands|cipher-commands|commands|help)$/.test(words[0] ?? '') === false) {
			call.err(`list: the simulator lists -commands and -digest-commands\n`);
			return 1;
		}
		const shown = words[0] === '-digest-commands' ? [...DIGEST_NAMES, ...OTHER_DIGESTS].sort() : names;
		call.out(shown.map((name) => `${name}\n`).join(''));
		return 0;
	},
	async version(call, words) {
		call.out(`${VERSION}\n`);
		if (words.includes('-a')) call.out('platform: debian-amd64\nOPENSSLDIR: "/usr/lib/ssl"\n');
		return 0;
	},
};

/** All other commands of 3.0 (progs.pl), ciphers and digests among them. */
const OTHERS = [
	...'asn1parse ca ciphers cmp cms crl crl2pkcs7 dhparam dsa dsaparam ec ecparam engine errstr fipsinstall gendsa help info kdf mac nseq ocsp pkcs12 pkcs7 pkcs8 pkeyparam pkeyutl prime rehash rsautl s_client s_server s_time sess_id smime speed spkac srp storeutl ts'.split(
		' ',
	),
	...OTHER_DIGESTS,
];

/** Why, where more can be said. */
const WHY: Readonly<Record<string, string>> = {
	s_client:
		'no handshakes of TLS happen in the simulator; certificates of servers are files of their nodes (docker exec NODE openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -text)',
	s_server: 'no handshakes of TLS happen in the simulator',
	ecparam: 'the simulator makes RSA keys only: openssl genrsa 2048',
	ec: 'the simulator makes RSA keys only: openssl genrsa 2048',
};

/** Types of names by their long ones. */
const LONG: Readonly<Record<string, string>> = {
	commonName: 'CN',
	organizationName: 'O',
	organizationalUnitName: 'OU',
	countryName: 'C',
	stateOrProvinceName: 'ST',
	localityName: 'L',
};

export const tools: readonly Tool[] = [
	{
		name: 'openssl',
		at: () => true,
		async run(call) {
			const [command = '', ...words] = call.args;
			const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command]! : undefined;
			if (!run) {
				call.err(
					OTHERS.includes(command) ||
						/^(?:aes|aria|bf|camellia|cast|chacha20|des|idea|rc2|rc4|rc5|seed|sm4)(?:\d|-|$)/.test(command)
						? `openssl ${command}: ${WHY[command] ?? `the simulator does not have it`}\n`
						: `Invalid command '${command}'; type "help" for a list.\n`,
				);
				return 1;
			}
			try {
				return await run(call, words);
			} catch (fault) {
				if (!(fault instanceof Refused) && !(fault instanceof ExtensionFault)) throw fault;
				call.err(fault.message);
				return 1;
			}
		},
	},
];
