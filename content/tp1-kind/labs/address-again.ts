import type { LabPredict, LabVariant } from '../../../src/exercises/index.ts';

const variant = (commands: string, node: string, keep: string): LabVariant => ({
	start: { preset: 'kind-nocni' },
	words: { commands, node, keep },
});

const addressOf = (name: string) =>
	`docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' ${name}`;

/** Docker gives addresses in the order in which containers start, and gives them anew. */
export const addressAgain: LabPredict = {
	lab: true,
	kind: 'predict',
	id: 'address-again',
	section: 'what-kind-builds',
	unit: 'address',
	variants: [
		variant(
			'docker stop basic-worker2 basic-worker3; docker start basic-worker3 basic-worker2',
			'basic-worker2',
			'basic-worker',
		),
		variant(
			'docker stop basic-worker2 basic-control-plane; docker start basic-control-plane basic-worker2',
			'basic-control-plane',
			'basic-worker',
		),
	],
	async ask(bench, { words }) {
		const command = addressOf(words.node!);
		const [before] = await bench.run(command);
		await bench.run(words.commands!);
		const lines = await bench.run(command);
		return { expected: lines[0]!, proof: [{ command, lines }], facts: { before: before! } };
	},
	misconceptions: [
		{ id: 'keeps', holds: (a, { facts }) => a === facts!.before },
		{ id: 'next-free', holds: (a) => a === '172.18.0.6' },
		{ id: 'host', holds: (a) => a === '172.18.0.1' },
	],
};
