import { decided, short } from '../../../src/content/index.ts';
import type { Choose, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(bundle: string, cilium: string): Variant {
	return {
		situation: at('basic-worker2', 'snat', { bundle, externalTrafficPolicy: 'Local' }),
		words: { cilium, entry: short('basic-worker2'), pod: short('basic-worker') },
	};
}

/** Policy Local at a door without a pod: what the client is told depends on the version. */
export const localByVersion: Choose = {
	kind: 'choose',
	id: 'local-by-version',
	section: 'hybrid',
	variants: [variant('cilium-1.14', '1.14'), variant('cilium-1.12', '1.12.1'), variant('cilium-1.18', '1.18')],
	options: ['connected', 'refused', 'timeout', 'unreachable'],
	expected: (run) => run.outcome.result,
	misconceptions: [
		{ id: 'silent', holds: (a, run) => a === 'timeout' && run.outcome.result === 'refused' },
		{
			id: 'polite',
			holds: (a, run) => a === 'refused' && run.outcome.result === 'timeout',
			refutedBy: (run) => decided(run, 'drop'),
		},
		{ id: 'forwarded', holds: (a) => a === 'connected' },
	],
};
