/** What openssl draws: new keys, and octets for who asks (apps/rand.c @ 3.0). */
import { KEYS, pem, type RsaKey, rsaKey } from '../../sim/api/index.ts';
import type { Lab } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';
import { output } from './in-out.ts';
import { hexOf } from './names.ts';
import { Refused, read } from './options.ts';

const counts = new WeakMap<Lab, number>();

export function freshKey({ lab }: Call): RsaKey {
	const n = (counts.get(lab) ?? 0) + 1;
	counts.set(lab, n);
	return rsaKey(lab.random('openssl', `${lab.now}\0${n}`, KEYS));
}

export async function rand(call: Call, words: readonly string[]): Promise<number> {
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
