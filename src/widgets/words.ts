/** The words a figure needs, in one language. */
import { loadFigureText } from '../i18n/figure/index.ts';
import type { Language } from '../i18n/index.ts';
import { loadWhy } from '../i18n/why/index.ts';
import type { Words } from './context.tsx';

export async function loadWords(language: Language): Promise<Words> {
	const [text, why] = await Promise.all([loadFigureText(language), loadWhy(language)]);
	return { language, text, why };
}
