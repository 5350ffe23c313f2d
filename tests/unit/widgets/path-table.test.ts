import { describe, expect, it } from 'vitest';
import { lesson } from '../../../content/tp1-kind/tp.ts';
import { loadLabWords } from '../../../src/widgets/lab/words.ts';
import { alignAll, renderPaths } from '../../../src/widgets/path-table.tsx';
import { show } from '../../../src/widgets/shown.ts';
import { loadWords } from '../../../src/widgets/words.ts';

const walks = lesson.walks;
const situations = [
	walks['proxy-or-replacement']!.compare!,
	walks['proxy-or-replacement']!.situation,
	walks['replacement-or-host-routing']!.situation,
];
const figures = situations.map((situation) => {
	const shown = show(situation);
	if ('error' in shown) throw new Error(shown.error);
	return shown.figure;
});

describe('one packet under several settings', () => {
	it('has every station of every side once, in its order, and no empty row', () => {
		const { rows, same } = alignAll(figures);
		expect(same).toHaveLength(rows.length);
		for (const [n, { stations }] of figures.entries())
			expect(rows.flatMap((row) => row[n] ?? [])).toEqual(stations.map((_, i) => i));
		for (const row of rows) expect(row.some((i) => i !== undefined)).toBe(true);
	});

	it('a row is the same only where all sides do the same', () => {
		const { rows, same } = alignAll(figures);
		expect(same).toContain(true);
		for (const [r, row] of rows.entries()) if (row.includes(undefined)) expect(same[r]).toBe(false);
		expect(alignAll([figures[0]!, figures[0]!, figures[0]!]).same.every(Boolean)).toBe(true);
	});

	it('each station is a link to its record', async () => {
		const sides = situations.map((situation, n) => ({ name: `Mode ${n + 1}`, situation, records: `walk${n}` }));
		const html = renderPaths('paths', sides, await loadWords('en'), await loadLabWords('en'));
		for (const [n, { stations }] of figures.entries())
			for (const { id } of stations) expect(html).toContain(`href="#walk${n}-${id}"`);
	});
});
