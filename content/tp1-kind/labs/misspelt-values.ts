import type { Task } from '../../../src/exercises/index.ts';
import type { Lab } from '../../../src/sim/lab/index.ts';
import { agentsWith, configValue, helm, nodeCount, RESTART } from '../clusters.ts';

const isSet = (lab: Lab) => configValue(lab, 'debug') === 'true' && configValue(lab, 'monitor-aggregation') === 'none';
const running = (lab: Lab) =>
	agentsWith(lab, 'debug', 'true') === nodeCount(lab) &&
	agentsWith(lab, 'monitor-aggregation', 'none') === nodeCount(lab);
const spelt = '--reuse-values --set debug.enabled=true --set bpf.monitorAggregation=none';

/** Values that Helm took without a word and that change nothing. */
export const misspeltValues: Task = {
	lab: true,
	kind: 'task',
	id: 'misspelt-values',
	section: 'helm',
	variants: [
		{
			start: {
				preset: 'kind-nocni',
				files: ['proxy-values.yaml'],
				before: [
					helm('install', '--values proxy-values.yaml --set dubug.enabled=true --set monitorAggregation=none'),
					'kubectl -n kube-system rollout status daemonset/cilium',
				],
			},
			words: { sets: '--set dubug.enabled=true --set monitorAggregation=none' },
		},
	],
	goals: [
		{ id: 'debug', holds: (lab) => configValue(lab, 'debug') === 'true' },
		{ id: 'aggregation', holds: (lab) => configValue(lab, 'monitor-aggregation') === 'none' },
		{ id: 'agents', holds: running },
	],
	hints: [
		{ id: 'restart', holds: isSet },
		{
			id: 'other-one',
			holds: (lab) => configValue(lab, 'debug') === 'true' || configValue(lab, 'monitor-aggregation') === 'none',
		},
		{ id: 'names', holds: () => true },
	],
	misconceptions: [
		{ id: 'no-restart', holds: isSet },
		{
			id: 'one-left',
			holds: (lab) => configValue(lab, 'debug') === 'true' || configValue(lab, 'monitor-aggregation') === 'none',
		},
		{ id: 'still-misspelt', holds: (lab) => (lab.clusters().at(-1)?.releases().length ?? 0) > 1 },
	],
	solutions: [
		[
			`kubectl -n kube-system get cm cilium-config -o yaml | sed 's/debug: "false"/debug: "true"/; s/monitor-aggregation: medium/monitor-aggregation: none/' | kubectl apply -f -`,
			'kubectl -n kube-system rollout restart ds/cilium',
		],
		[helm('upgrade', spelt), ...RESTART],
		[helm('upgrade', `${spelt} --set rollOutCiliumPods=true`)],
		[
			'kubectl -n kube-system patch configmap cilium-config --type merge -p \'{"data":{"debug":"true","monitor-aggregation":"none"}}\'',
			'kubectl -n kube-system delete pods -l k8s-app=cilium',
		],
		['cilium config set debug true', 'cilium config set monitor-aggregation none'],
	],
	wrong: [
		[helm('upgrade', spelt)],
		[helm('upgrade', '--reuse-values --set debug.enabled=true'), ...RESTART],
		[helm('upgrade', '--reuse-values --set dubug.enabled=true'), ...RESTART],
		RESTART,
	],
};
