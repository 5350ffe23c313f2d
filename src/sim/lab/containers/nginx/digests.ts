/** Digests nginx is built with: CRC-32, MurmurHash2, MD5 and SHA-1 (RFC 1321, RFC 3174), and crypt's ways with them. */
import { utf8 } from '../../../wire/index.ts';

/** ngx_crc32_long(). */
export function crc32(octets: Uint8Array): number {
	let crc = 0xffffffff;
	for (const octet of octets) {
		crc ^= octet;
		for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return (crc ^ 0xffffffff) >>> 0;
}

/** ngx_murmur_hash2(). */
export function murmur2(octets: Uint8Array): number {
	const m = 0x5bd1e995;
	let left = octets.length;
	let h = left;
	let at = 0;
	for (; left >= 4; left -= 4, at += 4) {
		let k = octets[at]! | (octets[at + 1]! << 8) | (octets[at + 2]! << 16) | (octets[at + 3]! << 24);
		k = Math.imul(k, m);
		k = Math.imul(k ^ (k >>> 24), m);
		h = Math.imul(h, m) ^ k;
	}
	if (left >= 3) h ^= octets[at + 2]! << 16;
	if (left >= 2) h ^= octets[at + 1]! << 8;
	if (left >= 1) h = Math.imul(h ^ octets[at]!, m);
	h = Math.imul(h ^ (h >>> 13), m);
	return (h ^ (h >>> 15)) >>> 0;
}

function padded(octets: Uint8Array, little: boolean): DataView {
	const blocks = ((octets.length + 8) >> 6) + 1;
	const out = new Uint8Array(blocks * 64);
	out.set(octets);
	out[octets.length] = 0x80;
	const view = new DataView(out.buffer);
	view.setUint32(blocks * 64 - (little ? 8 : 4), octets.length * 8, little);
	return view;
}

/** Whole parts of |sin(i + 1)| · 2^32 (RFC 1321 3.4). */
const sines = (): readonly number[] =>
	Array.from({ length: 64 }, (_, i) => (Math.abs(Math.sin(i + 1)) * 2 ** 32) >>> 0);
const TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

export function md5(octets: Uint8Array): Uint8Array {
	const view = padded(octets, true);
	const k = sines();
	let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
	for (let block = 0; block < view.byteLength; block += 64) {
		let [a, b, c, d] = [a0, b0, c0, d0];
		for (let i = 0; i < 64; i++) {
			const round = i >> 4;
			const f = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round]!;
			const g = [i, 5 * i + 1, 3 * i + 5, 7 * i][round]! % 16;
			const sum = (a + f + k[i]! + view.getUint32(block + g * 4, true)) | 0;
			const s = TURNS[round * 4 + (i % 4)]!;
			[a, d, c, b] = [d, c, b, (b + ((sum << s) | (sum >>> (32 - s)))) | 0];
		}
		[a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
	}
	const out = new DataView(new ArrayBuffer(16));
	[a0, b0, c0, d0].forEach((word, i) => void out.setUint32(i * 4, word, true));
	return new Uint8Array(out.buffer);
}

export function sha1(octets: Uint8Array): Uint8Array {
	const view = padded(octets, false);
	const h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
	for (let block = 0; block < view.byteLength; block += 64) {
		const w = Array.from({ length: 16 }, (_, i) => view.getUint32(block + i * 4));
		for (let i = 16; i < 80; i++) {
			const x = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!;
			w.push((x << 1) | (x >>> 31));
		}
		let [a, b, c, d, e] = h as [number, number, number, number, number];
		for (let i = 0; i < 80; i++) {
			const [f, k] =
				i < 20
					? [(b & c) | (~b & d), 0x5a827999]
					: i < 40
						? [b ^ c ^ d, 0x6ed9eba1]
						: i < 60
							? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
							: [b ^ c ^ d, 0xca62c1d6];
			const next = (((a << 5) | (a >>> 27)) + f + e + k + w[i]!) | 0;
			[e, d, c, b, a] = [d, c, (b << 30) | (b >>> 2), a, next];
		}
		[a, b, c, d, e].forEach((word, i) => {
			h[i] = (h[i]! + word) | 0;
		});
	}
	const out = new DataView(new ArrayBuffer(20));
	h.forEach((word, i) => void out.setUint32(i * 4, word));
	return new Uint8Array(out.buffer);
}

export const hex = (octets: Uint8Array): string =>
	Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64(octets: Uint8Array): string {
	let out = '';
	for (let i = 0; i < octets.length; i += 3) {
		const bits = (octets[i]! << 16) | ((octets[i + 1] ?? 0) << 8) | (octets[i + 2] ?? 0);
		for (let k = 0; k < 4; k++) out += i + k > octets.length ? '=' : BASE64[(bits >> (18 - 6 * k)) & 63];
	}
	return out;
}

/** Octets of base64; undefined of what is none. */
export function unbase64(text: string): Uint8Array | undefined {
	const clean = text.replace(/=+$/, '');
	const out: number[] = [];
	let bits = 0;
	let held = 0;
	for (const letter of clean) {
		const at = BASE64.indexOf(letter);
		if (at < 0) return undefined;
		bits = ((bits << 6) | at) & 0xffffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out.push((bits >> held) & 255);
		}
	}
	return Uint8Array.from(out);
}

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

/** `$apr1$` and `$1$` (ngx_crypt_apr1(), glibc crypt/md5-crypt.c). */
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

/**
 * Whether a password is the one of a line (ngx_crypt()); undefined of what crypt(3) would have to answer and the lab's
 * does not know.
 */
export function passwordFits(password: string, hash: string): boolean | undefined {
	if (hash.startsWith('{PLAIN}')) return hash.slice(7) === password;
	if (hash.startsWith('{SHA}')) return hash.slice(5) === base64(sha1(utf8(password)));
	if (hash.startsWith('{SSHA}')) {
		const octets = unbase64(hash.slice(6));
		if (!octets || octets.length < 20) return false;
		return hex(sha1(joined(utf8(password), octets.subarray(20)))) === hex(octets.subarray(0, 20));
	}
	const [, magic = '', salt = ''] = /^(\$apr1\$|\$1\$)([^$]{0,8})/.exec(hash) ?? [];
	if (magic !== '') return md5Crypt(password, magic, salt) === hash;
	// DES, bcrypt, SHA-2 and the like are crypt(3)'s; nothing else is a hash that could fit.
	return /^\$(?:2[abxy]?|5|6|7|y|gy)\$/.test(hash) || /^[./0-9A-Za-z]{13}$/.test(hash) ? undefined : false;
}
