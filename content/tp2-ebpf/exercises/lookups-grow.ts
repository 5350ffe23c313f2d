import type { Predict, Run, Variant } from '../../../src/exercises/index.ts';
import { at, atProxy } from '../places.ts';
import { costsAtScale, type Who } from '../scale.ts';

/** Services of the cluster before and after it grew, the visited one among them. */
const FROM = 1001;
const TO = 27000;

const whoOf = (run: Run): Who => (run.situation.settings.kubeProxy === 'none' ? 'ebpf' : 'proxy');

function variant(who: Who): Variant {
	const words = { who: who === 'ebpf' ? 'Cilium 1.12.1' : 'kube-proxy', from: String(FROM), to: String(TO) };
	return { situation: who === 'ebpf' ? at('basic-worker', 'snat') : atProxy('basic-worker'), words };
}

/** Rules and lookups of the first packet, together. */
function steps(who: Who, services: number): number {
	const { rules, maps } = costsAtScale(who, services - 1).first;
	return rules + maps;
}

const grown = (run: Run): number => steps(whoOf(run), TO) - steps(whoOf(run), FROM);
const grows = (run: Run): boolean => grown(run) > 0;

/** What becomes of rules and lookups when a cluster grows: counted in both clusters, with kube-proxy or with Cilium. */
export const lookupsGrow: Predict = {
	kind: 'predict',
	id: 'lookups-grow',
	section: 'scale',
	unit: 'number',
	variants: [variant('ebpf'), variant('proxy')],
	expected: (run) => String(grown(run)),
	misconceptions: [
		{ id: 'none', holds: (a, run) => a === '0' && grows(run) },
		// Found half-way, as a search for one of the listed services would be on average.
		{ id: 'half', holds: (a, run) => grows(run) && Math.abs(Number(a) - (TO - FROM) / 2) < 2 },
		// A few steps more, as in a search tree.
		{ id: 'tree', holds: (a, run) => !grows(run) && Number(a) > 0 && Number(a) <= 20 },
		// One for each service, or for each row: a service and its backend.
		{ id: 'rows', holds: (a, run) => !grows(run) && [TO - FROM, 2 * (TO - FROM)].includes(Number(a)) },
	],
};
