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
import type { Scenario, Settings } from '../sim/world/index.ts';
import { minor, shortNode } from './short-names.ts';
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
