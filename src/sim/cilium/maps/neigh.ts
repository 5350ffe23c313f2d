/** cilium_nodeport_neigh4: MAC addresses of clients, as their packets came in. bpf/lib/neigh.h. */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';
import type { Ip, Mac } from '../../wire/index.ts';

export type NodeportNeigh4 = BpfMapHandle<Ip, Mac>;

export const nodeportNeigh4 = (maxEntries: number): NodeportNeigh4 =>
	declareMap({ name: 'cilium_nodeport_neigh4', type: 'lru_hash', keySize: 4, valueSize: 8, maxEntries, key: String });
