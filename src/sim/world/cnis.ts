/** Which CNI a bundle has, and what its Helm values may be. */
import type { Cni } from './cni.ts';
import { bareCni } from './cni.ts';
import type { Scenario } from './scenario.ts';
import { bundleOf } from './settings.ts';
import type { Settings, SimError } from './types.ts';

/** The CNI of the settings' bundle. */
export function makeCni(scenario: Scenario, settings: Settings): Cni | SimError {
	const bundle = bundleOf(scenario, settings);
	return bareCni(scenario, bundle.kernel);
}

/** Helm values against the chart of the bundle's Cilium: unknown keys and values it refuses. */
export function checkHelm(_scenario: Scenario, _settings: Settings): SimError | undefined {
	return undefined;
}

/** Helm keys the bundle's Cilium takes; none without Cilium. */
export const helmKeysOf = (_world: {
	readonly scenario: Scenario;
	readonly settings: Settings;
}): readonly string[] => [];
