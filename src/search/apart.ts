/**
 * Chinese has no spaces and Korean glues particles and compounds, so both are indexed syllable by syllable: a zero
 * width space on each side of a Han or Hangul character makes it a word, and a run of them is asked as a phrase.
 */
export const SEPARATOR = '\u200B';
const CJK = '[\\p{Script=Han}\\p{Script=Hangul}]';
const EDGE = new RegExp(`(?<=\\S)(?=${CJK})|(?<=${CJK})(?=\\S)`, 'gu');

export const isApart = (language: string): boolean => language === 'ko' || language === 'zh';

/** Text with each Han or Hangul character made a word of its own. */
export const apart = (text: string): string => text.normalize('NFC').replace(EDGE, SEPARATOR);

/** What French leaves of a word before a vowel: `l’`, `d’`, `qu’`. */
const ELISIONS = /(?<!\p{L})(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['’ʼ](?=\p{L})/giu;

/** French text with elided words apart from those they lean on: `l’adresse` holds the word `adresse`. */
export const unelided = (text: string): string => text.normalize('NFC').replace(ELISIONS, '$& ');

/** A text's words as Pagefind counts their positions, each with the separator that follows it. */
export function splitWords(text: string): { word: string; after: string }[] {
	const words: { word: string; after: string }[] = [];
	// A separator is invisible; a space is not, and ends a word as well.
	for (const [, word = '', after = ''] of text.matchAll(/([^\s\u200B]+)([\s\u200B]*)/gu))
		words.push({ word, after: /\s/.test(after) ? ' ' : '' });
	return words;
}
