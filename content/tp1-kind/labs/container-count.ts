import type { LabPredict, LabVariant } from '../../../src/exercises/index.ts';
import { createFrom, kindConfig } from '../clusters.ts';

function variant(planes: number, workers: number): LabVariant {
	return {
		start: { preset: 'empty', before: [createFrom(kindConfig('lab', planes, workers))] },
		words: { planes: String(planes), workers: String(workers) },
	};
}

const LIST = "docker ps --format '{{.Names}}'";

/** How many containers kind makes of a list of roles. */
export const containerCount: LabPredict = {
	lab: true,
	kind: 'predict',
	id: 'container-count',
	section: 'what-kind-builds',
	unit: 'number',
	variants: [variant(2, 2), variant(1, 3), variant(3, 1)],
	async ask(bench, { words }) {
		const lines = await bench.run(LIST);
		return {
			expected: String(lines.length),
			proof: [{ command: LIST, lines }],
			facts: { roles: String(Number(words.planes) + Number(words.workers)), workers: words.workers! },
		};
	},
	misconceptions: [
		{ id: 'no-balancer', holds: (a, { facts }) => a === facts!.roles },
		{ id: 'always-balancer', holds: (a, { facts }) => Number(a) === Number(facts!.roles) + 1 },
		{ id: 'workers-only', holds: (a, { facts }) => a === facts!.workers },
	],
};
