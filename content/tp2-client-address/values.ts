/** Values that stand in the prose, each of one fixed situation. */
import { addressOf, CLIENT, observed, ruleCount, rulesTried, serverIp } from '../../src/content/index.ts';
import type { ValueSpec } from '../../src/content/types.ts';
import { worldOf } from '../../src/exercises/index.ts';
import { at, START } from './places.ts';

const start = at('basic-worker2');

export const values: Readonly<Record<string, ValueSpec>> = {
	client: { situation: start, value: () => CLIENT, role: 'client' },
	door: { situation: start, value: () => addressOf('basic-worker2'), role: 'node' },
	'seen-at-door': { situation: start, value: (run) => observed(run), role: 'node' },
	'pod-address': { situation: start, value: (run) => serverIp(run), role: 'pod' },
	'seen-with-local': {
		situation: at('basic-worker', { externalTrafficPolicy: 'Local' }),
		value: (run) => observed(run),
		role: 'client',
	},
	'rules-tried': { situation: start, value: (run) => String(rulesTried(run, 'node/basic-worker2', 'nat')) },
	'nat-rules': { situation: start, value: (run) => String(ruleCount(run.before, 'basic-worker2', 'nat')) },
	'kubelet-lines': {
		situation: start,
		value: () => String(ruleCount(worldOf('kind-basic', { ...START, kubeProxy: 'none' }), 'basic-worker2', 'KUBE')),
	},
};
