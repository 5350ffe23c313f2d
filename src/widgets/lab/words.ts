/** The words of the lab's parts, in one language. */
import type { Language } from '../../i18n/index.ts';
import { type LabText, loadLabText } from '../../i18n/lab/index.ts';

export interface LabWords {
	readonly language: Language;
	readonly text: LabText;
}

export const loadLabWords = async (language: Language): Promise<LabWords> => ({
	language,
	text: await loadLabText(language),
});
