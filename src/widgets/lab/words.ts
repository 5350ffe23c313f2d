/** The words of the lab's parts, in one language. */
import type { Language } from '../../i18n/index.ts';
import { type LabText, loadLabText } from '../../i18n/lab/index.ts';

export interface LabWords {
	readonly language: Language;
	readonly text: LabText;
}

/** Between two sentences, and between words of code and text: Chinese sets no blank there. */
export const gapOf = ({ language }: LabWords): string => (language === 'zh' ? '' : ' ');

/** Before what a name is explained by, with the blanks of the language. */
export const colonOf = ({ language }: LabWords): string =>
	language === 'zh' ? '：' : language === 'fr' ? '\u202f: ' : ': ';

export const loadLabWords = async (language: Language): Promise<LabWords> => ({
	language,
	text: await loadLabText(language),
});
