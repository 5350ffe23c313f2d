import { addressOf, CLIENT, NODES, observed, short } from '../../../src/content/index.ts';
import { type Assign, type Run, runSituation, type Variant } from '../../../src/exercises/index.ts';
import { at, atProxy } from '../places.ts';

/** Doors in the order of their addresses. */
const DOORS: readonly string[] = [...NODES].sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));

function variant(
	who: 'proxy' | 'snat' | 'hybrid',
	policy: 'Cluster' | 'Local',
	protocol: 'TCP' | 'UDP',
	podOn: string,
): Variant {
	const settings = { externalTrafficPolicy: policy, protocol, podOn };
	const probe = { protocol: protocol === 'TCP' ? 'tcp' : 'udp' } as const;
	const door = DOORS[0]!;
	return {
		situation: who === 'proxy' ? atProxy(door, settings, probe) : at(door, who, settings, probe),
		words: { who: who === 'proxy' ? 'kube-proxy' : `loadBalancer.mode=${who}`, policy, protocol, pod: short(podOn) },
	};
}

/** What comes of a knock at each door. */
function outcomes(run: Run): readonly string[] {
	return DOORS.map((node) => {
		const { situation } = run;
		const knock = runSituation({ ...situation, probe: { ...situation.probe, to: at(node, 'snat').probe.to } });
		if (knock.outcome.result !== 'connected') return knock.outcome.result;
		return observed(knock) === CLIENT ? 'client' : observed(knock) === addressOf(node) ? 'door' : 'other';
	});
}

const home = (run: Run) => DOORS.indexOf(run.situation.settings.podOn ?? '');

/** Who balances, policy and protocol together: what each of the four doors does. */
export const eachDoor: Assign = {
	kind: 'assign',
	id: 'each-door',
	section: 'hybrid',
	variants: [
		variant('hybrid', 'Cluster', 'UDP', 'basic-worker3'),
		variant('snat', 'Local', 'TCP', 'basic-worker2'),
		variant('proxy', 'Local', 'TCP', 'basic-worker'),
	],
	options: ['client', 'door', 'refused', 'timeout'],
	rows: () => DOORS.map((node) => `${addressOf(node)} ${short(node)}`),
	expected: outcomes,
	misconceptions: [
		{
			id: 'home-forgotten',
			holds: (given, run) => given[home(run)] === 'door' && outcomes(run)[home(run)] === 'client',
		},
		{ id: 'all-client', holds: (given) => given.every((g) => g === 'client') },
		{ id: 'forwarded', holds: (given, run) => given.includes('door') && !outcomes(run).includes('door') },
		{ id: 'silence', holds: (given, run) => given.includes('timeout') && outcomes(run).includes('refused') },
		{ id: 'refusal', holds: (given, run) => given.includes('refused') && outcomes(run).includes('timeout') },
	],
};
