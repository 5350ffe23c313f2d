/** Outputs the prose shows: what the command beside each would print, computed from the World. */
import {
	addressOf,
	NODES,
	natListLines,
	requestingLines,
	ruleCount,
	serviceListLines,
} from '../../src/content/index.ts';
import type { OutputSpec } from '../../src/content/types.ts';
import { runSituation, type Situation, worldOf } from '../../src/exercises/index.ts';
import type { Settings } from '../../src/sim/world/index.ts';
import { at, PROXY } from './places.ts';

const knock = 'for i in {2..5}; do curl -s -m 5 "172.18.0.$i:32017" | grep Requesting; done';
const aloud = 'for i in {2..5}; do curl -sS -m 5 "172.18.0.$i:32017" 2>&1 | grep -e Requesting -e curl; done';
const count =
	'for n in control-plane worker worker2 worker3; do docker exec basic-$n iptables-save | grep -c KUBE; done';
/** `$agent` is Cilium's pod on the node that was knocked at. */
const tool = 'kubectl -n kube-system exec "$agent" -- cilium bpf';
const COUNTED = ['basic-control-plane', 'basic-worker', 'basic-worker2', 'basic-worker3'];

/** Nodes in the order the learner's loop meets their addresses. */
const DOORS = [...NODES].sort((a, b) => lastOctet(a) - lastOctet(b));

function lastOctet(node: string): number {
	return Number(addressOf(node).split('.')[3]);
}

function atEveryDoor(of: (node: string) => Situation): readonly string[] {
	return DOORS.flatMap((node) => requestingLines(runSituation(of(node))));
}

/** As `curl -sS` tells it: the answer, or that the door was refused at once. */
function atEveryDoorAloud(of: (node: string) => Situation): readonly string[] {
	return DOORS.flatMap((node) => {
		const run = runSituation(of(node));
		const port = run.situation.probe.to.port;
		if (run.outcome.result === 'connected') return requestingLines(run);
		if (run.outcome.result !== 'refused') throw new Error(`${node} is silent: the words of another curl`);
		return [`curl: (7) Failed to connect to ${addressOf(node)} port ${port} after 0 ms: Connection refused`];
	});
}

/** `grep -c KUBE` on every node. */
function kubeLines(kubeProxy: Settings['kubeProxy']): readonly string[] {
	const world = worldOf('kind-basic', { ...PROXY, kubeProxy });
	return COUNTED.map((node) => String(ruleCount(world, node, 'KUBE')));
}

const visited = () => runSituation(at('basic-worker2', 'snat'));

export const outputs: Readonly<Record<string, OutputSpec>> = {
	'loop-snat': { command: knock, lines: () => atEveryDoor((node) => at(node, 'snat')) },
	'lb-list': {
		command: `${tool} lb list | grep -A1 :32017`,
		lines: () => serviceListLines(visited(), 'basic-worker2', ':32017'),
	},
	'nat-list': {
		command: `${tool} nat list | grep 172.18.0.1:`,
		lines: () => natListLines(visited(), 'basic-worker2', '172.18.0.1:'),
	},
	'loop-dsr': { command: knock, lines: () => atEveryDoor((node) => at(node, 'dsr')) },
	'loop-local': {
		command: aloud,
		lines: () => atEveryDoorAloud((node) => at(node, 'snat', { externalTrafficPolicy: 'Local' })),
	},
	'left-behind': { command: count, lines: () => kubeLines('stale') },
	'after-flush': { command: count, lines: () => kubeLines('none') },
};
