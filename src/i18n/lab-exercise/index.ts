/** Words of exercises over the lab; one language at a time is loaded. */
import type { Language } from '../languages.ts';
import type { LabExerciseText } from './types.ts';

export type { LabExerciseText, YamlCode } from './types.ts';

/** The imports are literal: the build splits on them. */
export async function loadLabExerciseText(language: Language): Promise<LabExerciseText> {
	switch (language) {
		case 'fr':
			return (await import('./fr.ts')).labExercise;
		case 'zh':
			return (await import('./zh.ts')).labExercise;
		case 'ko':
			return (await import('./ko.ts')).labExercise;
		case 'en':
			return (await import('./en.ts')).labExercise;
	}
}
