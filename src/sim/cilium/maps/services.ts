/** Services and their backends: cilium_lb4_*. bpf/lib/{lb,common}.h. */
import { declareMap } from '../../linux/index.ts';
import { formatIp, type Ip } from '../../wire/index.ts';

/** struct lb4_key. Slot 0 is the service, 1 to count its backends. Protocol is left out of the key to 1.16. */
export interface Lb4Key {
	readonly address: Ip;
	readonly port: number;
	readonly slot: number;
	/** IANA number; 0 is any. */
	readonly proto: number;
}

/** struct lb4_service. */
export interface Lb4Service {
	/** Slots 1 to count: which backend. */
	readonly backendId: number;
	/** Slot 0: how many backends. */
	readonly count: number;
	readonly revNatIndex: number;
	/** Seconds a client stays with its backend; 0 without affinity. */
	readonly affinityTimeout: number;
}

export const lb4Services = declareMap<Lb4Key, Lb4Service>({
	name: 'cilium_lb4_services_v2',
	type: 'hash',
	keySize: 12,
	valueSize: 12,
	maxEntries: 65536,
	key: ({ address, port, slot, proto }) => `${formatIp(address)}:${port}/${proto} (${slot})`,
});

/** struct lb4_backend. */
export interface Lb4Backend {
	readonly address: Ip;
	readonly port: number;
}

export const lb4Backends = declareMap<number, Lb4Backend>({
	name: 'cilium_lb4_backends_v2',
	type: 'hash',
	keySize: 4,
	valueSize: 8,
	maxEntries: 65536,
	key: String,
});

/** The frontend an answer must seem to come from, by rev_nat_index. */
export const lb4ReverseNat = declareMap<number, Lb4Backend>({
	name: 'cilium_lb4_reverse_nat',
	type: 'hash',
	keySize: 2,
	valueSize: 6,
	maxEntries: 65536,
	key: String,
});

export interface Lb4AffinityKey {
	readonly client: Ip;
	readonly revNatIndex: number;
}

export const lb4Affinity = declareMap<Lb4AffinityKey, { readonly lastUsed: number; readonly backendId: number }>({
	name: 'cilium_lb4_affinity',
	type: 'lru_hash',
	keySize: 16,
	valueSize: 16,
	maxEntries: 65536,
	key: ({ client, revNatIndex }) => `${formatIp(client)} ${revNatIndex}`,
});
