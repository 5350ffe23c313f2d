/**
 * Values with Go's types, and how fmt writes them: whole numbers are bigints (int, int64), numbers are float64.
 *
 * Source: Go fmt/{print,format}.go, strconv/ftoa.go @ go1.17.
 */
import type { Data } from './values.ts';

/** A value of Go's that has methods and named fields: `.Files`, `.Capabilities.APIVersions`. */
export class GoStruct {
	readonly type: string;
	readonly fields: Readonly<Record<string, Data>>;
	readonly methods: Readonly<Record<string, (...args: Data[]) => Data>>;

	constructor(
		type: string,
		fields: Readonly<Record<string, Data>>,
		methods: Readonly<Record<string, (...args: Data[]) => Data>> = {},
	) {
		this.type = type;
		this.fields = fields;
		this.methods = methods;
	}
}

export type Table = { readonly [key: string]: Data };

export const isTable = (value: Data): value is Table =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof GoStruct);

/** `float64`, `map[string]interface {}`. */
export function goType(value: Data): string {
	if (value === undefined || value === null) return '<nil>';
	if (typeof value === 'bigint') return 'int';
	if (typeof value === 'number') return 'float64';
	if (typeof value === 'boolean') return 'bool';
	if (typeof value === 'string') return 'string';
	if (Array.isArray(value)) return '[]interface {}';
	return value instanceof GoStruct ? value.type : 'map[string]interface {}';
}

/** `%v` of a float64: shortest digits, with an exponent below -4 and from 6 on. */
export function goFloat(value: number): string {
	if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
	const [digits = '', exponent = '0'] = value.toExponential().split('e');
	const power = Number(exponent);
	if (value === 0 || (power >= -4 && power < 6)) return String(value);
	return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** `%v` inside of other values. */
export function goShow(value: Data): string {
	if (value === undefined || value === null) return '<nil>';
	if (typeof value === 'number') return goFloat(value);
	if (Array.isArray(value)) return `[${value.map(goShow).join(' ')}]`;
	// A Stringer says what it is.
	if (value instanceof GoStruct && value.methods.String) return String(value.methods.String());
	if (value instanceof GoStruct) return `{${Object.values(value.fields).map(goShow).join(' ')}}`;
	if (isTable(value))
		return `map[${Object.keys(value)
			.sort()
			.map((key) => `${key}:${goShow(value[key])}`)
			.join(' ')}]`;
	return String(value);
}

/** What an action prints: `<no value>` for nothing. */
export const goPrinted = (value: Data): string =>
	value === undefined || value === null ? '<no value>' : goShow(value);

export const goQuote = (text: string): string =>
	`"${[...text]
		.map((c) => {
			const known = {
				'"': '\\"',
				'\\': '\\\\',
				'\n': '\\n',
				'\t': '\\t',
				'\r': '\\r',
				'\b': '\\b',
				'\f': '\\f',
				'\v': '\\v',
				'\u0007': '\\a',
			}[c];
			if (known) return known;
			const code = c.codePointAt(0)!;
			return code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : c;
		})
		.join('')}"`;

/** fmt.Sprint: blanks between operands when neither is a string. */
export const goSprint = (args: readonly Data[]): string =>
	args
		.map((arg, i) =>
			i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string' ? ` ${goShow(arg)}` : goShow(arg),
		)
		.join('');

/** Largest width of fmt (tooLarge() in print.go). */
const MOST = 1_000_000;

const INTEGERS: Readonly<Record<string, (value: bigint) => string>> = {
	d: (value) => value.toString(),
	v: (value) => value.toString(),
	b: (value) => value.toString(2),
	o: (value) => value.toString(8),
	x: (value) => value.toString(16),
	X: (value) => value.toString(16).toUpperCase(),
	c: (value) => String.fromCodePoint(Number(value)),
	q: (value) => `'${String.fromCodePoint(Number(value))}'`,
	U: (value) => `U+${value.toString(16).toUpperCase().padStart(4, '0')}`,
};

const exponent = (text: string): string => text.replace(/e([-+])(\d)$/, 'e$10$2');

const FLOATS: Readonly<Record<string, (value: number, precision: number | undefined) => string>> = {
	v: (value) => goFloat(value),
	g: (value, precision) =>
		precision === undefined ? goFloat(value) : goFloat(Number(value.toPrecision(Math.min(100, precision || 1)))),
	f: (value, precision) => value.toFixed(Math.min(100, precision ?? 6)),
	F: (value, precision) => value.toFixed(Math.min(100, precision ?? 6)),
	e: (value, precision) => exponent(value.toExponential(Math.min(100, precision ?? 6))),
	E: (value, precision) => exponent(value.toExponential(Math.min(100, precision ?? 6))).toUpperCase(),
};

const hex = (text: string): string =>
	[...new TextEncoder().encode(text)].map((octet) => octet.toString(16).padStart(2, '0')).join('');

const STRINGS: Readonly<Record<string, (value: string) => string>> = {
	s: (value) => value,
	v: (value) => value,
	q: goQuote,
	x: hex,
	X: (value) => hex(value).toUpperCase(),
};

/** One value by a verb; undefined where the verb is not for it. */
function one(verb: string, value: Data, precision: number | undefined, flags: string): string | undefined {
	if (verb === 'T') return goType(value);
	if (value === undefined || value === null) return verb === 'v' ? '<nil>' : undefined;
	if (typeof value === 'string') {
		const cut = precision === undefined ? value : [...value].slice(0, precision).join('');
		return flags.includes('#') && verb === 'v' ? goQuote(cut) : STRINGS[verb]?.(cut);
	}
	if (typeof value === 'boolean') return verb === 't' || verb === 'v' ? String(value) : undefined;
	const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
	if (typeof value === 'bigint') {
		const text = INTEGERS[verb]?.(value);
		return text !== undefined && value >= 0n && 'dv'.includes(verb) ? sign + text : text;
	}
	if (typeof value === 'number') {
		const text = FLOATS[verb]?.(value, precision);
		return text !== undefined && value >= 0 ? sign + text : text;
	}
	const inner = (item: Data): string => one(verb, item, precision, flags) ?? bad(verb, item);
	if (Array.isArray(value)) return `[${value.map(inner).join(' ')}]`;
	// A Stringer says what it is.
	if (value instanceof GoStruct && value.methods.String) return String(value.methods.String());
	if (value instanceof GoStruct) return `{${Object.values(value.fields).map(inner).join(' ')}}`;
	return `map[${Object.keys(value)
		.sort()
		.map((key) => `${one(verb, key, undefined, flags) ?? bad(verb, key)}:${inner((value as Table)[key])}`)
		.join(' ')}]`;
}

const bad = (verb: string, value: Data): string =>
	value === undefined || value === null ? `%!${verb}(<nil>)` : `%!${verb}(${goType(value)}=${goShow(value)})`;

/** fmt.Sprintf. */
export function goSprintf(format: string, args: readonly Data[]): string {
	let next = 0;
	const out = format.replace(
		/%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.|$)/gsu,
		(_, flags: string, wide: string | undefined, exact: string | undefined, verb: string) => {
			const number = (text: string | undefined): number | undefined =>
				text === undefined ? undefined : text === '*' ? Number(args[next++]) : Number(text);
			const width = number(wide);
			const precision = number(exact);
			if (verb === '') return '%!(NOVERB)';
			if (verb === '%') return '%';
			if ((width ?? 0) > MOST || (precision ?? 0) > MOST) return '%!(NOVERB)';
			if (next >= args.length) return `%!${verb}(MISSING)`;
			const value = args[next++];
			const text = one(verb, value, precision, flags) ?? bad(verb, value);
			if (width === undefined) return text;
			const length = [...text].length;
			const pad = Math.max(0, width - length);
			if (flags.includes('-')) return text + ' '.repeat(pad);
			if (!flags.includes('0') || typeof value === 'string') return ' '.repeat(pad) + text;
			return /^[-+]/.test(text) ? text[0] + '0'.repeat(pad) + text.slice(1) : '0'.repeat(pad) + text;
		},
	);
	if (next >= args.length) return out;
	const extra = args
		.slice(next)
		.map((arg) => (arg === undefined || arg === null ? '<nil>' : `${goType(arg)}=${goShow(arg)}`));
	return `${out}%!(EXTRA ${extra.join(', ')})`;
}
