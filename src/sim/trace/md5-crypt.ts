/** How passwords are kept by MD5: `$1$` of crypt(3) and Apache's `$apr1$`. */
import { utf8 } from '../wire/index.ts';
import { md5 } from './md5.ts';

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
	const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
};

const ITOA = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `$apr1$` and `$1$` by their magic (glibc crypt/md5-crypt.c; apr crypto/apr_md5.c, apr_md5_encode()). Salts are eight letters at most. */
export function md5Crypt(password: string, magic: string, salt: string): string {
	const key = utf8(password);
	const own = utf8(salt.slice(0, 8));
	let final = md5(joined(key, own, key));
	const first: Uint8Array[] = [key, utf8(magic), own];
	for (let n = key.length; n > 0; n -= 16) first.push(final.subarray(0, Math.min(16, n)));
	for (let i = key.length; i > 0; i >>= 1) first.push(i & 1 ? Uint8Array.of(0) : key.subarray(0, 1));
	final = md5(joined(...first));
	for (let i = 0; i < 1000; i++) {
		const parts = [i & 1 ? key : final];
		if (i % 3) parts.push(own);
		if (i % 7) parts.push(key);
		parts.push(i & 1 ? final : key);
		final = md5(joined(...parts));
	}
	let out = '';
	const to64 = (value: number, count: number): void => {
		for (let v = value, n = count; n > 0; n--, v >>>= 6) out += ITOA[v & 63];
	};
	for (const [a, b, c] of [
		[0, 6, 12],
		[1, 7, 13],
		[2, 8, 14],
		[3, 9, 15],
		[4, 10, 5],
	] as const)
		to64((final[a]! << 16) | (final[b]! << 8) | final[c]!, 4);
	to64(final[11]!, 2);
	return `${magic}${salt.slice(0, 8)}$${out}`;
}
