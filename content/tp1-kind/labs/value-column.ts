import type { LabPredict, LabVariant } from '../../../src/exercises/index.ts';

const variant = (key: string): LabVariant => ({
	start: { preset: 'kind-cilium' },
	words: { key, length: String(key.length) },
});
const set = (key: string) =>
	`kubectl -n kube-system patch configmap cilium-config --type merge -p '{"data":{"${key}":"true"}}'`;
const VIEW = 'cilium config view';

/** 0-based column at which the values of a listing begin. */
const columnOf = (lines: readonly string[]): number => Math.max(...lines.map((l) => /^\S+ +/.exec(l)?.[0].length ?? 0));

/** Where the values of `cilium config view` begin once a key was added. */
export const valueColumn: LabPredict = {
	lab: true,
	kind: 'predict',
	id: 'value-column',
	section: 'reading',
	unit: 'number',
	variants: [variant('a-key-that-was-made-up-to-have-just-fifty-letters1'), variant('a-shorter-key')],
	async ask(bench, { words }) {
		const before = columnOf(await bench.run(VIEW));
		await bench.run(set(words.key!));
		const lines = await bench.run(VIEW);
		return {
			expected: String(columnOf(lines)),
			proof: [{ command: `${VIEW} | grep '^a'`, lines: await bench.run(`${VIEW} | grep '^a'`) }],
			facts: { before: String(before), length: words.length! },
		};
	},
	misconceptions: [
		{ id: 'fixed', holds: (a, { facts }) => a === facts!.before },
		{ id: 'no-padding', holds: (a, { facts }) => a === facts!.length || Number(a) === Number(facts!.length) + 1 },
		{ id: 'always-moves', holds: (a, { facts }) => Number(a) === Number(facts!.length) + 4 },
	],
};
