/** TP2, first half: the logic of the lesson. Its prose is in en.mdx and its three sisters. */
import type { Lesson } from '../../src/content/types.ts';
import { exercises } from './exercises/index.ts';
import { outputs } from './outputs.ts';
import { at } from './places.ts';
import { values } from './values.ts';

export const lesson: Lesson = {
	id: 'tp2-client-address',
	label: 'TP2',
	minutes: 60,
	versions: { kubernetes: ['1.24', '1.33'], cilium: ['1.12', '1.18'] },
	objectives: 5,
	sections: [
		'four-doors',
		'chain-by-chain',
		'put-back',
		'traffic-policy',
		'eighteen-lines',
		'cost-of-rules',
		'real-cluster',
		'put-together',
	],
	walks: {
		'first-walk': {
			situation: at('basic-worker2'),
			controls: ['entry', 'podOn', 'bundle'],
		},
		'way-back': {
			situation: at('basic-worker2'),
			controls: ['entry'],
			open: (run) => run.outcome.trace.find((d) => d.packet === run.outcome.firstReply)?.seq,
		},
		policies: {
			situation: at('basic-worker'),
			compare: at('basic-worker', { externalTrafficPolicy: 'Local' }),
			controls: ['entry', 'podOn', 'replicas', 'externalTrafficPolicy', 'protocol', 'bundle'],
		},
	},
	values,
	outputs,
	exercises,
	files: ['kind-config.yaml', 'noebpf-values.yaml', 'webdemo.yaml', 'clean-kind.sh'],
};
