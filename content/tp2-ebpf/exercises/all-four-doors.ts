import { CLIENT, knockAt, NODES, observed } from '../../../src/content/index.ts';
import type { Goal } from '../../../src/exercises/index.ts';
import { at, ebpf } from '../places.ts';

/** Every door answers with the client's address, with one pod and the policy Cluster. */
export const allFourDoors: Goal = {
	kind: 'goal',
	id: 'all-four-doors',
	section: 'put-together',
	controls: ['mode', 'podOn'],
	variants: [
		{ situation: at('basic-worker2', 'snat'), words: { client: CLIENT } },
		{
			situation: at('basic-worker2', 'snat', { bundle: 'cilium-1.13', podOn: 'basic-worker3' }),
			words: { client: CLIENT },
		},
	],
	probes: NODES.map((node) => knockAt(node)),
	reached: (runs) => runs.every((run) => run.outcome.result === 'connected' && observed(run) === CLIENT),
	solutions: [
		{ helm: ebpf('dsr').helm },
		{ helm: ebpf('hybrid').helm },
		{ helm: ebpf('dsr').helm, podOn: 'basic-worker2' },
	],
	wrong: [{}, { podOn: 'basic-worker2' }, { kubeProxy: 'iptables', helm: {} }],
	misconceptions: [
		{ id: 'proxy', holds: (s) => s.kubeProxy === 'iptables' },
		{ id: 'snat-at-home', holds: (s) => s.helm === undefined },
	],
};
