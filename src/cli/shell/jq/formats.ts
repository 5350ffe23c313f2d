/** `@text`, `@csv` and their kin (jq 1.6, f_format()). */
import { briefly, isArray, JqError, textOf, type Value } from './values.ts';

export const plainText = (value: Value): string => (typeof value === 'string' ? value : textOf(value));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const HTML: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' };
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const TABS: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n', '\\': '\\\\' };

function row(value: Value, name: 'csv' | 'tsv', between: string, quote: (text: string) => string): string {
	if (!isArray(value)) throw new JqError(`${briefly(value)} cannot be ${name}-formatted, only array`);
	const cell = (item: Value): string => {
		if (typeof item === 'string') return quote(item);
		if (item === null) return '';
		if (typeof item === 'object') throw new JqError(`${briefly(item)} is not valid in a csv row`);
		return textOf(item);
	};
	return value.map(cell).join(between);
}

function base32(text: string): string {
	let bits = '';
	for (const octet of utf8(text)) bits += octet.toString(2).padStart(8, '0');
	const digits = (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
	return digits.padEnd(Math.ceil(digits.length / 8) * 8, '=');
}

function unbase64(text: string): string {
	const digits = text.replace(/=+$/, '');
	if (!/^[A-Za-z0-9+/]*$/.test(digits)) throw new JqError(`${briefly(text)} is not valid base64 data`);
	if (digits.length % 4 === 1) throw new JqError(`${briefly(text)} trailing base64 byte found`);
	return new TextDecoder().decode(Uint8Array.from(atob(digits), (char) => char.charCodeAt(0)));
}

/** @throws JqError */
export function format(name: string, value: Value): string {
	const text = (): string => plainText(value);
	switch (name) {
		case 'text':
			return text();
		case 'json':
			return textOf(value);
		case 'csv':
			return row(value, 'csv', ',', (cell) => `"${cell.replaceAll('"', '""')}"`);
		case 'tsv':
			return row(value, 'tsv', '\t', (cell) => cell.replace(/[\t\r\n\\]/g, (char) => TABS[char]!));
		case 'html':
			return text().replace(/[<>&'"]/g, (char) => HTML[char]!);
		case 'uri':
			return [...utf8(text())]
				.map((octet) =>
					/[A-Za-z0-9\-_.~]/.test(String.fromCharCode(octet))
						? String.fromCharCode(octet)
						: `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
				)
				.join('');
		case 'sh':
			return (isArray(value) ? value : [value])
				.map((item) => {
					if (typeof item === 'string') return `'${item.replaceAll("'", "'\\''")}'`;
					if (typeof item === 'object' && item !== null)
						throw new JqError(`${briefly(item)} can not be escaped for shell`);
					return textOf(item);
				})
				.join(' ');
		case 'base64':
			return btoa([...utf8(text())].map((octet) => String.fromCharCode(octet)).join(''));
		case 'base64d':
			return unbase64(text());
		case 'base32':
			return base32(text());
		default:
			throw new JqError(`${name} is not a valid format`);
	}
}
