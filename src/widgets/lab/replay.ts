/**
 * Typing a log again, within bounds: whoever made a link may have put lines into it that take long. Nothing of it holds
 * the page for long; it ends by itself after a while, or when the reader says so.
 */
import type { LogEntry } from '../../cli/index.ts';
import type { Machine } from '../terminal/machine.ts';

/** Real milliseconds for all lines together. */
export const PATIENCE = 20_000;

export interface Replayed {
	/** How many entries were begun. */
	readonly begun: number;
	/** Whether it was ended before its end: the last line may have been cut off. */
	readonly stopped: boolean;
}

export interface Replay {
	readonly over: Promise<Replayed>;
	/** Interrupts the line that runs, and begins no other. */
	stop(): void;
}

/** `told` is called before each entry, with its number from 1. */
export function replayWithin(
	machine: Machine,
	log: readonly LogEntry[],
	told: (n: number) => void,
	patience = PATIENCE,
): Replay {
	let stopped = false;
	const stop = (): void => {
		stopped = true;
		machine.stop();
	};
	const timer = setTimeout(stop, patience);
	const typing = machine.replay(log, (n) => {
		if (!stopped) told(n);
		return !stopped;
	});
	const over = typing.then((begun) => ({ begun, stopped })).finally(() => clearTimeout(timer));
	return { over, stop };
}
