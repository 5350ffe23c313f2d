/** Words of the terminal's editor; one language at a time is loaded. */
import type { Language } from '../../languages.ts';
import type { EditorText } from './types.ts';

export type { EditorText } from './types.ts';

/** The imports are literal: the build splits on them. */
export async function loadEditorText(language: Language): Promise<EditorText> {
	switch (language) {
		case 'fr':
			return (await import('./fr.ts')).editor;
		case 'zh':
			return (await import('./zh.ts')).editor;
		case 'ko':
			return (await import('./ko.ts')).editor;
		case 'en':
			return (await import('./en.ts')).editor;
	}
}
