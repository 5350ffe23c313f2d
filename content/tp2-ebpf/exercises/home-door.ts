import { CLIENT, entryNode, type NodeName, observed, short } from '../../../src/content/index.ts';
import { type Choose, runSituation, type Variant } from '../../../src/exercises/index.ts';
import { at, atProxy } from '../places.ts';

function variant(entry: NodeName, podOn: NodeName): Variant {
	return { situation: at(entry, 'snat', { podOn }), words: { entry: short(entry), pod: short(podOn) } };
}

/** Which of kube-proxy and eBPF in SNAT mode shows the client's address here. */
export const homeDoor: Choose = {
	kind: 'choose',
	id: 'home-door',
	section: 'when-it-survives',
	variants: [variant('basic-worker', 'basic-worker'), variant('basic-worker2', 'basic-worker')],
	options: ['both', 'only-ebpf', 'only-proxy', 'neither'],
	expected: (run) => {
		const { settings, probe } = run.situation;
		const proxy = runSituation(atProxy(entryNode(run)!, { podOn: settings.podOn }, { protocol: probe.protocol }));
		const kept = [observed(run) === CLIENT, observed(proxy) === CLIENT];
		return kept[0] ? (kept[1] ? 'both' : 'only-ebpf') : kept[1] ? 'only-proxy' : 'neither';
	},
	misconceptions: [
		{ id: 'both', holds: (a) => a === 'both' },
		{ id: 'only-proxy', holds: (a) => a === 'only-proxy' },
		{ id: 'ebpf-always', holds: (a, run) => a === 'only-ebpf' && observed(run) !== CLIENT },
		{ id: 'mode-forbids', holds: (a, run) => a === 'neither' && observed(run) === CLIENT },
	],
};
