/** TP2, second half: the logic of the lesson. Its prose is in en.mdx and its three sisters. */
import type { Control, Lesson } from '../../src/content/types.ts';
import { exercises } from './exercises/index.ts';
import { outputs } from './outputs.ts';
import { at, atProxy } from './places.ts';
import { values } from './values.ts';

const controls: readonly Control[] = ['mode', 'entry', 'podOn', 'protocol', 'externalTrafficPolicy', 'bundle'];

export const lesson: Lesson = {
	id: 'tp2-ebpf',
	label: 'TP2',
	minutes: 75,
	versions: { kubernetes: ['1.24', '1.33'], cilium: ['1.12', '1.18'] },
	objectives: 5,
	sections: [
		'same-packet',
		'program-by-program',
		'when-it-survives',
		'dsr',
		'hybrid',
		'removing',
		'scale',
		'real-cluster',
		'put-together',
	],
	walks: {
		'snat-walk': { situation: at('basic-worker2', 'snat'), controls: ['entry', 'podOn', 'protocol', 'bundle', 'mode'] },
		'snat-or-proxy': { situation: at('basic-worker2', 'snat'), compare: atProxy('basic-worker2'), controls },
		'snat-or-dsr': { situation: at('basic-worker2', 'dsr'), compare: at('basic-worker2', 'snat'), controls },
		'hybrid-walk': {
			situation: at('basic-worker2', 'hybrid', { protocol: 'UDP' }, { protocol: 'udp' }),
			compare: at('basic-worker2', 'hybrid'),
			controls,
		},
	},
	values,
	outputs,
	exercises,
	files: [
		'kind-config.yaml',
		'kind-config-noproxy.yaml',
		'noebpf-values.yaml',
		'ebpf-values.yaml',
		'dsr-values.yaml',
		'noebpf-values-1.18.yaml',
		'ebpf-values-1.18.yaml',
		'dsr-values-1.18.yaml',
		'webdemo.yaml',
		'clean-kind.sh',
	],
};
