import {
	addressOf,
	CLIENT,
	decided,
	type NodeName,
	observed,
	serverNodeIp,
	short,
} from '../../../src/content/index.ts';
import type { Predict, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(entry: NodeName, podOn: NodeName): Variant {
	return {
		situation: at(entry, 'snat', { podOn }),
		words: { entry: short(entry), entryAddress: addressOf(entry), pod: short(podOn), podAddress: addressOf(podOn) },
	};
}

/** SNAT mode: the address survives exactly when the pod is at the door. */
export const addressSnat: Predict = {
	kind: 'predict',
	id: 'address-snat',
	section: 'same-packet',
	unit: 'address',
	variants: [
		variant('basic-worker3', 'basic-worker2'),
		variant('basic-worker3', 'basic-worker3'),
		variant('basic-control-plane', 'basic-worker'),
	],
	expected: observed,
	misconceptions: [
		{
			id: 'always-kept',
			holds: (a, run) => a === CLIENT && observed(run) !== CLIENT,
			refutedBy: (run) => decided(run, 'snat'),
		},
		{ id: 'never-kept', holds: (a, run) => a === serverNodeIp(run) && observed(run) === CLIENT },
		{ id: 'pods-node', holds: (a, run) => a === serverNodeIp(run) && a !== observed(run) },
	],
};
