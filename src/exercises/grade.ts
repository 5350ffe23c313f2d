/** Grading, one function per kind, behind one door. */

import { formatIp, parseIp } from '../sim/wire/index.ts';
import type { Settings } from '../sim/world/index.ts';
import { runSituation } from './run.ts';
import type { Answer, Exercise, Goal, Grade, Misconception, Run, Variant } from './types.ts';

/** Grades `answer` to `variant` of `exercise`. Never throws on what a learner can type. */
export function grade(exercise: Exercise, variant: Variant, answer: Answer): Grade {
	if (exercise.kind === 'goal') return gradeGoal(exercise, variant, answer as Partial<Settings>);
	const run = runSituation(variant.situation);
	switch (exercise.kind) {
		case 'predict': {
			const read = readPrediction(exercise.unit, String(answer));
			if (read === undefined) return { right: false, unreadable: true };
			if (read === exercise.expected(run)) return { right: true };
			return wrong(exercise.misconceptions, read, run);
		}
		case 'choose':
		case 'entry':
			if (answer === exercise.expected(run)) return { right: true };
			return wrong(exercise.misconceptions, String(answer), run);
		case 'order':
		case 'assign': {
			const given = Array.isArray(answer) ? answer.map(String) : [];
			const expected = exercise.expected(run);
			const at = expected.findIndex((item, i) => item !== given[i]);
			if (at < 0 && given.length === expected.length) return { right: true };
			return { ...wrong(exercise.misconceptions, given, run), at: Math.max(at, 0) };
		}
	}
}

/**
 * Reads what a learner typed as an address (a port after it is ignored, since ports are drawn) or a whole
 * number; undefined when it is neither.
 */
export function readPrediction(unit: 'address' | 'number', typed: string): string | undefined {
	const text = typed.trim();
	if (unit === 'number') return /^\d{1,9}$/.test(text) ? String(Number(text)) : undefined;
	const ip = parseIp(text.replace(/:\d{1,5}$/, ''));
	return ip === undefined ? undefined : formatIp(ip);
}

function wrong<A>(misconceptions: readonly Misconception<A>[], answer: A, run: Run): Grade {
	const shown = misconceptions.find((m) => m.holds(answer, run));
	if (!shown) return { right: false };
	return { right: false, misconception: shown.id, refutedBy: shown.refutedBy?.(run) };
}

function gradeGoal(exercise: Goal, variant: Variant, settings: Partial<Settings>): Grade {
	const runs = goalRuns(exercise, variant, settings);
	if (exercise.reached(runs)) return { right: true };
	const shown = exercise.misconceptions.find((m) => m.holds(settings, runs[0]!));
	const failing = runs.flatMap((run, i) => (exercise.reached([run]) ? [] : [i]));
	return { right: false, misconception: shown?.id, failing };
}

/** Every connection a goal looks at, under the settings the learner chose. */
export function goalRuns(exercise: Goal, variant: Variant, settings: Partial<Settings>): Run[] {
	const { scenario } = variant.situation;
	const merged = { ...variant.situation.settings, ...settings };
	return exercise.probes.map((probe) => runSituation({ scenario, settings: merged, probe }));
}
