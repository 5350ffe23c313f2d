import { rulesLines } from '../../../src/content/index.ts';
import { type Predict, type Run, type Variant, worldOf } from '../../../src/exercises/index.ts';
import type { World } from '../../../src/sim/world/index.ts';
import { at } from '../places.ts';

function variant(replicas: number, bundle: string, kubernetes: string): Variant {
	return {
		situation: at('basic-worker2', { replicas, bundle, podOn: undefined }),
		words: { replicas: String(replicas), kubernetes },
	};
}

/** Rules of a node's nat table. */
function rules(world: World): readonly string[] {
	return rulesLines(world, 'basic-worker2', 'nat', '').filter((line) => line.startsWith('-A '));
}

/** nat rules that a second, third, … endpoint of the NodePort service adds, counted by building both. */
function added(run: Run): number {
	const one = worldOf('kind-basic', { ...run.situation.settings, replicas: 1 });
	return rules(run.before).length - rules(one).length;
}

/** How many nat rules scaling from one to N replicas adds on each node. */
export const serviceCost: Predict = {
	kind: 'predict',
	id: 'service-cost',
	section: 'cost-of-rules',
	unit: 'number',
	variants: [variant(4, 'bare-1.24', '1.24'), variant(8, 'bare-1.33', '1.33'), variant(11, 'bare-1.24', '1.24')],
	expected: (run) => String(added(run)),
	counted: (run) => rules(run.before).filter((line) => line.includes('svc-echoserver')),
	misconceptions: [
		{ id: 'one-each', holds: (a, run) => Number(a) === run.situation.settings.replicas! - 1 },
		{ id: 'none', holds: (a) => a === '0' },
		{ id: 'two-each', holds: (a, run) => Number(a) === 2 * (run.situation.settings.replicas! - 1) },
	],
};
