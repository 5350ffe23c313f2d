/** What connection tracking reads of a packet, and which map it goes to. bpf/lib/conntrack.h @ v1.12.1, v1.18.0. */
import { IPPROTO_TCP, IPPROTO_UDP, type Ipv4, ipLength } from '../../wire/index.ts';
import type { Ct4Map } from './ct-entry.ts';
import type { CiliumMaps } from './index.ts';
import { TUPLE_F_IN, TUPLE_F_OUT, TUPLE_F_SERVICE, type Tuple4 } from './tuple.ts';

/** CT_EGRESS, CT_INGRESS, CT_SERVICE, by the entries they make. */
export type CtDirection = 'OUT' | 'IN' | 'SERVICE';

/** A packet as connection tracking sees it. */
export interface CtTuple extends Tuple4 {
	/** TCP's, 0 for others and for later fragments. */
	readonly tcpFlags: number;
	/** An ICMP error: ports are 0. */
	readonly related: boolean;
	/** Of the frame. */
	readonly bytes: number;
}

const ETH_HLEN = 14;

/** ct_extract_ports4(): undefined for protocols that are not tracked (DROP_CT_UNKNOWN_PROTO). */
export const ctTupleOf = (packet: Ipv4): CtTuple | undefined => {
	const { src: saddr, dst: daddr, protocol: proto, payload } = packet;
	const more = { tcpFlags: 0, related: false, bytes: ETH_HLEN + ipLength(packet) };
	switch (payload.kind) {
		case 'tcp':
			return { saddr, daddr, proto, sport: payload.sport, dport: payload.dport, ...more, tcpFlags: payload.flags };
		case 'udp':
			return { saddr, daddr, proto, sport: payload.sport, dport: payload.dport, ...more };
		case 'icmp': {
			const id = payload.id ?? 0;
			if (payload.type === 8) return { saddr, daddr, proto, sport: id, dport: 0, ...more };
			if (payload.type === 0) return { saddr, daddr, proto, sport: 0, dport: id, ...more };
			const related = payload.type === 3 || payload.type === 11 || payload.type === 12;
			return { saddr, daddr, proto, sport: 0, dport: 0, ...more, related };
		}
		default:
			return undefined;
	}
};

/** get_ct_map4(). */
export const ctMapOf = (maps: CiliumMaps, proto: number): Ct4Map => (proto === IPPROTO_TCP ? maps.ctTcp : maps.ctAny);

/** Flags of the entry a packet of this direction makes. */
export const FORWARD: Readonly<Record<CtDirection, number>> = {
	OUT: TUPLE_F_OUT,
	IN: TUPLE_F_IN,
	SERVICE: TUPLE_F_SERVICE,
};

/** A flow that has ports: those a service can be asked for. */
export const hasPorts = (tuple: Tuple4): boolean => tuple.proto === IPPROTO_TCP || tuple.proto === IPPROTO_UDP;
