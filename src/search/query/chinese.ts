import { phrase, type Term } from './term.ts';

/** Function words: they occur in nearly every section. */
const FAINT = new Set(
	'的 了 在 是 吗 呢 吧 啊 把 被 和 与 或 及 也 都 就 会 要 有 没 不 这 那 个 为 对 从 到 上 下 里 中 我 你 它 哪 谁 怎么 什么 哪里 哪个 哪些 为什么 如何 怎样 多少 时候'.split(
		' ',
	),
);

/** Words of a run: the browser's segmenter, or pairs of characters where it has none. */
function segments(run: string): string[] {
	if (typeof Intl !== 'undefined' && 'Segmenter' in Intl) {
		const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
		return [...segmenter.segment(run)].map(({ segment }) => segment);
	}
	const characters = [...run];
	return characters.slice(1).map((character, at) => `${characters[at]}${character}`);
}

/** A term for one word: as a phrase, and for longer words the pairs of characters in it. */
function word(text: string): Term {
	const characters = [...text];
	const alternatives = [{ ask: phrase(text), factor: 1 }];
	if (characters.length >= 3)
		for (let at = 0; at + 2 <= characters.length; at++)
			alternatives.push({ ask: phrase(characters.slice(at, at + 2).join('')), factor: 0.45 });
	const faint = FAINT.has(text) || characters.length === 1;
	return { alternatives, weight: faint ? 0.15 : 1 };
}

/** A run of Chinese, which has no spaces: the whole as a phrase, and its words. */
export function chineseTerms(run: string): Term[] {
	const words = segments(run);
	if (words.length <= 1) return [word(run)];
	const pairs: Term[] = [];
	// Neighbouring words stand together more often than not; and segmenters do not agree on where words end.
	for (let at = 0; at + 1 < words.length; at++) {
		const pair = `${words[at]}${words[at + 1]}`;
		if (pair !== run) pairs.push({ alternatives: [{ ask: phrase(pair), factor: 1 }], weight: 0.3, bonus: true });
	}
	const whole: Term = { alternatives: [{ ask: phrase(run), factor: 1 }], weight: 1, bonus: true };
	return [whole, ...words.map(word), ...pairs];
}
