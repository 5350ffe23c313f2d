/** Exercises over the lab and their words, each its own chunk; what other lessons load knows nothing of them. */
import type { ExerciseWords, LabExercise } from '../exercises/index.ts';
import type { Language } from '../i18n/index.ts';

type WordsModule = Readonly<Partial<Record<Language, Readonly<Record<string, ExerciseWords>>>>>;

const EXERCISES = import.meta.glob<{ exercises: readonly LabExercise[] }>('../../content/*/labs/index.ts');
const WORDS = import.meta.glob<WordsModule>('../../content/*/labs/words/{en,fr,ko,zh}.ts');

export interface LabExercises {
	readonly exercises: readonly LabExercise[];
	readonly words: Readonly<Record<string, ExerciseWords>>;
}

/** @throws Error when the lesson has no such exercises, or no words in this language: a mistake of the course. */
export async function loadLabExercises(lesson: string, language: Language): Promise<LabExercises> {
	const logic = EXERCISES[`../../content/${lesson}/labs/index.ts`];
	const words = WORDS[`../../content/${lesson}/labs/words/${language}.ts`];
	if (!logic || !words) throw new Error(`no exercises over the lab of ${lesson} in ${language}`);
	const [{ exercises }, said] = await Promise.all([logic(), words()]);
	return { exercises, words: said[language] ?? {} };
}
