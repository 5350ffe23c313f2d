/**
 * What was done in the terminals over a lab, in its order, so that it can be told again: the same things done at the same
 * virtual times give the same lab.
 */
import type { Place } from '../tool.ts';

export type Done =
	/** A command, with its continuation lines. */
	| { readonly kind: 'line'; readonly text: string }
	/** Ctrl-D at a prompt. */
	| { readonly kind: 'eof' }
	/** Ctrl-C while something ran. */
	| { readonly kind: 'interrupt' }
	/** An editor saved its file. */
	| { readonly kind: 'save'; readonly text: string }
	/** An editor was left. */
	| { readonly kind: 'leave' }
	/** A line, or the rest of one, for what reads from the terminal. */
	| { readonly kind: 'input'; readonly text: string }
	/** Ctrl-D for what reads from the terminal. */
	| { readonly kind: 'input-end' }
	/** The terminal was closed. */
	| { readonly kind: 'close' }
	| { readonly kind: 'file'; readonly place: Place; readonly path: string; readonly content: string };

export type LogEntry = Done & {
	/** Number of the terminal; the first one, 0, when absent. */
	readonly tab?: number;
	/** Virtual microseconds, when something ran meanwhile; absent when all had ended. */
	readonly at?: number;
};

/** Whether somebody typed it as a line of its own: what undo takes back, and what a reader counts. */
export const isTyped = ({ kind }: LogEntry): boolean => kind === 'line' || kind === 'eof' || kind === 'close';

/** What is done in the course of a line. */
const WITHIN: ReadonlySet<Done['kind']> = new Set(['save', 'leave', 'interrupt', 'input', 'input-end']);

/** The log without its last line and what was done in the course of it. */
export function undone(log: readonly LogEntry[]): { readonly log: readonly LogEntry[]; readonly last?: LogEntry } {
	const at = log.findLastIndex(isTyped);
	const last = log[at];
	if (!last) return { log: [] };
	const within = ({ kind, tab = 0 }: LogEntry): boolean => tab === (last.tab ?? 0) && WITHIN.has(kind);
	return { log: log.filter((entry, i) => i < at || (i > at && !within(entry))), last };
}
