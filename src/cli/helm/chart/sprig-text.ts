/** Texts: sprig's strings.go and regex.go, encodings and digests. Source: Masterminds/sprig @ v3.2.2. */
import { base32, hex, sha1, sha256 } from '../../../sim/trace/index.ts';
import { CallError, type Data, type Functions, goQuote, goShow } from '../../gotemplate/index.ts';
import { strval, table, texts, toInt } from './sprig-values.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const ofOctets = (octets: Uint8Array): string => new TextDecoder().decode(octets);

type S = (...args: string[]) => Data;
/** A function of texts alone. */
const s = (count: number, call: S): Functions[string] => ({ types: 's'.repeat(count), call: call as never });

const indent = (spaces: Data, text: Data): string => {
	if (Number(spaces) < 0) throw new CallError('strings: negative Repeat count');
	const pad = ' '.repeat(Math.min(10_000, Number(spaces)));
	return pad + String(text).replaceAll('\n', `\n${pad}`);
};

const base64 = (octets: Uint8Array): string => btoa(String.fromCharCode(...octets));

function unbase64(text: string): string {
	const clean = text.replace(/[\r\n]/g, '');
	const wrong =
		/[^A-Za-z0-9+/=]/.exec(clean)?.index ?? (clean.length % 4 === 0 ? -1 : clean.length - (clean.length % 4));
	if (wrong >= 0) return `illegal base64 data at input byte ${wrong}`;
	return ofOctets(Uint8Array.from(atob(clean), (c) => c.charCodeAt(0)));
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function unbase32(text: string): string {
	let bits = '';
	for (const c of text.replace(/=+$/, '')) {
		const at = BASE32.indexOf(c);
		if (at < 0) return `illegal base32 data at input byte ${text.indexOf(c)}`;
		bits += at.toString(2).padStart(5, '0');
	}
	return ofOctets(Uint8Array.from(bits.match(/.{8}/g) ?? [], (octet) => Number.parseInt(octet, 2)));
}

/** RE2's syntax where it is not JavaScript's: flags in front, names of groups, classes, ends of text. */
function regex(pattern: string, flags = ''): RegExp {
	const start = /^\(\?([imsU]+)\)/.exec(pattern);
	const mode = [...(start?.[1] ?? '')].filter((c) => 'ims'.includes(c)).join('');
	const text = pattern
		.slice(start?.[0].length ?? 0)
		.replace(/\(\?P</g, '(?<')
		.replace(/\\A/g, '^')
		.replace(/\\z/g, '$')
		.replace(/\[:alpha:\]/g, 'a-zA-Z')
		.replace(/\[:digit:\]/g, '0-9')
		.replace(/\[:alnum:\]/g, 'a-zA-Z0-9')
		.replace(/\[:space:\]/g, '\\s')
		.replace(/\[:upper:\]/g, 'A-Z')
		.replace(/\[:lower:\]/g, 'a-z');
	try {
		return new RegExp(text, flags + mode);
	} catch {
		throw new CallError(`error parsing regexp: ${pattern}`);
	}
}

/** `$1`, `${1}`, `${name}` of Go's ReplaceAllString. */
const replaced = (pattern: string, text: string, by: string): string =>
	text.replace(regex(pattern, 'g'), (...found) => {
		const groups = (typeof found.at(-1) === 'object' ? found.at(-1) : {}) as Record<string, string>;
		return by.replace(/\$(?:\{(\w+)\}|(\w+)|\$)/g, (whole, braced: string | undefined, bare: string | undefined) => {
			if (whole === '$$') return '$';
			const name = braced ?? bare!;
			return (/^\d+$/.test(name) ? (found[Number(name)] as string | undefined) : groups[name]) ?? '';
		});
	});

const words = (text: string): string =>
	text
		.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
		.replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
		.replace(/[-_\s]+/g, ' ')
		.trim();

/** One after the other until a line is full (goutils Wrap). */
function wrap(width: number, between: string, text: string, cut: boolean): string {
	const most = Math.max(1, width);
	const out: string[] = [];
	let rest = text;
	while (rest.length > most) {
		if (rest[0] === ' ') {
			rest = rest.slice(1);
			continue;
		}
		const at = rest.lastIndexOf(' ', most);
		if (at > 0) {
			out.push(rest.slice(0, at));
			rest = rest.slice(at + 1);
		} else if (cut) {
			out.push(rest.slice(0, most));
			rest = rest.slice(most);
		} else {
			const next = rest.indexOf(' ', most);
			if (next < 0) break;
			out.push(rest.slice(0, next));
			rest = rest.slice(next + 1);
		}
	}
	return [...out, rest].join(between);
}

function adler32(text: string): string {
	let a = 1;
	let b = 0;
	for (const octet of utf8(text)) {
		a = (a + octet) % 65521;
		b = (b + a) % 65521;
	}
	return String(((b << 16) | a) >>> 0);
}

const trimBy = (set: string, text: string): string => {
	let from = 0;
	let to = text.length;
	while (from < to && set.includes(text[from]!)) from++;
	while (to > from && set.includes(text[to - 1]!)) to--;
	return text.slice(from, to);
};

const split = (parts: readonly string[]): Data => table(parts.map((part, i) => [`_${i}`, part] as const));

/** strings.SplitN. */
function splitN(text: string, by: string, most: number): readonly string[] {
	if (most === 0) return [];
	const parts = text.split(by);
	return most < 0 || parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(by)];
}

function limited<T>(items: readonly T[], most: Data): readonly T[] {
	return Number(most) < 0 ? items : items.slice(0, Number(most));
}

function regexSplit(pattern: string, text: string, most: number): readonly string[] {
	if (most === 0) return [];
	const out: string[] = [];
	let at = 0;
	for (const match of text.matchAll(regex(pattern, 'g'))) {
		if (most > 0 && out.length === most - 1) break;
		if (match[0] === '' && (match.index === 0 || match.index === text.length)) continue;
		out.push(text.slice(at, match.index));
		at = match.index + match[0].length;
	}
	return [...out, text.slice(at)];
}

const title = (text: string): string =>
	text.replace(/(^|[^\p{L}\p{N}_'])(\p{Ll})/gu, (_, a: string, b: string) => a + b.toUpperCase());

const cutOctets = (text: string, from: number, to?: number): string => ofOctets(utf8(text).slice(from, to));

const REGEX: Functions = {
	Match: s(2, (pattern, text) => regex(pattern!).test(text!)),
	Find: s(2, (pattern, text) => regex(pattern!).exec(text!)?.[0] ?? ''),
	FindAll: {
		types: 'ssi',
		call: (pattern, text, most) =>
			limited(
				[...String(text).matchAll(regex(String(pattern), 'g'))].map((match) => match[0]),
				most,
			),
	},
	ReplaceAll: s(3, (pattern, text, by) => replaced(pattern!, text!, by!)),
	ReplaceAllLiteral: s(3, (pattern, text, by) => text!.replace(regex(pattern!, 'g'), () => by!)),
	Split: { types: 'ssi', call: (pattern, text, most) => regexSplit(String(pattern), String(text), Number(most)) },
};

export const TEXT: Functions = {
	abbrev: {
		types: 'is',
		call: (width, text) =>
			Number(width) < 4 || String(text).length <= Number(width)
				? text
				: `${String(text).slice(0, Number(width) - 3)}...`,
	},
	trunc: {
		types: 'is',
		call: (count, text) => {
			const n = Number(count);
			const { length } = utf8(String(text));
			if (n < 0 && length + n > 0) return cutOctets(String(text), length + n);
			return n >= 0 && length > n ? cutOctets(String(text), 0, n) : text;
		},
	},
	trim: s(1, (text) => text!.trim()),
	upper: s(1, (text) => text!.toUpperCase()),
	lower: s(1, (text) => text!.toLowerCase()),
	title: s(1, (text) => title(text!)),
	untitle: s(1, (text) => text!.replace(/(^|\s)(\S)/g, (_, a: string, b: string) => a + b.toLowerCase())),
	substr: {
		types: 'iis',
		call: (from, to, text) => {
			const [a, b, whole] = [Number(from), Number(to), String(text)];
			if (a < 0) return cutOctets(whole, 0, b);
			return b < 0 || b > utf8(whole).length ? cutOctets(whole, a) : cutOctets(whole, a, b);
		},
	},
	repeat: {
		types: 'is',
		call: (count, text) => {
			if (Number(count) < 0) throw new CallError('strings: negative Repeat count');
			if (Number(count) * String(text).length > 1_000_000)
				throw new CallError('the simulator makes texts of a million characters at most');
			return String(text).repeat(Number(count));
		},
	},
	trimall: s(2, (set, text) => trimBy(set!, text!)),
	trimAll: s(2, (set, text) => trimBy(set!, text!)),
	trimSuffix: s(2, (end, text) => (text!.endsWith(end!) ? text!.slice(0, text!.length - end!.length) : text)),
	trimPrefix: s(2, (start, text) => (text!.startsWith(start!) ? text!.slice(start!.length) : text)),
	nospace: s(1, (text) => text!.replace(/\s/g, '')),
	initials: s(1, (text) =>
		text!
			.split(/\s+/)
			.map((word) => [...word][0] ?? '')
			.join(''),
	),
	swapcase: s(1, (text) => [...text!].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('')),
	snakecase: s(1, (text) => words(text!).replaceAll(' ', '_').toLowerCase()),
	kebabcase: s(1, (text) => words(text!).replaceAll(' ', '-').toLowerCase()),
	camelcase: s(1, (text) => text!.replace(/(?:^|[-_\s]+)(\S)/g, (_, c: string) => c.toUpperCase())),
	wrap: { types: 'is', call: (width, text) => wrap(Number(width), '\n', String(text), false) },
	wrapWith: { types: 'iss', call: (width, by, text) => wrap(Number(width), String(by), String(text), true) },
	contains: s(2, (part, text) => text!.includes(part!)),
	hasPrefix: s(2, (part, text) => text!.startsWith(part!)),
	hasSuffix: s(2, (part, text) => text!.endsWith(part!)),
	quote: {
		types: 'a*',
		call: (...args) =>
			args
				.filter((arg) => arg !== undefined && arg !== null)
				.map((arg) => goQuote(strval(arg)))
				.join(' '),
	},
	squote: {
		types: 'a*',
		call: (...args) =>
			args
				.filter((arg) => arg !== undefined && arg !== null)
				.map((arg) => `'${goShow(arg)}'`)
				.join(' '),
	},
	cat: {
		types: 'a*',
		call: (...args) =>
			args
				.filter((arg) => arg !== undefined && arg !== null)
				.map(goShow)
				.join(' '),
	},
	indent: { types: 'is', call: indent },
	nindent: { types: 'is', call: (spaces, text) => `\n${indent(spaces, text)}` },
	replace: s(3, (old, by, text) => text!.replaceAll(old!, () => by!)),
	plural: { types: 'ssi', call: (one, many, count) => (count === 1n ? one : many) },
	sha1sum: s(1, (text) => hex(sha1(utf8(text!)))),
	sha256sum: s(1, (text) => hex(sha256(utf8(text!)))),
	adler32sum: s(1, (text) => adler32(text!)),
	toString: { types: 'a', call: strval },
	toStrings: { types: 'a', call: texts },
	split: s(2, (by, text) => split(text!.split(by!))),
	splitList: s(2, (by, text) => text!.split(by!)),
	splitn: { types: 'sis', call: (by, most, text) => split(splitN(String(text), String(by), Number(most))) },
	join: { types: 'sa', call: (by, list) => texts(list).join(String(by)) },
	sortAlpha: { types: 'a', call: (list) => (Array.isArray(list) ? [...texts(list)].sort() : [strval(list)]) },
	b64enc: s(1, (text) => base64(utf8(text!))),
	b64dec: s(1, (text) => unbase64(text!)),
	b32enc: s(1, (text) => {
		const raw = base32(utf8(text!)).replace(/=+$/, '');
		return raw.padEnd(Math.ceil(raw.length / 8) * 8, '=');
	}),
	b32dec: s(1, (text) => unbase32(text!)),
	regexQuoteMeta: s(1, (text) => text!.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
	atoi: s(1, (text) => (/^[-+]?\d+$/.test(text!) ? toInt(text!.replace(/^([-+]?)0+(?=\d)/, '$1')) : 0n)),
	...Object.fromEntries(
		Object.entries(REGEX).flatMap(([name, fn]) => [
			[`regex${name}`, fn],
			[`mustRegex${name}`, fn],
		]),
	),
};
