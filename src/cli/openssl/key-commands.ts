/** openssl's commands that make and print keys (apps/{genrsa,genpkey,rsa,pkey}.c @ 3.0). */
import { pem, privateKeyDer, publicKeyDer, type RsaKey, readPem } from '../../sim/api/index.ts';
import type { Call } from '../tool.ts';
import { freshKey } from './chance.ts';
import { emit, keyIn, output, publicKeyIn } from './in-out.ts';
import { keyPem } from './keys.ts';
import { Refused, read } from './options.ts';

export function sized(command: string, word: string | undefined): void {
	const bits = word === undefined ? 2048 : Number(word.replace(/^(?:rsa:|rsa_keygen_bits:)/, ''));
	if (!Number.isInteger(bits)) throw new Refused(`${command}: Extra (unknown) options: "${word}"\n`);
	if (bits !== 2048) throw new Refused(`${command}: the simulator makes keys of 2048 bits only, not of ${bits}\n`);
}

export async function genrsa(call: Call, words: readonly string[]): Promise<number> {
	const o = read('genrsa', words, ['out', 'traditional', '3', 'F4', 'f4', 'verbose']);
	sized('genrsa', o.rest[0]);
	const key = freshKey(call);
	await output(call, o.value('out'), o.has('traditional') ? traditional(key) : keyPem(key));
	return 0;
}

const traditional = (key: RsaKey): string => pem('RSA PRIVATE KEY', privateKeyDer(key));

export async function genpkey(call: Call, words: readonly string[]): Promise<number> {
	const o = read('genpkey', words, ['out', 'algorithm', 'pkeyopt', 'quiet']);
	const algorithm = (o.value('algorithm') ?? '').toUpperCase();
	if (algorithm !== 'RSA')
		throw new Refused(`genpkey: the simulator makes RSA keys only, not ${algorithm || 'any other'}\n`);
	sized('genpkey', o.value('pkeyopt'));
	await output(call, o.value('out'), keyPem(freshKey(call)));
	return 0;
}

export async function rsa(call: Call, words: readonly string[]): Promise<number> {
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
export async function pkey(call: Call, words: readonly string[]): Promise<number> {
	const o = read('pkey', words, ['in', 'out', 'outform', 'check', 'noout', 'pubin', 'pubout']);
	const secret = o.has('pubin') ? undefined : await keyIn(call, o.value('in'), 'key');
	const key = secret ?? (await publicKeyIn(call, o));
	if (o.has('check') && secret) call.out(secret.p * secret.q === key.n ? 'Key is valid\n' : 'Key is invalid\n');
	if (o.has('noout')) return 0;
	if (o.has('pubout') || !secret) await emit(call, o, 'PUBLIC KEY', publicKeyDer(key));
	else await emit(call, o, 'PRIVATE KEY', readPem(keyPem(secret))!.octets);
	return 0;
}
