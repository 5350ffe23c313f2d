/** Outputs the prose shows: what the command beside each would print, computed from the World. */
import { addressOf, conntrackLines, NODES, requestingLines, rulesLines, short } from '../../src/content/index.ts';
import type { OutputSpec } from '../../src/content/types.ts';
import { runSituation, worldOf } from '../../src/exercises/index.ts';
import { at, START } from './places.ts';

const loop = 'for i in {2..5}; do curl -s -m 5 "172.18.0.$i:32017" | grep Requesting; done';

/** The learner's loop, in the order of the addresses. */
function knockEverywhere(settings: Parameters<typeof at>[1]): readonly string[] {
	const doors = [...NODES].sort((a, b) => Number(addressOf(a).split('.')[3]) - Number(addressOf(b).split('.')[3]));
	return doors.flatMap((node) => requestingLines(runSituation(at(node, settings))));
}

export const outputs: Readonly<Record<string, OutputSpec>> = {
	'loop-cluster': { command: loop, lines: () => knockEverywhere({}) },
	'loop-local': { command: loop, lines: () => knockEverywhere({ externalTrafficPolicy: 'Local' }) },
	'service-rules': {
		command: `docker exec basic-${short('basic-worker2')} iptables-save -t nat | grep svc-echoserver`,
		lines: () => rulesLines(worldOf('kind-basic', START), 'basic-worker2', 'nat', 'svc-echoserver'),
	},
	postrouting: {
		command: `docker exec basic-${short('basic-worker2')} iptables-save -t nat | grep KUBE-POSTROUTING`,
		lines: () => rulesLines(worldOf('kind-basic', START), 'basic-worker2', 'nat', 'KUBE-POSTROUTING'),
	},
	'entry-conntrack': {
		command: `docker exec basic-${short('basic-worker2')} grep 32017 /proc/net/nf_conntrack`,
		lines: () => conntrackLines(runSituation(at('basic-worker2')), 'node/basic-worker2', '32017'),
	},
	'kubelet-alone': {
		command: `docker exec basic-${short('basic-worker2')} iptables-save | grep KUBE`,
		lines: () => rulesLines(worldOf('kind-basic', { ...START, kubeProxy: 'none' }), 'basic-worker2', undefined, 'KUBE'),
	},
};
