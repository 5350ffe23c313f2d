/** nl (coreutils src/nl.c @ v8.32). */
import { asText, type Desk, Leave, octets } from '../coreutils/desk.ts';
import { Machine } from '../grep/machine.ts';
import { PosixReader } from '../grep/posix.ts';
import { PatternError } from '../grep/tree.ts';
import { lineGroups, numberIn, quote } from './lines.ts';

type Style = (line: string) => boolean | 'counted';

const SECTIONS = ['f', 'b', 'h'] as const;

/** `a`, `t`, `n` or `pBRE`; undefined of anything else. */
function styleOf(word: string): Style | undefined {
	if (word === 'a') return () => 'counted';
	if (word === 't') return (line) => line !== '';
	if (word === 'n') return () => false;
	if (word[0] !== 'p') return undefined;
	let machine: Machine;
	try {
		machine = new Machine(new PosixReader(word.slice(1), false, false).read(), true);
	} catch (error) {
		if (error instanceof PatternError) throw new Leave(`nl: ${error.message}\n`);
		throw error;
	}
	return (line) => machine.find(asText(line), 0) !== undefined;
}

export async function nl(desk: Desk): Promise<void> {
	const given = desk.options('b:d:f:h:i:l:n:ps:v:w:', [
		'header-numbering=>h',
		'body-numbering=>b',
		'footer-numbering=>f',
		'starting-line-number=>v',
		'line-increment=>i',
		'no-renumber>p',
		'join-blank-lines=>l',
		'number-separator=>s',
		'number-width=>w',
		'number-format=>n',
		'section-delimiter=>d',
	]);
	const styles: Record<'h' | 'b' | 'f', Style> = { h: styleOf('n')!, b: styleOf('t')!, f: styleOf('n')! };
	let bad = false;
	for (const [name, value] of given.all) {
		const what = { h: 'header', b: 'body', f: 'footer' }[name];
		if (what !== undefined) {
			const style = styleOf(value);
			if (style) styles[name as 'h'] = style;
			else {
				desk.say(`nl: invalid ${what} numbering style: ${quote(desk, value)}\n`);
				bad = true;
			}
		} else if (name === 'n' && !/^(?:ln|rn|rz)$/.test(value)) {
			desk.say(`nl: invalid line numbering format: ${quote(desk, value)}\n`);
			bad = true;
		}
	}
	const whole = (letter: string, least: number, what: string, otherwise: number): number => {
		const word = given.value(letter);
		return word === undefined ? otherwise : numberIn(desk, word, least, 2 ** 53, `invalid ${what}`);
	};
	const start = whole('v', -(2 ** 53), 'starting line number', 1);
	const increment = whole('i', -(2 ** 53), 'line number increment', 1);
	const joined = whole('l', 1, 'line number of blank lines', 1);
	const width = whole('w', 1, 'line number field width', 6);
	if (bad) throw new Leave("Try 'nl --help' for more information.\n");
	const apart = octets(given.value('s') ?? '\t');
	const format = given.value('n') ?? 'rn';
	const two = octets(given.value('d') ?? '\\:');
	const mark = two.length === 1 ? `${two}:` : two;
	const shown = (n: number): string => {
		if (format === 'ln') return String(n).padEnd(width);
		if (format === 'rn') return String(n).padStart(width);
		return n < 0 ? `-${String(-n).padStart(width - 1, '0')}` : String(n).padStart(width, '0');
	};
	let number = start;
	let section: 'h' | 'b' | 'f' = 'b';
	let blanks = 0;
	for await (const lines of lineGroups(desk, given.operands)) {
		let out = '';
		for (const line of lines) {
			const times = mark === '' ? 0 : line.length / mark.length;
			if ([1, 2, 3].includes(times) && line === mark.repeat(times)) {
				section = SECTIONS[times - 1]!;
				if (!given.has('p')) number = start;
				out += '\n';
				continue;
			}
			const found = styles[section](line);
			let counts = found !== false;
			if (found === 'counted' && joined > 1) {
				// Of blank lines each so-manieth has a number.
				if (line !== '') blanks = 0;
				else if (++blanks === joined) blanks = 0;
				else counts = false;
			}
			out += counts ? `${shown(number)}${apart}${line}\n` : `${' '.repeat(width + apart.length)}${line}\n`;
			if (counts) number += increment;
		}
		desk.write(out);
	}
}
