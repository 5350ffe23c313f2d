/**
 * YAML as kubectl and helm print it: JSON with sorted keys through go-yaml v2.
 *
 * Source: sigs.k8s.io/yaml @ v1.3.0 over go.yaml.in/yaml v2.4.0 (encode.go stringv, emitterc.go: analysis of scalars,
 * folding at 80 columns, sequences that are not indented below their key).
 */
import type { Json } from '../../sim/api/index.ts';

/** Column after which a blank may become a line break (emitter best_width). */
const WIDTH = 80;

/** Prints one document, with a line end. */
export function printYaml(value: unknown): string {
	const json = value as Json;
	if (isEmpty(json) || typeof json !== 'object' || json === null) return `${inline(json, 0)}\n`;
	return `${block(json, 0).join('\n')}\n`;
}

const isEmpty = (value: Json): boolean =>
	typeof value === 'object' &&
	value !== null &&
	(Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0);

/** Maps print their keys as Go sorts strings: by octets, which for these names is by code unit. */
const keysOf = (value: { readonly [key: string]: Json | undefined }): readonly string[] =>
	Object.keys(value)
		.filter((key) => value[key] !== undefined)
		.sort(naturalLess);

/**
 * go-yaml sorts keys with an eye for numbers and letters (sorter.go keyList.Less): runs of digits count as numbers,
 * letters come after other characters.
 */
function naturalLess(a: string, b: string): number {
	const x = [...a];
	const y = [...b];
	const letter = (c: string): boolean => /\p{L}/u.test(c);
	const digit = (c: string): boolean => /\p{Nd}/u.test(c);
	let digits = false;
	for (let i = 0; i < x.length && i < y.length; i++) {
		if (x[i] === y[i]) {
			digits = digit(x[i]!);
			continue;
		}
		const al = letter(x[i]!);
		const bl = letter(y[i]!);
		if (al && bl) return x[i]! < y[i]! ? -1 : 1;
		if (al || bl) return digits ? (al ? -1 : 1) : bl ? -1 : 1;
		let an = 0;
		let bn = 0;
		if (x[i] === '0' || y[i] === '0') {
			for (let j = i - 1; j >= 0 && digit(x[j]!); j--)
				if (x[j] !== '0') {
					an = 1;
					bn = 1;
					break;
				}
		}
		let ai = i;
		for (; ai < x.length && digit(x[ai]!); ai++) an = an * 10 + Number(x[ai]);
		let bi = i;
		for (; bi < y.length && digit(y[bi]!); bi++) bn = bn * 10 + Number(y[bi]);
		if (an !== bn) return an - bn;
		if (ai !== bi) return ai - bi;
		return x[i]! < y[i]! ? -1 : 1;
	}
	return x.length - y.length;
}

/** Lines of a map or list that is not empty. */
function block(value: Json, indent: number): string[] {
	const pad = ' '.repeat(indent);
	if (Array.isArray(value))
		return value.flatMap((item: Json) => {
			if (typeof item === 'object' && item !== null && !isEmpty(item)) {
				const [first, ...rest] = block(item, indent + 2);
				return [`${pad}- ${first!.slice(indent + 2)}`, ...rest];
			}
			return scalarLines(`${pad}- `, item, indent);
		});
	const map = value as { readonly [key: string]: Json };
	return keysOf(map).flatMap((key) => {
		const item = map[key]!;
		const head = `${pad}${text(key, 0)}:`;
		if (typeof item === 'object' && item !== null && !isEmpty(item))
			return [head, ...block(item, Array.isArray(item) ? indent : indent + 2)];
		return scalarLines(`${head} `, item, indent);
	});
}

/** A scalar after what stands before it, on as many lines as it takes. */
function scalarLines(before: string, value: Json, indent: number): string[] {
	if (typeof value === 'string' && value.includes('\n') && literalAllowed(value)) {
		const lines = value.split('\n');
		const chomp = value.endsWith('\n\n') || value === '\n' ? '+' : value.endsWith('\n') ? '' : '-';
		const hint = /^[ \n]/.test(value) ? '2' : '';
		if (value.endsWith('\n')) lines.pop();
		const pad = ' '.repeat(indent + 2);
		return [`${before}|${hint}${chomp}`, ...lines.map((line) => (line === '' ? '' : pad + line))];
	}
	return fold(before, inline(value, before.length), indent + 2);
}

const inline = (value: Json, column: number): string => {
	if (value === null) return 'null';
	if (Array.isArray(value)) return '[]';
	if (typeof value === 'object') return '{}';
	return typeof value === 'string' ? text(value, column) : String(value);
};

/** Breaks a long line at single blanks, as the emitter does in plain and quoted scalars. */
function fold(before: string, scalar: string, indent: number): string[] {
	if (before.length + scalar.length <= WIDTH || !scalar.includes(' ')) return [before + scalar];
	const pad = ' '.repeat(indent);
	const double = scalar.startsWith('"');
	const lines: string[] = [];
	let line = before;
	let column = before.length;
	for (let i = 0; i < scalar.length; i++) {
		const c = scalar[i]!;
		const single = c === ' ' && scalar[i + 1] !== ' ' && scalar[i - 1] !== ' ' && i > 0 && i < scalar.length - 1;
		if (single && column > WIDTH) {
			lines.push(double ? `${line}` : line);
			line = pad;
			column = indent;
		} else {
			line += c;
			column++;
		}
	}
	return [...lines, line];
}

/** Scalars that a reader would take for something else than text. */
const RESOLVES =
	/^(?:|~|null|Null|NULL|y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|<<|[-+]?(?:\d[\d_]*|0[xX][\da-fA-F_]+|0b[01_]+|0o[0-7_]+)|[-+]?(?:\.\d+|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$/;

const PRINTABLE = /^[\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;

const literalAllowed = (value: string): boolean =>
	PRINTABLE.test(value) && !value.includes('\t\n') && !/ \n/.test(value) && !value.endsWith(' ');

/** A string in the first style that keeps it: plain, single quotes, double quotes. */
function text(value: string, _column: number): string {
	if (RESOLVES.test(value)) return double(value);
	if (!PRINTABLE.test(value) || value.includes('\n')) return double(value);
	if (plainAllowed(value)) return value;
	return `'${value.replaceAll("'", "''")}'`;
}

function plainAllowed(value: string): boolean {
	if (value === '' || /^[ \t]|[ \t]$/.test(value)) return false;
	if (/^(?:---|\.\.\.)/.test(value)) return false;
	if (/^[#,[\]{}&*!|>'"%@`]/.test(value)) return false;
	if (/^[?:-](?:\s|$)/.test(value)) return false;
	// In a block, a colon before a blank and a hash after one are read as something else.
	return !/: |:$|[ \t]#/.test(value) && !value.includes('\t');
}

const ESCAPES: Readonly<Record<string, string>> = {
	'\0': '\\0',
	'\x07': '\\a',
	'\b': '\\b',
	'\t': '\\t',
	'\n': '\\n',
	'\v': '\\v',
	'\f': '\\f',
	'\r': '\\r',
	'\x1b': '\\e',
	'"': '\\"',
	'\\': '\\\\',
	'\x85': '\\N',
	'\u2028': '\\L',
	'\u2029': '\\P',
	'\ufeff': '\\uFEFF',
};

const double = (value: string): string =>
	`"${[...value]
		.map((c) => {
			const known = ESCAPES[c];
			if (known) return known;
			if (PRINTABLE.test(c)) return c;
			const code = c.codePointAt(0)!;
			if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
			return code <= 0xffff
				? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
				: `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`;
		})
		.join('')}"`;
