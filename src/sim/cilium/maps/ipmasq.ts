/** cilium_ipmasq_v4: destinations the BPF masquerade leaves alone (ip-masq-agent). */
import { type BpfMapHandle, declareMap, type Namespace } from '../../linux/index.ts';
import { type Ip, type Prefix, prefixOf } from '../../wire/index.ts';

export type CiliumIpmasqV4 = BpfMapHandle<Prefix, true>;

export const ciliumIpmasqV4 = (): CiliumIpmasqV4 =>
	declareMap({
		name: 'cilium_ipmasq_v4',
		type: 'lpm_trie',
		keySize: 8,
		valueSize: 8,
		maxEntries: 16384,
		key: ({ address, length }) => `${address}/${length}`,
	});

export const inIpmasq = (map: CiliumIpmasqV4, ns: Namespace, ip: Ip): boolean =>
	map.lookupLongest(ns, (length) => prefixOf(ip, length)) !== undefined;
