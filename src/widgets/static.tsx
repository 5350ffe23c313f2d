/** A figure as the build writes it: the live component, drawn once, with nothing that listens. */
import { renderToString } from 'preact-render-to-string';
import type { WalkSpec } from '../content/index.ts';
import { runSituation } from '../exercises/index.ts';
import type { Words } from './context.tsx';
import { ExerciseView } from './exercise.tsx';
import { figureOf } from './figure/index.ts';
import { loadExercises } from './lesson-modules.ts';
import { type Island, LiveWalk } from './live-walk.tsx';
import { placesOf } from './places.ts';
import { loadComparing } from './simulator.ts';

// At build everything is at hand.
await loadComparing();

/** What the page holds so that the browser can compute the figure again. */
export function islandOf(id: string, spec: WalkSpec): Island {
	const run = runSituation(spec.situation);
	const seq = spec.open?.(run);
	const figure = figureOf(run.outcome, placesOf(run.world));
	const chosen = figure.stations.findIndex((s) => s.decisions.some((d) => d.seq === seq));
	return {
		id,
		situation: spec.situation,
		controls: spec.controls,
		...(spec.compare ? { compare: spec.compare } : {}),
		...(seq !== undefined && chosen >= 0 ? { chosen } : {}),
	};
}

/**
 * HTML of a figure's content. A page's first figure is told step by step; in the others each hop has its one reason
 * (`brief`), and the steps come with the live figure.
 */
export function renderWalk(island: Island, words: Words, brief = false): string {
	return renderToString(<LiveWalk island={island} words={words} still brief={brief} />);
}

/** HTML of an exercise's content. */
export async function renderExercise(lesson: string, id: string, words: Words): Promise<string> {
	const { exercises, words: said } = await loadExercises(lesson, words.language);
	const exercise = exercises.find((e) => e.id === id);
	const say = said[id];
	if (!exercise || !say) throw new Error(`${lesson} has no exercise "${id}" with words in ${words.language}`);
	return renderToString(<ExerciseView exercise={exercise} say={say} words={words} lesson={lesson} still />);
}
