/** The words a figure needs, in one language. */
import { loadFigureText } from '../i18n/figure/index.ts';
import type { Language } from '../i18n/index.ts';
import { loadCiliumWhy, loadKernelWhy, loadWhy } from '../i18n/why/index.ts';
import type { Words } from './context.tsx';

/** Every word: for the build and for tests. */
export async function loadWords(language: Language): Promise<Words> {
	const [text, why] = await Promise.all([loadFigureText(language), loadWhy(language)]);
	return { language, text, why };
}

/** Without the reasons that only Cilium's programs give. */
export async function loadFirstWords(language: Language): Promise<Words> {
	const [text, why] = await Promise.all([loadFigureText(language), loadKernelWhy(language)]);
	return { language, text, why: { ...why } };
}

/** Puts Cilium's reasons among words loaded without them, when `others` are there too: what gives those reasons. */
export async function addCiliumWords(words: Words, others: Promise<unknown>): Promise<void> {
	const [why] = await Promise.all([loadCiliumWhy(words.language), others]);
	Object.assign(words.why, why);
}
