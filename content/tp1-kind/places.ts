/** The three modes as situations of the packet walk: the cluster of the course, and one knock at a door. */
import { situationAt } from '../../src/content/index.ts';
import type { Situation } from '../../src/exercises/index.ts';
import type { Settings } from '../../src/sim/world/index.ts';
import { ebpf, PROXY } from '../tp2-ebpf/places.ts';
import type { Mode } from './clusters.ts';

/** From the learner's machine to the NodePort at this node, with the pod on another. */
export function knock(mode: Mode, node = 'basic-worker2'): Situation {
	if (mode === 'proxy') return situationAt(node, PROXY);
	const { helm, ...settings } = ebpf('snat');
	const more: Settings['helm'] = mode === 'host-routing' ? { 'bpf.masquerade': 'true' } : {};
	return situationAt(node, { ...settings, helm: { ...helm, ...more } });
}
