/** Digests nginx is built with: CRC-32 and MurmurHash2, and crypt's ways with MD5 and SHA-1. */
import { hex, md5Crypt, sha1 } from '../../../trace/index.ts';
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
		return hex(sha1(Uint8Array.from([...utf8(password), ...octets.subarray(20)]))) === hex(octets.subarray(0, 20));
	}
	const [, magic = '', salt = ''] = /^(\$apr1\$|\$1\$)([^$]{0,8})/.exec(hash) ?? [];
	if (magic !== '') return md5Crypt(password, magic, salt) === hash;
	// DES, bcrypt, SHA-2 and the like are crypt(3)'s; nothing else is a hash that could fit.
	return /^\$(?:2[abxy]?|5|6|7|y|gy)\$/.test(hash) || /^[./0-9A-Za-z]{13}$/.test(hash) ? undefined : false;
}
