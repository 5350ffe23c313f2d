/** Exercises over the lab, proven: the start fails, solutions pass, wrong answers meet their misconception. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/content/index.ts';
import type { Asked, LabExercise, LabQuiz, Task, Write } from '../../src/exercises/index.ts';
import { gradeQuiz, gradeTask, gradeWrite, openBench } from '../../src/exercises/lab/index.ts';
import { namesIn } from '../../src/i18n/rich.ts';
import { LESSONS } from './lessons.ts';

const ALL = LESSONS.flatMap(({ lesson, words }) => {
	const files = Object.fromEntries(
		lesson.files.map((name) => [name, readFileSync(`content/${lesson.id}/files/${name}`, 'utf8')]),
	);
	const labs = lesson.exercises.filter((e): e is LabExercise => 'lab' in e);
	const languages = lesson.languages ?? LANGUAGES;
	return labs.map((exercise) => ({ id: exercise.id, exercise, words, files, languages }));
});
const of = <K extends LabExercise['kind']>(...kinds: readonly K[]) =>
	ALL.filter(({ exercise }) => (kinds as readonly string[]).includes(exercise.kind));

/** Everything a learner could plausibly hand in, the right answer among it. */
function candidates(exercise: LabQuiz, asked: Asked): readonly (string | readonly string[])[] {
	switch (exercise.kind) {
		case 'predict':
			if (exercise.unit === 'number') return [...Array(120).keys()].map(String);
			return [...Array(8).keys()].map((i) => `172.18.0.${i + 1}`);
		case 'choose':
			return exercise.options;
		case 'entry':
			return asked.rows!;
		case 'assign': {
			const all = (n: number): string[][] =>
				n === 0 ? [[]] : all(n - 1).flatMap((row) => exercise.options.map((option) => [...row, option]));
			return all(asked.rows!.length);
		}
		case 'order': {
			const right = asked.expected as readonly string[];
			const swaps = right
				.slice(1)
				.map((_, i) => right.map((x, j) => (j === i ? right[i + 1]! : j === i + 1 ? right[i]! : x)));
			return [right, [...right].reverse(), ...swaps];
		}
	}
}

describe.each(of('predict', 'choose', 'entry', 'order', 'assign'))('question $id', ({ exercise: any, files }) => {
	const exercise = any as LabQuiz;
	const asked = exercise.variants.map(
		(variant) => async () => exercise.ask(await openBench(variant.start, files), variant),
	);

	it('has one right answer in each variant, and it is not the same in all', async () => {
		expect(exercise.variants.length).toBeGreaterThanOrEqual(2);
		const rights: unknown[] = [];
		for (const ask of asked) {
			const read = await ask();
			const right = candidates(exercise, read).filter((answer) => gradeQuiz(exercise, read, answer).right);
			expect(right).toHaveLength(1);
			expect(gradeQuiz(exercise, read, exercise.kind === 'order' || exercise.kind === 'assign' ? [] : '').right).toBe(
				false,
			);
			rights.push(JSON.stringify([right[0], read.rows ?? '']));
		}
		expect(new Set(rights).size).toBeGreaterThan(1);
	});

	it('meets each misconception it names', async () => {
		const met = new Set<string>();
		for (const ask of asked) {
			const read = await ask();
			for (const answer of candidates(exercise, read)) {
				const { misconception } = gradeQuiz(exercise, read, answer);
				if (misconception) met.add(misconception);
			}
		}
		expect([...met].sort()).toEqual(exercise.misconceptions.map((m) => m.id).sort());
	});
});

describe.each(of('task'))('task $id', ({ exercise: any, files }) => {
	const task = any as Task;
	const { start } = task.variants[0]!;
	const outcome = async (lines: readonly string[]) => {
		const bench = await openBench(start, files);
		for (const line of lines) await bench.run(line);
		return gradeTask(task, bench.lab);
	};

	it('is not done at the beginning, and says what to look at', async () => {
		const graded = await outcome([]);
		expect(graded.right).toBe(false);
		expect(graded.reached!.length).toBeLessThan(task.goals.length);
		expect(task.hints.map((h) => h.id)).toContain(graded.hint);
	});
	it.each(task.solutions.map((lines) => [lines.join('\n'), lines] as const))('is done by\n%s', async (_, lines) => {
		const graded = await outcome(lines);
		expect(graded).toMatchObject({ right: true });
	});
	it('is done by none of the wrong ways, and they meet each misconception', async () => {
		const met = new Set<string>();
		const hints = new Set<string>();
		for (const lines of task.wrong) {
			const graded = await outcome(lines);
			expect(graded.right, lines.join('\n')).toBe(false);
			if (graded.misconception) met.add(graded.misconception);
			if (graded.hint) hints.add(graded.hint);
		}
		expect([...met].sort()).toEqual(task.misconceptions.map((m) => m.id).sort());
		expect(hints.size).toBeGreaterThan(0);
	});
});

describe.each(of('write'))('text $id', ({ exercise: any, files }) => {
	const exercise = any as Write;
	const variant = exercise.variants[0]!;
	const graded = (text: string) => gradeWrite(exercise, variant, text, files);

	it('is not right as it is given', async () => {
		expect((await graded(exercise.given(variant))).right).toBe(false);
	});
	it.each(exercise.solutions.map((text) => [text(variant)]))('is right as\n%s', async (text) => {
		expect(await graded(text)).toMatchObject({ right: true });
	});
	it('is right in none of the wrong ways, and they meet each misconception', async () => {
		const met = new Set<string>();
		for (const text of exercise.wrong.map((w) => w(variant))) {
			const grade = await graded(text);
			expect(grade.right, text).toBe(false);
			if (grade.misconception) met.add(grade.misconception);
		}
		expect([...met].sort()).toEqual(exercise.misconceptions.map((m) => m.id).sort());
	});
	it('tells where a text cannot be read', async () => {
		const text = exercise.given(variant).replace('apiVersion:', '\tapiVersion:');
		expect((await graded(text)).problem).toMatchObject({ line: 2 });
		expect(await graded('kind: [')).toMatchObject({ right: false, problem: { line: 1 } });
	});
});

it('a line that a tool refuses is named', async () => {
	for (const { exercise: any, files } of of('write')) {
		const exercise = any as Write;
		const variant = exercise.variants[0]!;
		const text = exercise.given(variant).replace('nodes:', 'nods:');
		const { refusedLine } = await gradeWrite(exercise, variant, text, files);
		expect(text.split('\n')[refusedLine! - 1]).toBe('nods:');
	}
});

describe.each(ALL)('words of $id', ({ exercise, words, languages }) => {
	it.each(languages)('are all there in %s', (language) => {
		const text = words[language]![exercise.id]!;
		expect(Object.keys(text.misconceptions).sort()).toEqual(exercise.misconceptions.map((m) => m.id).sort());
		if (exercise.kind === 'choose' || exercise.kind === 'assign')
			expect(Object.keys(text.options ?? {}).sort()).toEqual([...exercise.options].sort());
		if (exercise.kind === 'task' || exercise.kind === 'write') {
			expect(Object.keys(text.goals ?? {}).sort()).toEqual(exercise.goals.map((g) => g.id).sort());
			expect(Object.keys(text.hints ?? {}).sort()).toEqual(exercise.hints.map((h) => h.id).sort());
		}
		for (const variant of exercise.variants) {
			const known = new Set([...Object.keys(variant.words), 'answer', 'at']);
			const lists = [text.options, text.misconceptions, text.goals, text.hints].flatMap((l) => Object.values(l ?? {}));
			for (const s of [text.title, text.question, text.right, text.wrong, text.hint, ...lists])
				expect(namesIn(s).filter((name) => !known.has(name))).toEqual([]);
		}
	});
});
