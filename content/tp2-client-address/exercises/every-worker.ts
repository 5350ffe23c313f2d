import { CLIENT, knockAt, observed, WORKERS } from '../../../src/content/index.ts';
import type { Goal } from '../../../src/exercises/index.ts';
import { at } from '../places.ts';

/** Each worker's door answers, and each answer shows the client's address. */
export const everyWorker: Goal = {
	kind: 'goal',
	id: 'every-worker',
	section: 'put-together',
	controls: ['externalTrafficPolicy', 'replicas', 'podOn'],
	variants: [
		{ situation: at('basic-worker2'), words: { client: CLIENT } },
		{ situation: at('basic-worker2', { bundle: 'bare-1.33' }), words: { client: CLIENT } },
	],
	probes: WORKERS.map((node) => knockAt(node)),
	reached: (runs) => runs.every((run) => run.outcome.result === 'connected' && observed(run) === CLIENT),
	solutions: [
		{ externalTrafficPolicy: 'Local', replicas: 3, podOn: undefined },
		{ externalTrafficPolicy: 'Local', replicas: 6, podOn: undefined },
	],
	wrong: [
		{},
		{ externalTrafficPolicy: 'Local' },
		{ replicas: 3, podOn: undefined },
		{ externalTrafficPolicy: 'Local', replicas: 2, podOn: undefined },
		{ externalTrafficPolicy: 'Local', replicas: 0 },
	],
	misconceptions: [
		{
			id: 'cluster-with-many',
			holds: (s) => (s.externalTrafficPolicy ?? 'Cluster') === 'Cluster' && (s.replicas ?? 1) > 1,
		},
		{ id: 'local-with-few', holds: (s) => s.externalTrafficPolicy === 'Local' && (s.replicas ?? 1) > 0 },
		{ id: 'nobody-home', holds: (s) => s.replicas === 0 },
	],
};
