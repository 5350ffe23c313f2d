/** What sprig's functions share: texts, numbers and emptiness of values. Source: Masterminds/sprig @ v3.2.2, spf13/cast. */
import { CallError, type Data, goShow, isTable } from '../../gotemplate/index.ts';

export const strval = (value: Data): string => (typeof value === 'string' ? value : goShow(value));

/** defaults.go empty(). */
export const empty = (value: Data): boolean =>
	value === undefined ||
	value === null ||
	value === false ||
	value === 0 ||
	value === 0n ||
	value === '' ||
	(Array.isArray(value) && value.length === 0) ||
	(isTable(value) && Object.keys(value).length === 0);

/** cast.ToInt64: what is no number is 0. */
export function toInt(value: Data): bigint {
	if (typeof value === 'bigint') return value;
	if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
	if (typeof value === 'boolean') return value ? 1n : 0n;
	if (typeof value !== 'string') return 0n;
	const text = value.trim();
	if (/^[-+]?0[xX][0-9a-fA-F]+$/.test(text)) return BigInt(text);
	if (/^[-+]?0[0-7]+$/.test(text)) return BigInt(Number.parseInt(text, 8));
	return /^[-+]?\d+$/.test(text) ? BigInt(text.replace('+', '')) : 0n;
}

export function toFloat(value: Data): number {
	if (typeof value === 'number') return value;
	if (typeof value === 'bigint') return Number(value);
	if (typeof value === 'boolean') return value ? 1 : 0;
	return typeof value === 'string' && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value)
		? Number(value)
		: 0;
}

/** Texts of a list without what is nothing in it (strslice()). */
export const texts = (value: Data): readonly string[] =>
	Array.isArray(value)
		? value.filter((item) => item !== undefined && item !== null).map(strval)
		: value === undefined || value === null
			? []
			: [strval(value)];

/** reflect.DeepEqual: 1 and 1.0 differ. */
export function deepEqual(a: Data, b: Data): boolean {
	if (a === b || ((a === undefined || a === null) && (b === undefined || b === null))) return true;
	if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => deepEqual(item, b[i]));
	if (!isTable(a) || !isTable(b)) return false;
	const names = Object.keys(a);
	return (
		names.length === Object.keys(b).length &&
		names.every((name) => Object.hasOwn(b, name) && deepEqual(a[name], b[name]))
	);
}

export function listOf(what: string, value: Data): readonly Data[] {
	if (Array.isArray(value)) return value;
	const kind = isTable(value)
		? 'map'
		: typeof value === 'bigint'
			? 'int'
			: typeof value === 'number'
				? 'float64'
				: typeof value === 'boolean'
					? 'bool'
					: typeof value;
	if (value === undefined || value === null)
		throw new CallError('runtime error: invalid memory address or nil pointer dereference');
	throw new CallError(`Cannot ${what} type ${kind}`);
}

/** Whole numbers as JSON has them. */
export function plain(value: Data): unknown {
	if (typeof value === 'bigint') return Number(value);
	if (Array.isArray(value)) return value.map(plain);
	if (isTable(value))
		return Object.fromEntries(
			Object.keys(value)
				.sort()
				.map((key) => [key, plain(value[key])]),
		);
	return value === undefined ? null : value;
}

/** Keys of one text to values, without a prototype's. */
export const table = (entries: Iterable<readonly [string, Data]>): { [key: string]: Data } => {
	const out: { [key: string]: Data } = {};
	for (const [key, value] of entries)
		Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true });
	return out;
};
