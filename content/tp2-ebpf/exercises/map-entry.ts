import { decided, entryNode, serviceRows, short } from '../../../src/content/index.ts';
import type { Entry, Run, Variant } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

function variant(entry: string, bundle: string, cilium: string): Variant {
	return {
		situation: at(entry, 'snat', { bundle, replicas: 2, podOn: undefined }),
		words: { entry: short(entry), cilium },
	};
}

/** Rows about the visited service, each with its frontend. */
const rows = (run: Run) => serviceRows(run, entryNode(run)!, 'svc-echoserver');

/** Which row of the service map sent the packet where it went. */
export const mapEntry: Entry = {
	kind: 'entry',
	id: 'map-entry',
	section: 'program-by-program',
	variants: [variant('basic-worker2', 'cilium-1.12', '1.12.1'), variant('basic-control-plane', 'cilium-1.18', '1.18')],
	rows: (run) => rows(run).map((r) => r.text),
	expected: (run) => rows(run).find((r) => r.asked && r.backend === run.outcome.server)!.text,
	misconceptions: [
		{ id: 'master', holds: (text, run) => rows(run).some((r) => r.text === text && r.asked && r.slot === 0) },
		{ id: 'surrogate', holds: (text) => text.startsWith('0.0.0.0:') },
		{ id: 'cluster-ip', holds: (text, run) => rows(run).some((r) => r.text === text && r.clusterIp) },
		{
			id: 'other-slot',
			holds: (text, run) => rows(run).some((r) => r.text === text && r.asked),
			refutedBy: (run) => decided(run, 'dnat'),
		},
	],
};
