/** Undo and replay. */
import { apply } from './apply.ts';
import type { Scenario } from './scenario.ts';
import type { Action, Outcome, Settings, SimError } from './types.ts';
import { createWorld, type Moment, type World } from './world.ts';

/** The World before the last action, or undefined when there is none that is kept. */
export function undo(world: World): World | undefined {
	const last = world.past.at(-1);
	return last && { ...last, past: world.past.slice(0, -1) };
}

export interface Replayed {
	readonly world: World;
	/** By position of its action; undefined where the action makes none. */
	readonly outcomes: readonly (Outcome | undefined)[];
}

/**
 * The same actions from the start: the same bytes, always. An error carries the position of its action in `where`
 * (`actions[3]`).
 */
export function replay(
	scenario: Scenario,
	settings: Partial<Settings>,
	actions: readonly Action[],
): Replayed | { readonly error: SimError } {
	const made = createWorld(scenario, settings);
	if ('error' in made) return made;
	let { world } = made;
	const outcomes: (Outcome | undefined)[] = [];
	for (const [i, action] of actions.entries()) {
		const done = apply(world, action);
		if ('error' in done) return { error: { ...done.error, where: `actions[${i}]` } };
		world = done.world;
		outcomes.push(done.outcome);
	}
	return { world, outcomes };
}

export type { Moment };
