/** Grading what was done in a lab. */
import { LineCounter, parseAllDocuments } from 'yaml';
import type { Lab } from '../../sim/lab/index.ts';
import { readPrediction } from '../grade.ts';
import { openBench } from './bench.ts';
import type {
	Asked,
	FileTexts,
	LabGoal,
	LabGrade,
	LabMisconception,
	LabQuiz,
	LabState,
	LabVariant,
	Task,
	TextProblem,
	Write,
} from './types.ts';

/** Virtual time a check waits for what was begun to come about: rollouts, images, nodes. */
export const CHECK_WAITS = 3 * 60e6;

/** Longest text that is read, in characters. */
const MAX_TEXT = 50_000;

/** Grades an answer to a question whose lab was begun. Never throws on what a learner can type. */
export function gradeQuiz(exercise: LabQuiz, asked: Asked, answer: string | readonly string[]): LabGrade {
	if (Array.isArray(asked.expected)) {
		const given = Array.isArray(answer) ? answer.map(String) : [];
		const at = asked.expected.findIndex((item, i) => item !== given[i]);
		if (at < 0 && given.length === asked.expected.length) return { right: true };
		return { ...shown(exercise, asked, given), at: Math.max(at, 0) };
	}
	const read = exercise.kind === 'predict' ? readPrediction(exercise.unit, String(answer)) : String(answer);
	if (read === undefined) return { right: false, unreadable: true };
	return read === asked.expected ? { right: true } : shown(exercise, asked, read);
}

function shown(exercise: LabQuiz, asked: Asked, answer: string | readonly string[]): LabGrade {
	const all = exercise.misconceptions as readonly LabMisconception<typeof answer>[];
	const found = all.find((m) => m.holds(answer, asked));
	return found ? { right: false, misconception: found.id } : { right: false };
}

/** Lets the lab go on until all goals hold or nothing is to be expected any more; answers those that hold then. */
function waitFor(goals: readonly LabGoal[], lab: Lab): readonly string[] {
	const all = () => goals.every((g) => g.holds(lab));
	if (!all()) lab.run(lab.now + CHECK_WAITS, all);
	return goals.filter((g) => g.holds(lab)).map((g) => g.id);
}

const first = <What>(states: readonly LabState<What>[], what: What): string | undefined =>
	states.find((s) => s.holds(what))?.id;

/** Grades the state of the lab the learner worked in. Virtual time goes on meanwhile. */
export function gradeTask(task: Task, lab: Lab): LabGrade {
	const reached = waitFor(task.goals, lab);
	if (reached.length === task.goals.length) return { right: true, reached };
	return { right: false, reached, misconception: first(task.misconceptions, lab), hint: first(task.hints, lab) };
}

/** Uses the text in a fresh lab and grades what comes of it. */
export async function gradeWrite(
	exercise: Write,
	variant: LabVariant,
	text: string,
	files: FileTexts = {},
): Promise<LabGrade> {
	const read = readYaml(text.slice(0, MAX_TEXT));
	if ('code' in read) return { right: false, reached: [], problem: read };
	const start = { ...variant.start, files: [...(variant.start.files ?? []), exercise.file] };
	const bench = await openBench(start, { ...files, [exercise.file]: text });
	const lines: string[] = [];
	for (const line of exercise.use) {
		lines.push(`$ ${line}`, ...(await bench.run(line)));
		if (bench.session.shell.lastCode !== 0) break;
	}
	const output = lines.join('\n');
	const { lab } = bench;
	const reached = waitFor(exercise.goals, lab);
	if (reached.length === exercise.goals.length) return { right: true, reached, output };
	const written = { text, value: read.value, lab, output };
	const refused = /\bline (\d+):/.exec(output)?.[1];
	return {
		right: false,
		reached,
		output,
		misconception: first(exercise.misconceptions, written),
		hint: first(exercise.hints, written),
		...(refused ? { refusedLine: Number(refused) } : {}),
	};
}

/** The first document's value, or where it cannot be read. */
export function readYaml(text: string): { readonly value: unknown } | TextProblem {
	const counter = new LineCounter();
	const documents = parseAllDocuments(text, { lineCounter: counter, uniqueKeys: true });
	const all = Array.isArray(documents) ? documents : [];
	for (const document of all) {
		const fault = document.errors[0];
		if (!fault) continue;
		const { line, col } = counter.linePos(fault.pos[0]);
		return { code: fault.code, line, column: col };
	}
	try {
		return { value: all[0]?.toJS({ maxAliasCount: 100 }) };
	} catch {
		return { code: 'BAD_ALIAS', line: 1, column: 1 };
	}
}
