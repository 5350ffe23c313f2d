/** Functions every template has, with their types. Source: Go text/template/funcs.go @ go1.18. */
import { GoStruct, goShow, goSprint, goSprintf, goType, isTable } from './go-print.ts';
import { CallError, type Functions } from './set-types.ts';
import type { Data } from './values.ts';

const kind = (value: Data): string =>
	value === undefined || value === null
		? 'invalid'
		: typeof value === 'bigint' || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
			? typeof value
			: 'other';

function equal(first: Data, others: readonly Data[]): boolean {
	if (kind(first) === 'other' && !(first instanceof GoStruct))
		throw new CallError(`uncomparable type ${goType(first)}: ${goShow(first)}`);
	if (others.length === 0) throw new CallError('missing argument for comparison');
	return others.some((other) => {
		if (kind(first) === 'invalid' || kind(other) === 'invalid') return kind(first) === kind(other);
		if (kind(first) !== kind(other)) throw new CallError('incompatible types for comparison');
		return first === other;
	});
}

function compare(a: Data, b: Data): number {
	if (!['bigint', 'number', 'string'].includes(kind(a))) throw new CallError('invalid type for comparison');
	if (kind(a) !== kind(b)) throw new CallError('incompatible types for comparison');
	return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
}

function position(key: Data, length: number, most = length - 1): number {
	if (typeof key !== 'bigint') {
		if (key === undefined || key === null) throw new CallError('cannot index slice/array with nil');
		throw new CallError(`cannot index slice/array with type ${goType(key)}`);
	}
	if (key < 0n || Number(key) > most) throw new CallError(`index out of range: ${key}`);
	return Number(key);
}

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

const ESCAPES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&#34;',
	"'": '&#39;',
};

export const BUILTINS: Functions = {
	index: {
		types: 'aa*',
		call: (value, ...keys) =>
			keys.reduce<Data>((at, key) => {
				if (at === undefined || at === null) throw new CallError('index of untyped nil');
				if (Array.isArray(at)) return at[position(key, at.length)];
				if (typeof at === 'string') return BigInt(octets(at)[position(key, octets(at).length)]!);
				if (isTable(at)) {
					if (typeof key !== 'string')
						throw new CallError(
							key === undefined || key === null
								? 'value is nil; should be of type string'
								: `value has type ${goType(key)}; should be string`,
						);
					return Object.hasOwn(at, key) ? at[key] : undefined;
				}
				throw new CallError(`can't index item of type ${goType(at)}`);
			}, value),
	},
	slice: {
		types: 'aa*',
		call: (value, from = 0n, to = undefined) => {
			if (typeof value !== 'string' && !Array.isArray(value))
				throw new CallError(`can't slice item of type ${goType(value)}`);
			const { length } = value;
			return value.slice(position(from, length, length), to === undefined ? length : position(to, length, length));
		},
	},
	len: {
		types: 'a',
		call: (value) => {
			if (typeof value === 'string') return BigInt(octets(value).length);
			if (Array.isArray(value)) return BigInt(value.length);
			if (isTable(value)) return BigInt(Object.keys(value).length);
			throw new CallError(
				value === undefined || value === null ? 'len of nil pointer' : `len of type ${goType(value)}`,
			);
		},
	},
	not: {
		types: 'a',
		call: (value) =>
			value === undefined ||
			value === null ||
			value === false ||
			value === 0 ||
			value === 0n ||
			value === '' ||
			(Array.isArray(value) && value.length === 0) ||
			(isTable(value) && Object.keys(value).length === 0),
	},
	print: { types: 'a*', call: (...args) => goSprint(args) },
	println: { types: 'a*', call: (...args) => `${args.map(goShow).join(' ')}\n` },
	printf: { types: 'sa*', call: (format, ...args) => goSprintf(format as string, args) },
	html: { types: 'a*', call: (...args) => goSprint(args).replace(/[&<>"']/g, (c) => ESCAPES[c]!) },
	js: {
		types: 'a*',
		call: (...args) =>
			goSprint(args).replace(/[\\'"<>&=\n\r\t]/g, (c) =>
				'\\\'"'.includes(c)
					? `\\${c}`
					: c === '\n'
						? '\\n'
						: c === '\r'
							? '\\r'
							: `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
			),
	},
	urlquery: {
		types: 'a*',
		call: (...args) =>
			encodeURIComponent(goSprint(args))
				.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
				.replace(/%20/g, '+'),
	},
	eq: { types: 'aa*', call: (first, ...others) => equal(first, others) },
	ne: { types: 'aa', call: (a, b) => !equal(a, [b]) },
	lt: { types: 'aa', call: (a, b) => compare(a, b) < 0 },
	le: { types: 'aa', call: (a, b) => compare(a, b) <= 0 },
	gt: { types: 'aa', call: (a, b) => compare(a, b) > 0 },
	ge: { types: 'aa', call: (a, b) => compare(a, b) >= 0 },
};
