import type { LabOrder, LabVariant } from '../../../src/exercises/index.ts';
import { createFrom, kindConfig } from '../clusters.ts';

const variant = (planes: number, cni: boolean): LabVariant => ({
	start: { preset: 'empty' },
	words: {
		planes: String(planes),
		cni: `disableDefaultCNI: ${!cni}`,
		config: kindConfig('lab', planes, 2, cni ? '' : 'networking:\n  disableDefaultCNI: true'),
	},
});

/** A step without its icons. */
const plain = (line: string): string => line.replace(/^ ✓ /, '').replace(/ [^\x20-\x7e].*$/, '');

const before = (given: readonly string[], one: RegExp, other: RegExp): boolean =>
	given.findIndex((s) => one.test(s)) < given.findIndex((s) => other.test(s));

/** The steps of `kind create cluster`. */
export const createOrder: LabOrder = {
	lab: true,
	kind: 'order',
	id: 'create-order',
	section: 'config-file',
	variants: [variant(1, true), variant(2, false)],
	async ask(bench, { words }) {
		const lines = await bench.run(createFrom(words.config!));
		return {
			expected: lines.filter((line) => line.startsWith(' ✓ ')).map(plain),
			proof: [{ command: 'kind create cluster --config=lab.yaml', lines: lines.filter((l) => l.startsWith(' ✓ ')) }],
		};
	},
	misconceptions: [
		{ id: 'workers-first', holds: (given) => before(given, /^Joining worker/, /^Starting control-plane/) },
		{ id: 'image-late', holds: (given) => before(given, /^Preparing/, /^Ensuring/) },
		{ id: 'config-first', holds: (given) => before(given, /^Writing/, /^Preparing/) },
	],
};
