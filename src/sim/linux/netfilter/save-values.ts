/** Values of options: numbers, addresses, ports and masks, as iptables reads them. */
import { maskOf, type Prefix, parseIp, parsePrefix } from '../../wire/index.ts';
import { SaveFault, type Token } from './save-error.ts';
import { PROTOCOLS, TCP_FLAGS } from './save-names.ts';
import type { PortRange } from './types.ts';

const bad = (token: Token) => new SaveFault('save.bad-value', token);

/** xtables_strtoui: decimal, `0x` hexadecimal or octal with a leading zero. */
export function readNumber(token: Token, text: string = token.text, max: number = 0xffffffff): number {
	const base = /^0x[0-9a-f]+$/i.test(text) ? 16 : /^0[0-7]+$/.test(text) ? 8 : /^\d+$/.test(text) ? 10 : 0;
	const value = base === 0 ? Number.NaN : Number.parseInt(base === 16 ? text.slice(2) : text, base);
	if (!(value <= max)) throw bad(token);
	return value;
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or an address. Masks with holes are not modelled. */
export function readPrefix(token: Token): Prefix {
	const [address, mask] = token.text.split('/') as [string, string?];
	const bits = mask === undefined ? undefined : parseIp(mask);
	let text = token.text;
	if (bits !== undefined) {
		let length = 0;
		while (length < 32 && maskOf(length) !== bits) length++;
		if (maskOf(length) !== bits) throw bad(token);
		text = `${address}/${length}`;
	}
	const prefix = parsePrefix(text);
	if (!prefix) throw bad(token);
	return prefix;
}

export function readIp(token: Token, text: string = token.text): number {
	const ip = parseIp(text);
	if (ip === undefined) throw bad(token);
	return ip;
}

export function readProtocol(token: Token): number {
	if (token.text === 'all') return 0;
	return PROTOCOLS.find(([name]) => name === token.text)?.[1] ?? readNumber(token, token.text, 255);
}

export function readDevice(token: Token): string {
	if (token.text.length === 0 || token.text.length > 15) throw bad(token);
	return token.text;
}

/** `80`, `80:90`, `:90`, `80:`; `dash` for NAT's `80-90`. */
export function readPorts(token: Token, text: string = token.text, dash = ':'): PortRange {
	const parts = text.split(dash);
	if (parts.length > 2 || text === '' || text === dash) throw bad(token);
	const [low, high = low] = parts as [string, string?];
	const min = low === '' ? 0 : readNumber(token, low, 65535);
	const max = high === '' ? 65535 : readNumber(token, high as string, 65535);
	if (min > max) throw bad(token);
	return [min, max];
}

/** `0x4000/0x4000`, or a value alone, whose mask is all ones. */
export function readMasked(token: Token): { value: number; mask: number } {
	const [value, mask, more] = token.text.split('/') as [string, string?, string?];
	if (more !== undefined) throw bad(token);
	return { value: readNumber(token, value), mask: mask === undefined ? 0xffffffff : readNumber(token, mask) };
}

export function readFlags(token: Token): number {
	let bits = 0;
	for (const name of token.text.split(',')) {
		if (name === 'ALL') bits |= 0x3f;
		else if (name !== 'NONE') {
			const flag = TCP_FLAGS.find(([known]) => known === name);
			if (!flag) throw bad(token);
			bits |= flag[1];
		}
	}
	return bits;
}

/** `0.5` to parts of 2^31, rounded as libxt_statistic does. */
export function readProbability(token: Token): number {
	if (!/^(0|1|[01]?\.\d+|[01]\.)$/.test(token.text)) throw bad(token);
	const value = Number(token.text);
	if (!(value >= 0 && value <= 1)) throw bad(token);
	return Math.floor(value * 0x80000000 + 0.5);
}

/** A name out of a closed list, several separated by commas when `many`. */
export function readName<T extends string>(token: Token, known: readonly T[], text: string = token.text): T {
	const found = known.find((name) => name === text);
	if (found === undefined) throw bad(token);
	return found;
}

/** `1.2.3.4`, `1.2.3.4-1.2.3.9`, each with `:80` or `:80-90` behind it, or the ports alone. */
export function readNatRange(token: Token): { ip?: number; ipMax?: number; ports?: PortRange } {
	const colon = token.text.indexOf(':');
	const ips = colon < 0 ? token.text : token.text.slice(0, colon);
	const ports = colon < 0 ? undefined : readPorts(token, token.text.slice(colon + 1), '-');
	if (ips === '') {
		if (!ports) throw bad(token);
		return { ports };
	}
	const [low, high, more] = ips.split('-') as [string, string?, string?];
	if (more !== undefined) throw bad(token);
	const ip = readIp(token, low);
	const ipMax = high === undefined ? undefined : readIp(token, high);
	return { ip, ...(ipMax === undefined ? {} : { ipMax }), ...(ports ? { ports } : {}) };
}
