import type { Write, Written } from '../../../src/exercises/index.ts';
import { hasDaemonSet, kindConfig, nodeCount, publishedAt } from '../clusters.ts';

const GIVEN = kindConfig(
	'basic',
	1,
	2,
	'networking:\n  apiServerAddress: "0.0.0.0"\n  apiServerPort: 6443\n  disableDefaultCNI: true',
);
/** Where the API server is published, whatever the cluster is called. */
const apiAt = ({ lab }: Pick<Written, 'lab'>) =>
	lab.docker.containers().flatMap(({ name }) => publishedAt(lab, name, 6443));
const loopback = (address: string) => address.startsWith('127.') || address.startsWith('::1:');
const withMode = (mode: string) =>
	GIVEN.replace('"0.0.0.0"', '127.0.0.1').replace(/\n$/, `\n  kubeProxyMode: ${mode}\n`);

/** A configuration for Cilium in place of kube-proxy, whose API server nobody else can reach. */
export const safeConfig: Write = {
	lab: true,
	kind: 'write',
	id: 'safe-config',
	section: 'config-file',
	file: 'kind-config.yaml',
	variants: [{ start: { preset: 'empty' }, words: { file: 'kind-config.yaml' } }],
	given: () => GIVEN,
	use: ['kind create cluster --config=kind-config.yaml'],
	goals: [
		{ id: 'cluster', holds: (lab) => nodeCount(lab) >= 3 },
		{ id: 'no-network', holds: (lab) => nodeCount(lab) > 0 && !hasDaemonSet(lab, 'kindnet') },
		{ id: 'no-proxy', holds: (lab) => nodeCount(lab) > 0 && !hasDaemonSet(lab, 'kube-proxy') },
		{ id: 'loopback', holds: (lab) => apiAt({ lab }).length > 0 && apiAt({ lab }).every(loopback) },
	],
	hints: [
		{ id: 'refused', holds: ({ lab }) => nodeCount(lab) === 0 },
		{ id: 'proxy', holds: ({ lab }) => hasDaemonSet(lab, 'kube-proxy') },
		{ id: 'address', holds: (w) => !apiAt(w).every(loopback) },
	],
	misconceptions: [
		{ id: 'mode-off', holds: ({ output }) => output.includes('invalid kubeProxyMode') },
		{ id: 'wrong-place', holds: ({ output }) => output.includes('kubeProxyMode not found') },
		{ id: 'a-name', holds: ({ output }) => output.includes('Invalid ip address') },
		{ id: 'network-on', holds: ({ lab }) => hasDaemonSet(lab, 'kindnet') },
		{
			id: 'only-proxy',
			holds: (w) => nodeCount(w.lab) > 0 && !hasDaemonSet(w.lab, 'kube-proxy') && !apiAt(w).every(loopback),
		},
		{ id: 'only-address', holds: (w) => hasDaemonSet(w.lab, 'kube-proxy') && apiAt(w).every(loopback) },
	],
	solutions: [
		() => withMode('none'),
		() => withMode('"none"'),
		// kind's own default is the loopback address.
		() => GIVEN.replace(/ {2}apiServer.*\n/g, '').replace(/\n$/, '\n  kubeProxyMode: none\n'),
		// Another name, or none.
		() => withMode('none').replace('name: basic\n', ''),
		() => withMode('none').replace('127.0.0.1', '"::1"'),
	],
	wrong: [
		() => withMode('off'),
		() => GIVEN.replace('- role: worker', '- role: worker\n    kubeProxyMode: none'),
		() => withMode('none').replace('disableDefaultCNI: true', 'disableDefaultCNI: false'),
		() => GIVEN.replace(/\n$/, '\n  kubeProxyMode: none\n'),
		() => GIVEN.replace('"0.0.0.0"', '127.0.0.1'),
		() => withMode('none').replace('127.0.0.1', 'localhost'),
		() => withMode('none').replace('nodes:', 'nodes'),
		() => '',
	],
};
