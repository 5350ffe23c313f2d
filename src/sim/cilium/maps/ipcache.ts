/** cilium_ipcache: identity of every address the cluster knows. struct remote_endpoint_info: bpf/lib/common.h. */
import { type BpfMapHandle, declareMap, type Namespace } from '../../linux/index.ts';
import { type Ip, type Prefix, prefixOf } from '../../wire/index.ts';

/** struct remote_endpoint_info. */
export interface RemoteEndpointInfo {
	readonly identity: number;
	/** Node to send through in tunnel mode; 0 for none. */
	readonly tunnelEndpoint: Ip;
	/** Encryption key in use; 0 for none. */
	readonly encryptKey: number;
	/** flag_skip_tunnel, from 1.14: reached by routing although the rest is tunnelled. */
	readonly skipTunnel: boolean;
}

export type CiliumIpcache = BpfMapHandle<Prefix, RemoteEndpointInfo>;

/** `v2` (1.18): the tunnel endpoint may be an IPv6 address. */
export const ciliumIpcache = (v2: boolean): CiliumIpcache =>
	declareMap({
		name: v2 ? 'cilium_ipcache_v2' : 'cilium_ipcache',
		type: 'lpm_trie',
		keySize: 24,
		valueSize: v2 ? 24 : 12,
		maxEntries: 512000,
		key: ({ address, length }) => `${address}/${length}`,
	});

/** ipcache_lookup4(): the longest prefix that holds the address. */
export const ipcacheLookup4 = (map: CiliumIpcache, ns: Namespace, ip: Ip): RemoteEndpointInfo | undefined =>
	map.lookupLongest(ns, (length) => prefixOf(ip, length));
