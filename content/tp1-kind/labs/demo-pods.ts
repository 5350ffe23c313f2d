import type { LabPredict, LabVariant } from '../../../src/exercises/index.ts';

const UNTAINT =
	'kubectl taint nodes basic-control-plane node-role.kubernetes.io/master- node-role.kubernetes.io/control-plane-';
const variant = (commands: readonly string[]): LabVariant => ({
	start: { preset: 'kind-cilium', files: ['cni-demo.yaml'] },
	words: { commands: [...commands, 'kubectl apply -f cni-demo.yaml'].join('; ') },
});
const COUNT = 'kubectl get pods -l app=cni-demo -o wide';

/** One pod on every node, or nearly. */
export const demoPods: LabPredict = {
	lab: true,
	kind: 'predict',
	id: 'demo-pods',
	section: 'three-modes',
	unit: 'number',
	variants: [variant([]), variant([UNTAINT])],
	async ask(bench, { words }) {
		await bench.run(words.commands!);
		await bench.run('kubectl rollout status daemonset/cni-demo');
		const lines = await bench.run(COUNT);
		const nodes = await bench.run('kubectl get nodes --no-headers');
		return {
			expected: String(lines.length - 1),
			proof: [{ command: COUNT, lines }],
			facts: { nodes: String(nodes.length) },
		};
	},
	misconceptions: [
		{ id: 'taint-forgotten', holds: (a, { facts }) => a === facts!.nodes },
		{ id: 'taint-gone', holds: (a, { facts }) => Number(a) === Number(facts!.nodes) - 1 },
		{ id: 'one', holds: (a) => a === '1' },
	],
};
