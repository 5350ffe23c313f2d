/** The switchboard as data: what can be switched in a situation, to what, and why some of it cannot. */
import {
	type Control,
	ciliumOf,
	LB_MODES,
	type LbMode,
	lbModeOf,
	lbModeSettings,
	noReplacement,
} from '../content/index.ts';
import type { Situation } from '../exercises/index.ts';
import type { FigureText } from '../i18n/figure/index.ts';
import type { Ip } from '../sim/wire/index.ts';
import type { Scenario, Settings } from '../sim/world/index.ts';
import type { Told } from './telling.ts';

export interface Choice {
	readonly value: string;
	/** What it is called: the option's own value, or a name. */
	readonly name: string;
	/** A machine's word beside the name. */
	readonly code?: string;
	/** In plain words, where the name is a term. */
	readonly plain?: Told;
	/** Why it cannot be chosen now. */
	readonly off?: string;
}

export interface Switch {
	readonly control: Control;
	readonly label: string;
	/** The real option's name, as it would be written. */
	readonly option?: string;
	readonly value: string;
	readonly choices: readonly Choice[];
}

/** Settings of a situation with every default in place. */
export function settingsOf(scenario: Scenario, situation: Situation): Settings {
	return { ...scenario.start, ...situation.settings };
}

/** The switches a figure offers, in the order asked for. */
export function switchesOf(
	scenario: Scenario,
	situation: Situation,
	controls: readonly Control[],
	text: FigureText,
): Switch[] {
	return controls.flatMap((control) => {
		const found = switchOf(control, scenario, situation, text.switches, controls);
		return found ? [found] : [];
	});
}

type Words = FigureText['switches'];

function switchOf(
	control: Control,
	scenario: Scenario,
	situation: Situation,
	words: Words,
	beside: readonly Control[],
): Switch | undefined {
	const settings = settingsOf(scenario, situation);
	const { nodes, name: cluster } = scenario.cluster;
	const short = (node: string) => shortNode(node, cluster);
	// Nodes in the order of their addresses, as a loop over them would meet them.
	const sorted = [...nodes].sort((a, b) => a.internalIP - b.internalIP);
	switch (control) {
		case 'entry': {
			const entry = sorted.find((n) => n.internalIP === situation.probe.to.ip);
			return {
				control,
				label: words.entry,
				value: entry?.name ?? '',
				choices: sorted.map((n) => ({
					value: n.name,
					name: short(n.name),
					code: `.${n.internalIP & 0xff}`,
					off: situation.probe.from === `node/${n.name}` ? words.whyNotLocalIp : undefined,
				})),
			};
		}
		case 'podOn':
			return {
				control,
				label: words.pod,
				option: 'nodeSelector',
				value: settings.replicas === 1 ? (settings.podOn ?? '') : '',
				choices: [
					...sorted.map((n) => ({
						value: n.name,
						name: short(n.name),
						off: n.controlPlane ? words.whyNotControlPlane : settings.replicas === 1 ? undefined : words.whyNotPodOn,
					})),
				],
			};
		case 'replicas':
			return {
				control,
				label: words.replicas,
				option: 'replicas',
				value: String(settings.replicas),
				choices: ['0', '1', '2', '3', '4'].map((n) => ({ value: n, name: n })),
			};
		case 'protocol':
			return {
				control,
				label: words.protocol,
				option: 'protocol',
				value: situation.probe.protocol.toUpperCase(),
				choices: ['TCP', 'UDP'].map((n) => ({ value: n, name: n })),
			};
		case 'bundle':
			return {
				control,
				label: words.bundle,
				value: settings.bundle,
				// Beside the choice of who balances, what has no Cilium has nothing to offer.
				choices: scenario.bundles
					.filter((b) => b.cilium || b.id === settings.bundle || !beside.includes('mode'))
					.map((b) => ({
						value: b.id,
						name: `Kubernetes ${minor(b.kubernetes)}`,
						plain: {
							t: words.bundleName,
							v: {
								kubernetes: minor(b.kubernetes),
								kernel: minor(b.kernel),
								cni: b.cilium ? `Cilium ${minor(b.cilium)}` : words.bare,
							},
						},
					})),
			};
		case 'mode': {
			const cilium = ciliumOf(scenario, settings.bundle);
			return {
				control,
				label: words.mode,
				option: 'loadBalancer.mode',
				value: lbModeOf(settings),
				choices: LB_MODES.map((mode) => ({
					value: mode,
					name: words.modes[mode],
					plain: { t: optionsOf(scenario, settings, mode) },
					off: mode === 'proxy' || cilium ? undefined : words.whyNotEbpf,
				})),
			};
		}
		case 'kubeProxy':
			return {
				control,
				label: words.kubeProxy,
				value: settings.kubeProxy,
				choices: [
					{ value: 'iptables', name: words.kubeProxyOn, code: 'iptables' },
					{ value: 'none', name: words.kubeProxyOff },
				],
			};
		case 'externalTrafficPolicy':
		case 'internalTrafficPolicy':
			return {
				control,
				label: control === 'externalTrafficPolicy' ? words.policy : words.internalPolicy,
				option: control,
				value: settings[control],
				choices: [
					{ value: 'Cluster', name: 'Cluster', plain: { t: words.cluster } },
					{ value: 'Local', name: 'Local', plain: { t: words.local } },
				],
			};
		case 'sessionAffinity':
			return {
				control,
				label: words.affinity,
				option: control,
				value: settings.sessionAffinity,
				choices: [
					{ value: 'None', name: 'None', plain: { t: words.none } },
					{ value: 'ClientIP', name: 'ClientIP', plain: { t: words.clientIP } },
				],
			};
		case 'from':
			return {
				control,
				label: words.from,
				value: situation.probe.from,
				choices: ['host', ...sorted.map((n) => `node/${n.name}`)].map((value) => ({
					value,
					name: value === 'host' ? 'host' : short(value.slice('node/'.length)),
				})),
			};
		default:
			return undefined;
	}
}

/** The Helm values a mode stands for, as they would be typed. */
function optionsOf(scenario: Scenario, settings: Settings, mode: LbMode): string {
	const { helm } = lbModeSettings(scenario, settings.bundle, mode, {});
	const set = Object.entries(helm).map(([key, value]) => `\`${key}=${value}\``);
	return set.length > 0
		? set.join(' ')
		: `\`kubeProxyReplacement=${noReplacement(ciliumOf(scenario, settings.bundle) ?? '')}\``;
}

/** The situation with one switch set. Unknown values leave it as it is. */
export function turn(scenario: Scenario, situation: Situation, control: Control, value: string): Situation {
	const set = (settings: Partial<Settings>): Situation => ({
		...situation,
		settings: { ...situation.settings, ...settings },
	});
	switch (control) {
		case 'entry': {
			const node = scenario.cluster.nodes.find((n) => n.name === value);
			return node ? knock(situation, node.internalIP) : situation;
		}
		case 'protocol': {
			if (value !== 'TCP' && value !== 'UDP') return situation;
			const protocol = value === 'TCP' ? 'tcp' : 'udp';
			return { ...set({ protocol: value }), probe: { ...situation.probe, protocol } };
		}
		case 'from':
			return { ...situation, probe: { ...situation.probe, from: value } };
		case 'replicas':
			return set({ replicas: Number(value) });
		case 'podOn':
			return set({ podOn: value === '' ? undefined : value });
		case 'mode': {
			const mode = LB_MODES.find((m) => m === value);
			if (!mode) return situation;
			const { bundle, helm } = settingsOf(scenario, situation);
			return set(lbModeSettings(scenario, bundle, mode, helm));
		}
		case 'bundle': {
			// The chart of another version spells the same mode differently.
			const before = settingsOf(scenario, situation);
			const mode = lbModeOf(before);
			if (mode === 'proxy') return set({ bundle: value });
			return set({ bundle: value, ...lbModeSettings(scenario, value, mode, before.helm) });
		}
		default:
			return set({ [control]: value } as Partial<Settings>);
	}
}

function knock(situation: Situation, ip: Ip): Situation {
	return { ...situation, probe: { ...situation.probe, to: { ...situation.probe.to, ip } } };
}

/** `1.24.0` is `1.24` to a reader. */
export function minor(version: string): string {
	return version.split('.').slice(0, 2).join('.');
}

/** `basic-worker2` of the cluster `basic` is `worker2` to a reader. */
export function shortNode(node: string, cluster: string): string {
	return node.startsWith(`${cluster}-`) ? node.slice(cluster.length + 1) : node;
}

/**
 * What tells a situation from its neighbour: for the heads of a comparison. One difference is named by its value;
 * of several, each says what it is a value of.
 */
export function describe(
	scenario: Scenario,
	a: Situation,
	b: Situation,
	controls: readonly Control[],
	text: FigureText,
): string[] {
	const left = switchesOf(scenario, a, controls, text);
	const right = switchesOf(scenario, b, controls, text);
	const all = left.filter((s, i) => s.value !== right[i]?.value);
	// Who balances says whether kube-proxy runs.
	const differing = all.some((s) => s.control === 'mode') ? all.filter((s) => s.control !== 'kubeProxy') : all;
	// No switch tells them apart: then Helm's values do.
	if (differing.length === 0) {
		const mine = a.settings.helm ?? {};
		const other = b.settings.helm ?? {};
		const keys = Object.keys({ ...mine, ...other }).filter((key) => mine[key] !== other[key]);
		return keys.map((key) => `${key}=${mine[key] ?? '–'}`);
	}
	return differing.flatMap((s) => {
		const choice = s.choices.find((c) => c.value === s.value);
		const name = choice?.plain?.v ? `${choice.name}, ${choice.plain.v.cni}` : (choice?.name ?? s.value);
		if (name === '') return [];
		return [differing.length > 1 ? `${s.label}${text.record.colon}${name}` : name];
	});
}

/** Controls in which two situations can differ, whatever a figure offers: for the heads of a comparison. */
export const ALL_CONTROLS: readonly Control[] = [
	'mode',
	'externalTrafficPolicy',
	'internalTrafficPolicy',
	'sessionAffinity',
	'kubeProxy',
	'bundle',
	'entry',
	'from',
	'podOn',
	'replicas',
	'protocol',
];
