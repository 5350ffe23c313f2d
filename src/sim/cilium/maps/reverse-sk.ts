/** cilium_lb4_reverse_sk: which service a socket believes it talks to. struct ipv4_revnat_tuple, ipv4_revnat_entry. */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';
import type { Ip } from '../../wire/index.ts';

export interface Lb4ReverseSkKey {
	/** Socket cookie. */
	readonly cookie: number;
	/** The backend. */
	readonly address: Ip;
	readonly port: number;
}

export interface Lb4ReverseSk {
	/** The frontend. */
	readonly address: Ip;
	readonly port: number;
	readonly revNatIndex: number;
}

export type Lb4ReverseSks = BpfMapHandle<Lb4ReverseSkKey, Lb4ReverseSk>;

export const lb4ReverseSk = (maxEntries: number): Lb4ReverseSks =>
	declareMap({
		name: 'cilium_lb4_reverse_sk',
		type: 'lru_hash',
		keySize: 16,
		valueSize: 8,
		maxEntries,
		key: ({ cookie, address, port }) => `${cookie} ${address}:${port}`,
	});
