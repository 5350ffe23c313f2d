import type { LabChoose, LabVariant } from '../../../src/exercises/index.ts';
import { kindConfig } from '../clusters.ts';

const OPTIONS = ['native-proxy', 'native-replaced', 'vxlan-proxy', 'vxlan-replaced'] as const;

const variant = (mode: string): LabVariant => ({
	start: { preset: 'empty' },
	words: {
		mode: `kubeProxyMode: ${mode}`,
		config: kindConfig('basic', 1, 2, `networking:\n  disableDefaultCNI: true\n  kubeProxyMode: ${mode}`),
	},
});
const VIEW = "cilium config view | grep -E '^(kube-proxy-replacement |tunnel)'";

/** What `cilium install` decides when nobody tells it. */
export const cliGuess: LabChoose = {
	lab: true,
	kind: 'choose',
	id: 'cli-guess',
	section: 'cli',
	variants: [variant('none'), variant('iptables')],
	options: OPTIONS,
	async ask(bench, { words }) {
		await bench.run(`kind create cluster --config=- <<'EOF'\n${words.config}EOF`);
		await bench.run('cilium install');
		const lines = await bench.run(VIEW);
		const value = (key: string) => lines.find((l) => l.startsWith(key))?.split(/ +/)[1] ?? '';
		const routing = value('tunnel') === 'disabled' ? 'native' : 'vxlan';
		const services = value('kube-proxy-replacement') === 'disabled' ? 'proxy' : 'replaced';
		return { expected: `${routing}-${services}`, proof: [{ command: VIEW, lines }] };
	},
	misconceptions: [
		{ id: 'native', holds: (a) => a.startsWith('native') },
		{ id: 'nobody-looked', holds: (a, { expected }) => a === 'vxlan-proxy' && expected !== a },
		{ id: 'always-replaces', holds: (a, { expected }) => a === 'vxlan-replaced' && expected !== a },
	],
};
