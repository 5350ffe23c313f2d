/**
 * Defaults that the schemas of Cilium's definitions carry (`+kubebuilder:default`). Source: cilium
 * pkg/k8s/apis/cilium.io/v2alpha1/{lbipam_types,bgpp_types,bgp_cluster_types,bgp_peer_types}.go @ v1.17.5.
 */
import { customChecks } from '../for-people.ts';
import { type Draft, fill, isRecord, subs } from '../json.ts';
import type { Context } from '../strategy.ts';

const BY_KIND: Readonly<Record<string, (spec: Draft, object: Draft) => void>> = {
	CiliumLoadBalancerIPPool: (spec) => fill(spec, 'disabled', false),
	CiliumBGPPeeringPolicy(spec) {
		for (const router of subs(spec, 'virtualRouters')) {
			fill(router, 'exportPodCIDR', false);
			for (const neighbor of subs(router, 'neighbors')) {
				fill(neighbor, 'connectRetryTimeSeconds', 120);
				fill(neighbor, 'eBGPMultihopTTL', 1);
				fill(neighbor, 'holdTimeSeconds', 90);
				fill(neighbor, 'keepAliveTimeSeconds', 30);
				fill(neighbor, 'peerPort', 179);
			}
		}
	},
	CiliumBGPClusterConfig(spec, object) {
		if (object.apiVersion !== 'cilium.io/v2alpha1') return;
		for (const instance of subs(spec, 'bgpInstances'))
			for (const peer of subs(instance, 'peers')) {
				const reference = peer.peerConfigRef;
				if (!isRecord(reference)) continue;
				fill(reference, 'group', 'cilium.io');
				fill(reference, 'kind', 'CiliumBGPPeerConfig');
			}
	},
	CiliumBGPPeerConfig(spec) {
		fill(spec, 'ebgpMultihop', 1);
		if (isRecord(spec.timers)) {
			fill(spec.timers, 'connectRetryTimeSeconds', 120);
			fill(spec.timers, 'holdTimeSeconds', 90);
			fill(spec.timers, 'keepAliveTimeSeconds', 30);
		}
		if (isRecord(spec.transport)) fill(spec.transport, 'peerPort', 179);
		if (isRecord(spec.gracefulRestart)) {
			fill(spec.gracefulRestart, 'enabled', false);
			if (spec.gracefulRestart.enabled === true) fill(spec.gracefulRestart, 'restartTimeSeconds', 120);
		}
	},
};

/** Fields a custom resource's schema fills in; 1.12 had none of these but the peering policy, without timers. */
export const defaultCustom = (object: Draft, context: Context): void => {
	const defaults = BY_KIND[String(object.kind)];
	if (defaults && isRecord(object.spec)) defaults(object.spec, object);
	customChecks()?.tellLacks(object, context.warn);
};
