import { short } from '../../../src/content/index.ts';
import type { Choose, Variant } from '../../../src/exercises/index.ts';
import type { Settings } from '../../../src/sim/world/index.ts';
import { at } from '../places.ts';

function variant(entry: string, kubeProxy: Settings['kubeProxy'], told: boolean): Variant {
	return {
		situation: at(entry, 'snat', { kubeProxy, helm: told ? {} : { k8sServiceHost: '' } }),
		words: { entry: short(entry), k8sServiceHost: `k8sServiceHost=${told ? 'basic-control-plane' : "''"}` },
	};
}

/** A cluster created without kube-proxy: whether agents that were told no address of the API server get to work. */
export const agentsAfter: Choose = {
	kind: 'choose',
	id: 'agents-after',
	section: 'removing',
	variants: [variant('basic-worker', 'none', false), variant('basic-worker2', 'none', true)],
	options: ['connected', 'refused', 'timeout', 'unreachable'],
	expected: (run) => run.outcome.result,
	misconceptions: [
		{ id: 'kernel-has-it', holds: (a, run) => a === 'connected' && run.outcome.result !== 'connected' },
		{ id: 'silence', holds: (a, run) => a === 'timeout' && run.outcome.result === 'refused' },
		{ id: 'needs-proxy', holds: (a, run) => a !== 'connected' && run.outcome.result === 'connected' },
	],
};
