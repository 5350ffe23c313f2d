/**
 * Text as go-yaml v2 writes it: which style keeps it, and where its lines break.
 *
 * Source: go.yaml.in/yaml v2.4.0 encode.go stringv, emitterc.go yaml_emitter_analyze_scalar, select_scalar_style and
 * write_*_scalar, yamlprivateh.go is_printable. A tab and what is beyond U+FFFF count as not printable there.
 */

/** Column after which a blank may become a line break (emitter best_width). */
const WIDTH = 80;

/** Scalars that a reader would take for something else than text. */
const RESOLVES =
	/^(?:|~|null|Null|NULL|y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|[-+]?(?:\d[\d_]*|0[xX][\da-fA-F_]+|0b[01_]+|0o[0-7_]+)|[-+]?(?:\.\d+|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)$/;

const PRINTABLE = /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/u;
const BREAK = /[\r\n\x85\u2028\u2029]/;
const BREAKS = /[\r\n\x85\u2028\u2029]/g;

/** What a value allows. */
interface Analysis {
	readonly plain: boolean;
	readonly single: boolean;
	readonly block: boolean;
}

function analysed(value: string): Analysis {
	const odd = !PRINTABLE.test(value) || / [\r\n\x85\u2028\u2029]/.test(value);
	const spaceAfterBreak = /[\r\n\x85\u2028\u2029] /.test(value);
	const plain =
		value !== '' &&
		!BREAK.test(value) &&
		!/^ | $/.test(value) &&
		!/^(?:---|\.\.\.)/.test(value) &&
		!/^[#,[\]{}&*!|>'"%@`]/.test(value) &&
		!/^[?:-](?:[ \t]|$)/.test(value) &&
		!/:(?:[ \t]|$)|[ \t]#/.test(value);
	return {
		plain: plain && !odd,
		single: !odd && !spaceAfterBreak,
		block: value !== '' && !odd && !value.endsWith(' '),
	};
}

/** A key: on one line, whatever it is. */
export function keyText(value: string): string {
	const { plain, single } = analysed(value);
	if (RESOLVES.test(value) || !single || BREAK.test(value)) return doubled(value, 0, undefined).join('');
	return plain ? value : `'${value.replaceAll("'", "''")}'`;
}

/** A string after what stands before it, on as many lines as it takes; more lines begin at `indent`. */
export function textLines(before: string, value: string, indent: number): string[] {
	const { plain, single, block } = analysed(value);
	const column = [...before].length;
	const after = (lines: readonly string[]): string[] => [before + (lines[0] ?? ''), ...lines.slice(1)];
	if (value.includes('\n'))
		return block ? after(literal(value, indent)) : after(doubled(value, column, ' '.repeat(indent)));
	if (RESOLVES.test(value)) return after(doubled(value, column, ' '.repeat(indent)));
	if (plain) return after(folded(value, column, ' '.repeat(indent), ''));
	return after(single ? folded(value, column, ' '.repeat(indent), "'") : doubled(value, column, ' '.repeat(indent)));
}

function literal(value: string, indent: number): readonly string[] {
	const chomp = !/[\r\n\x85\u2028\u2029]$/.test(value)
		? '-'
		: value.length === 1 || /[\r\n\x85\u2028\u2029]{2}$/.test(value)
			? '+'
			: '';
	const hint = /^[ \r\n\x85\u2028\u2029]/.test(value) ? '2' : '';
	const pad = ' '.repeat(indent);
	const ends = value.match(BREAKS) ?? [];
	const lines = value.split(BREAKS);
	let text = '';
	for (const [i, line] of lines.entries()) text += (line === '' ? '' : pad + line) + (ends[i] ?? '');
	return [`|${hint}${chomp}`, ...text.replace(/\n$/, '').split('\n')];
}

/** Plain and single-quoted scalars: a long line goes on below at a single blank. */
function folded(value: string, at: number, pad: string, quote: '' | "'"): readonly string[] {
	const chars = [...value];
	const lines: string[] = [];
	let line: string = quote;
	let column = at + quote.length;
	let spaces = false;
	let breaks = false;
	for (const [i, c] of chars.entries()) {
		if (c === ' ') {
			const inner = quote === '' || (i > 0 && i < chars.length - 1);
			if (!spaces && column > WIDTH && inner && chars[i + 1] !== ' ') {
				lines.push(line);
				line = pad;
				column = pad.length;
			} else {
				line += c;
				column++;
			}
			spaces = true;
			continue;
		}
		if (BREAK.test(c)) {
			line += c;
			column = 0;
			breaks = true;
			continue;
		}
		if (breaks) {
			line += pad;
			column = pad.length;
		}
		line += quote !== '' && c === "'" ? "''" : c;
		column += quote !== '' && c === "'" ? 2 : 1;
		spaces = false;
		breaks = false;
	}
	return [...lines, line + quote];
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
};

/** A character between double quotes; `all`: even if it could stand as it is. */
function escaped(c: string, all: boolean): string {
	const known = ESCAPES[c];
	if (known) return known;
	if (!all && PRINTABLE.test(c)) return c;
	const code = c.codePointAt(0)!;
	const digits = code <= 0xff ? 2 : code <= 0xffff ? 4 : 8;
	return `\\${digits === 2 ? 'x' : digits === 4 ? 'u' : 'U'}${code.toString(16).toUpperCase().padStart(digits, '0')}`;
}

/** In double quotes; without a `pad` on one line. */
function doubled(value: string, at: number, pad: string | undefined): readonly string[] {
	const chars = [...value];
	const lines: string[] = [];
	let line = '"';
	let column = at + 1;
	let spaces = false;
	// is_bom() is asked of the first character each time (emitterc.go yaml_emitter_write_double_quoted_scalar).
	const all = value.startsWith('\ufeff');
	for (const [i, c] of chars.entries()) {
		if (!all && c === ' ' && pad !== undefined && !spaces && column > WIDTH && i > 0 && i < chars.length - 1) {
			lines.push(line);
			line = chars[i + 1] === ' ' ? `${pad}\\` : pad;
			column = line.length;
		} else {
			const written = escaped(c, all);
			line += written;
			column += written.length;
		}
		spaces = c === ' ';
	}
	return [...lines, `${line}"`];
}
