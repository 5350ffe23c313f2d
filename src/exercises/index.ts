/**
 * Exercises: what they are, how they are run and graded. Nothing here knows how they are drawn. `lab/` has a door of its
 * own: of it, what other lessons load has types only.
 */
export { fill } from './fill.ts';
export { goalRuns, grade, readPrediction } from './grade.ts';
export type * from './lab/types.ts';
export { runSituation, worldOf } from './run.ts';
export type {
	Answer,
	Assign,
	Choose,
	Entry,
	Exercise,
	ExerciseWords,
	Goal,
	Grade,
	Misconception,
	Order,
	Predict,
	Run,
	Situation,
	Variant,
} from './types.ts';
