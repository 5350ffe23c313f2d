/** What `s` puts in: text, parts of what was found, and changes of case (setup_replacement of sed/compile.c @ v4.8). */
import type { Match } from '../grep/machine.ts';
import { escapeAt } from './escapes.ts';

type Case = 'upper' | 'lower' | undefined;

interface Piece {
	readonly text: string;
	/** Of the next piece that has any characters, all of them and the first. */
	readonly all: Case;
	readonly first: Case;
	/** Which parentheses follow the text; 0 for all that was found. */
	readonly group: number | undefined;
}

export interface Replacement {
	readonly pieces: readonly Piece[];
	/** The highest number it asks for. */
	readonly groups: number;
}

/** @param source characters, up to the delimiter */
export function replacementOf(source: string, posix: boolean): Replacement {
	const pieces: Piece[] = [];
	let groups = 0;
	let text = '';
	let all: Case;
	let first: Case;
	const add = (group?: number): void => {
		pieces.push({ text, all, first, group });
		text = '';
		first = undefined;
	};
	for (let i = 0; i < source.length; i++) {
		const letter = source[i]!;
		if (letter === '&') {
			add(0);
			continue;
		}
		if (letter !== '\\') {
			text += letter;
			continue;
		}
		const meant = escapeAt(source, i + 1);
		if (meant) {
			text += String.fromCharCode(meant.code);
			i = meant.to - 1;
			continue;
		}
		const next = source[++i];
		if (next === undefined) text += '\\';
		else if (next >= '0' && next <= '9') {
			groups = Math.max(groups, Number(next));
			add(Number(next));
		} else if (posix || !'LUElu'.includes(next)) text += next;
		else {
			add();
			if (next === 'l' || next === 'u') first = next === 'l' ? 'lower' : 'upper';
			else all = next === 'L' ? 'lower' : next === 'U' ? 'upper' : undefined;
		}
	}
	if (text !== '') add();
	return { pieces, groups };
}

/** One character for one, as towupper(3) has it. */
function changed(text: string, how: Case): string {
	if (how === undefined) return text;
	let out = '';
	for (const letter of text) {
		const other = how === 'upper' ? letter.toUpperCase() : letter.toLowerCase();
		out += other.length === letter.length ? other : letter;
	}
	return out;
}

function cased(text: string, all: Case, first: Case): string {
	if (first === undefined) return changed(text, all);
	const [head = ''] = text;
	return changed(head, first) + changed(text.slice(head.length), all);
}

/** The text for one match. */
export function replaced({ pieces }: Replacement, line: string, match: Match): string {
	let out = '';
	/** What was to change the first character of a piece that had none. */
	let waiting: Case;
	for (const { text, all, first, group } of pieces) {
		let now = first ?? waiting;
		waiting = undefined;
		if (text !== '') {
			out += cased(text, all, now);
			now = undefined;
		}
		if (group === undefined) continue;
		const from = group === 0 ? match.from : (match.slots[2 * group] ?? -1);
		const to = group === 0 ? match.to : (match.slots[2 * group + 1] ?? -1);
		if (from < 0 || to <= from) {
			if (first !== undefined) waiting = now;
		} else out += cased(line.slice(from, to), all, now);
	}
	return out;
}
