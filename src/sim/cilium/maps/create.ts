/** The maps an agent makes when it starts, empty: tools list them from then on. daemon/cmd/datapath.go initMaps(). */
import type { Namespace } from '../../linux/index.ts';
import type { CiliumSettings } from '../settings.ts';
import type { CiliumMaps } from './index.ts';
import { ALLOW_ALL } from './policy.ts';

export const createNodeMaps = (ns: Namespace, settings: CiliumSettings, maps: CiliumMaps): void => {
	for (const map of [maps.services, maps.backends, maps.reverseNat, maps.ctTcp, maps.ctAny, maps.ipcache, maps.lxc])
		map.create(ns);
	maps.metrics.create(ns);
	if (maps.features.tunnelMap) maps.tunnel.create(ns);
	if (settings.nodePort) {
		maps.snat.create(ns);
		maps.neigh.create(ns);
		if (maps.features.natCountsRetries) maps.snatRetries.create(ns);
	}
	if (settings.socketLB !== 'off') maps.reverseSk.create(ns);
	if (settings.sessionAffinity) {
		maps.affinity.create(ns);
		maps.affinityMatch.create(ns);
	}
	if (settings.sourceRangeCheck) maps.sourceRange.create(ns);
	if (settings.lb.algorithm === 'maglev') maps.maglev.create(ns);
	if (settings.ipMasq)
		maps.ipmasq.replace(
			ns,
			settings.ipMasq.map((prefix) => [prefix, true] as const),
		);
};

/** An endpoint's policy, which no policy has made narrower. */
export const createPolicyMap = (ns: Namespace, maps: CiliumMaps, endpointId: number): void =>
	maps.policy(endpointId).replace(ns, ALLOW_ALL);

export const removePolicyMap = (ns: Namespace, maps: CiliumMaps, endpointId: number): void => {
	ns.bpfMaps.delete(maps.policy(endpointId).spec.name);
};
