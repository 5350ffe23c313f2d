import type { Task } from '../../../src/exercises/index.ts';
import type { Lab } from '../../../src/sim/lab/index.ts';
import { configOf, hasDaemonSet, helm, MODES, modeOf, nodeCount, readyAgents, readyNodes } from '../clusters.ts';

const four = (lab: Lab) => nodeCount(lab) === 4;

/** From nothing to four ready nodes, in any of the three ways. */
export const fromNothing: Task = {
	lab: true,
	kind: 'task',
	id: 'from-nothing',
	section: 'put-together',
	variants: [
		{
			start: {
				preset: 'empty',
				files: [
					'kind-config.yaml',
					'kind-config-noproxy.yaml',
					'kind-config-ingress.yaml',
					...MODES.flatMap((mode) => [`${mode}-values.yaml`, `${mode}-values-1.18.yaml`]),
					'cni-demo.yaml',
				],
			},
			words: { nodes: '4' },
		},
	],
	goals: [
		{ id: 'nodes', holds: four },
		{ id: 'agents', holds: (lab) => four(lab) && readyAgents(lab) === 4 },
		{ id: 'ready', holds: (lab) => readyNodes(lab) === 4 },
		{ id: 'mode', holds: (lab) => modeOf(lab) !== undefined },
	],
	hints: [
		{ id: 'nothing', holds: (lab) => nodeCount(lab) === 0 },
		{ id: 'count', holds: (lab) => !four(lab) },
		{ id: 'no-cilium', holds: (lab) => !hasDaemonSet(lab, 'cilium') },
		{ id: 'agents', holds: (lab) => readyAgents(lab) < 4 },
		{ id: 'both', holds: (lab) => modeOf(lab) === undefined },
	],
	misconceptions: [
		{ id: 'kindnet', holds: (lab) => hasDaemonSet(lab, 'kindnet') && !hasDaemonSet(lab, 'cilium') },
		{ id: 'not-ready', holds: (lab) => four(lab) && !hasDaemonSet(lab, 'cilium') },
		{ id: 'no-api', holds: (lab) => four(lab) && !hasDaemonSet(lab, 'kube-proxy') && readyAgents(lab) < 4 },
		{
			id: 'both',
			holds: (lab) => hasDaemonSet(lab, 'kube-proxy') && modeOf(lab) === undefined && readyAgents(lab) === 4,
		},
	],
	solutions: [
		...MODES.map((mode) => [
			`kind create cluster --config=${configOf(mode)}`,
			helm('install', `--values ${mode}-values.yaml`),
		]),
		['kind create cluster --config=kind-config-noproxy.yaml', 'cilium install'],
		// Other names, no release of Helm's, and another cluster beside it.
		[
			'kind create cluster --name mine --config=kind-config.yaml',
			'helm template any cilium --repo https://helm.cilium.io -n kube-system --version 1.12.1 -f proxy-values.yaml | kubectl apply -f -',
			'kind create cluster --name zz-other',
		],
		['kind create cluster --config=kind-config-ingress.yaml', 'cilium install'],
		[
			'kind create cluster --config=kind-config-noproxy.yaml --image kindest/node:v1.33.1',
			'helm repo add cilium https://helm.cilium.io',
			'helm upgrade --install cilium cilium/cilium -n kube-system --version 1.18.3 --values host-routing-values-1.18.yaml',
		],
	],
	wrong: [
		[],
		['kind create cluster'],
		[
			"kind create cluster --config=- <<'EOF'\nkind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: control-plane}, {role: worker}, {role: worker}, {role: worker}]\nEOF",
		],
		['kind create cluster --config=kind-config.yaml'],
		['kind create cluster --config=kind-config-noproxy.yaml', helm('install', '--values proxy-values.yaml')],
		['kind create cluster --config=kind-config.yaml', helm('install', '--values replacement-values.yaml')],
	],
};
