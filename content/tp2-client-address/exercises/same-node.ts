import {
	addressOf,
	CLIENT,
	decided,
	NODES,
	type NodeName,
	observed,
	serverIp,
	short,
} from '../../../src/content/index.ts';
import type { Predict, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(node: NodeName): Variant {
	return { situation: at(node, { podOn: node }), words: { node: short(node), address: addressOf(node) } };
}

/** The pod runs at the very door: kube-proxy marks the packet all the same. */
export const sameNode: Predict = {
	kind: 'predict',
	id: 'same-node',
	section: 'chain-by-chain',
	unit: 'address',
	variants: [variant('basic-worker2'), variant('basic-worker'), variant('basic-worker3')],
	expected: observed,
	misconceptions: [
		{ id: 'local-keeps', holds: (a) => a === CLIENT, refutedBy: (run) => decided(run, 'mark') },
		{
			id: 'other-node',
			holds: (a, run) => a !== observed(run) && NODES.some((n) => addressOf(n) === a),
			refutedBy: (run) => decided(run, 'snat'),
		},
		{ id: 'pod-itself', holds: (a, run) => a === serverIp(run), refutedBy: (run) => decided(run, 'dnat') },
	],
};
