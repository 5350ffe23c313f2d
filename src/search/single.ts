/**
 * A query of one Han or Hangul character. The index holds each character as a word of its own, so it finds the
 * character within every word there is: 包 in 数据包, 칩 in 거칩니다. Where it is a word comes first.
 */
import { SEPARATOR } from './apart.ts';
import type { Hit } from './find.ts';
import type { OpenIndex } from './load.ts';
import { ENDINGS } from './query/korean.ts';

const SINGLE = /^(?:\p{Script=Han}|\p{Script=Hangul})$/u;

export const isSingle = (query: string): boolean => SINGLE.test(query);

/** How a character stands in a text: 2 as a word (in Korean, whatever particle follows), 1 at a word's beginning. */
export function standing(text: string, character: string, language: string): 0 | 1 | 2 {
	const plain = text.replaceAll(SEPARATOR, '');
	if (language === 'zh') {
		if (typeof Intl === 'undefined' || !('Segmenter' in Intl)) return 0;
		const words = new Intl.Segmenter('zh', { granularity: 'word' }).segment(plain);
		let begins = false;
		for (const { segment } of words) {
			if (segment === character) return 2;
			begins ||= segment.startsWith(character);
		}
		return begins ? 1 : 0;
	}
	const words = (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.startsWith(character));
	if (words.some((word) => word === character || ENDINGS.includes(word.slice(1)))) return 2;
	return words.length > 0 ? 1 : 0;
}

/** The same hits, those first in whose heading, then in whose text, the character is a word. */
export async function wordsFirst(index: OpenIndex, hits: readonly Hit[], character: string): Promise<Hit[]> {
	const ranked = await Promise.all(
		hits.map(async (hit) => {
			const heading = standing(hit.section.heading, character, index.language);
			const text = (await index.texts(hit.section.page))[hit.id] ?? '';
			return { hit, rank: heading === 2 ? 3 : Math.max(heading, standing(text, character, index.language)) };
		}),
	);
	return ranked.sort((a, b) => b.rank - a.rank).map(({ hit }) => hit);
}
