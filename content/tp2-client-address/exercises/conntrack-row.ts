import { conntrackRows, type NodeName, short } from '../../../src/content/index.ts';
import type { Entry, Run } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(entry: NodeName, podOn: NodeName) {
	return { situation: at(entry, { podOn }), words: { entry: short(entry), pod: short(podOn) } };
}

/** Rows of both nodes, only the entry node's remembers who knocked. */
function rows(run: Run): readonly string[] {
	return [...conntrackRows(run, podNode(run)), ...conntrackRows(run, entryNode(run))].sort();
}

function entryNode(run: Run): string {
	const first = run.outcome.hops.find((h) => h.namespace.startsWith('node/'));
	return first?.namespace ?? 'host';
}

function podNode(run: Run): string {
	return `node/${run.situation.settings.podOn}`;
}

/** Which conntrack row turns the reply into one the client accepts. */
export const conntrackRow: Entry = {
	kind: 'entry',
	id: 'conntrack-row',
	section: 'put-back',
	variants: [variant('basic-worker2', 'basic-worker'), variant('basic-worker3', 'basic-worker2')],
	rows,
	expected: (run) => conntrackRows(run, entryNode(run))[0]!,
	misconceptions: [{ id: 'pods-node-row', holds: (row, run) => conntrackRows(run, podNode(run)).includes(row) }],
};
