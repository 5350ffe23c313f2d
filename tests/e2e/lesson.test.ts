/** A whole lesson, as somebody works through it: every switch of every figure, every part, every exercise. */
import { expect, it } from 'vitest';
import { type Exercise, runSituation } from '../../src/exercises/index.ts';
import { LESSONS as ALL } from '../content/lessons.ts';
import { EVERYWHERE, visiting } from './harness/index.ts';

const LANGUAGE = { 'chromium http': 'en', 'chromium file': 'fr', 'firefox http': 'zh', 'firefox file': 'ko' } as const;

/** Settings that reach the goal of an exercise, as its switches say them, and some that do not. */
const GOALS: Readonly<Record<string, { right: readonly [string, string][]; wrong: readonly [string, string][] }>> = {
	'every-worker': {
		right: [
			['externalTrafficPolicy', 'Local'],
			['replicas', '3'],
		],
		wrong: [['externalTrafficPolicy', 'Local']],
	},
	'all-four-doors': { right: [['mode', 'dsr']], wrong: [['podOn', 'basic-worker2']] },
};

/** Lessons whose exercises are about packets; those over the lab have a test of their own. */
const LESSONS = ALL.flatMap(({ lesson }) => {
	const exercises = lesson.exercises.filter((e): e is Exercise => !('lab' in e));
	return exercises.length === lesson.exercises.length ? [{ lesson: { ...lesson, exercises } }] : [];
});

type Given = string | readonly string[] | readonly [string, string][];

/** A right answer and a wrong one to what an exercise asks first, in the form in which a page is told them. */
function answersTo(exercise: Exercise): { right: Given; wrong: Given } {
	if (exercise.kind === 'goal') return GOALS[exercise.id]!;
	const run = runSituation(exercise.variants[0]!.situation);
	switch (exercise.kind) {
		case 'predict':
			return { right: exercise.expected(run), wrong: exercise.unit === 'number' ? '9999' : '192.0.2.7' };
		case 'choose': {
			const right = exercise.expected(run);
			return { right, wrong: exercise.options.find((option) => option !== right)! };
		}
		case 'entry': {
			const rows = exercise.rows(run);
			const right = rows.indexOf(exercise.expected(run));
			return { right: String(right), wrong: String(right === 0 ? 1 : 0) };
		}
		case 'order': {
			const right = exercise.expected(run);
			return { right, wrong: [...right].reverse() };
		}
		case 'assign': {
			const right = exercise.expected(run);
			const other = exercise.options.find((option) => option !== right[0])!;
			return { right, wrong: right.map((option, i) => (i === 0 ? other : option)) };
		}
	}
}

/** Runs in the page: gives an answer by the controls of the exercise, as a reader does, and hands it in. */
async function handIn({ id, kind, given }: { id: string; kind: string; given: Given }): Promise<void> {
	const all = <T extends Element>(selector: string) => [...document.querySelectorAll<T>(`#${id} ${selector}`)];
	const drawn = () => new Promise((resolve) => setTimeout(resolve, 30));
	const set = (control: HTMLInputElement | HTMLSelectElement, value: string): void => {
		control.value = value;
		control.dispatchEvent(new Event(control.type === 'text' ? 'input' : 'change', { bubbles: true }));
	};
	const pick = (value: string) =>
		all<HTMLInputElement>('input[type="radio"]')
			.find((i) => i.value === value)!
			.click();
	if (kind === 'predict') set(all<HTMLInputElement>('.ex-in input')[0]!, given as string);
	if (kind === 'choose' || kind === 'entry') pick(given as string);
	if (kind === 'assign') {
		for (const [i, option] of (given as string[]).entries()) {
			set(all<HTMLSelectElement>('.ex-assign select')[i]!, option);
			await drawn();
		}
	}
	if (kind === 'order') {
		const names = () => all('.ex-order code').map((code) => code.textContent);
		for (const [to, item] of (given as string[]).entries()) {
			for (let from = names().indexOf(item); from > to; from--) {
				all('.ex-order li')[from]!.querySelector('button')!.click();
				await drawn();
			}
		}
		if (names().join() !== (given as string[]).join()) throw new Error(`${id} is in the order ${names()}`);
	}
	if (kind === 'goal') {
		for (const [control, value] of given as [string, string][]) {
			const one = `[data-control="${control}"]`;
			const select = all<HTMLSelectElement>(`${one} select`)[0];
			if (select) set(select, value);
			else
				all<HTMLInputElement>(`${one} input`)
					.find((input) => input.value === value)!
					.click();
			await drawn();
		}
	}
	await drawn();
	all<HTMLFormElement>('form.ex-form')[0]!.requestSubmit();
}

/** Runs in the page: turns every switch of a figure to each of its values; says which did not take. */
async function turnAll(id: string): Promise<{ turned: number; stuck: string[] }> {
	const figure = document.getElementById(id)!;
	const drawn = async (): Promise<void> => {
		do await new Promise((resolve) => setTimeout(resolve, 20));
		while (figure.querySelector('[aria-busy="true"]'));
	};
	const names = [...figure.querySelectorAll<HTMLElement>('[data-control]')].map((c) => c.dataset.control!);
	const stuck: string[] = [];
	let turned = 0;
	for (const name of names) {
		const control = () => figure.querySelector<HTMLElement>(`[data-control="${name}"]`)!;
		const choices = () => [
			...control().querySelectorAll<HTMLInputElement | HTMLOptionElement>(
				'input:not(:disabled), option:not(:disabled)',
			),
		];
		for (const value of choices().map((choice) => choice.value)) {
			const choice = choices().find((one) => one.value === value);
			if (!choice) continue;
			const select = control().querySelector('select');
			if (select) {
				select.value = value;
				select.dispatchEvent(new Event('change', { bubbles: true }));
			} else choice.click();
			await drawn();
			turned++;
			const now = select
				? control().querySelector('select')!.value
				: control().querySelector<HTMLInputElement>(':checked')?.value;
			const told = figure.querySelector('.pw-outcome-h')?.textContent?.trim();
			if (now !== value || !told || figure.querySelector('[role="alert"]'))
				stuck.push(`${name}=${value}: ${now} ${told}`);
		}
	}
	return { turned, stuck };
}

/** Runs in the page: opens every part under a figure and every kind of table in it; says what stands there. */
async function openParts(id: string): Promise<{ tables: number; empty: string[]; map: number; fields: number }> {
	const figure = document.getElementById(id)!;
	const wait = async (there: () => unknown): Promise<void> => {
		for (let i = 0; i < 200 && !there(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
	};
	for (const summary of figure.querySelectorAll<HTMLElement>('.pw-fold:not([open]) > summary')) summary.click();
	await wait(() => figure.querySelector('.tb') && figure.querySelector('.tp svg'));
	const empty: string[] = [];
	let tables = 0;
	for (const input of [...figure.querySelectorAll<HTMLInputElement>('.tb-pick input:not(:disabled)')]) {
		input.click();
		await new Promise((resolve) => setTimeout(resolve, 30));
		tables++;
		if (!figure.querySelector('.tb')?.textContent?.trim()) empty.push(input.value);
	}
	figure.querySelector<HTMLElement>('.pw-rec.is-chosen .pw-more button')?.click();
	await wait(() => figure.querySelector('.by-fields tr'));
	return {
		tables,
		empty,
		map: figure.querySelectorAll('.tp .tp-room').length,
		fields: figure.querySelectorAll('.by-fields tr').length,
	};
}

visiting(EVERYWHERE, (visit) => {
	const language = LANGUAGE[`${visit.browser} ${visit.scheme}` as keyof typeof LANGUAGE];
	const isLive = (selector: string) => document.querySelector<HTMLElement>(selector)?.dataset.live === 'on';

	it.each(LESSONS)('every figure of $lesson.id takes every switch and opens every part', async ({ lesson }) => {
		await visit.tab.goto(visit.at(`${language}/${lesson.id}/index.html`));
		for (const id of Object.keys(lesson.walks)) {
			await visit.tab.run((walk) => document.getElementById(walk)!.scrollIntoView(), id);
			await visit.tab.until(isLive, `#${id}`);
			const parts = await visit.tab.run(openParts, id);
			expect(parts, id).toMatchObject({ empty: [] });
			expect(parts.tables, id).toBeGreaterThan(2);
			expect(parts.map, id).toBeGreaterThan(3);
			expect(parts.fields, id).toBeGreaterThan(10);
			const { turned, stuck } = await visit.tab.run(turnAll, id);
			expect(stuck, id).toEqual([]);
			expect(turned, id).toBeGreaterThan(3);
		}
	});

	it.each(LESSONS)('every exercise of $lesson.id is answered, wrong and right, and kept', async ({ lesson }) => {
		await visit.tab.goto(visit.at(`${language}/${lesson.id}/index.html`));
		for (const exercise of lesson.exercises) {
			const { id, kind } = exercise;
			await visit.tab.run((name) => {
				const element = document.getElementById(name)!;
				element.scrollIntoView();
				element.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
			}, id);
			await visit.tab.until(isLive, `#${id}`);
			const { right, wrong } = answersTo(exercise);
			await visit.tab.run(handIn, { id, kind, given: wrong });
			await visit.tab.until((name) => document.querySelector(`#${name} .ex-wrong .ex-no`), id);
			await visit.tab.run(handIn, { id, kind, given: right });
			await visit.tab.until((name) => document.querySelector(`#${name} .ex-right .ex-yes`), id);
			await visit.tab.until((name) => document.querySelector(`#${name} .ex-done:not([hidden])`), id);
		}
		await visit.tab.goto(visit.at(`${language}/index.html`));
		await visit.tab.until(
			([lessonId, count]) => document.querySelector(`[data-progress-of="${lessonId}"]`)?.textContent?.includes(count),
			[lesson.id, String(lesson.exercises.length)] as const,
		);
	});
});
