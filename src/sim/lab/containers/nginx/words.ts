/** Times, sizes and patterns as nginx's configuration writes them. */
import { SECOND } from '../../time.ts';

const UNITS: Readonly<Record<string, number>> = {
	ms: 1000,
	s: SECOND,
	m: 60 * SECOND,
	h: 3600 * SECOND,
	d: 86_400 * SECOND,
	w: 7 * 86_400 * SECOND,
	M: 30 * 86_400 * SECOND,
	y: 365 * 86_400 * SECOND,
};

/** `1h 30m`, `60s`, `500ms`, `2`: microseconds; undefined of what is no time (ngx_parse_time()). */
export function readTime(text: string): number | undefined {
	if (!/^(?:\d+(?:ms|[yMwdhms])? ?)+$/.test(text)) return undefined;
	let sum = 0;
	for (const [, digits, unit = 's'] of text.matchAll(/(\d+)(ms|[yMwdhms])?/g)) sum += Number(digits) * UNITS[unit]!;
	return sum;
}

/** A time of a configuration that was checked. */
export const timeOf = (text: string | undefined, otherwise: number): number =>
	text === undefined ? otherwise : (readTime(text) ?? otherwise);

/** `8k`, `1m`, `2g`: octets (ngx_parse_offset()). */
export function readSize(text: string): number | undefined {
	const [, digits, unit = ''] = /^(\d+)([kKmMgG])?$/.exec(text) ?? [];
	if (digits === undefined) return undefined;
	return Number(digits) * ({ k: 1024, m: 1_048_576, g: 1_073_741_824 }[unit.toLowerCase()] ?? 1);
}

/** Names of groups in a pattern of PCRE's. */
export const groupNames = (source: string): readonly string[] =>
	[...source.matchAll(/\(\?P?[<']([A-Za-z_]\w*)[>']/g)].map(([, name]) => name!);

/**
 * PCRE's pattern as JavaScript writes it: names of groups, flags at its head, classes of POSIX, anchors.
 *
 * @throws SyntaxError of a pattern that is none
 */
export function regex(source: string, flags = ''): RegExp {
	const [, inline = ''] = /^\(\?([a-z]+)\)/.exec(source) ?? [];
	const text = source
		.replace(/^\(\?[a-z]+\)/, '')
		.replace(/\(\?P?<([A-Za-z_]\w*)>/g, '(?<$1>')
		.replace(/\(\?'([A-Za-z_]\w*)'/g, '(?<$1>')
		.replace(/\[:(\w+):\]/g, (all, name: string) => POSIX[name] ?? all)
		.replace(/\\A/g, '^')
		.replace(/\\[zZ]/g, '$')
		.replace(/([*+?}])\+/g, '$1');
	return new RegExp(text, flags.includes('i') || inline.includes('i') ? 'i' : '');
}

const POSIX: Readonly<Record<string, string>> = {
	alpha: 'A-Za-z',
	digit: '0-9',
	alnum: 'A-Za-z0-9',
	upper: 'A-Z',
	lower: 'a-z',
	space: '\\s',
	xdigit: '0-9A-Fa-f',
	word: '\\w',
	punct: '!-\\/:-@\\[-`{-~',
};

/** Number of an address. */
export const addressOf = (text: string): number =>
	text.split('.').reduce((sum, part) => (sum * 256 + Number(part)) >>> 0, 0);

/** Whether `10.0.0.0/8`, an address or `all` covers an address. */
export function covers(rule: string, client: string): boolean {
	if (rule === 'all') return true;
	if (rule.includes(':') || rule === 'unix:') return false;
	const [address = '', length = '32'] = rule.split('/');
	const size = 2 ** (32 - Number(length));
	return Math.floor(addressOf(address) / size) === Math.floor(addressOf(client) / size);
}
