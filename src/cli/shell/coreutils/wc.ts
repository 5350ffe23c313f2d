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

/** One octet a character; in one pass, as there may be a million lines. */
function counted(text: string): Counts {
	const decoded = /[\x80-\xff]/.test(text) ? asText(text) : text;
	const counts = { lines: 0, words: 0, chars: 0, bytes: text.length, width: 0 };
	let at = 0;
	let inWord = false;
	for (const char of decoded) {
		counts.chars++;
		if (char === '\n') counts.lines++;
		if (char === '\n' || char === '\r' || char === '\f') at = 0;
		// Tabs go to the next multiple of eight.
		else if (char !== '\v') at += char === '\t' ? 8 - (at % 8) : 1;
		if (at > counts.width) counts.width = at;
		const space = BLANKS.includes(char);
		if (!space && !inWord) counts.words++;
		inWord = !space;
	}
	return counts;
}

const BLANKS = ' \t\n\r\f\v';

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
