/** Running a situation, once: pages ask for the same ones many times. */
import { scenarioById } from '../sim/scenarios/index.ts';
import type { Probe, Settings, World } from '../sim/world/index.ts';
import { apply, createWorld } from '../sim/world/index.ts';
import type { Run, Situation } from './types.ts';

const cache = new Map<string, Run>();

/** Worlds kept, at most; a page never shows more at once. */
const KEPT = 64;

/**
 * Builds the scenario with these settings and makes the connection.
 * @throws Error when the situation itself is wrong: a mistake of the course, not of the learner.
 */
export function runSituation(situation: Situation): Run {
	const key = JSON.stringify(situation);
	const known = cache.get(key);
	if (known) return known;
	const before = worldOf(situation.scenario, situation.settings);
	const run = connectIn(before, situation.probe, situation);
	if (cache.size >= KEPT) cache.delete(cache.keys().next().value!);
	cache.set(key, run);
	return run;
}

/** The scenario's World under these settings, before any connection. */
export function worldOf(scenarioId: string, settings: Partial<Settings>): World {
	const scenario = scenarioById(scenarioId);
	if (!scenario) throw new Error(`no scenario ${scenarioId}`);
	const made = createWorld(scenario, settings);
	if ('error' in made) throw new Error(`${scenarioId}: ${JSON.stringify(made.error)}`);
	return made.world;
}

function connectIn(before: World, probe: Probe, situation: Situation): Run {
	const applied = apply(before, { kind: 'connect', probe });
	if ('error' in applied) throw new Error(`${situation.scenario}: ${JSON.stringify(applied.error)}`);
	if (!applied.outcome) throw new Error('a connection without an outcome');
	return { situation, before, world: applied.world, outcome: applied.outcome };
}
