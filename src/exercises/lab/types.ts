/**
 * Exercises over the lab: the learner's machine with Docker, kind and what runs in its clusters. They are a family of
 * their own, since nothing of the lab may be in what a page loads before such an exercise is begun.
 *
 * As with the others, no answer is stored: it is read out of the lab, or the lab's state is the answer.
 */
import type { Session } from '../../cli/index.ts';
import type { Lab } from '../../sim/lab/index.ts';
import type { Grade } from '../types.ts';

/** How the learner's machine stands when the exercise begins. */
export interface LabStart {
	/** Preset of the lab. */
	readonly preset: string;
	/** Lessons' files in the home directory, by name. */
	readonly files?: readonly string[];
	/** Command lines that were run before, one after the other. */
	readonly before?: readonly string[];
}

/** Text of files by name. */
export type FileTexts = Readonly<Record<string, string>>;

/** A lab that was begun, and a shell in it. */
export interface Bench {
	readonly lab: Lab;
	readonly session: Session;
	/** Runs a line on the laptop and gives what it wrote: both streams, as a script sees them. */
	run(line: string): Promise<readonly string[]>;
}

/** One draw of an exercise: where it begins, and the values its text is filled with (`{key}`). */
export interface LabVariant {
	readonly start: LabStart;
	readonly words: Readonly<Record<string, string>>;
}

interface LabBase<Kind extends string> {
	readonly lab: true;
	readonly kind: Kind;
	/** ASCII, permanent: instructors link to it. */
	readonly id: string;
	/** Id of the section it stands in. */
	readonly section: string;
	/** The first is the one shown at first. */
	readonly variants: readonly LabVariant[];
}

/** A question, once its lab was begun: all that is read out of it. */
export interface Asked {
	/** What is chosen from or given options: lines a machine prints. */
	readonly rows?: readonly string[];
	readonly expected: string | readonly string[];
	/** What the answer can be seen in: commands with what they print. */
	readonly proof?: readonly { readonly command: string; readonly lines: readonly string[] }[];
	/** What misconceptions are recognised by. */
	readonly facts?: Readonly<Record<string, string | readonly string[]>>;
}

export interface LabMisconception<Answer> {
	/** Names the words. */
	readonly id: string;
	readonly holds: (answer: Answer, asked: Asked) => boolean;
}

interface Quiz<Kind extends string, Answer> extends LabBase<Kind> {
	readonly ask: (bench: Bench, variant: LabVariant) => Promise<Asked>;
	readonly misconceptions: readonly LabMisconception<Answer>[];
}

/** Type the value. `unit` says how an answer is read. */
export interface LabPredict extends Quiz<'predict', string> {
	readonly unit: 'address' | 'number';
}
/** One of a few; option ids name their words. */
export interface LabChoose extends Quiz<'choose', string> {
	readonly options: readonly string[];
}
/** Pick the line; `rows` are what it is picked from. */
export type LabEntry = Quiz<'entry', string>;
/** Put `expected` in order. */
export type LabOrder = Quiz<'order', readonly string[]>;
/** Give each row one of a few; option ids name their words. */
export interface LabAssign extends Quiz<'assign', readonly string[]> {
	readonly options: readonly string[];
}
export type LabQuiz = LabPredict | LabChoose | LabEntry | LabOrder | LabAssign;

/** Part of what is to be reached; `id` names its words. */
export interface LabGoal {
	readonly id: string;
	readonly holds: (lab: Lab) => boolean;
}

/** Something that may be said of a state that is not yet right; the first that holds is. `id` names the words. */
export interface LabState<What> {
	readonly id: string;
	readonly holds: (what: What) => boolean;
}

/** A state to be reached in the terminal. Whatever leads there counts. */
export interface Task extends LabBase<'task'> {
	readonly goals: readonly LabGoal[];
	/** Where one stands and what to look at next. */
	readonly hints: readonly LabState<Lab>[];
	readonly misconceptions: readonly LabState<Lab>[];
	/** Lines that lead there, for the test that proves it; by variant when they differ. */
	readonly solutions: readonly (readonly string[])[];
	/** Lines that must not pass. */
	readonly wrong: readonly (readonly string[])[];
}

/** What was made of a text that was written. */
export interface Written {
	readonly text: string;
	/** As YAML reads it. */
	readonly value: unknown;
	readonly lab: Lab;
	readonly output: string;
}

/** A file to be written or mended. It is used in a lab of its own, and what comes of that is graded. */
export interface Write extends LabBase<'write'> {
	/** Name of the file, in the home directory. */
	readonly file: string;
	/** What stands in it at first. */
	readonly given: (variant: LabVariant) => string;
	/** Lines that are run with it, after `before`. */
	readonly use: readonly string[];
	readonly goals: readonly LabGoal[];
	readonly hints: readonly LabState<Written>[];
	readonly misconceptions: readonly LabState<Written>[];
	/** Texts that are right, and texts that must not pass. */
	readonly solutions: readonly ((variant: LabVariant) => string)[];
	readonly wrong: readonly ((variant: LabVariant) => string)[];
}

export type LabExercise = LabQuiz | Task | Write;

/** Where a text could not be read. `code` is the parser's; `detail` is what stands in the way. */
export interface TextProblem {
	readonly code: string;
	/** From 1. */
	readonly line: number;
	readonly column: number;
}

export interface LabGrade extends Grade {
	/** Task and write: ids of the goals that are reached. */
	readonly reached?: readonly string[];
	/** Id of the hint that fits the state. */
	readonly hint?: string;
	/** Write: why the text could not be read. */
	readonly problem?: TextProblem;
	/** Write: what the commands printed. */
	readonly output?: string;
	/** Write: line of the text that a tool refused, from 1. */
	readonly refusedLine?: number;
}
