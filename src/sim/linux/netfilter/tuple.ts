/**
 * struct nf_conntrack_tuple: one direction of a flow, as conntrack keys it
 * (include/net/netfilter/nf_conntrack_tuple.h @ v6.12).
 */
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ip, type Ipv4 } from '../../wire/index.ts';

export interface Tuple {
	readonly protocol: number;
	readonly src: Ip;
	readonly dst: Ip;
	/** TCP and UDP: source port. ICMP: the echo identifier. Others: 0. */
	readonly sport: number;
	/** TCP and UDP: destination port. ICMP: `type << 8 | code`. Others: 0. */
	readonly dport: number;
}

/** Types that answer each other (nf_conntrack_proto_icmp.c, invmap): echo, timestamp, information, address mask. */
const ICMP_INVERSE: ReadonlyMap<number, number> = new Map([
	[8, 0],
	[0, 8],
	[13, 14],
	[14, 13],
	[15, 16],
	[16, 15],
	[17, 18],
	[18, 17],
]);

/**
 * The tuple of a packet (nf_ct_get_tuple). Fragments after the first have no ports and no tuple here: conntrack
 * sees defragmented packets in life, which the simulator does not do.
 */
export function tupleOf(packet: Ipv4): Tuple | undefined {
	const { src, dst, protocol, payload } = packet;
	if (packet.offset !== 0) return undefined;
	if (protocol === IPPROTO_TCP || protocol === IPPROTO_UDP) {
		if (payload.kind !== 'tcp' && payload.kind !== 'udp') return undefined;
		return { protocol, src, dst, sport: payload.sport, dport: payload.dport };
	}
	if (protocol === IPPROTO_ICMP) {
		if (payload.kind !== 'icmp') return undefined;
		return { protocol, src, dst, sport: payload.id ?? 0, dport: (payload.type << 8) | payload.code };
	}
	return { protocol, src, dst, sport: 0, dport: 0 };
}

/** nf_ct_invert_tuple: what an answer looks like. Undefined for ICMP types that have no answer. */
export function invertTuple(tuple: Tuple): Tuple | undefined {
	const { protocol, src, dst, sport, dport } = tuple;
	if (protocol !== IPPROTO_ICMP) return { protocol, src: dst, dst: src, sport: dport, dport: sport };
	const type = ICMP_INVERSE.get(dport >> 8);
	if (type === undefined) return undefined;
	return { protocol, src: dst, dst: src, sport, dport: (type << 8) | (dport & 0xff) };
}

/** nf_ct_tuple_equal. */
export function tupleEqual(a: Tuple, b: Tuple): boolean {
	return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport && a.protocol === b.protocol;
}

/** A 32-bit hash for the tables of conntrack.ts; it decides nothing that can be seen. */
export function tupleHash(tuple: Tuple): number {
	let h = Math.imul(tuple.src ^ 0x9e3779b9, 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 15) ^ tuple.dst, 0xc2b2ae35);
	h = Math.imul(h ^ (h >>> 13) ^ ((tuple.sport << 16) | tuple.dport), 0x27d4eb2f);
	h = Math.imul(h ^ (h >>> 16) ^ tuple.protocol, 0x165667b1);
	return h ^ (h >>> 15);
}
