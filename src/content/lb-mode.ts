/** Who balances a service, as one choice: kube-proxy, or Cilium's programs in one of their modes. */
import type { Scenario, Settings } from '../sim/world/index.ts';

export const LB_MODES = ['proxy', 'snat', 'dsr', 'hybrid'] as const;
/** `proxy` is kube-proxy; the others are values of `loadBalancer.mode`. */
export type LbMode = (typeof LB_MODES)[number];

const MODE = 'loadBalancer.mode';
const REPLACEMENT = 'kubeProxyReplacement';

/** `1.12.1` of a scenario's bundle; undefined without Cilium. */
export function ciliumOf(scenario: Scenario, bundle: string): string | undefined {
	return scenario.bundles.find((b) => b.id === bundle)?.cilium;
}

/** `kubeProxyReplacement` that switches everything on, as the chart of the version spells it: a boolean since 1.14. */
export function fullReplacement(cilium: string): string {
	return Number(cilium.split('.')[1]) < 14 ? 'strict' : 'true';
}

/** The value that switches it off. */
export function noReplacement(cilium: string): string {
	return fullReplacement(cilium) === 'true' ? 'false' : 'disabled';
}

/** The mode these settings stand for. */
export function lbModeOf(settings: Partial<Settings>): LbMode {
	const { [REPLACEMENT]: replacement = '', [MODE]: mode = 'snat' } = settings.helm ?? {};
	if (replacement !== 'strict' && replacement !== 'true') return 'proxy';
	return LB_MODES.find((m) => m === mode) ?? 'snat';
}

/** What to set for a mode under a bundle. Other Helm values stay. Without Cilium there is nothing but kube-proxy. */
export function lbModeSettings(
	scenario: Scenario,
	bundle: string,
	mode: LbMode,
	helm: Settings['helm'] = {},
): Pick<Settings, 'kubeProxy' | 'helm'> {
	const { [REPLACEMENT]: _, [MODE]: __, ...others } = helm;
	const cilium = ciliumOf(scenario, bundle);
	if (mode === 'proxy' || cilium === undefined) return { kubeProxy: 'iptables', helm: others };
	return { kubeProxy: 'none', helm: { ...others, [REPLACEMENT]: fullReplacement(cilium), [MODE]: mode } };
}
