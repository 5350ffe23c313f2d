import type { Decision, Draft, Recorder } from './decision.ts';

/** A recorder that keeps what it is told, numbered from 0. `decisions` is the live list; `clear` starts a new one. */
export interface TraceRecorder extends Recorder {
	readonly decisions: readonly Decision[];
	clear(): void;
}

/** Keeps decisions in the order in which they are written. */
export const createRecorder = (): TraceRecorder => {
	let decisions: Decision[] = [];
	return {
		get decisions() {
			return decisions;
		},
		record(draft: Draft) {
			decisions.push({ seq: decisions.length, ...draft });
		},
		clear() {
			// A new list: whoever took the old one keeps it as it was.
			decisions = [];
		},
	};
};
