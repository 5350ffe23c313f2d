/** cilium_ipcache: identity of every address the cluster knows. bpf/lib/eps.h, bpf/lib/maps.h. */
import { declareMap, type Namespace } from '../../linux/index.ts';
import { formatPrefix, type Ip, type Prefix, prefixOf } from '../../wire/index.ts';

/** struct remote_endpoint_info. */
export interface RemoteEndpointInfo {
	readonly identity: number;
	/** Node to send through in tunnel mode; 0 for none. */
	readonly tunnelEndpoint: Ip;
}

export const ciliumIpcache = declareMap<Prefix, RemoteEndpointInfo>({
	name: 'cilium_ipcache',
	type: 'lpm_trie',
	keySize: 24,
	valueSize: 12,
	maxEntries: 512000,
	key: formatPrefix,
});

/** ipcache_lookup4(): the longest prefix that holds the address. */
export const ipcacheLookup4 = (ns: Namespace, ip: Ip): RemoteEndpointInfo | undefined => {
	if (!ns.bpfMaps.has(ciliumIpcache.spec.name)) return undefined;
	for (let length = 32; length >= 0; length--) {
		const info = ciliumIpcache.lookup(ns, prefixOf(ip, length));
		if (info) return info;
	}
	return undefined;
};
