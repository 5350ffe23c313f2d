/** Brings one exercise to life in place of its static content. */
import { render } from 'preact';
import { isLanguage } from '../i18n/index.ts';
import { readParam, shareableUrl, writeParam } from '../state/index.ts';
import { ExerciseView } from './exercise.tsx';
import { drawOf } from './exercise-draw.ts';
import { loadExercises } from './lesson-modules.ts';
import { makeReady } from './simulator.ts';
import { loadFirstWords } from './words.ts';

export async function mountExercise(element: HTMLElement): Promise<void> {
	const { lang, lesson = '', exercise: id = '' } = element.dataset;
	const language = isLanguage(lang) ? lang : 'en';
	const [words, all] = await Promise.all([loadFirstWords(language), loadExercises(lesson, language)]);
	const exercise = all.exercises.find((e) => e.id === id);
	const say = all.words[id];
	if (!exercise || !say) throw new Error(`${lesson} has no ${id}`);
	await makeReady(
		exercise.variants.map((v) => v.situation),
		words,
	);
	// Where the focus was, so that bringing it to life does not take it away.
	const focused = element.contains(document.activeElement) ? focusPath(element) : -1;
	let known = readParam(id);
	const show = (from: number) =>
		render(
			<ExerciseView
				key={`${known}`}
				{...{ exercise, say, words, lesson, from }}
				onDraw={(n) => writeParam(id, n === 0 ? undefined : String(n + 1))}
				addressOf={(n) => shareableUrl(n === 0 ? {} : { [id]: String(n + 1) }, id)}
			/>,
			element,
		);
	show(drawOf(known, exercise.variants.length));
	element.dataset.live = 'on';
	if (focused >= 0) focusables(element)[focused]?.focus();
	// A link to another question, followed while the page is open.
	window.addEventListener('hashchange', () => {
		const now = readParam(id);
		if (now === undefined || now === known) return;
		known = now;
		show(drawOf(now, exercise.variants.length));
	});
}

function focusables(element: HTMLElement): HTMLElement[] {
	return [...element.querySelectorAll<HTMLElement>('input, button, select, summary')];
}

function focusPath(element: HTMLElement): number {
	return focusables(element).indexOf(document.activeElement as HTMLElement);
}
