import { type NodeName, replyNodes, short } from '../../../src/content/index.ts';
import type { Choose, Variant } from '../../../src/exercises/index.ts';
import { at, type Mode } from '../places.ts';

function variant(entry: NodeName, podOn: NodeName, mode: Mode): Variant {
	return { situation: at(entry, mode, { podOn }), words: { entry: short(entry), pod: short(podOn), mode } };
}

/** Which nodes the reply passes on its way to the client. */
export const replyWay: Choose = {
	kind: 'choose',
	id: 'reply-way',
	section: 'dsr',
	variants: [variant('basic-worker2', 'basic-worker', 'dsr'), variant('basic-worker3', 'basic-worker2', 'snat')],
	options: ['pods-node', 'entry-node', 'both'],
	expected: (run) => {
		const nodes = replyNodes(run);
		if (nodes.length > 1) return 'both';
		return nodes[0] === run.situation.settings.podOn ? 'pods-node' : 'entry-node';
	},
	misconceptions: [
		{ id: 'must-return', holds: (a, run) => a === 'both' && replyNodes(run).length === 1 },
		{ id: 'never-direct', holds: (a) => a === 'entry-node' },
		{ id: 'direct-anyway', holds: (a, run) => a === 'pods-node' && replyNodes(run).length > 1 },
	],
};
