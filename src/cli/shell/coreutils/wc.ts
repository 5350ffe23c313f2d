/** wc (coreutils src/wc.c @ v8.32). */
import { asText, type Desk } from './desk.ts';

interface Counts {
	readonly lines: number;
	readonly words: number;
	readonly chars: number;
	readonly bytes: number;
	/** Of the longest line. */
	readonly width: number;
}

/** Columns of a pipe's counts, whose size nobody knows before. */
const UNKNOWN = 7;

function counted(text: string): Counts {
	const lines = text.split('\n');
	const decoded = /[\x80-\xff]/.test(text) ? asText(text) : text;
	return {
		lines: lines.length - 1,
		words: (text.match(/[^ \t\n\r\f\v]+/g) ?? []).length,
		chars: [...decoded].length,
		bytes: text.length,
		width: Math.max(0, ...decoded.split('\n').map((line) => columns(line))),
	};
}

/** Tabs go to the next multiple of eight. */
function columns(line: string): number {
	let at = 0;
	for (const char of line) at += char === '\t' ? 8 - (at % 8) : 1;
	return at;
}

const ORDER = [
	['l', 'lines'],
	['w', 'words'],
	['m', 'chars'],
	['c', 'bytes'],
	['L', 'width'],
] as const;

export async function wc(desk: Desk): Promise<void> {
	const given = desk.options('lwmcL', [
		'lines>l',
		'words>w',
		'chars>m',
		'bytes>c',
		'max-line-length>L',
		'files0-from=',
	]);
	const asked = ORDER.filter(([letter]) => given.has(letter));
	const shown = asked.length > 0 ? asked : ORDER.filter(([letter]) => 'lwc'.includes(letter));
	const files = given.operands.length > 0 ? given.operands : ['-'];
	const piped = desk.input !== undefined && files.includes('-');
	const rows: [Counts, string][] = [];
	for (const file of files) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) {
			desk.fault(`${file}: ${found.wrong}`);
			if (found.wrong === 'Is a directory') rows.push([counted(''), file]);
		} else rows.push([counted(found.text), given.operands.length > 0 ? file : '']);
	}
	const total = rows.reduce((sum, [c]) => sum + c.bytes, 0);
	const width =
		files.length === 1 && shown.length === 1
			? 1
			: Math.max(piped || rows.some(([, f]) => f !== '' && f === '.') ? UNKNOWN : 1, String(total).length);
	const row = (counts: Counts, name: string): void =>
		desk.write(
			`${shown.map(([, key]) => String(counts[key]).padStart(width)).join(' ')}${name === '' ? '' : ` ${name}`}\n`,
		);
	for (const [counts, name] of rows) row(counts, name);
	if (files.length < 2) return;
	const sum = (key: keyof Counts): number => rows.reduce((n, [c]) => n + c[key], 0);
	row(
		{
			lines: sum('lines'),
			words: sum('words'),
			chars: sum('chars'),
			bytes: sum('bytes'),
			width: Math.max(0, ...rows.map(([c]) => c.width)),
		},
		'total',
	);
}
