/** struct ipv4_ct_tuple: what connections and translations are found by. bpf/lib/common.h. */
import { formatIp, type Ip } from '../../wire/index.ts';

/** Addresses and ports the way a packet reads. The programs keep the addresses swapped; nobody sees that here. */
export interface Tuple4 {
	readonly saddr: Ip;
	readonly daddr: Ip;
	/** ICMP echo: the identifier of a request stands as its source port, that of a reply as its destination port. */
	readonly sport: number;
	readonly dport: number;
	readonly proto: number;
}

export const TUPLE_F_OUT = 0;
export const TUPLE_F_IN = 1;
export const TUPLE_F_RELATED = 2;
export const TUPLE_F_SERVICE = 4;

/** A key of the maps: the tuple of the flow's first direction with TUPLE_F_*. */
export interface TupleKey extends Tuple4 {
	readonly flags: number;
}

/** A tuple as a key of a JavaScript map. */
export const tupleKey = (t: TupleKey): string => `${t.flags} ${t.proto} ${t.saddr}:${t.sport} ${t.daddr}:${t.dport}`;

/** The tuple of a packet in the other direction. */
export const reversed = (t: Tuple4): Tuple4 => ({
	saddr: t.daddr,
	daddr: t.saddr,
	sport: t.dport,
	dport: t.sport,
	proto: t.proto,
});

const PROTOCOL: Readonly<Record<number, string>> = {
	0: 'ANY',
	1: 'ICMP',
	6: 'TCP',
	17: 'UDP',
	58: 'ICMPv6',
	132: 'SCTP',
};

/** u8proto's text: `TCP`, or the number. */
export const protocolText = (proto: number): string => PROTOCOL[proto] ?? String(proto);

/** `10.244.1.5:40000 -> 10.96.0.1:80` */
export const tupleText = (t: Tuple4): string => `${formatIp(t.saddr)}:${t.sport} -> ${formatIp(t.daddr)}:${t.dport}`;
