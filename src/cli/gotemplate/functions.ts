/**
 * Functions a template may call.
 *
 * Source: Go text/template/funcs.go, fmt/print.go @ go1.21; `json`, `join`, `split`, `lower`, `upper`, `title`, `pad`,
 * `truncate`, `println` of docker templates/templates.go; `base64decode` of kubectl.
 */
import { TemplateError } from './tokens.ts';
import { type Data, isMap, show, sortedJson, truth } from './values.ts';

function compare(name: string, a: Data, b: Data): number {
	if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string'))
		throw new TemplateError(`template: error calling ${name}: incompatible types for comparison`);
	return a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0;
}

/** Largest width of fmt (tooLarge() in src/fmt/print.go). */
const MOST = 1_000_000;

const spaces = (count: Data): string => ' '.repeat(Math.min(MOST, Math.max(0, Number(count) || 0)));

/** `%d`, `%s`, `%q`, `%v`, `%x`, with width and flags. */
function sprintf(format: string, args: readonly Data[]): string {
	let next = 0;
	const out = format.replace(
		/%([-+0 #]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
		(_, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
			if (verb === '%') return '%';
			// fmt's parsenum() takes no number above a million, and is then at the end of the text.
			if (Number(width ?? 0) > MOST || Number(precision ?? 0) > MOST) return '%!(NOVERB)';
			if (next >= args.length) return `%!${verb}(MISSING)`;
			const value = args[next++];
			let text =
				verb === 'q'
					? JSON.stringify(show(value))
					: verb === 'x' && typeof value === 'number'
						? value.toString(16)
						: verb === 'f' && typeof value === 'number'
							? value.toFixed(Math.min(100, Number(precision ?? 6)))
							: show(value);
			if (verb === 's' && precision !== undefined) text = text.slice(0, Number(precision));
			if (width === undefined) return text;
			return flags.includes('-')
				? text.padEnd(Number(width))
				: text.padStart(Number(width), flags.includes('0') ? '0' : ' ');
		},
	);
	return next < args.length
		? `${out}%!(EXTRA ${args
				.slice(next)
				.map((arg) => `${typeof arg}=${show(arg)}`)
				.join(', ')})`
		: out;
}

type Fn = (...args: Data[]) => Data;

const text = (value: Data): string => (typeof value === 'string' ? value : show(value));

/** By name; what fails throws TemplateError. `and` and `or` are the runner's, as they stop early. */
export const FUNCTIONS: Readonly<Record<string, Fn>> = {
	index: (value, ...keys) =>
		keys.reduce<Data>((at, key) => {
			if (Array.isArray(at)) {
				if (typeof key !== 'number' || key < 0 || key >= at.length)
					throw new TemplateError(`template: error calling index: index out of range: ${show(key)}`);
				return at[key];
			}
			if (typeof at === 'string' && typeof key === 'number') return at.codePointAt(key);
			if (isMap(at)) return Object.hasOwn(at, String(key)) ? at[String(key)] : undefined;
			throw new TemplateError('template: error calling index: index of untyped nil');
		}, value),
	slice: (value, from = 0, to = undefined) =>
		typeof value === 'string' || Array.isArray(value)
			? value.slice(Number(from), to === undefined ? undefined : Number(to))
			: undefined,
	len: (value) =>
		typeof value === 'string'
			? new TextEncoder().encode(value).length
			: Array.isArray(value)
				? value.length
				: isMap(value)
					? Object.keys(value).length
					: 0,
	not: (value) => !truth(value),
	print: (...args) => args.map(show).join(args.some((arg) => typeof arg === 'string') ? '' : ' '),
	println: (...args) => `${args.map(show).join(' ')}\n`,
	printf: (format, ...args) => sprintf(text(format), args),
	html: (...args) =>
		args
			.map(show)
			.join('')
			.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
	js: (...args) => JSON.stringify(args.map(show).join('')).slice(1, -1),
	urlquery: (...args) => encodeURIComponent(args.map(show).join('')),
	eq: (a, ...rest) => rest.some((b) => a === b),
	ne: (a, b) => a !== b,
	lt: (a, b) => compare('lt', a, b) < 0,
	le: (a, b) => compare('le', a, b) <= 0,
	gt: (a, b) => compare('gt', a, b) > 0,
	ge: (a, b) => compare('ge', a, b) >= 0,
	json: (value) => sortedJson(value),
	join: (list, separator) => (Array.isArray(list) ? list.map(show).join(text(separator)) : show(list)),
	split: (value, separator) => text(value).split(text(separator)),
	lower: (value) => text(value).toLowerCase(),
	upper: (value) => text(value).toUpperCase(),
	title: (value) => text(value).replace(/\b\w/g, (c) => c.toUpperCase()),
	truncate: (value, length) => text(value).slice(0, Number(length)),
	pad: (value, before, after) => spaces(before) + text(value) + spaces(after),
	base64decode: (value) => {
		try {
			return new TextDecoder().decode(Uint8Array.from(atob(text(value)), (c) => c.charCodeAt(0)));
		} catch {
			throw new TemplateError('template: error calling base64decode: illegal base64 data at input byte 0');
		}
	},
	exists: (value, ...keys) =>
		keys.reduce<Data>(
			(at, key) => (isMap(at) ? at[String(key)] : Array.isArray(at) ? at[Number(key)] : undefined),
			value,
		) !== undefined,
};
