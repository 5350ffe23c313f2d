/** Where this lesson starts from: Cilium in place of kube-proxy, one load balancing mode after the other. */
import { type LbMode, lbModeSettings, situationAt } from '../../src/content/index.ts';
import type { Situation } from '../../src/exercises/index.ts';
import { kindBasic } from '../../src/sim/scenarios/index.ts';
import type { Probe, Settings } from '../../src/sim/world/index.ts';

export type Mode = Exclude<LbMode, 'proxy'>;

/** Settings of a cluster without kube-proxy, in this mode. */
export function ebpf(mode: Mode, more: Partial<Settings> = {}): Partial<Settings> {
	const bundle = more.bundle ?? 'cilium-1.12';
	const { helm, ...rest } = more;
	return { podOn: 'basic-worker', ...lbModeSettings(kindBasic, bundle, mode, helm), ...rest, bundle };
}

/** The same cluster with kube-proxy, and Cilium's replacement for it switched off. */
export const PROXY: Partial<Settings> = { bundle: 'cilium-1.12', podOn: 'basic-worker' };

/** One knock at a door of a cluster without kube-proxy. */
export function at(node: string, mode: Mode, more: Partial<Settings> = {}, probe: Partial<Probe> = {}): Situation {
	return situationAt(node, ebpf(mode, more), probe);
}

/** One knock at a door of the cluster with kube-proxy. */
export function atProxy(node: string, more: Partial<Settings> = {}, probe: Partial<Probe> = {}): Situation {
	return situationAt(node, { ...PROXY, ...more }, probe);
}
