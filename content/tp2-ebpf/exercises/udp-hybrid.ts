import { addressOf, CLIENT, decided, entryNode, observed, serverNodeIp, short } from '../../../src/content/index.ts';
import type { Predict, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(entry: string, podOn: string, protocol: 'tcp' | 'udp'): Variant {
	return {
		situation: at(entry, 'hybrid', { podOn, protocol: protocol === 'udp' ? 'UDP' : 'TCP' }, { protocol }),
		words: { entry: short(entry), entryAddress: addressOf(entry), pod: short(podOn), protocol: protocol.toUpperCase() },
	};
}

/** Hybrid: DSR for TCP, SNAT for UDP. */
export const udpHybrid: Predict = {
	kind: 'predict',
	id: 'udp-hybrid',
	section: 'hybrid',
	unit: 'address',
	variants: [variant('basic-worker2', 'basic-worker', 'udp'), variant('basic-worker3', 'basic-worker', 'tcp')],
	expected: observed,
	misconceptions: [
		{
			id: 'kept',
			holds: (a, run) => a === CLIENT && observed(run) !== CLIENT,
			refutedBy: (run) => decided(run, 'snat'),
		},
		{ id: 'lost', holds: (a, run) => a === addressOf(entryNode(run)!) && observed(run) === CLIENT },
		{ id: 'pods-node', holds: (a, run) => a === serverNodeIp(run) },
	],
};
