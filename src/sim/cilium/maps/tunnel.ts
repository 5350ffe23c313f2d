/** cilium_tunnel_map: behind which node a pod CIDR lies, to 1.18. struct tunnel_key: bpf/lib/common.h. */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';
import type { Ip } from '../../wire/index.ts';

/** By the first address of the pod CIDR: the node's address. */
export type CiliumTunnelMap = BpfMapHandle<Ip, Ip>;

export const ciliumTunnelMap = (): CiliumTunnelMap =>
	declareMap({
		name: 'cilium_tunnel_map',
		type: 'hash',
		keySize: 20,
		valueSize: 20,
		maxEntries: 65536,
		key: String,
	});
