import { ruleCount, rulesLines } from '../../../src/content/index.ts';
import { type Predict, type Run, type Variant, worldOf } from '../../../src/exercises/index.ts';
import { at, START } from '../places.ts';

function variant(bundle: string, kubernetes: string): Variant {
	return { situation: at('basic-worker2', { bundle }), words: { kubernetes } };
}

/** Lines with KUBE on a node where kube-proxy never ran: the kubelet's own. */
function kubeletLines(run: Run): readonly string[] {
	const { bundle } = run.situation.settings;
	const world = worldOf('kind-basic', { ...START, bundle, kubeProxy: 'none' });
	return rulesLines(world, 'basic-worker2', undefined, 'KUBE');
}

/** What `iptables-save | grep -c KUBE` prints where kube-proxy never ran. */
export const proxyGone: Predict = {
	kind: 'predict',
	id: 'proxy-gone',
	section: 'eighteen-lines',
	unit: 'number',
	variants: [variant('bare-1.33', '1.33'), variant('bare-1.24', '1.24')],
	expected: (run) => String(kubeletLines(run).length),
	counted: kubeletLines,
	misconceptions: [
		{ id: 'zero', holds: (a) => a === '0' },
		{ id: 'always-eighteen', holds: (a, run) => a === '18' && kubeletLines(run).length !== 18 },
		{ id: 'proxy-still-there', holds: (a, run) => Number(a) === ruleCount(run.before, 'basic-worker2', 'KUBE') },
	],
};
