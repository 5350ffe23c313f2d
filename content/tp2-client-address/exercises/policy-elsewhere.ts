import { decided, type NodeName, short } from '../../../src/content/index.ts';
import type { Choose, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(entry: NodeName, podOn: NodeName, replicas = 1): Variant {
	return {
		situation: at(entry, { podOn, replicas, externalTrafficPolicy: 'Local' }),
		words: { entry: short(entry), pod: short(podOn) },
	};
}

/** `externalTrafficPolicy: Local`, knocking where no pod runs. With kube-proxy that is silence. */
export const policyElsewhere: Choose = {
	kind: 'choose',
	id: 'policy-elsewhere',
	section: 'traffic-policy',
	variants: [
		variant('basic-worker2', 'basic-worker'),
		variant('basic-worker', 'basic-worker'),
		variant('basic-control-plane', 'basic-worker3'),
		{
			situation: at('basic-worker2', { replicas: 0, externalTrafficPolicy: 'Local', podOn: undefined }),
			words: { entry: short('basic-worker2'), pod: '—' },
		},
	],
	options: ['connected', 'refused', 'timeout', 'unreachable'],
	expected: (run) => run.outcome.result,
	misconceptions: [
		{
			id: 'refused-politely',
			holds: (a, run) => a === 'refused' && run.outcome.result === 'timeout',
			refutedBy: (run) => decided(run, 'drop'),
		},
		{
			id: 'forwarded-anyway',
			holds: (a, run) => a === 'connected' && run.outcome.result === 'timeout',
			refutedBy: (run) => decided(run, 'drop'),
		},
		{
			id: 'silent-when-empty',
			holds: (a, run) => a === 'timeout' && run.outcome.result === 'refused',
			refutedBy: (run) => decided(run, 'reject'),
		},
		{
			id: 'local-answers',
			holds: (a, run) => a !== 'connected' && run.outcome.result === 'connected',
			refutedBy: (run) => decided(run, 'dnat'),
		},
	],
};
