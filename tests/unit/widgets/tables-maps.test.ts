/** The map browser marks the rows a packet met: each of them must stand in what the tool prints. */
import { describe, expect, it } from 'vitest';
import { at } from '../../../content/tp2-ebpf/places.ts';
import { runSituation } from '../../../src/exercises/index.ts';
import { ciliumListOf } from '../../../src/sim/world/index.ts';
import { figureOf } from '../../../src/widgets/figure/index.ts';
import { placesOf } from '../../../src/widgets/places.ts';
import { MAP_KINDS, type MapKind, metRows, rowIdentity } from '../../../src/widgets/tables-maps.tsx';

/** Identities of the printed rows, frontends repeated. */
function printedIds(kind: MapKind, lines: readonly string[]): Set<string> {
	let frontend = '';
	return new Set(
		lines.map((line) => {
			const id = rowIdentity(kind, line, frontend);
			if (kind === 'lb') frontend = id.split(' = ')[0]!;
			return id;
		}),
	);
}

describe.each(['cilium-1.12', 'cilium-1.18'])('maps of %s', (bundle) => {
	it.each(['snat', 'dsr', 'hybrid'] as const)('print every row that a packet met in mode %s', (mode) => {
		const run = runSituation(at('basic-worker2', mode, { bundle }));
		const figure = figureOf(run.outcome, placesOf(run.world));
		const seen = new Map<MapKind, number>();
		for (const { ns } of figure.lanes.filter((lane) => lane.ns.startsWith('node/'))) {
			for (const kind of MAP_KINDS) {
				const printed = ciliumListOf(run.world, ns.slice('node/'.length), kind)!;
				const ids = printedIds(kind, printed.stdout);
				for (const [id, met] of metRows(figure, ns, kind)) {
					// What was missed is a key without a row.
					if (met.missed.length > 0) {
						expect(met.wrote.length + met.read.length, id).toBe(0);
						expect(ids, `${ns} ${kind}`).not.toContain(id);
						continue;
					}
					expect(ids, `${ns} ${kind}`).toContain(id);
					seen.set(kind, (seen.get(kind) ?? 0) + 1);
				}
			}
		}
		expect(seen.get('lb'), 'services').toBe(2);
		expect(seen.get('backends'), 'backends').toBe(1);
		expect(seen.get('ct'), 'connections').toBeGreaterThan(0);
		expect(seen.get('nat'), 'translations').toBeGreaterThan(0);
	});
});

describe.each(['cilium-1.12', 'cilium-1.18'])('of %s, mode snat, door without the pod', (bundle) => {
	const run = runSituation(at('basic-worker2', 'snat', { bundle }));
	const figure = figureOf(run.outcome, placesOf(run.world));
	const [door, pods] = ['node/basic-worker2', 'node/basic-worker'] as const;
	const there = figure.stations.find((s) => s.ns === door)!.number;
	const back = figure.stations.find((s) => s.ns === door && s.direction === 'reply')!.number;

	it('the connection to the service and the one to the backend are written there, and the second is read on the way back', () => {
		const rows = [...metRows(figure, door, 'ct')];
		expect(rows.map(([id]) => id.replace(/ +/g, ' '))).toEqual([
			expect.stringContaining(bundle === 'cilium-1.12' ? 'service' : 'TCP SVC'),
			expect.stringMatching(/^TCP OUT 172\.18\.0\.1:/),
		]);
		expect(rows.map(([, met]) => met)).toEqual([
			{ wrote: [there], read: [], missed: [] },
			{ wrote: [there], read: [back], missed: [] },
		]);
	});

	it('both halves of the translation are written there, and one is read on the way back', () => {
		const rows = [...metRows(figure, door, 'nat')].map(([id, met]) => [id.split(' ')[1], met.wrote, met.read]);
		expect(rows.sort()).toEqual([
			['IN', [there], [back]],
			['OUT', [there], []],
		]);
	});

	it('the pod’s node looks for a service and for a translation in vain, with the packet’s own addresses', () => {
		const first = figure.stations.find((s) => s.ns === pods)!.number;
		const missed = (kind: MapKind) => [...metRows(figure, pods, kind)].filter(([, met]) => met.missed.length > 0);
		expect(missed('lb')).toEqual([[expect.stringMatching(/^10\.244\.1\.199:8080/), expect.anything()]]);
		expect(missed('lb')[0]![1].missed).toEqual([first]);
		expect(missed('nat')[0]![0]).toMatch(/^TCP IN 172\.18\.0\.2:\d+ -> 10\.244\.1\.199:8080$/);
		expect(missed('backends')).toEqual([]);
	});
});
