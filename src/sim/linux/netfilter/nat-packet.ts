/**
 * NAT on packets: every packet of a translated connection is rewritten to look like the inverse of the other
 * direction's tuple (nf_nat_packet and nf_nat_icmp_reply_translation, net/netfilter/nf_nat_{core,proto}.c @ v6.12).
 */
import type { Ipv4 } from '../../wire/index.ts';
import {
	type Connection,
	type ConnectionDirection,
	IPS_DST_NAT,
	IPS_DST_NAT_DONE,
	IPS_SRC_NAT,
	IPS_SRC_NAT_DONE,
} from './conntrack.ts';
import { type Manip, manipOf } from './nat.ts';
import { invertTuple, type Tuple } from './tuple.ts';
import type { BuiltinChain } from './types.ts';

const flip = (manip: Manip): Manip => (manip === 'src' ? 'dst' : 'src');
const opposite = (direction: ConnectionDirection): ConnectionDirection =>
	direction === 'original' ? 'reply' : 'original';

/** Whether packets of this direction are rewritten on this side at all. */
function rewrites(connection: Connection, direction: ConnectionDirection, manip: Manip): boolean {
	const side = direction === 'original' ? manip : flip(manip);
	return (connection.status & (side === 'src' ? IPS_SRC_NAT : IPS_DST_NAT)) !== 0;
}

/** nf_nat_packet. True when the packet changed. */
export function natPacket(
	connection: Connection,
	direction: ConnectionDirection,
	hook: BuiltinChain,
	packet: Ipv4,
): boolean {
	const manip = manipOf(hook);
	if (!rewrites(connection, direction, manip)) return false;
	const target = invertTuple(connection[opposite(direction)]);
	return target !== undefined && manipulate(packet, target, manip);
}

const ICMP_REDIRECT = 5;

/** nf_nat_icmp_reply_translation: the quoted packet is put back, and the error's own address follows it. */
export function natIcmpError(
	connection: Connection,
	direction: ConnectionDirection,
	hook: BuiltinChain,
	packet: Ipv4,
): 'drop' | 'changed' | 'unchanged' {
	const manip = manipOf(hook);
	const icmp = packet.payload;
	if (icmp.kind !== 'icmp' || !icmp.quoted) return 'drop';
	if (icmp.type === ICMP_REDIRECT) {
		const done = IPS_SRC_NAT_DONE | IPS_DST_NAT_DONE;
		if ((connection.status & done) !== done || connection.status & (IPS_SRC_NAT | IPS_DST_NAT)) return 'drop';
	}
	if (!rewrites(connection, direction, manip)) return 'unchanged';
	const other = connection[opposite(direction)];
	const inner = manipulate(icmp.quoted, other, flip(manip));
	const target = invertTuple(other);
	if (!target) return 'drop';
	const outer = setAddress(packet, target, manip);
	return inner || outer ? 'changed' : 'unchanged';
}

/** nf_nat_ipv4_manip_pkt: writes one side of `target` into the headers. True when something was not so before. */
function manipulate(packet: Ipv4, target: Tuple, manip: Manip): boolean {
	const changed = setAddress(packet, target, manip);
	const { payload } = packet;
	if (payload.kind === 'tcp' || payload.kind === 'udp') {
		const key = manip === 'src' ? 'sport' : 'dport';
		if (payload[key] === target[key]) return changed;
		payload[key] = target[key];
		return true;
	}
	if (payload.kind === 'icmp' && payload.id !== undefined && payload.id !== target.sport) {
		payload.id = target.sport;
		return true;
	}
	return changed;
}

function setAddress(packet: Ipv4, target: Tuple, manip: Manip): boolean {
	if (packet[manip] === target[manip]) return false;
	packet[manip] = target[manip];
	return true;
}
