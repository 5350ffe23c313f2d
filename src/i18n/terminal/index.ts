/** Words of the terminal; one language at a time is loaded. */
import type { Language } from '../languages.ts';
import type { TerminalText } from './types.ts';

export type { TerminalText } from './types.ts';

/** The terminal's words in one language. The imports are literal: the build splits on them. */
export async function loadTerminalText(language: Language): Promise<TerminalText> {
	switch (language) {
		case 'fr':
			return (await import('./fr.ts')).terminal;
		case 'zh':
			return (await import('./zh.ts')).terminal;
		case 'ko':
			return (await import('./ko.ts')).terminal;
		case 'en':
			return (await import('./en.ts')).terminal;
	}
}
