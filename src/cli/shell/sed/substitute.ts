/** `s` (do_subst of sed/execute.c @ v4.8). */
import { UsedUp } from './faults.ts';
import type { Pattern } from './pattern.ts';
import type { Substitution } from './program.ts';
import { replaced } from './replacement.ts';

/** Characters of a pattern space or a hold space. */
export const MOST_TEXT = 1024 * 1024;

export function bounded(text: string): string {
	if (text.length > MOST_TEXT) throw new UsedUp('the output is too large');
	return text;
}

/** Matches between two looks at whether the page has to breathe. */
const PATIENCE = 10_000;

/** The line with what was found replaced; undefined when nothing was. Stops where one may wait. */
export function* substituted(
	{ replacement, all, from }: Substitution,
	pattern: Pattern,
	line: string,
): Generator<void, string | undefined> {
	let out = '';
	let count = 0;
	/** Where what is not copied yet begins. */
	let start = 0;
	/** Behind the last match. */
	let end = 0;
	let any = false;
	for (let matches = 1; start <= line.length; matches++) {
		if (matches % PATIENCE === 0) yield;
		const match = pattern.find(line, start);
		if (!match) break;
		out += line.slice(start, match.from);
		let to = match.to;
		// Nothing right behind a match is no match of its own.
		if ((match.to > match.from || count === 0 || match.from > end) && ++count >= from) {
			any = true;
			out = bounded(out + replaced(replacement, line, match));
			start = to;
			if (!all) break;
		} else {
			if (to === match.from) {
				if (match.from >= line.length) {
					start = match.from;
					break;
				}
				to += line.codePointAt(to)! > 0xffff ? 2 : 1;
			}
			out += line.slice(match.from, to);
			start = to;
		}
		end = match.to;
	}
	return any ? bounded(out + line.slice(start)) : undefined;
}
