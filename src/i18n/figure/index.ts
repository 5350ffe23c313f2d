/** Words of the figure; one language at a time is loaded. */
import type { Language } from '../languages.ts';
import type { FigureText } from './types.ts';

export type { FieldName, FigureText, StationKindName } from './types.ts';

/** The figure's words in one language. The imports are literal: the build splits on them. */
export async function loadFigureText(language: Language): Promise<FigureText> {
	switch (language) {
		case 'fr':
			return (await import('./fr.ts')).figure;
		case 'zh':
			return (await import('./zh.ts')).figure;
		case 'ko':
			return (await import('./ko.ts')).figure;
		case 'en':
			return (await import('./en.ts')).figure;
	}
}
