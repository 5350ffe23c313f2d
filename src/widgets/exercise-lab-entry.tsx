/** Brings an exercise over the lab to life in place of its static content. */
import { render } from 'preact';
import { tools } from '../cli/index.ts';
import type { FileTexts } from '../exercises/index.ts';
import { labOf, setUp } from '../exercises/lab/index.ts';
import { isLanguage } from '../i18n/index.ts';
import { loadLabExerciseText } from '../i18n/lab-exercise/index.ts';
import { loadTerminalText } from '../i18n/terminal/index.ts';
import { readParam, shareableUrl, writeParam } from '../state/index.ts';
import { styleSheet } from '../styles/later.ts';
import sheet from '../styles/terminal.css?url';
import { drawOf } from './exercise-draw.ts';
import { ask, LabExerciseView } from './exercise-lab-view.tsx';
import { loadLabExercises } from './lab-modules.ts';
import { Machine } from './terminal/machine.ts';
import { loadFirstWords } from './words.ts';

export async function mountLabExercise(element: HTMLElement): Promise<void> {
	const { lang, lesson = '', labExercise: id = '', files: data = '{}' } = element.dataset;
	const language = isLanguage(lang) ? lang : 'en';
	const files = JSON.parse(data) as FileTexts;
	const [words, text, all] = await Promise.all([
		loadFirstWords(language),
		loadLabExerciseText(language),
		loadLabExercises(lesson, language),
	]);
	const exercise = all.exercises.find((e) => e.id === id);
	const say = all.words[id];
	if (!exercise || !say) throw new Error(`no exercise ${id} in ${lesson}`);
	const count = exercise.variants.length;
	const terminal = exercise.kind === 'task' ? await loadTerminalText(language) : undefined;
	if (terminal) await styleSheet(sheet).catch(() => undefined);
	let turn = 0;

	const show = async (draw: number): Promise<void> => {
		const mine = ++turn;
		const variant = exercise.variants[draw]!;
		const machine = terminal && new Machine({ lab: await labOf(variant.start), tools });
		if (machine) {
			// Nobody waits for what was done before.
			machine.setSpeed('instant');
			await setUp(machine.session, variant.start, files);
			machine.setSpeed('fast');
		}
		const asked = await ask(exercise, variant, files);
		// Another question was asked for meanwhile.
		if (mine !== turn) return;
		const next = (draw + 1) % count;
		const typed = element.dataset.live === 'on' ? [] : fieldsOf(element).map((field) => field.value);
		element.dataset.live = 'on';
		render(
			<LabExerciseView
				key={mine}
				{...{ exercise, draw, say, words, text, lesson, files, asked, machine, terminal }}
				onRestart={() => void show(draw)}
				onFresh={
					count > 1
						? () => {
								writeParam(id, next === 0 ? undefined : String(next + 1));
								void show(next);
							}
						: undefined
				}
				address={() => shareableUrl(draw === 0 ? {} : { [id]: String(draw + 1) }, id)}
			/>,
			element,
		);
		await writeAgain(element, typed);
	};
	await show(drawOf(readParam(id), count));
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Fields whose value is the learner's; radio buttons and checkboxes are pressed again by the page. */
const fieldsOf = (element: HTMLElement): Field[] => [
	...element.querySelectorAll<Field>('input:not([type="radio"], [type="checkbox"]), textarea, select'),
];

/**
 * What was written while the exercise was fetched stays written, one field after the other: each is drawn before the
 * next is told. Nothing when other fields have come, as in a task.
 */
async function writeAgain(element: HTMLElement, typed: readonly string[]): Promise<void> {
	if (fieldsOf(element).length !== typed.length) return;
	for (const [i, text] of typed.entries()) {
		const field = fieldsOf(element)[i];
		if (!field || field.value === text) continue;
		field.value = text;
		field.dispatchEvent(new Event(field.localName === 'select' ? 'change' : 'input', { bubbles: true }));
		await new Promise((drawn) => setTimeout(drawn));
	}
}
