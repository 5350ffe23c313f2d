/** Conditions of rules: one function per match, named after the kernel's module it follows (net/netfilter/xt_*.c). */
import { maskOf, type Prefix } from '../../wire/index.ts';
import type { Device } from '../types.ts';
import { type Connection, IPS_DST_NAT, IPS_SRC_NAT } from './conntrack.ts';
import type { IpSkb, NetfilterContext } from './context.ts';
import { matchCounted } from './match-counted.ts';
import { matchRecent } from './recent.ts';
import type { AddrType, CtState, Match, PortRange, TableName } from './types.ts';

/** What a match may look at: the packet, and the place in the rules (for draws of chance). */
export interface MatchState {
	readonly ctx: NetfilterContext;
	readonly skb: IpSkb;
	readonly table: TableName;
	chain: string;
	/** 1-based. */
	rule: number;
}

type Of<K extends Match['kind']> = Extract<Match, { kind: K }>;

/** Matches that write or draw: the ones whose order can be told. */
const EFFECTS: ReadonlySet<Match['kind']> = new Set(['recent', 'statistic', 'nfacct', 'limit', 'nth']);
/** What the IP part of a rule holds: the kernel looks at it before any module. */
const IP_PART: ReadonlySet<Match['kind']> = new Set(['source', 'destination', 'in', 'out', 'protocol']);

/** Whether all conditions of a rule hold. The IP part goes first whatever the order it was written in. */
export function matchesAll(matches: readonly Match[], state: MatchState): boolean {
	const [first] = matches;
	// Most rules of a large cluster differ in the destination and nothing else: they fail here, without a call.
	if (first?.kind === 'destination' && !first.invert) {
		const { address, length } = first.prefix;
		if (((state.skb.net.dst ^ address) & maskOf(length)) !== 0) return false;
	}
	for (let i = 0; i < matches.length; i++) {
		const match = matches[i]!;
		if (EFFECTS.has(match.kind)) {
			for (let j = i + 1; j < matches.length; j++) {
				if (IP_PART.has(matches[j]!.kind) && !matchOne(matches[j]!, state)) return false;
			}
		}
		if (!matchOne(match, state)) return false;
	}
	return true;
}

function matchOne(match: Match, state: MatchState): boolean {
	const { skb } = state;
	const packet = skb.net;
	switch (match.kind) {
		case 'destination':
			return inPrefix(packet.dst, match.prefix) !== (match.invert ?? false);
		case 'source':
			return inPrefix(packet.src, match.prefix) !== (match.invert ?? false);
		case 'protocol':
			return (match.protocol === 0 || packet.protocol === match.protocol) !== (match.invert ?? false);
		case 'comment':
		case 'nfacct':
			return true;
		case 'in':
			return deviceIs(state.ctx.inDev, match.device) !== (match.invert ?? false);
		case 'out':
			return deviceIs(state.ctx.outDev, match.device) !== (match.invert ?? false);
		case 'dport':
		case 'sport':
			return matchPort(match, skb);
		case 'multiport':
			return matchMultiport(match, skb);
		case 'mark':
			return ((skb.mark & match.mask) >>> 0 === match.value) !== (match.invert ?? false);
		case 'connmark': {
			const connection = connectionOf(skb);
			if (!connection) return false;
			return ((connection.mark & match.mask) >>> 0 === match.value) !== (match.invert ?? false);
		}
		case 'conntrack':
			return match.states.some((state) => isInState(skb, state)) !== (match.invert ?? false);
		case 'addrtype':
			return matchAddrtype(match, state);
		case 'statistic':
			return drawn(state) < match.probability !== (match.invert ?? false);
		case 'limit':
		case 'nth':
			return matchCounted(match, state.ctx);
		case 'recent': {
			const ip = match.side === 'source' ? packet.src : packet.dst;
			return matchRecent(state.ctx.ns.recent, match, ip, state.ctx.net.now);
		}
		case 'set': {
			const ip = match.direction === 'src' ? packet.src : packet.dst;
			const members = state.ctx.ns.ipsets.get(match.name) ?? [];
			return members.some((prefix) => inPrefix(ip, prefix)) !== (match.invert ?? false);
		}
		case 'tcp-flags': {
			const { payload } = packet;
			if (payload.kind !== 'tcp') return false;
			return ((payload.flags & match.mask) === match.set) !== (match.invert ?? false);
		}
		case 'icmp-type':
			return matchIcmp(match, skb);
		case 'socket':
			return matchSocket(match, state);
	}
}

function inPrefix(ip: number, { address, length }: Prefix): boolean {
	return ((ip ^ address) & maskOf(length)) === 0;
}

/** ifname_compare: `lxc+` is any name that begins so. On hooks without such a device the name is empty. */
function deviceIs(device: Device | undefined, pattern: string): boolean {
	const name = device?.name ?? '';
	return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

const IPPROTO_SCTP = 132;

/** xt_tcpudp and xt_sctp. Fragments but the first have no ports and match no condition on ports, inverted or not. */
function matchPort(match: Of<'sport' | 'dport'>, { net: packet }: IpSkb): boolean {
	const { payload } = packet;
	if (packet.offset !== 0) return false;
	if (payload.kind !== match.module) {
		if (match.module !== 'sctp' || packet.protocol !== IPPROTO_SCTP || payload.kind !== 'raw') return false;
		// RFC 9260: ports where TCP and UDP have them.
		const [a = 0, b = 0, c = 0, d = 0] = payload.data;
		return within(match.kind === 'sport' ? a * 256 + b : c * 256 + d, match.ports) !== (match.invert ?? false);
	}
	const port = match.kind === 'sport' ? payload.sport : payload.dport;
	return within(port, match.ports) !== (match.invert ?? false);
}

function matchMultiport(match: Of<'multiport'>, { net: packet }: IpSkb): boolean {
	const { payload } = packet;
	if ((payload.kind !== 'tcp' && payload.kind !== 'udp') || packet.offset !== 0) return false;
	const { side, ports } = match;
	const hit = ports.some(
		(range) =>
			(side !== 'dports' && within(payload.sport, range)) || (side !== 'sports' && within(payload.dport, range)),
	);
	return hit !== (match.invert ?? false);
}

const within = (port: number, [min, max]: PortRange) => port >= min && port <= max;

function matchIcmp(match: Of<'icmp-type'>, { net: packet }: IpSkb): boolean {
	const { payload } = packet;
	if (payload.kind !== 'icmp' || packet.offset !== 0) return false;
	const same =
		match.type === 255 || (payload.type === match.type && (match.code === undefined || payload.code === match.code));
	return same !== (match.invert ?? false);
}

function connectionOf(skb: IpSkb): Connection | undefined {
	return typeof skb.ct === 'object' ? skb.ct.connection : undefined;
}

/** xt_conntrack, --ctstate. Before conntrack saw the packet (raw) it counts as INVALID. */
function isInState({ ct }: IpSkb, state: CtState): boolean {
	if (typeof ct !== 'object') return state === (ct === 'untracked' ? 'UNTRACKED' : 'INVALID');
	if (state === 'SNAT') return (ct.connection.status & IPS_SRC_NAT) !== 0;
	if (state === 'DNAT') return (ct.connection.status & IPS_DST_NAT) !== 0;
	return ct.info === state;
}

/** xt_addrtype: what the routing tables say of the addresses, of one device alone when the interface is limited. */
function matchAddrtype(match: Of<'addrtype'>, { ctx, skb }: MatchState): boolean {
	const dev = match.limitIfaceIn ? ctx.inDev : match.limitIfaceOut ? ctx.outDev : undefined;
	const is = (ip: number, type: AddrType) => ctx.services.addressType(ctx.ns, ip, dev) === type;
	if (match.src && is(skb.net.src, match.src) === (match.srcInvert ?? false)) return false;
	return !match.dst || is(skb.net.dst, match.dst) !== (match.dstInvert ?? false);
}

/** xt_statistic, --mode random: 31 bits. In nat one draw per flow, elsewhere one per packet. */
function drawn({ ctx, skb, table, chain, rule }: MatchState): number {
	const { src, dst, protocol, payload } = skb.net;
	const ports = payload.kind === 'tcp' || payload.kind === 'udp' ? `${payload.sport} ${payload.dport}` : '';
	const packet = table === 'nat' ? '' : skb.packet;
	const key = `${ctx.ns.name} ${table} ${chain} ${rule} ${protocol} ${src} ${dst} ${ports} ${packet}`;
	return ctx.net.random('statistic', key, 0x80000000);
}

/** xt_socket: is there a socket for this packet, that a rule may divert it to? */
function matchSocket(match: Of<'socket'>, { ctx, skb }: MatchState): boolean {
	const { src, dst, protocol, payload } = skb.net;
	if (payload.kind !== 'tcp' && payload.kind !== 'udp') return false;
	const flow = { protocol, src, sport: payload.sport, dst, dport: payload.dport };
	const socket = ctx.services.lookupSocket?.(ctx.ns, flow);
	if (!socket) return false;
	if (!match.nowildcard && socket.wildcard) return false;
	return !match.transparent || socket.transparent;
}
