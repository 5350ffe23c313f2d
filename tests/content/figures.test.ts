/** What the lessons' figures show before anything is turned. */
import { describe, expect, it } from 'vitest';
import { runSituation, type Situation } from '../../src/exercises/index.ts';
import { figureOf } from '../../src/widgets/figure/index.ts';
import { placesOf } from '../../src/widgets/places.ts';
import { LESSONS } from './lessons.ts';

const SHOWN: readonly (readonly [string, Situation])[] = LESSONS.flatMap(({ lesson }) =>
	Object.entries(lesson.walks).flatMap(([id, { situation, compare }]) => [
		[`${lesson.id} #${id}`, situation] as const,
		...(compare ? [[`${lesson.id} #${id}, the other side`, compare] as const] : []),
	]),
);

describe.each(SHOWN)('%s', (_, situation) => {
	it('shows the packet’s way, and no machine that only overhears it', () => {
		const run = runSituation(situation);
		const figure = figureOf(run.outcome, placesOf(run.world));
		expect(run.outcome.result).toBe('connected');
		expect(figure.stations.map(({ kind }) => kind)).not.toContain('giveup');
		expect(figure.lanes.length).toBeLessThanOrEqual(4);
		for (const why of run.outcome.trace.map((d) => d.why.code)) expect(why).not.toBe('dev.otherhost');
	});
});
