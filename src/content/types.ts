/** A lesson as its `tp.ts` gives it: logic only. Its prose is in the MDX beside it, in four languages. */
import type { Exercise, FileTexts, LabExercise, Run, Situation } from '../exercises/index.ts';
import type { Settings } from '../sim/world/index.ts';

export const LANGUAGES = ['en', 'fr', 'zh', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * Switches a figure offers. `entry` is the node knocked at, `protocol` the probe's, `mode` who balances: it sets
 * kube-proxy and Helm values together.
 */
export type Control = keyof Settings | 'entry' | 'protocol' | 'from' | 'mode';

/** A live figure in the lesson. */
export interface WalkSpec {
	readonly situation: Situation;
	readonly controls: readonly Control[];
	/** Laid beside the first when set. */
	readonly compare?: Situation;
	/** Station shown first: the first decision this holds for. */
	readonly open?: (run: Run) => number | undefined;
}

/** A value in prose: `<Val of="id"/>`. Always of a fixed situation, never of live state. */
export interface ValueSpec {
	readonly situation: Situation;
	readonly value: (run: Run) => string;
	/** How it is set: an address gets the colour of what it is. */
	readonly role?: 'client' | 'node' | 'service' | 'pod';
}

/** An output block: `<Out of="id"/>`. `command` is what would print it on a real cluster. */
export interface OutputSpec {
	readonly command: string;
	/** `files`: text of the lesson's files by name. */
	readonly lines: (files: FileTexts) => readonly string[] | Promise<readonly string[]>;
}

export interface Lesson {
	/** The folder's name and the page's URL, for ever. */
	readonly id: string;
	/** Languages it is read in; all when absent. A lesson that is being translated names those it is in. */
	readonly languages?: readonly Language[];
	/** `TP2` */
	readonly label: string;
	readonly minutes: number;
	readonly versions: { readonly kubernetes: readonly string[]; readonly cilium: readonly string[] };
	/** Section ids in order; the MDX has exactly these headings. */
	readonly sections: readonly string[];
	readonly objectives: number;
	readonly walks: Readonly<Record<string, WalkSpec>>;
	readonly values: Readonly<Record<string, ValueSpec>>;
	readonly outputs: Readonly<Record<string, OutputSpec>>;
	readonly exercises: readonly (Exercise | LabExercise)[];
	/** Files for a real cluster, under `files/`. */
	readonly files: readonly string[];
}
