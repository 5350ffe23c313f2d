/**
 * Services and their backends: cilium_lb4_services_v2, cilium_lb4_backends_v2 (v3 from 1.13), cilium_lb4_reverse_nat.
 * struct lb4_key, lb4_service, lb4_backend, lb4_reverse_nat: bpf/lib/common.h @ v1.12.1, v1.18.0.
 */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';
import { formatIp, type Ip } from '../../wire/index.ts';

/** LB_LOOKUP_SCOPE_EXT, LB_LOOKUP_SCOPE_INT. */
export const SCOPE_EXT = 0;
export const SCOPE_INT = 1;
export type Scope4 = typeof SCOPE_EXT | typeof SCOPE_INT;

/** struct lb4_key. Slot 0 is the service, 1 to count its backends, then quarantined ones. */
export interface Lb4Key {
	readonly address: Ip;
	/** Host order. */
	readonly port: number;
	readonly slot: number;
	/** IANA number; 0 is any: all there is to 1.16. */
	readonly proto: number;
	readonly scope: Scope4;
}

/** lb4_service.flags. */
export const SVC_EXTERNAL_IP = 0x01;
export const SVC_NODEPORT = 0x02;
export const SVC_EXT_LOCAL_SCOPE = 0x04;
export const SVC_HOSTPORT = 0x08;
export const SVC_AFFINITY = 0x10;
export const SVC_LOADBALANCER = 0x20;
export const SVC_ROUTABLE = 0x40;
export const SVC_SOURCE_RANGE = 0x80;

/** lb4_service.flags2. The last bit is on the slots of quarantined backends, and on services it says "deny". */
export const SVC2_LOCAL_REDIRECT = 0x01;
export const SVC2_NAT_46X64 = 0x02;
export const SVC2_L7_LOADBALANCER = 0x04;
export const SVC2_LOOPBACK = 0x08;
export const SVC2_INT_LOCAL_SCOPE = 0x10;
export const SVC2_TWO_SCOPES = 0x20;
export const SVC2_QUARANTINED = 0x40;
export const SVC2_SOURCE_RANGE_DENY = 0x40;
export const SVC2_FWD_MODE_DSR = 0x80;

/** struct lb4_service. */
export interface Lb4Service {
	/** Slots above 0: which backend. 0 in slot 0. */
	readonly backendId: number;
	/** Slot 0: seconds a client stays with its backend; 0 without affinity. */
	readonly affinityTimeout: number;
	/** Slot 0: 1 random, 2 Maglev, in the top bits of the same word from 1.17; 0 before. */
	readonly algorithm: 0 | 1 | 2;
	/** Slot 0: how many slots may be chosen. */
	readonly count: number;
	/** Slot 0: how many slots above them are for established flows only (from 1.15). */
	readonly qcount: number;
	readonly revNatIndex: number;
	readonly flags: number;
	readonly flags2: number;
}

/** lb4_backend.flags. */
export const BE_ACTIVE = 0;
export const BE_TERMINATING = 1;
export const BE_QUARANTINED = 2;
export const BE_MAINTENANCE = 3;

/** struct lb4_backend. */
export interface Lb4Backend {
	readonly address: Ip;
	readonly port: number;
	/** 0 to 1.16; the real one later. */
	readonly proto: number;
	/** BE_*. */
	readonly state: number;
}

/** struct lb4_reverse_nat: the frontend an answer must seem to come from. */
export interface Lb4ReverseNat {
	readonly address: Ip;
	readonly port: number;
}

export type Lb4Services = BpfMapHandle<Lb4Key, Lb4Service>;
export type Lb4Backends = BpfMapHandle<number, Lb4Backend>;
export type Lb4ReverseNats = BpfMapHandle<number, Lb4ReverseNat>;

/** Services and their slots (bpf/lib/lb.h, cilium_lb4_services_v2). */
export const lb4Services = (maxEntries: number): Lb4Services =>
	declareMap({
		name: 'cilium_lb4_services_v2',
		type: 'hash',
		keySize: 12,
		valueSize: 12,
		maxEntries,
		key: ({ address, port, slot, proto, scope }) => `${address}:${port}/${proto} ${slot} ${scope}`,
	});

/** By backend id. `v3` has a cluster's number and a zone, 12 octets. */
export const lb4Backends = (maxEntries: number, v3: boolean): Lb4Backends =>
	declareMap({
		name: v3 ? 'cilium_lb4_backends_v3' : 'cilium_lb4_backends_v2',
		type: 'hash',
		keySize: 4,
		valueSize: v3 ? 12 : 8,
		maxEntries,
		key: String,
	});

/** By rev_nat_index. */
export const lb4ReverseNat = (maxEntries: number): Lb4ReverseNats =>
	declareMap({
		name: 'cilium_lb4_reverse_nat',
		type: 'hash',
		keySize: 2,
		valueSize: 6,
		maxEntries,
		key: String,
	});

/** `172.18.0.2:30107` */
export const endpointText = (address: Ip, port: number): string => `${formatIp(address)}:${port}`;
