/** Values of options that are words from a list, and numbers with units (gnulib argmatch.c and xstrtol.c). */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { quote } from './lines.ts';

/** The word of a list that `given` is, or begins alone. @throws Leave */
export function choice(desk: Desk, option: string, given: string, known: readonly string[], code = 1): string {
	const exact = known.find((word) => word === given);
	const begun = known.filter((word) => word.startsWith(given));
	if (exact !== undefined || begun.length === 1) return exact ?? begun[0]!;
	const kind = begun.length > 1 ? 'ambiguous' : 'invalid';
	const list = known.map((word) => `  - ${quote(desk, word)}\n`).join('');
	throw new Leave(
		`${desk.name}: ${kind} argument ${quote(desk, given)} for ${quote(desk, option)}\nValid arguments are:\n${list}Try '${desk.name} --help' for more information.\n`,
		code,
	);
}

/** A count that may be hexadecimal or octal and have a unit. @throws Leave with what is wrong of which option */
export function amount(desk: Desk, option: string, word: string, units = 'bkKmMGTPE'): number {
	const [, digits, unit = ''] = /^\s*\+?(0[xX][\da-fA-F]+|\d+)(.*)$/s.exec(word) ?? [];
	const wrong = (what: string): Leave => new Leave(`${desk.name}: ${what}${option} argument '${word}'\n`);
	if (digits === undefined) throw wrong('invalid ');
	const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
	if (unit === '') return value;
	const [, letter = '', kind = ''] = /^([a-zA-Z])(B|iB)?$/.exec(unit) ?? [];
	if (letter === '' || !units.includes(letter)) throw wrong('invalid suffix in ');
	if (letter === 'b') return value * 512;
	return value * (kind === 'B' ? 1000 : 1024) ** ('KMGTPE'.indexOf(letter.toUpperCase()) + 1);
}
