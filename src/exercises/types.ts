/**
 * Exercises as data. A question kind is one module beside this file; what they share is here.
 *
 * An exercise never holds its answer: it is computed from a Run, so it stays right when the scenario changes,
 * and a learner can ask for a fresh variant.
 */
import type { Outcome, Probe, Settings, World } from '../sim/world/index.ts';

/** What a lesson simulates: a scenario with settings, and one connection in it. */
export interface Situation {
	readonly scenario: string;
	readonly settings: Partial<Settings>;
	readonly probe: Probe;
}

/** A situation that was run: the World after the connection, and what the connection came to. */
export interface Run {
	readonly situation: Situation;
	/** Before the connection. */
	readonly before: World;
	readonly world: World;
	readonly outcome: Outcome;
}

/** One draw of an exercise: its situation, and the values its text is filled with (`{entry}`). */
export interface Variant {
	readonly situation: Situation;
	readonly words: Readonly<Record<string, string>>;
}

/** Wrong answers we can explain: `id` names the words, `refutedBy` finds the decision that shows it wrong. */
export interface Misconception<Answer> {
	readonly id: string;
	readonly holds: (answer: Answer, run: Run) => boolean;
	/** `seq` of the decision in `run.outcome.trace` that refutes it. */
	readonly refutedBy?: (run: Run) => number | undefined;
}

interface Base<Kind extends string, Answer> {
	readonly kind: Kind;
	/** ASCII, permanent: instructors link to it. */
	readonly id: string;
	/** Id of the section it stands in. */
	readonly section: string;
	/** At least two; the first is the one shown at first. */
	readonly variants: readonly Variant[];
	readonly misconceptions: readonly Misconception<Answer>[];
}

/** Type the value. `unit` says how an answer is read. */
export interface Predict extends Base<'predict', string> {
	readonly unit: 'address' | 'number';
	readonly expected: (run: Run) => string;
	/** Of a count: the lines that are counted, shown after an answer. */
	readonly counted?: (run: Run) => readonly string[];
}

/** One of a few; option ids name their words. */
export interface Choose extends Base<'choose', string> {
	readonly options: readonly string[];
	readonly expected: (run: Run) => string;
}

/** Put the items in order. Items are names a machine reads (chains, hooks, devices), shown as they are. */
export interface Order extends Base<'order', readonly string[]> {
	/** In the right order. */
	readonly expected: (run: Run) => readonly string[];
}

/** Pick the row that decided. Rows are lines as the real tool prints them. */
export interface Entry extends Base<'entry', string> {
	readonly rows: (run: Run) => readonly string[];
	readonly expected: (run: Run) => string;
}

/** Give each row one of a few; rows are what a machine names, option ids name their words. */
export interface Assign extends Base<'assign', readonly string[]> {
	readonly options: readonly string[];
	readonly rows: (run: Run) => readonly string[];
	/** The option of each row, in the order of the rows. */
	readonly expected: (run: Run) => readonly string[];
}

/** Reach a state with the switches. Any state that satisfies `reached` is accepted. */
export interface Goal extends Base<'goal', Partial<Settings>> {
	/** Switches the learner may use. */
	readonly controls: readonly (keyof Settings | 'mode')[];
	/** The connections that are looked at, whatever the settings. */
	readonly probes: readonly Probe[];
	readonly reached: (runs: readonly Run[]) => boolean;
	/** For the test that proves it can be reached; never sent to the page. */
	readonly solutions: readonly Partial<Settings>[];
	/** States that must not pass. */
	readonly wrong: readonly Partial<Settings>[];
}

export type Exercise = Predict | Choose | Order | Entry | Assign | Goal;

/** What the learner handed in, by kind. */
export type Answer = string | readonly string[] | Partial<Settings>;

export interface Grade {
	readonly right: boolean;
	/** The misconception the answer shows, when it is one we know. */
	readonly misconception?: string;
	/** Decision that refutes it, by `seq`. */
	readonly refutedBy?: number;
	/** Order and assign: first place that is wrong, 0-based. Predict: the answer could not be read. */
	readonly at?: number;
	readonly unreadable?: boolean;
	/** Goal: which probes do not yet answer as asked, by index. */
	readonly failing?: readonly number[];
}

/** Words of one exercise in one language. Braces hold the variant's words. */
export interface ExerciseWords {
	readonly title: string;
	readonly question: string;
	/** Said when the answer is right: why, in one sentence. May hold `{answer}`. */
	readonly right: string;
	/** Said when it is wrong in a way we do not know. */
	readonly wrong: string;
	/** Where to look; never contains the answer. */
	readonly hint: string;
	readonly options?: Readonly<Record<string, string>>;
	readonly misconceptions: Readonly<Record<string, string>>;
	/** Task and write: what each goal asks. */
	readonly goals?: Readonly<Record<string, string>>;
	/** Task and write: what to look at in a state that is not yet right. */
	readonly hints?: Readonly<Record<string, string>>;
}
