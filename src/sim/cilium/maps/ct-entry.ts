/** cilium_ct4_global and cilium_ct_any4_global: struct ct_entry. bpf/lib/common.h, pkg/maps/ctmap @ v1.12.1, v1.18.0. */
import { type BpfMapHandle, declareMap } from '../../linux/index.ts';
import type { Ip } from '../../wire/index.ts';
import { type TupleKey, tupleKey } from './tuple.ts';

/** struct ct_entry. Entries are replaced, never changed in place: another fork has them too. */
export interface CtEntry {
	/** To 1.15 counted for each direction; from 1.16 together, then as received. */
	readonly rxPackets: number;
	readonly rxBytes: number;
	readonly txPackets: number;
	readonly txBytes: number;
	/** SERVICE entries: the backend that was chosen. */
	readonly backendId: number;
	/** Clock units: when the collector may take the entry away. */
	readonly lifetime: number;
	/** CT_F_*. */
	readonly flags: number;
	readonly revNatIndex: number;
	/** To 1.17: device a NodePort request came in by. */
	readonly ifindex: number;
	/** TCP flags seen, or'ed. */
	readonly txFlagsSeen: number;
	readonly rxFlagsSeen: number;
	/** Identity of the source. */
	readonly srcSecId: number;
	/** Clock units. */
	readonly lastTxReport: number;
	readonly lastRxReport: number;
	/** DSR, from 1.16: the frontend the answers leave as (nat_addr, nat_port). */
	readonly natAddr: Ip;
	readonly natPort: number;
}

export const CT_F_RX_CLOSING = 0x0001;
export const CT_F_TX_CLOSING = 0x0002;
export const CT_F_LB_LOOPBACK = 0x0008;
export const CT_F_SEEN_NON_SYN = 0x0010;
export const CT_F_NODE_PORT = 0x0020;
export const CT_F_PROXY_REDIRECT = 0x0040;
/** `dsr` to 1.15, `dsr_internal` from 1.16. */
export const CT_F_DSR = 0x0080;
export const CT_F_FROM_L7LB = 0x0100;
export const CT_F_FROM_TUNNEL = 0x0400;

export type Ct4Map = BpfMapHandle<TupleKey, CtEntry>;

const declare = (name: string, maxEntries: number): Ct4Map =>
	declareMap({ name, type: 'lru_hash', keySize: 14, valueSize: 56, maxEntries, key: tupleKey });

/** TCP. */
export const ct4Global = (maxEntries: number): Ct4Map => declare('cilium_ct4_global', maxEntries);
/** Everything else. */
export const ctAny4Global = (maxEntries: number): Ct4Map => declare('cilium_ct_any4_global', maxEntries);
