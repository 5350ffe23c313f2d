/** cilium_lb4_source_range: who may use a service. struct lb4_src_range_key: bpf/lib/common.h. */
import { type BpfMapHandle, declareMap, type Namespace } from '../../linux/index.ts';
import { type Ip, type Prefix, prefixOf } from '../../wire/index.ts';

export interface Lb4SourceRangeKey {
	readonly revNatIndex: number;
	readonly prefix: Prefix;
}

export type Lb4SourceRanges = BpfMapHandle<Lb4SourceRangeKey, true>;

export const lb4SourceRange = (maxEntries: number): Lb4SourceRanges =>
	declareMap({
		name: 'cilium_lb4_source_range',
		type: 'lpm_trie',
		keySize: 12,
		valueSize: 1,
		maxEntries,
		key: ({ revNatIndex, prefix }) => `${revNatIndex} ${prefix.address}/${prefix.length}`,
	});

/** Whether a prefix of the service holds the client: a lookup in the trie. */
export const inSourceRange = (map: Lb4SourceRanges, ns: Namespace, revNatIndex: number, client: Ip): boolean =>
	map.lookupLongest(ns, (length) => ({ revNatIndex, prefix: prefixOf(client, length) })) !== undefined;
