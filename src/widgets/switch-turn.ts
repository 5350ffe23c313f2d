/** Turning a switch: the situation that comes of it. */
import { type Control, LB_MODES, lbModeOf, lbModeSettings } from '../content/index.ts';
import type { Situation } from '../exercises/index.ts';
import type { Ip } from '../sim/wire/index.ts';
import type { Scenario, Settings } from '../sim/world/index.ts';
import { settingsOf } from './switches.ts';

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
