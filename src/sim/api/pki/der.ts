/** ASN.1 in its distinguished encoding (ITU-T X.690), as far as keys and certificates need it, and PEM around it (RFC 7468). */
import { utf8 } from '../../wire/index.ts';
import { base64 } from '../strategies/cluster.ts';
import { toNumber } from './rsa.ts';

export const TAG = {
	boolean: 0x01,
	integer: 0x02,
	bits: 0x03,
	octets: 0x04,
	null: 0x05,
	oid: 0x06,
	utf8: 0x0c,
	printable: 0x13,
	utcTime: 0x17,
	generalTime: 0x18,
	sequence: 0x30,
	set: 0x31,
} as const;

type Part = Uint8Array | readonly number[];

const joined = (parts: readonly Part[]): Uint8Array => {
	const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		out.set(part, at);
		at += part.length;
	}
	return out;
};

/** A value with its tag and length. */
export function der(tag: number, ...parts: readonly Part[]): Uint8Array {
	const body = joined(parts);
	const { length } = body;
	const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return joined([[tag, ...size], body]);
}

/** SEQUENCE of its parts. */
export const sequence = (...parts: readonly Part[]): Uint8Array => der(TAG.sequence, ...parts);

/** INTEGER of a number that is not negative: in as few octets as show that. */
export function integer(value: bigint | number): Uint8Array {
	let hex = BigInt(value).toString(16);
	if (hex.length % 2 === 1) hex = `0${hex}`;
	if (Number.parseInt(hex.slice(0, 2), 16) > 127) hex = `00${hex}`;
	return der(
		TAG.integer,
		(hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)),
	);
}

/** OBJECT IDENTIFIER as it is written, with dots. */
export function oid(text: string): Uint8Array {
	const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
	const octets = [40 * first + second];
	for (const arc of rest) {
		const digits = [arc % 128];
		for (let more = Math.floor(arc / 128); more > 0; more = Math.floor(more / 128)) digits.unshift((more % 128) | 128);
		octets.push(...digits);
	}
	return der(TAG.oid, octets);
}

/** A string of this type. */
export const text = (tag: number, value: string): Uint8Array => der(tag, utf8(value));
/** BIT STRING. @param unused bits of the last octet that are none of it */
export const bits = (octets: Part, unused = 0): Uint8Array => der(TAG.bits, [unused], octets);

/** A value that was read. */
export interface Der {
	readonly tag: number;
	readonly body: Uint8Array;
	/** With tag and length. */
	readonly whole: Uint8Array;
	/** What is in it, where it is made of others. */
	readonly parts: readonly Der[];
}

function readAll(octets: Uint8Array): readonly Der[] | undefined {
	const out: Der[] = [];
	for (let at = 0; at < octets.length; ) {
		const tag = octets[at]!;
		let length = octets[at + 1] ?? 256;
		let from = at + 2;
		if (length > 127) {
			const count = length - 128;
			if (count < 1 || count > 3) return undefined;
			length = Number(toNumber(octets.subarray(from, from + count)));
			from += count;
		}
		const end = from + length;
		if (end > octets.length) return undefined;
		const body = octets.subarray(from, end);
		const parts = (tag & 0x20) === 0 ? [] : readAll(body);
		if (!parts) return undefined;
		out.push({ tag, body, whole: octets.subarray(at, end), parts });
		at = end;
	}
	return out;
}

/** One value and nothing after it; undefined when the octets are something else. */
export function readDer(octets: Uint8Array): Der | undefined {
	const all = readAll(octets);
	return all?.length === 1 ? all[0] : undefined;
}

/** An object identifier with its dots. */
export function oidText({ body }: Der): string {
	const arcs: number[] = [];
	let value = 0;
	for (const octet of body) {
		value = value * 128 + (octet & 127);
		if (octet > 127) continue;
		if (arcs.length === 0)
			arcs.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
		else arcs.push(value);
		value = 0;
	}
	return arcs.join('.');
}

/** Of a bit string that is octets. */
export const bitsOf = ({ body }: Der): Uint8Array => body.subarray(1);
export const numberOf = ({ body }: Der): bigint => toNumber(body);
/** UTF-8, of which ASCII is a part. @throws URIError of other octets */
export const textOf = ({ body }: Der): string =>
	decodeURIComponent([...body].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join(''));

/** Octets as a file has them (RFC 7468). */
export function pem(type: string, octets: Uint8Array): string {
	const lines = (base64(octets).match(/.{1,64}/g) ?? []).join('\n');
	return `-----BEGIN ${type}-----\n${lines}\n-----END ${type}-----\n`;
}

/** What text in base64 stands for; other characters are passed over. */
export function octetsOf(encoded: string): Uint8Array {
	const octets: number[] = [];
	const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
	let [bits, held] = [0, 0];
	for (const char of encoded) {
		const digit = digits.indexOf(char);
		if (digit < 0) continue;
		held = ((held << 6) | digit) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			octets.push((held >> bits) & 255);
		}
	}
	return Uint8Array.from(octets);
}

/** The first block of a text; undefined when there is none. */
export function readPem(value: string): { readonly type: string; readonly octets: Uint8Array } | undefined {
	const [, type, body = ''] = /-----BEGIN ([^-\n]+)-----\s+([A-Za-z0-9+/=\s]*?)-----END \1-----/.exec(value) ?? [];
	if (type === undefined) return undefined;
	return { type, octets: octetsOf(body) };
}
