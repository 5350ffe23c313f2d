import { describe, expect, it } from 'vitest';
import { tools as cilium } from '../../../src/cli/cilium/index.ts';
import { tools as helm } from '../../../src/cli/helm/index.ts';
import { tools } from '../../../src/cli/index.ts';
import { tools as kind } from '../../../src/cli/kind/index.ts';
import { tools as kubectl } from '../../../src/cli/kubectl/index.ts';
import type { Place } from '../../../src/cli/tool.ts';
import type { Lab } from '../../../src/sim/lab/index.ts';

const PLACES: readonly Place[] = [
	{ kind: 'laptop' },
	{ kind: 'node', cluster: 'basic', node: 'basic-worker' },
	{ kind: 'pod', cluster: 'basic', namespace: 'default', pod: 'p', container: 'c' },
];

describe('the tools of the terminal', () => {
	it.each([...cilium, ...helm, ...kind, ...kubectl])('$name is where it says it is before it is fetched', (real) => {
		const stand = tools.find(({ name }) => name === real.name)!;
		expect(stand.aliases).toEqual(real.aliases);
		for (const place of PLACES) expect(stand.at(place, {} as Lab)).toBe(real.at(place, {} as Lab));
		expect(stand.complete !== undefined).toBe(real.complete !== undefined);
	});

	it('have different names in each place', () => {
		const names = tools.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
		expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
	});
});
