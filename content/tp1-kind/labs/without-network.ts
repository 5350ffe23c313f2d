import type { LabAssign, LabVariant } from '../../../src/exercises/index.ts';

/** A pod that nobody has to place. */
const run = (name: string, spec: object): string =>
	`kubectl run ${name} --image=busybox:1.36.1 --overrides='${JSON.stringify({ spec })}' -- sleep 1h`;

const variant = (apps: string, before: readonly string[]): LabVariant => ({
	start: { preset: 'kind-nocni', before: [...before, 'sleep 60'] },
	words: { apps, commands: before.length ? before.join('; ') : 'kubectl get pods -A' },
});

const PODS = 'kubectl get pods -A --no-headers -o custom-columns=NAME:.metadata.name,PHASE:.status.phase';

/** Which pods run in a cluster whose nodes are not ready. */
export const withoutNetwork: LabAssign = {
	lab: true,
	kind: 'assign',
	id: 'without-network',
	section: 'not-ready',
	variants: [
		variant('coredns etcd kube-apiserver kube-proxy local-path-provisioner', []),
		variant('coredns kube-scheduler one two', [
			run('one', { nodeName: 'basic-worker' }),
			run('two', { nodeName: 'basic-worker', hostNetwork: true }),
		]),
	],
	options: ['running', 'waiting'],
	async ask(bench, { words }) {
		const lines = await bench.run(PODS);
		const rows = words.apps!.split(' ');
		const expected = rows.map((app) => {
			const phases = lines.filter((line) => new RegExp(`^${app}[- ]`).test(line)).map((line) => line.split(/ +/)[1]);
			if (phases.length === 0) throw new Error(`no pod of ${app}`);
			return phases.every((phase) => phase === 'Running') ? 'running' : 'waiting';
		});
		return { rows, expected, proof: [{ command: PODS, lines }] };
	},
	misconceptions: [
		{ id: 'nothing-runs', holds: (given) => given.length > 0 && given.every((g) => g === 'waiting') },
		{ id: 'all-run', holds: (given) => given.length > 0 && given.every((g) => g === 'running') },
		{ id: 'placed', holds: (given, { rows }) => given[rows!.indexOf('one')] === 'running' },
		{ id: 'node-network', holds: (given, { rows }) => given[rows!.indexOf('two')] === 'waiting' },
		{ id: 'dns', holds: (given, { rows }) => given[rows!.indexOf('coredns')] === 'running' },
		{ id: 'proxy-waits', holds: (given, { rows }) => given[rows!.indexOf('kube-proxy')] === 'waiting' },
	],
};
