import { type NodeName, short } from '../../../src/content/index.ts';
import type { Choose, Run, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(entry: NodeName, podOn: NodeName): Variant {
	return { situation: at(entry, { podOn }), words: { entry: short(entry), pod: short(podOn) } };
}

/** What gives the first reply another source, if anything does. */
function undone(run: Run) {
	return run.outcome.trace.find(
		(d) => d.packet === run.outcome.firstReply && d.before && d.after && d.before.src !== d.after.src,
	);
}

const there = (run: Run) => undone(run)?.seq;

/** Where the reply gets the door's address back: the namespace whose conntrack holds the translation. */
export const whereUndone: Choose = {
	kind: 'choose',
	id: 'where-undone',
	section: 'put-back',
	variants: [variant('basic-worker2', 'basic-worker'), variant('basic-control-plane', 'basic-worker3')],
	options: ['pod', 'pods-node', 'entry-node', 'client'],
	expected: (run) => {
		const ns = undone(run)?.ns;
		if (ns === undefined || ns.startsWith('pod/')) return 'pod';
		if (ns === 'host') return 'client';
		return ns === `node/${run.situation.settings.podOn}` ? 'pods-node' : 'entry-node';
	},
	misconceptions: [
		{ id: 'pods-node', holds: (a) => a === 'pods-node', refutedBy: there },
		{ id: 'client', holds: (a) => a === 'client', refutedBy: there },
		{ id: 'pod', holds: (a) => a === 'pod', refutedBy: there },
	],
};
