/**
 * NAT's decisions: which tuple a new connection will answer to (nf_nat_setup_info and get_unique_tuple,
 * net/netfilter/nf_nat_core.c @ v6.12). Packets are rewritten from that in nat-packet.ts.
 */
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP, type Ip } from '../../wire/index.ts';
import {
	type Connection,
	type Conntrack,
	find,
	IPS_CONFIRMED,
	IPS_DST_NAT,
	IPS_DST_NAT_DONE,
	IPS_SRC_NAT,
	IPS_SRC_NAT_DONE,
	sourceKey,
} from './conntrack.ts';
import type { NetfilterContext } from './context.ts';
import { jhash2, reciprocalScale } from './jhash.ts';
import { invertTuple, type Tuple, tupleEqual } from './tuple.ts';
import type { BuiltinChain, PortRange } from './types.ts';

/** Which side of the packet is rewritten. */
export type Manip = 'src' | 'dst';

/** HOOK2MANIP. */
export const manipOf = (hook: BuiltinChain): Manip => (hook === 'POSTROUTING' || hook === 'INPUT' ? 'src' : 'dst');

/** struct nf_nat_range2. */
export interface NatRange {
	/** NF_NAT_RANGE_MAP_IPS, inclusive. */
	readonly ips?: readonly [Ip, Ip];
	/** NF_NAT_RANGE_PROTO_SPECIFIED, inclusive: ports, or ICMP identifiers. */
	readonly ports?: PortRange;
	/** --random or --random-fully: the port is drawn even when the old one would do. */
	readonly random?: boolean;
	readonly persistent?: boolean;
}

/** nf_nat_initialized. */
export function natDone(connection: Connection, manip: Manip): boolean {
	return (connection.status & (manip === 'src' ? IPS_SRC_NAT_DONE : IPS_DST_NAT_DONE)) !== 0;
}

/** nf_nat_setup_info: settles one side of a connection not confirmed yet; does nothing to one that is. */
export function setupNat(ctx: NetfilterContext, connection: Connection, range: NatRange, manip: Manip): void {
	if (connection.status & IPS_CONFIRMED) return;
	const current = invertTuple(connection.reply)!;
	const wanted = uniqueTuple(ctx, connection, current, range, manip);
	if (!tupleEqual(current, wanted)) {
		connection.reply = invertTuple(wanted)!;
		connection.status |= manip === 'src' ? IPS_SRC_NAT : IPS_DST_NAT;
	}
	connection.status |= manip === 'src' ? IPS_SRC_NAT_DONE : IPS_DST_NAT_DONE;
}

/** nf_nat_alloc_null_binding: no rule spoke. The address stays, the port changes only if another flow has it. */
export function nullBinding(ctx: NetfilterContext, connection: Connection, manip: Manip): void {
	const ip = manip === 'src' ? connection.reply.dst : connection.reply.src;
	setupNat(ctx, connection, { ips: [ip, ip] }, manip);
}

/** get_unique_tuple. It might not be unique at the end: then the connection clashes when it is confirmed. */
function uniqueTuple(
	ctx: NetfilterContext,
	connection: Connection,
	current: Tuple,
	range: NatRange,
	manip: Manip,
): Tuple {
	const { now } = ctx.net;
	const table = ctx.ns.conntrack;
	const used = (tuple: Tuple) => isUsed(table, tuple, connection, now);
	if (manip === 'src' && !range.random) {
		if (inRange(current, range)) {
			if (!used(current) || sameFlow(table, current, connection, now)) return current;
		} else {
			const same = sameMapping(table, current, range, now);
			if (same && !used(same)) return same;
		}
	}
	const tuple = withAddress(current, range, manip);
	if (!range.random) {
		if (range.ports) {
			if (portInRange(tuple, manip, range.ports) && (range.ports[0] === range.ports[1] || !used(tuple))) {
				return tuple;
			}
		} else if (!used(tuple)) return tuple;
	}
	return uniquePort(ctx, connection, tuple, range, manip, used);
}

/**
 * nf_nat_used_tuple: whether the answers of another live connection look like answers to this tuple would.
 * The kernel asks the table of confirmed entries too, nothing else.
 */
function isUsed(table: Conntrack, tuple: Tuple, self: Connection, now: number): boolean {
	const reply = invertTuple(tuple);
	const taken = reply && find(table, reply, now);
	return taken !== undefined && taken.connection !== self;
}

/**
 * nf_nat_used_tuple_new (since v6.12): the tuple is taken, but by an entry of the very same flow without NAT, made
 * by a packet a moment ahead of this one. Then the two become one when this one is confirmed.
 */
function sameFlow(table: Conntrack, tuple: Tuple, self: Connection, now: number): boolean {
	const other = find(table, tuple, now)?.connection;
	if (!other || other.status & (IPS_SRC_NAT | IPS_DST_NAT)) return false;
	return tupleEqual(other.original, self.original) && tupleEqual(other.reply, self.reply);
}

/** nf_in_range: is the source side of the tuple already what the range asks for? */
function inRange(tuple: Tuple, { ips, ports }: NatRange): boolean {
	if (ips && (tuple.src < ips[0] || tuple.src > ips[1])) return false;
	return !ports || portInRange(tuple, 'src', ports);
}

/** l4proto_in_range. */
function portInRange(tuple: Tuple, manip: Manip, [min, max]: PortRange): boolean {
	if (!hasKey(tuple)) return true;
	const key = portKey(tuple, manip);
	return tuple[key] >= min && tuple[key] <= max;
}

const hasKey = ({ protocol }: Tuple) =>
	protocol === IPPROTO_TCP || protocol === IPPROTO_UDP || protocol === IPPROTO_ICMP;
/** ICMP's identifier stands in `sport` in both directions. */
const portKey = ({ protocol }: Tuple, manip: Manip): 'sport' | 'dport' =>
	manip === 'dst' && protocol !== IPPROTO_ICMP ? 'dport' : 'sport';

/** find_appropriate_src: the mapping another connection from the same source address and port has already. */
function sameMapping(table: Conntrack, tuple: Tuple, range: NatRange, now: number): Tuple | undefined {
	for (const id of table.bySource.get(sourceKey(tuple)) ?? []) {
		const other = table.connections.get(id)!;
		if (other.timeout <= now) continue;
		const mapped = invertTuple(other.reply)!;
		const result = { ...mapped, dst: tuple.dst, dport: tuple.dport };
		if (inRange(result, range)) return result;
	}
	return undefined;
}

/** find_best_ips_proto: of several addresses, the one the hash of the address pair says. */
function withAddress(tuple: Tuple, { ips, persistent }: NatRange, manip: Manip): Tuple {
	if (!ips) return tuple;
	const [min, max] = ips;
	const swap = (ip: number) =>
		((ip & 0xff) << 24) | ((ip & 0xff00) << 8) | ((ip >>> 8) & 0xff00) | ((ip >>> 24) & 0xff);
	const hash = min === max ? 0 : jhash2([swap(tuple.src), 0, 0, 0], persistent ? 0 : swap(tuple.dst));
	const ip = min === max ? min : (min + reciprocalScale(hash, max - min + 1)) >>> 0;
	return manip === 'src' ? { ...tuple, src: ip } : { ...tuple, dst: ip };
}

/** NF_NAT_MAX_ATTEMPTS. */
const MAX_ATTEMPTS = 128;

/** nf_nat_l4proto_unique_tuple: tries ports of the range from a random one on. */
function uniquePort(
	ctx: NetfilterContext,
	connection: Connection,
	start: Tuple,
	range: NatRange,
	manip: Manip,
	used: (tuple: Tuple) => boolean,
): Tuple {
	if (!hasKey(start)) return start;
	const key = portKey(start, manip);
	const ports = range.ports ?? defaultPorts(start, manip);
	if (!ports) return start;
	const min = Math.min(...ports);
	const size = Math.max(...ports) - min + 1;
	// A destination range is tried from its beginning, unless drawing was asked for (since v6.8).
	let offset = range.random || manip === 'src' ? randomOffset(ctx, connection, 0) : 0;
	let attempts = Math.min(size, MAX_ATTEMPTS);
	let tuple = start;
	for (let round = 1; ; round++) {
		for (let i = 0; i < attempts; i++, offset = (offset + 1) & 0xffff) {
			tuple = { ...start, [key]: min + (offset % size) };
			if (!used(tuple)) return tuple;
		}
		if (attempts >= size || attempts < 16) return tuple;
		attempts >>= 1;
		offset = randomOffset(ctx, connection, round);
	}
}

/** Where no range was given: ports below 512 and below 1024 stay among their kind; a destination port stays. */
function defaultPorts(tuple: Tuple, manip: Manip): PortRange | undefined {
	if (tuple.protocol === IPPROTO_ICMP) return [0, 65535];
	if (manip === 'dst') return undefined;
	if (tuple.sport < 512) return [1, 511];
	return tuple.sport < 1024 ? [600, 1023] : [1024, 65535];
}

/** get_random_u16, as a draw that belongs to this flow. */
function randomOffset(ctx: NetfilterContext, { original }: Connection, round: number): number {
	const { protocol, src, sport, dst, dport } = original;
	const flow = `${ctx.ns.name} ${protocol} ${src}:${sport} ${dst}:${dport} ${round}`;
	return ctx.net.random('nat-port', flow, 65536);
}
