/** The World: a scenario, the actions so far, and the network they led to. */
import type { ProxyState, Snapshot } from '../kube/index.ts';
import type { Network } from '../linux/index.ts';
import { build } from './build.ts';
import type { Cni } from './cni.ts';
import { checkHelm } from './cnis.ts';
import type { Scenario } from './scenario.ts';
import { mergeSettings, printable } from './settings.ts';
import type { Action, Settings, SimError } from './types.ts';

/** One state. Never changed: `apply` answers another. */
export interface Moment {
	readonly scenario: Scenario;
	readonly settings: Settings;
	readonly actions: readonly Action[];
	/** The API server's objects. */
	readonly snapshot: Snapshot;
	/** To be read and forked, never run or configured: `view.ts` reads it. */
	readonly net: Network;
	readonly cni: Cni;
	/** What kube-proxy knew when it was deleted, while its rules stay on the nodes (`kubeProxy: 'stale'`). */
	readonly proxyLeft?: ProxyState | undefined;
}

export interface World extends Moment {
	/** Earlier states, oldest first, at most HISTORY of them. */
	readonly past: readonly Moment[];
}

/**
 * A World before any action. `settings` lie over the scenario's start; they may come from anywhere and are checked
 * (see `mergeSettings`). Never throws.
 */
export function createWorld(
	scenario: Scenario,
	settings: Partial<Settings> = {},
): { readonly world: World } | { readonly error: SimError } {
	const merged = mergeSettings(scenario, scenario.start, settings);
	if ('error' in merged) return merged;
	const helm = checkHelm(scenario, merged.settings);
	if (helm) return { error: helm };
	return guarded(() => {
		const built = build(scenario, merged.settings, 0);
		if ('error' in built) return built;
		return { world: { scenario, settings: merged.settings, actions: [], ...built, past: [] } };
	});
}

/** Runs what must not throw past the World's door: a defect becomes an `internal` error. */
export function guarded<T>(act: () => T): T | { readonly error: SimError } {
	try {
		return act();
	} catch (thrown) {
		const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : printable(thrown);
		return { error: { code: 'internal', params: { message } } };
	}
}
