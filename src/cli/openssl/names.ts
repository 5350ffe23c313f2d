/** Names, times and numbers of certificates as openssl writes them (crypto/x509/t_x509.c, crypto/asn1/a_strex.c @ 3.0). */
import { type Names, secondsOf } from '../../sim/api/index.ts';

const SHORT: Readonly<Record<string, string>> = {
	'0.9.2342.19200300.100.1.1': 'UID',
	'0.9.2342.19200300.100.1.25': 'DC',
	'2.5.4.3': 'CN',
	'2.5.4.4': 'SN',
	'2.5.4.5': 'serialNumber',
	'2.5.4.6': 'C',
	'2.5.4.7': 'L',
	'2.5.4.8': 'ST',
	'2.5.4.10': 'O',
	'2.5.4.11': 'OU',
	'1.2.840.113549.1.9.1': 'emailAddress',
};

export const nameText = (names: Names): string =>
	names
		.map(([type, value]) => `${SHORT[type] ?? type} = ${/[,+"\\<>;]/.test(value) ? JSON.stringify(value) : value}`)
		.join(', ');

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Aug 31 10:00:23 2022 GMT` */
export function timeText(time: string): string {
	const d = new Date(secondsOf(time) * 1000);
	const clock = d.toISOString().slice(11, 19);
	return `${MONTHS[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${clock} ${d.getUTCFullYear()} GMT`;
}

export const hexOf = (octets: Uint8Array): readonly string[] => [...octets].map((o) => o.toString(16).padStart(2, '0'));

export function octetsOfNumber(value: bigint): Uint8Array {
	let hex = value.toString(16);
	if (hex.length % 2 === 1) hex = `0${hex}`;
	if (Number.parseInt(hex[0]!, 16) > 7) hex = `00${hex}`;
	return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Octets in lines of so many, with colons, indented. */
export function colons(octets: Uint8Array, width: number, indent: number): string {
	const words = hexOf(octets);
	const lines: string[] = [];
	for (let at = 0; at < words.length; at += width) {
		const more = at + width < words.length;
		lines.push(`${' '.repeat(indent)}${words.slice(at, at + width).join(':')}${more ? ':' : ''}\n`);
	}
	return lines.join('');
}
