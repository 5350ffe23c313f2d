/** An exercise over the lab as the build writes it. */
import { renderToString } from 'preact-render-to-string';
import type { FileTexts } from '../exercises/index.ts';
import { loadLabExerciseText } from '../i18n/lab-exercise/index.ts';
import type { Words } from './context.tsx';
import { ask, LabExerciseView } from './exercise-lab-view.tsx';
import { loadLabExercises } from './lab-modules.ts';

export interface StaticLabExercise {
	readonly html: string;
	/** What is said while the lab is being loaded, and when it cannot be. */
	readonly opening: string;
	readonly failed: string;
}

/** HTML of an exercise's content. `files`: text of the lesson's files by name. */
export async function renderLabExercise(
	lesson: string,
	id: string,
	words: Words,
	files: FileTexts,
): Promise<StaticLabExercise> {
	const text = await loadLabExerciseText(words.language);
	const { exercises, words: said } = await loadLabExercises(lesson, words.language);
	const exercise = exercises.find((e) => e.id === id);
	const say = said[id];
	if (!exercise || !say) throw new Error(`${lesson} has no exercise "${id}" with words in ${words.language}`);
	const asked = await ask(exercise, exercise.variants[0]!, files);
	const props = { exercise, draw: 0, say, words, text, lesson, files, asked };
	const html = renderToString(
		<LabExerciseView
			{...props}
			address={() => ''}
			onFresh={exercise.variants.length > 1 ? () => {} : undefined}
			still
		/>,
	);
	return { html, opening: text.opening, failed: text.failed };
}
