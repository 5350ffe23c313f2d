/** Values that stand in the prose, each of one fixed situation. */
import { CLIENT, ruleCount, rulesTriedFor } from '../../src/content/index.ts';
import type { ValueSpec } from '../../src/content/types.ts';
import type { Run } from '../../src/exercises/index.ts';
import type { Mode } from './clusters.ts';
import { knock } from './places.ts';

/** The node of the pod in the comparison. */
const HOME = 'basic-worker';

const of = (mode: Mode, value: (run: Run) => number): ValueSpec => ({
	situation: knock(mode),
	value: (run) => String(value(run)),
});
const tried = (run: Run) => rulesTriedFor(run.outcome, run.outcome.firstPacket);
const kube = (run: Run) => ruleCount(run.world, HOME, 'KUBE');

export const values: Readonly<Record<string, ValueSpec>> = {
	gateway: { situation: knock('proxy'), value: () => CLIENT, role: 'client' },
	'kube-proxy': of('proxy', kube),
	'kube-replacement': of('replacement', kube),
	'tried-proxy': of('proxy', tried),
	'tried-replacement': of('replacement', tried),
	'tried-host-routing': of('host-routing', tried),
};
