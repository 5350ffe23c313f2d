import type { LabAssign, LabVariant } from '../../../src/exercises/index.ts';
import { type CiliumSettings, ciliumSettings } from '../../../src/sim/cilium/index.ts';
import { CILIUM } from '../clusters.ts';

const MODE2 = {
	tunnel: 'disabled',
	ipv4NativeRoutingCIDR: '10.244.0.0/16',
	kubeProxyReplacement: 'strict',
	'ipam.mode': 'kubernetes',
};
const MODE3 = { ...MODE2, autoDirectNodeRoutes: 'true', 'bpf.masquerade': 'true' };

const variant = (base: Readonly<Record<string, string>>, rows: readonly string[]): LabVariant => ({
	start: { preset: 'empty' },
	words: {
		base: JSON.stringify(base),
		rows: rows.join(' '),
		values: Object.entries(base)
			.map((e) => e.join('='))
			.join(' '),
	},
});

function settingsOf(values: Readonly<Record<string, string>>): CiliumSettings {
	const settings = ciliumSettings(CILIUM, values);
	if ('code' in settings) throw new Error(JSON.stringify(settings));
	return settings;
}

/** What a value changes: the way between nodes, the way through a node, or neither. */
function changes(base: Readonly<Record<string, string>>, row: string): 'between' | 'host' | 'neither' {
	const [key, value] = row.split('=') as [string, string];
	const [one, other] = [settingsOf(base), settingsOf({ ...base, [key]: value })];
	if (one.hostRouting !== other.hostRouting) return 'host';
	const differs = one.routingMode !== other.routingMode || one.autoDirectNodeRoutes !== other.autoDirectNodeRoutes;
	return differs ? 'between' : 'neither';
}

const given = (answer: readonly string[], rows: readonly string[] | undefined, start: string) =>
	answer[rows!.findIndex((row) => row.startsWith(start))];

/** Two things that are called routing. */
export const twoFamilies: LabAssign = {
	lab: true,
	kind: 'assign',
	id: 'two-families',
	section: 'vocabulary',
	variants: [
		variant(MODE2, ['autoDirectNodeRoutes=true', 'tunnel=vxlan', 'bpf.masquerade=true', 'loadBalancer.mode=dsr']),
		variant(MODE3, [
			'autoDirectNodeRoutes=false',
			'bpf.hostLegacyRouting=true',
			'bpf.masquerade=false',
			'debug.enabled=true',
		]),
	],
	options: ['between', 'host', 'neither'],
	async ask(_, { words }) {
		const rows = words.rows!.split(' ');
		const base = JSON.parse(words.base!) as Record<string, string>;
		return { rows, expected: rows.map((row) => changes(base, row)) };
	},
	misconceptions: [
		{ id: 'one-thing', holds: (a, { rows }) => given(a, rows, 'autoDirect') === 'host' },
		{ id: 'masquerade-only', holds: (a, { rows }) => given(a, rows, 'bpf.masquerade') === 'neither' },
		{ id: 'tunnel-in-host', holds: (a, { rows }) => given(a, rows, 'tunnel') === 'host' },
		{ id: 'legacy-between', holds: (a, { rows }) => given(a, rows, 'bpf.hostLegacy') === 'between' },
	],
};
