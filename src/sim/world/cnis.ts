/** Which CNI a bundle has, and what its Helm values may be. */

import { formatIp, type Ip } from '../wire/index.ts';
import {
	type CiliumError,
	type CiliumMessage,
	type CiliumSettings,
	ciliumSettings,
	createCilium,
	findsApiServer,
	HELM_KEYS,
	isCiliumError,
	nativeRoutingValues,
} from './cilium.ts';
import { bareCni, type Cni, downCni } from './cni.ts';
import { mixedCni } from './mixed-cni.ts';
import { nodeNs, podNs } from './names.ts';
import type { Scenario } from './scenario.ts';
import { bundleOf } from './settings.ts';
import type { Settings, SimError } from './types.ts';

/** The CNI of the settings' bundle. */
export function makeCni(scenario: Scenario, settings: Settings): Cni | SimError {
	const { kernel, cni } = bundleOf(scenario, settings);
	const cilium = settingsOfCilium(scenario, settings);
	if (!cilium) return cni === 'none' ? downCni() : (mixedCni?.(scenario, kernel) ?? bareCni(scenario, kernel));
	if (agentsCut(scenario, settings)) return downCni();
	if (isCiliumError(cilium)) return fromCiliumError(cilium);
	const mixed = mixedCni?.(scenario, kernel, cilium);
	if (mixed) return mixed;
	const pinned = new Set<Ip>(Object.values(scenario.cluster.podAddresses ?? {}));
	for (const { ip } of scenario.cluster.pins) pinned.add(ip);
	const { nodes, serviceNumbers: numbers } = scenario.cluster;
	return createCilium(cilium, { nodes, kernel, pinned, nodeNs, podNs, ...(numbers ? { numbers } : {}) });
}

/** Undefined without Cilium. The learner's values lie over those the scenarios are installed with. */
export function settingsOfCilium(scenario: Scenario, settings: Settings): CiliumSettings | CiliumError | undefined {
	const { cilium: version, kernel } = bundleOf(scenario, settings);
	if (version === undefined) return undefined;
	return ciliumSettings(version, valuesOf(scenario, settings, version), { kernel });
}

/** The installation's values, and the learner's over them. */
const valuesOf = (scenario: Scenario, settings: Settings, version: string): Readonly<Record<string, string>> => {
	const api = scenario.cluster.nodes.find((node) => node.controlPlane) ?? scenario.cluster.nodes[0];
	const own = settings.helm;
	const base: Record<string, string> = {
		...nativeRoutingValues(version, scenario.cluster.podCIDR),
		...(api ? { k8sServiceHost: formatIp(api.internalIP), k8sServicePort: '6443' } : {}),
	};
	// In a tunnel nothing of native routing is left.
	const tunnelled =
		own.routingMode === 'tunnel' || own.tunnel === 'vxlan' || own.tunnel === 'geneve' || (own.tunnel ?? '') === 'true';
	if (tunnelled) {
		delete base.autoDirectNodeRoutes;
		delete base.ipv4NativeRoutingCIDR;
	}
	return { ...base, ...own };
};

/** Whether Cilium's agents reach no API server: they were told a wrong address, or none and nobody translates its own. */
export function agentsCut(scenario: Scenario, settings: Settings): boolean {
	const { cilium: version } = bundleOf(scenario, settings);
	const { cluster } = scenario;
	return (
		version !== undefined &&
		!findsApiServer(valuesOf(scenario, settings, version), cluster, settings.kubeProxy !== 'none')
	);
}

/**
 * Helm values against the chart of the bundle's Cilium: values that it or the agent refuses, or that are not modelled.
 * Keys no chart knows are no error: helm takes them and nothing happens (`helmFindings`).
 */
export function checkHelm(scenario: Scenario, settings: Settings): SimError | undefined {
	const cilium = settingsOfCilium(scenario, settings);
	return cilium && isCiliumError(cilium) ? fromCiliumError(cilium) : undefined;
}

const fromCiliumError = ({ code, params }: CiliumError): SimError => ({
	code: code === 'cilium.not-modelled' ? 'not-modelled' : 'bad-helm-value',
	params: { ...params, ...(params.reason ? { fatal: params.reason } : {}), reason: code },
	where: 'helm',
});

/**
 * What helm and the agents said of the settings without stopping, and what nobody says: keys that no chart, or not
 * this version's, looks at.
 */
export const helmFindings = (world: {
	readonly scenario: Scenario;
	readonly settings: Settings;
}): readonly CiliumMessage[] => {
	const cilium = settingsOfCilium(world.scenario, world.settings);
	return cilium && !isCiliumError(cilium) ? cilium.messages : [];
};

/** Helm keys that change something; empty without Cilium. */
export const helmKeysOf = (world: { readonly scenario: Scenario; readonly settings: Settings }): readonly string[] =>
	bundleOf(world.scenario, world.settings).cilium === undefined ? [] : HELM_KEYS;
