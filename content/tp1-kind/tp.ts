/** TP1: the logic of the lesson. Its prose is in en.mdx and its sisters. */
import type { Lesson } from '../../src/content/types.ts';
import { MODES } from './clusters.ts';
import { exercises } from './labs/index.ts';
import { outputs } from './outputs.ts';
import { knock } from './places.ts';
import { values } from './values.ts';

export const lesson: Lesson = {
	id: 'tp1-kind',
	label: 'TP1',
	minutes: 60,
	versions: { kubernetes: ['1.24', '1.33'], cilium: ['1.12', '1.18'] },
	objectives: 5,
	sections: [
		'what-kind-builds',
		'config-file',
		'not-ready',
		'helm',
		'cli',
		'three-modes',
		'vocabulary',
		'reading',
		'cleaning-up',
		'real-cluster',
		'put-together',
	],
	walks: {
		'proxy-or-replacement': {
			situation: knock('replacement'),
			compare: knock('proxy'),
			controls: ['entry', 'podOn'],
		},
		'replacement-or-host-routing': {
			situation: knock('host-routing'),
			compare: knock('replacement'),
			controls: ['entry', 'podOn'],
		},
	},
	values,
	outputs,
	exercises,
	files: [
		'kind-config.yaml',
		'kind-config-noproxy.yaml',
		'kind-config-ingress.yaml',
		...MODES.map((mode) => `${mode}-values.yaml`),
		...MODES.map((mode) => `${mode}-values-1.18.yaml`),
		'cni-demo.yaml',
		'clean-kind.sh',
	],
};
