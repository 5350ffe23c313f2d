import { describe, expect, it } from 'vitest';
import { LANGUAGES, serverIp, serverNodeIp } from '../../src/content/index.ts';
import { type Answer, type Exercise, fill, grade, runSituation, type Variant } from '../../src/exercises/index.ts';
import { LESSONS } from './lessons.ts';

/** Numbers of a cluster of 27,000 services: one for each that was added to 1001, half of them, two for each. */
const LARGE = [12_999, 13_000, 25_999, 27_000, 51_998];

/** Everything a learner could plausibly hand in for this variant, the right answer among it. */
function candidates(exercise: Exercise, variant: Variant): readonly Answer[] {
	if (exercise.kind === 'goal') return [...exercise.wrong, ...exercise.solutions];
	const run = runSituation(variant.situation);
	switch (exercise.kind) {
		case 'predict': {
			if (exercise.unit === 'number') return [...Array(400).keys(), ...LARGE].map(String);
			const nodes = [2, 3, 4, 5].map((i) => `172.18.0.${i}`);
			return [...new Set(['172.18.0.1', ...nodes, serverIp(run), serverNodeIp(run), '10.96.101.186', '127.0.0.1'])];
		}
		case 'assign': {
			const rows = exercise.rows(run).length;
			const all = (n: number): string[][] =>
				n === 0 ? [[]] : all(n - 1).flatMap((row) => exercise.options.map((option) => [...row, option]));
			return all(rows);
		}
		case 'choose':
			return exercise.options;
		case 'entry':
			return exercise.rows(run);
		case 'order': {
			const right = exercise.expected(run);
			const swaps = right
				.slice(1)
				.map((_, i) => right.map((x, j) => (j === i ? right[i + 1]! : j === i + 1 ? right[i]! : x)));
			return [right, [...right].reverse(), ...swaps];
		}
	}
}

/** Those about a packet; those over the lab are proven in labs.test.ts. */
const ALL = LESSONS.flatMap(({ lesson, words }) =>
	lesson.exercises.flatMap((e) => ('lab' in e ? [] : [[lesson.id, e.id, e, words] as const])),
);

describe.each(ALL)('%s, exercise %s', (_, id, exercise, words) => {
	it('fails before anything was answered', () => {
		const nothing: Answer =
			exercise.kind === 'goal' ? {} : exercise.kind === 'order' || exercise.kind === 'assign' ? [] : '';
		for (const variant of exercise.variants) expect(grade(exercise, variant, nothing).right).toBe(false);
	});

	it('has exactly one right answer, or accepts every listed solution and no wrong state', () => {
		for (const variant of exercise.variants) {
			const right = candidates(exercise, variant).filter((answer) => grade(exercise, variant, answer).right);
			if (exercise.kind === 'goal') expect(right).toEqual(exercise.solutions);
			else expect(right, JSON.stringify(variant.words)).toHaveLength(1);
		}
	});

	it('meets each misconception it names, and points into the trace where it says so', () => {
		const met = new Set<string>();
		for (const variant of exercise.variants) {
			for (const answer of candidates(exercise, variant)) {
				const graded = grade(exercise, variant, answer);
				if (graded.misconception) met.add(graded.misconception);
				if (graded.refutedBy !== undefined) {
					expect(runSituation(variant.situation).outcome.trace[graded.refutedBy]).toBeDefined();
				}
			}
		}
		expect([...met].sort()).toEqual(exercise.misconceptions.map((m) => m.id).sort());
	});

	it('is not answered the same in all its variants, or shows each in another place', () => {
		expect(exercise.variants.length).toBeGreaterThanOrEqual(2);
		expect(new Set(exercise.variants.map((v) => JSON.stringify([v.situation, v.words]))).size).toBe(
			exercise.variants.length,
		);
	});

	it.each(LANGUAGES)('has all its words in %s', (language) => {
		const text = words[language]![id]!;
		expect(Object.keys(text.misconceptions).sort()).toEqual(exercise.misconceptions.map((m) => m.id).sort());
		if (exercise.kind === 'choose' || exercise.kind === 'assign')
			expect(Object.keys(text.options ?? {}).sort()).toEqual([...exercise.options].sort());
		for (const variant of exercise.variants) {
			const known = { ...variant.words, answer: 'x', at: '0' };
			const strings = [text.title, text.question, text.right, text.wrong, text.hint];
			for (const s of [...strings, ...Object.values(text.options ?? {}), ...Object.values(text.misconceptions)]) {
				expect(fill(s, known)).not.toMatch(/[{}]/);
			}
		}
	});

	it.each(LANGUAGES)('does not give the answer away in its hint, in %s', (language) => {
		if (exercise.kind !== 'predict') return;
		const text = words[language]![id]!;
		for (const variant of exercise.variants) {
			const answer = exercise.expected(runSituation(variant.situation));
			expect(fill(text.hint, variant.words)).not.toContain(answer);
		}
	});
});

it('the course has at least fourteen exercises of six kinds, and each has an id of its own', () => {
	expect(ALL.length).toBeGreaterThanOrEqual(14);
	expect(new Set(ALL.map(([, , e]) => e.kind)).size).toBe(6);
	const all = LESSONS.flatMap(({ lesson }) => lesson.exercises.map((e) => e.id));
	expect(new Set(all).size).toBe(all.length);
});

it.each(LESSONS)(
	'$lesson.id has at least six exercises of five kinds, in sections of its page, the last one open',
	({ lesson }) => {
		expect(lesson.exercises.length).toBeGreaterThanOrEqual(6);
		expect(new Set(lesson.exercises.map((e) => e.kind)).size).toBeGreaterThanOrEqual(5);
		for (const exercise of lesson.exercises) expect(lesson.sections).toContain(exercise.section);
		expect(lesson.exercises.at(-1)!.kind).toMatch(/^(goal|task)$/);
	},
);
