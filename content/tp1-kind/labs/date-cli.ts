import type { Bench, LabAssign, LabVariant } from '../../../src/exercises/index.ts';
import { createFrom, kindConfig } from '../clusters.ts';

/** Clusters of one shape, each with the CLI that goes with it: Kubernetes, Cilium, and that CLI's release. */
const CLUSTERS = [
	{ id: 'old', node: 'v1.24.0', cilium: '1.12.1', cli: 'v0.12.2' },
	{ id: 'middle', node: 'v1.26.3', cilium: '1.13.4', cli: 'v0.14.4' },
	{ id: 'new', node: 'v1.28.0', cilium: '1.14.14', cli: 'v0.15.14' },
] as const;
type Age = (typeof CLUSTERS)[number]['id'];

/** A line to date: which release quotes it, and how it begins. */
type Quote = readonly [Age, string];

const variant = (...quotes: readonly Quote[]): LabVariant => ({
	start: { preset: 'empty' },
	words: { ...Object.fromEntries(CLUSTERS.map(({ id, cli }) => [id, cli])), rows: JSON.stringify(quotes) },
});

const CONFIG = kindConfig('lab', 1, 1, 'networking:\n  disableDefaultCNI: true');

/** What the CLI that was new with a cluster prints of it. */
async function statusIn(bench: Bench, { node, cilium, cli }: (typeof CLUSTERS)[number]): Promise<readonly string[]> {
	await bench.run(createFrom(CONFIG).replace(' <<', ` --image kindest/node:${node} <<`));
	await bench.run(
		`helm install cilium cilium --repo https://helm.cilium.io --namespace kube-system --version ${cilium}`,
	);
	await bench.run('kubectl -n kube-system rollout status daemonset/cilium');
	await bench.run('sleep 60');
	const { statusOf } = await import('../../../src/cli/index.ts');
	const status = statusOf(bench.lab, bench.lab.cluster('lab')!, cli);
	if (status.cli !== cli) throw new Error(`${cli} is expected: ${status.cli}`);
	const lines = status.text.trimEnd().split('\n');
	await bench.run('kind delete cluster --name lab');
	return lines;
}

/** A line without the picture at its left. */
const bare = (line: string): string => line.replace(/^[\s/\\_¯]+(?=\S)/, '');

/** A label and the blanks after it: where the values of its block begin. */
const shapeOf = (line: string): string => /^.*?\S {2,}/.exec(line)?.[0] ?? line;
const hasShape = (line: string, shape: string): boolean => line.startsWith(shape) && line[shape.length] !== ' ';

const given = (answer: readonly string[], rows: readonly string[] | undefined, start: string) =>
	answer[rows!.findIndex((row) => row.startsWith(start))];

/** The age of a CLI, by the layout of a single line. */
export const dateCli: LabAssign = {
	lab: true,
	kind: 'assign',
	id: 'date-cli',
	section: 'reading',
	variants: [
		variant(['old', 'Hubble'], ['middle', 'Operator'], ['new', 'Helm chart'], ['old', 'Cluster Pods']),
		variant(['new', 'Envoy'], ['old', 'ClusterMesh'], ['new', 'Cluster Pods'], ['middle', 'Hubble']),
	],
	options: CLUSTERS.map(({ id }) => id),
	async ask(bench, { words }) {
		const printed = new Map<Age, readonly string[]>();
		for (const cluster of CLUSTERS) printed.set(cluster.id, await statusIn(bench, cluster));
		const bareOf = (age: Age) => printed.get(age)!.map(bare);
		const quotes = JSON.parse(words.rows!) as readonly Quote[];
		const rows = quotes.map(([age, label]) => {
			const row = bareOf(age).find((line) => line.startsWith(label));
			if (row === undefined) throw new Error(`no line ${label} in ${words[age]}`);
			return row;
		});
		const expected = rows.map(
			(row) => CLUSTERS.find(({ id }) => bareOf(id).some((line) => hasShape(line, shapeOf(row))))?.id ?? '',
		);
		const proof = CLUSTERS.map(({ id, cli }) => ({ command: `cilium status   # ${cli}`, lines: printed.get(id)! }));
		return { rows, expected, proof };
	},
	misconceptions: [
		{ id: 'renamed', holds: (a, { rows }) => /^(middle|new)$/.test(given(a, rows, 'Hubble:') ?? '') },
		{ id: 'label-only', holds: (a, { rows }) => given(a, rows, 'Operator') === 'old' },
		{ id: 'chart', holds: (a, { rows }) => /^(old|middle)$/.test(given(a, rows, 'Helm chart') ?? '') },
		{ id: 'too-narrow', holds: (a, { rows }) => /^(middle|new)$/.test(given(a, rows, 'ClusterMesh') ?? '') },
		{
			id: 'other-block',
			holds: (a, { rows, expected }) =>
				given(a, rows, 'Cluster Pods') !== given(expected as string[], rows, 'Cluster Pods'),
		},
	],
};
