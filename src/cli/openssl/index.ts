/**
 * openssl: keys, requests and certificates as the lab has them (apps/{genrsa,req,x509,rsa,verify,rand}.c @ 3.0). Keys
 * are RSA of 2048 bits, out of the pool of `sim/api/pki`; nothing is encrypted and no connection is made.
 */
import type { Call, Tool } from '../tool.ts';
import { rand } from './chance.ts';
import { DIGEST_NAMES, dgst, enc, OTHER_DIGESTS } from './digest.ts';
import { ExtensionFault } from './extensions.ts';
import { genpkey, genrsa, pkey, rsa } from './key-commands.ts';
import { Refused, read } from './options.ts';
import { passwords } from './passwd.ts';
import { req } from './req.ts';
import { verify } from './verify.ts';
import { x509 } from './x509.ts';

/** Ubuntu 22.04's, as the laptop has it. */
const VERSION = 'OpenSSL 3.0.2 15 Mar 2022 (Library: OpenSSL 3.0.2 15 Mar 2022)';

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
