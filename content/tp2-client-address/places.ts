/** Where this lesson starts from. */
import { situationAt } from '../../src/content/index.ts';
import type { Situation } from '../../src/exercises/index.ts';
import type { Probe, Settings } from '../../src/sim/world/index.ts';

/**
 * What "before Cilium" means here: pods joined by veth and routes, kube-proxy of Kubernetes 1.24. Cilium with
 * kube-proxy replacement disabled changes who joins the pods, not what kube-proxy does to a NodePort.
 */
export const START: Partial<Settings> = { bundle: 'bare-1.24', podOn: 'basic-worker' };

/** One knock, with settings over the start state. */
export function at(node: string, settings: Partial<Settings> = {}, more: Partial<Probe> = {}): Situation {
	return situationAt(node, { ...START, ...settings }, more);
}
