import { programsRun, short } from '../../../src/content/index.ts';
import type { Order } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

/** Programs and tail calls that run on the first packet at the entry node, in order. */
export const orderPrograms: Order = {
	kind: 'order',
	id: 'order-programs',
	section: 'program-by-program',
	variants: [
		{
			situation: at('basic-worker2', 'snat', { bundle: 'cilium-1.18' }),
			words: { entry: short('basic-worker2'), mode: 'snat', cilium: '1.18' },
		},
		{
			situation: at('basic-worker3', 'dsr', { bundle: 'cilium-1.18' }),
			words: { entry: short('basic-worker3'), mode: 'dsr', cilium: '1.18' },
		},
	],
	expected: (run) => programsRun(run),
	misconceptions: [
		{
			id: 'egress-first',
			holds: (given) =>
				given.findIndex((p) => p.includes('to_netdev')) >= 0 &&
				given.findIndex((p) => p.includes('to_netdev')) < given.findIndex((p) => p.includes('from_netdev')),
		},
		{
			id: 'translated-first',
			holds: (given) =>
				given.findIndex((p) => p.startsWith('tail_nodeport_')) < given.indexOf('tail_handle_ipv4_from_netdev'),
		},
	],
};
