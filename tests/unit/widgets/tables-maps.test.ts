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
				for (const id of metRows(figure, ns, kind).keys()) {
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
