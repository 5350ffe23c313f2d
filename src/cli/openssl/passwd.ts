/** openssl passwd: hashes of passwords by MD5 (apps/passwd.c @ 3.0). */
import { md5Crypt } from '../../sim/trace/index.ts';
import type { Call } from '../tool.ts';
import { type Options, Refused } from './options.ts';

const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export async function passwords(call: Call, o: Options): Promise<number> {
	for (const way of ['5', '6', 'aixmd5'])
		if (o.has(way)) throw new Refused(`passwd: the simulator has the hashes -1 and -apr1, not -${way}\n`);
	let words = o.rest;
	const path = o.value('in');
	const text = o.has('stdin') ? call.stdin : path === undefined ? undefined : await call.files.read(path);
	if (path !== undefined && text === undefined)
		throw new Refused(`Can't open "${path}" for reading, No such file or directory\n`);
	if (text !== undefined) words = text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined);
	if (words.length === 0)
		throw new Refused('passwd: the simulator asks for no password: give it as a word, or with -stdin\n');
	const magic = o.has('apr1') ? '$apr1$' : '$1$';
	for (const [n, word] of words.entries()) {
		const salt =
			o.value('salt') ??
			Array.from(
				{ length: 8 },
				(_, i) => LETTERS[call.lab.random('openssl passwd', `${call.lab.now} ${n} ${i}`, 64)]!,
			).join('');
		const hash = md5Crypt(word, magic, salt.slice(0, 8));
		call.out(o.has('table') ? (o.has('reverse') ? `${hash}\t${word}\n` : `${word}\t${hash}\n`) : `${hash}\n`);
	}
	return 0;
}
