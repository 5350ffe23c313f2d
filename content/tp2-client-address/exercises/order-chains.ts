import { chainsEntered, short } from '../../../src/content/index.ts';
import type { Order } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

/** The nat chains the first packet enters at the door, in order. */
export const orderChains: Order = {
	kind: 'order',
	id: 'order-chains',
	section: 'chain-by-chain',
	variants: [
		{ situation: at('basic-worker2'), words: { entry: short('basic-worker2') } },
		{ situation: at('basic-worker', { bundle: 'bare-1.33' }), words: { entry: short('basic-worker') } },
	],
	expected: (run) => chainsEntered(run, 'nat', 'PREROUTING'),
	misconceptions: [
		{
			id: 'endpoint-first',
			holds: (given) =>
				given.findIndex((c) => c.startsWith('KUBE-SEP-')) < given.findIndex((c) => c.startsWith('KUBE-SVC-')),
		},
		{
			id: 'nodeports-first',
			holds: (given) => given.indexOf('KUBE-NODEPORTS') < given.indexOf('KUBE-SERVICES'),
		},
	],
};
