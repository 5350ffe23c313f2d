import {
	addressOf,
	CLIENT,
	decided,
	type NodeName,
	observed,
	serverIp,
	serverNodeIp,
	short,
} from '../../../src/content/index.ts';
import type { Predict, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(entry: NodeName, podOn: NodeName): Variant {
	return {
		situation: at(entry, { podOn }),
		words: { entry: short(entry), entryAddress: addressOf(entry), pod: short(podOn), podAddress: addressOf(podOn) },
	};
}

/** The source address the pod sees when it runs elsewhere than at the door. */
export const whoKnocked: Predict = {
	kind: 'predict',
	id: 'who-knocked',
	section: 'four-doors',
	unit: 'address',
	variants: [
		variant('basic-worker3', 'basic-worker'),
		variant('basic-control-plane', 'basic-worker2'),
		variant('basic-worker', 'basic-worker3'),
	],
	expected: observed,
	misconceptions: [
		{ id: 'client-kept', holds: (a) => a === CLIENT, refutedBy: (run) => decided(run, 'snat') },
		{ id: 'pods-node', holds: (a, run) => a === serverNodeIp(run), refutedBy: (run) => decided(run, 'snat') },
		{ id: 'pod-itself', holds: (a, run) => a === serverIp(run), refutedBy: (run) => decided(run, 'dnat') },
	],
};
