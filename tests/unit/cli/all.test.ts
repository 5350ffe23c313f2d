import { describe, expect, it } from 'vitest';
import { tools as editor } from '../../../src/cli/editor/index.ts';
import { tools as helm } from '../../../src/cli/helm/index.ts';
import { tools } from '../../../src/cli/index.ts';
import { tools as kind } from '../../../src/cli/kind/index.ts';
import { tools as kubectl } from '../../../src/cli/kubectl/index.ts';
import { tools as linux } from '../../../src/cli/linux/index.ts';
import type { Place } from '../../../src/cli/tool.ts';
import { labPreset } from '../../../src/sim/lab/index.ts';

const PLACES: readonly Place[] = [
	{ kind: 'laptop' },
	{ kind: 'node', cluster: 'basic', node: 'basic-worker' },
	{
		kind: 'pod',
		cluster: 'basic',
		namespace: 'kube-system',
		pod: 'kube-apiserver-basic-control-plane',
		container: 'kube-apiserver',
	},
];
const lab = labPreset('kind-basic')!;

describe('the tools of the terminal', () => {
	it.each([...editor, ...helm, ...kind, ...kubectl, ...linux])(
		'$name is where it says it is before it is fetched',
		(real) => {
			const stand = tools.find(({ name }) => name === real.name)!;
			expect(stand.aliases).toEqual(real.aliases);
			for (const place of PLACES) expect(stand.at(place, lab)).toBe(real.at(place, lab));
		},
	);

	it('have different names in each place', () => {
		const names = tools.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
		expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
	});
});
