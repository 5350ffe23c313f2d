/**
 * Addresses as text and back. The parse functions are strict (no octal, no leading zeros, no short forms such as
 * `10.1`) and answer undefined for anything else.
 */
import type { Ip, Mac, Prefix } from './packet.ts';

/** Dotted quad to a 32-bit unsigned number. Four decimal parts, no leading zeros, no blanks. */
export const parseIp = (text: string): Ip | undefined => {
	let value = 0;
	let part = -1;
	let digits = 0;
	let parts = 0;
	for (let i = 0; i <= text.length; i++) {
		const c = i < text.length ? text.charCodeAt(i) : 0x2e;
		if (c === 0x2e) {
			if (part < 0) return undefined;
			parts++;
			if (parts > 4) return undefined;
			value = value * 256 + part;
			part = -1;
			digits = 0;
		} else if (c >= 0x30 && c <= 0x39) {
			if (digits > 0 && part === 0) return undefined;
			part = Math.max(part, 0) * 10 + (c - 0x30);
			digits++;
			if (part > 255) return undefined;
		} else return undefined;
	}
	return parts === 4 ? value : undefined;
};

/** A 32-bit number as a dotted quad. */
export const formatIp = (ip: Ip): string =>
	`${(ip >>> 24) & 0xff}.${(ip >>> 16) & 0xff}.${(ip >>> 8) & 0xff}.${ip & 0xff}`;

/** `02:42:ac:12:00:02` to a 48-bit number. Two hexadecimal digits per part, either case. */
export const parseMac = (text: string): Mac | undefined => {
	if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return undefined;
	let value = 0;
	for (let i = 0; i < 6; i++) value = value * 256 + Number.parseInt(text.slice(3 * i, 3 * i + 2), 16);
	return value;
};

/** A 48-bit number as six lower-case hexadecimal pairs. */
export const formatMac = (mac: Mac): string => {
	const hex = mac.toString(16).padStart(12, '0');
	let out = hex.slice(0, 2);
	for (let i = 2; i < 12; i += 2) out += `:${hex.slice(i, i + 2)}`;
	return out;
};

/** Netmask of a prefix length, 0 to 32: 24 is 0xffffff00. */
export const maskOf = (length: number): number => (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0);

/** The prefix of this length that holds `address`: host bits are cleared. */
export const prefixOf = (address: Ip, length: number): Prefix => ({
	address: (address & maskOf(length)) >>> 0,
	length,
});

/**
 * `10.244.1.0/24`, or an address alone, which is a /32. Host bits set in the text are kept out: `10.0.0.1/8` is
 * `10.0.0.0/8`, as iptables reads it. Use `parseInterface` to keep them.
 */
export const parsePrefix = (text: string): Prefix | undefined => {
	const whole = parseInterface(text);
	return whole && prefixOf(whole.address, whole.length);
};

/** As `parsePrefix`, host bits kept: the form `ip address add` takes. */
export const parseInterface = (text: string): Prefix | undefined => {
	const slash = text.indexOf('/');
	const address = parseIp(slash < 0 ? text : text.slice(0, slash));
	if (address === undefined) return undefined;
	if (slash < 0) return { address, length: 32 };
	const digits = text.slice(slash + 1);
	if (!/^(0|[1-9][0-9]?)$/.test(digits)) return undefined;
	const length = Number(digits);
	return length <= 32 ? { address, length } : undefined;
};

/** Always with its length: `10.0.0.1/32`, as iptables-save prints it. */
export const formatPrefix = (prefix: Prefix): string => `${formatIp(prefix.address)}/${prefix.length}`;

/** Whether `ip` lies in `prefix`. The prefix's host bits are not looked at. */
export const prefixContains = (prefix: Prefix, ip: Ip): boolean =>
	((prefix.address ^ ip) & maskOf(prefix.length)) === 0;
