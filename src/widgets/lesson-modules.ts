/** Exercises of a lesson and their words, each its own chunk: loaded for the lesson and language in use. */
import type { Exercise, ExerciseWords } from '../exercises/index.ts';
import type { Language } from '../i18n/index.ts';

type WordsModule = Readonly<Partial<Record<Language, Readonly<Record<string, ExerciseWords>>>>>;

const EXERCISES = import.meta.glob<{ exercises: readonly Exercise[] }>('../../content/*/exercises/index.ts');
const WORDS = import.meta.glob<WordsModule>('../../content/*/words/{en,fr,ko,zh}.ts');

export interface LessonExercises {
	readonly exercises: readonly Exercise[];
	readonly words: Readonly<Record<string, ExerciseWords>>;
}

/** @throws Error when the lesson has no exercises, or no words in this language: a mistake of the course. */
export async function loadExercises(lesson: string, language: Language): Promise<LessonExercises> {
	const logic = EXERCISES[`../../content/${lesson}/exercises/index.ts`];
	const words = WORDS[`../../content/${lesson}/words/${language}.ts`];
	if (!logic || !words) throw new Error(`no exercises of ${lesson} in ${language}`);
	const [{ exercises }, said] = await Promise.all([logic(), words()]);
	return { exercises, words: said[language] ?? {} };
}
