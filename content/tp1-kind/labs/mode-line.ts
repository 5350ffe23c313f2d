import type { LabEntry, LabVariant } from '../../../src/exercises/index.ts';
import { helm, type Mode } from '../clusters.ts';

const KEYS = '^(auto-direct|enable-(bpf|ipv4)-masq|install-iptables|ipv4-native|kube-proxy-replacement |tunnel)';
const VIEW = `cilium config view | grep -E '${KEYS}'`;

const variant = (from: Mode, to: Mode, names: readonly [string, string]): LabVariant => ({
	start: {
		preset: 'empty',
		files: [`${from}-values.yaml`, `${to}-values.yaml`, 'kind-config-noproxy.yaml'],
		before: ['kind create cluster --config=kind-config-noproxy.yaml', helm('install', `--values ${from}-values.yaml`)],
	},
	words: { from: names[0], to: names[1], file: `${to}-values.yaml` },
});

/** Padding is of no interest, and moves with the longest key. */
const squeezed = (line: string) => line.trim().replace(/ +/, '  ');

/** Which line of the ConfigMap makes one mode of the other. */
export const modeLine: LabEntry = {
	lab: true,
	kind: 'entry',
	id: 'mode-line',
	section: 'three-modes',
	variants: [variant('replacement', 'host-routing', ['2', '3']), variant('proxy', 'replacement', ['1', '2'])],
	async ask(bench, { words }) {
		const before = (await bench.run(VIEW)).map(squeezed);
		await bench.run(helm('upgrade', `--values ${words.file}`));
		const lines = await bench.run(VIEW);
		const rows = lines.map(squeezed);
		const changed = rows.filter((row) => !before.includes(row));
		if (changed.length !== 1) throw new Error(`changed: ${changed.join(', ')}`);
		return { rows, expected: changed[0]!, proof: [{ command: VIEW, lines }] };
	},
	misconceptions: [
		{ id: 'native-routing', holds: (row) => /^(tunnel|auto-direct|ipv4-native)/.test(row) },
		{ id: 'masquerade-at-all', holds: (row) => /^enable-ipv4-masq/.test(row) },
		{ id: 'already-there', holds: (row, { expected }) => row.startsWith('kube-proxy') && row !== expected },
	],
};
