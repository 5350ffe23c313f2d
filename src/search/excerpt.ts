import { splitWords } from './apart.ts';

/** A piece of an excerpt; `mark` where it matches the query. */
export interface Piece {
	text: string;
	mark: boolean;
}

/** Words of an excerpt: of Latin words, or of single characters in Chinese and Korean. */
const LENGTH = { words: 28, characters: 70 };

/**
 * The part of a section's text around its densest matches, in pieces. `skip` words of heading stand before the text;
 * without a match after them, the text's beginning is shown.
 */
export function excerpt(text: string, positions: readonly number[], skip: number, apart: boolean): Piece[] {
	const words = splitWords(text);
	const length = apart ? LENGTH.characters : LENGTH.words;
	const inside = positions.filter((position) => position >= skip && position < words.length);
	let start = skip;
	let most = 0;
	for (const [at, position] of inside.entries()) {
		const within = inside.slice(at).filter((other) => other < position + length).length;
		if (within > most) {
			most = within;
			start = position;
		}
	}
	// A little of what comes before makes it a sentence.
	start = Math.max(skip, Math.min(start - Math.floor(length / 5), words.length - length));
	const end = Math.min(words.length, start + length);
	const marked = new Set(inside);
	const pieces: Piece[] = start > skip ? [{ text: '… ', mark: false }] : [];
	const add = (piece: string, mark: boolean): void => {
		const last = pieces.at(-1);
		if (last && last.mark === mark) last.text += piece;
		else pieces.push({ text: piece, mark });
	};
	for (let at = start; at < end; at++) {
		const { word, after } = words[at]!;
		add(word, marked.has(at));
		// The space between two marked words is marked too, the one after the last is not.
		if (after !== '') add(after, marked.has(at) && marked.has(at + 1));
	}
	if (end < words.length) pieces.push({ text: ' …', mark: false });
	return pieces;
}
