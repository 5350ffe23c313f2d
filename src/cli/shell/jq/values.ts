/** Values of jq (1.6, jv.c), their order, and how they are written (jv_print.c). */

/** An object keeps its keys in their order, numbers among them, which a JavaScript object does not. */
export type Value = null | boolean | number | string | readonly Value[] | ReadonlyMap<string, Value>;

/** What `error` throws, and what operations say. */
export class JqError extends Error {
	readonly value: Value;

	constructor(value: Value) {
		super(typeof value === 'string' ? value : '');
		this.value = value;
	}
}

export const isArray = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isObject = (value: Value | undefined): value is ReadonlyMap<string, Value> => value instanceof Map;

export function typeOf(value: Value): string {
	if (value === null) return 'null';
	if (isArray(value)) return 'array';
	return isObject(value) ? 'object' : typeof value;
}

export const truthy = (value: Value): boolean => value !== null && value !== false;

const ORDER = ['null', 'false', 'true', 'number', 'string', 'array', 'object'];
const rank = (value: Value): number => ORDER.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value));

/** By code points, as octets of UTF-8 are ordered. */
export function compareTexts(a: string, b: string): number {
	const [x, y] = [[...a], [...b]];
	for (let i = 0; i < Math.min(x.length, y.length); i++) {
		const difference = x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
		if (difference !== 0) return difference;
	}
	return x.length - y.length;
}

export const sortedKeys = (value: ReadonlyMap<string, Value>): string[] => [...value.keys()].sort(compareTexts);

/** jv_cmp(): types first; what is no number is below every number. */
export function compare(a: Value, b: Value): number {
	if (rank(a) !== rank(b)) return rank(a) - rank(b);
	if (typeof a === 'number') {
		const other = b as number;
		return a < other || Number.isNaN(a) ? -1 : a === other ? 0 : 1;
	}
	if (typeof a === 'string') return compareTexts(a, b as string);
	if (isArray(a)) {
		const other = b as readonly Value[];
		for (let i = 0; i < Math.min(a.length, other.length); i++) {
			const order = compare(a[i]!, other[i]!);
			if (order !== 0) return order;
		}
		return a.length - other.length;
	}
	if (!isObject(a)) return 0;
	const other = b as ReadonlyMap<string, Value>;
	const keys = sortedKeys(a);
	const byKeys = compare(keys, sortedKeys(other));
	if (byKeys !== 0) return byKeys;
	for (const key of keys) {
		const order = compare(a.get(key)!, other.get(key)!);
		if (order !== 0) return order;
	}
	return 0;
}

export const equal = (a: Value, b: Value): boolean => compare(a, b) === 0;

/** jvp_dtoa_fmt(): as few digits as tell the number from its neighbours. */
export function numberText(value: number): string {
	if (Number.isNaN(value)) return 'null';
	if (!Number.isFinite(value)) return `${value < 0 ? '-' : ''}1.7976931348623157e+308`;
	if (value === 0) return Object.is(value, -0) ? '-0' : '0';
	const [, sign = '', first = '', more = '', exponent = '0'] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(
		value.toExponential(),
	)!;
	const digits = first + more;
	const point = Number(exponent) + 1;
	if (point <= -4 || point > digits.length + 15) {
		const power = Math.abs(point - 1);
		return `${sign}${first}${more && `.${more}`}e${point - 1 < 0 ? '-' : '+'}${String(power).padStart(2, '0')}`;
	}
	if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
	return `${sign}${digits.slice(0, point).padEnd(point, '0')}${digits.length > point ? `.${digits.slice(point)}` : ''}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
	'"': '\\"',
	'\\': '\\\\',
	'\b': '\\b',
	'\f': '\\f',
	'\n': '\\n',
	'\r': '\\r',
	'\t': '\\t',
};
const unit = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

export function quotedText(text: string, ascii = false): string {
	const plain = text
		// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
		.replace(/["\\\u0000-\u001f\u007f]/g, (char) => ESCAPES[char] ?? unit(char))
		.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
	return `"${ascii ? plain.replace(/[\u0080-\uffff]/g, unit) : plain}"`;
}

export interface Look {
	/** What a level is moved to the right by; all in one line when absent. */
	readonly indent?: string;
	readonly sorted?: boolean;
	readonly colours?: boolean;
	readonly ascii?: boolean;
}

/** Colours of 1.6: null, false, true, numbers, texts, arrays, objects; keys. */
const COLOURS: Readonly<Record<string, string>> = {
	null: '1;30',
	boolean: '0;39',
	number: '0;39',
	string: '0;32',
	array: '1;39',
	object: '1;39',
};
const KEY = '34;1';
const RESET = '\u001b[0m';

/** A value as JSON. */
export function textOf(value: Value, look: Look = {}, level = 0): string {
	if (level > 10_000) return '<skipped: too deep>';
	const { indent, colours } = look;
	const colour = colours ? `\u001b[${COLOURS[typeOf(value)]}m` : '';
	const reset = colours ? RESET : '';
	if (!isArray(value) && !isObject(value)) {
		const plain =
			typeof value === 'number'
				? numberText(value)
				: typeof value === 'string'
					? quotedText(value, look.ascii)
					: String(value);
		return colour + plain + reset;
	}
	const [open, close] = isArray(value) ? '[]' : '{}';
	const items = isArray(value)
		? value.map((item): [undefined, Value] => [undefined, item])
		: look.sorted
			? sortedKeys(value).map((key): [string, Value] => [key, value.get(key)!])
			: [...value];
	if (items.length === 0) return `${colour}${open}${close}${colours && level === 0 ? reset : colours ? reset : ''}`;
	const line = (depth: number): string => (indent === undefined ? '' : `\n${indent.repeat(depth)}`);
	const colon = indent === undefined ? ':' : ': ';
	let text = colour + open;
	for (const [i, [key, item]] of items.entries()) {
		if (i > 0) text += isArray(value) || !colours ? `${colour}${i > 0 ? ',' : ''}` : `${colour},`;
		text += line(level + 1);
		if (key !== undefined)
			text += colours
				? `${reset}\u001b[${KEY}m${quotedText(key, look.ascii)}${reset}${colour}${colon}${reset}`
				: quotedText(key, look.ascii) + colon;
		text += textOf(item, look, level + 1);
	}
	return `${text}${colour}${line(level)}${colour}${close}${reset}`;
}

/** As errors name a value: at most fourteen characters of it (jv_dump_string_trunc()). */
export function briefly(value: Value, most = 14): string {
	const text = textOf(value);
	return `${typeOf(value)} (${text.length > most ? `${text.slice(0, most - 3)}...` : text})`;
}
