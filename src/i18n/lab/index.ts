/** Words of the lab's parts in lessons and of the sandbox; one language at a time is loaded. */
import type { Language } from '../languages.ts';
import type { LabText } from './types.ts';

export type { LabText, Verdict } from './types.ts';

/** Words in one language. The imports are literal: the build splits on them. */
export async function loadLabText(language: Language): Promise<LabText> {
	switch (language) {
		case 'fr':
			return (await import('./fr.ts')).lab;
		case 'zh':
			return (await import('./zh.ts')).lab;
		case 'ko':
			return (await import('./ko.ts')).lab;
		case 'en':
			return (await import('./en.ts')).lab;
	}
}
