import type { Task } from '../../../src/exercises/index.ts';
import { hasDaemonSet, helm, nodeCount, readyAgents, readyNodes } from '../clusters.ts';

const HOST = '--reuse-values --set k8sServiceHost=basic-control-plane --set k8sServicePort=6443';

/** Agents that were told an API server which only kube-proxy could lead them to. */
export const nobodyAnswers: Task = {
	lab: true,
	kind: 'task',
	id: 'nobody-answers',
	section: 'three-modes',
	variants: [
		{
			start: {
				preset: 'empty',
				files: ['kind-config-noproxy.yaml', 'replacement-values.yaml'],
				before: [
					'kind create cluster --config=kind-config-noproxy.yaml',
					helm('install', '--values replacement-values.yaml --set k8sServiceHost=10.96.0.1 --set k8sServicePort=443'),
					'sleep 90',
				],
			},
			words: { nodes: '4' },
		},
	],
	goals: [
		{ id: 'agents', holds: (lab) => nodeCount(lab) === 4 && readyAgents(lab) === 4 },
		{ id: 'nodes', holds: (lab) => readyNodes(lab) === 4 },
		{ id: 'no-proxy', holds: (lab) => nodeCount(lab) > 0 && !hasDaemonSet(lab, 'kube-proxy') },
	],
	hints: [
		{ id: 'proxy', holds: (lab) => hasDaemonSet(lab, 'kube-proxy') },
		{ id: 'log', holds: () => true },
	],
	misconceptions: [
		{ id: 'gave-up', holds: (lab) => nodeCount(lab) === 0 || hasDaemonSet(lab, 'kube-proxy') },
		{ id: 'ready-nodes', holds: (lab) => readyNodes(lab) === 4 },
	],
	solutions: [
		['cilium uninstall', 'cilium install'],
		['daemonset/cilium', 'deployment/cilium-operator'].map(
			(one) =>
				`kubectl -n kube-system set env ${one} KUBERNETES_SERVICE_HOST=basic-control-plane KUBERNETES_SERVICE_PORT=6443`,
		),
		[helm('upgrade', HOST)],
		[helm('upgrade', '--values replacement-values.yaml')],
		[
			'kind delete cluster --name basic',
			'kind create cluster --config=kind-config-noproxy.yaml',
			helm('install', '--values replacement-values.yaml'),
		],
	],
	wrong: [
		['sleep 120'],
		['kubectl -n kube-system rollout restart daemonset/cilium'],
		['kind delete cluster --name basic'],
	],
};
