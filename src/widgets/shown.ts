/** A situation that was run, with all its figure is drawn from; or why it cannot be. */
import { type Run, runSituation, type Situation } from '../exercises/index.ts';
import { type Figure, figureOf, type Places } from './figure/index.ts';
import { placesOf } from './places.ts';

export interface Shown {
	readonly run: Run;
	readonly figure: Figure;
	readonly places: Places;
}

export interface Failed {
	readonly error: string;
}

/** `code` of the error where the simulator names one. */
export function show(situation: Situation): Shown | Failed {
	try {
		const run = runSituation(situation);
		const places = placesOf(run.world);
		return { run, places, figure: figureOf(run.outcome, places) };
	} catch (thrown) {
		const message = thrown instanceof Error ? thrown.message : String(thrown);
		return { error: /"code":"([\w-]+)"/.exec(message)?.[1] ?? message };
	}
}
