/**
 * Source NAT of one packet: snat_v4_nat() on the way out, snat_v4_rev_nat() on the way back, and what ICMP errors
 * quote. bpf/lib/nat.h @ v1.12.1, v1.13, v1.17, v1.18.0. Ports are found in maps/snat.ts.
 */
import {
	cloneIpv4,
	formatIp,
	ICMP_FRAG_NEEDED,
	ICMP_UNREACHABLE,
	type Icmp,
	type Ip,
	type Ipv4,
} from '../../wire/index.ts';
import { DROP_NAT_NO_MAPPING, DROP_NAT_UNSUPP_PROTO } from '../drop.ts';
import { ctTupleOf } from '../maps/conntrack.ts';

import { endpointText } from '../maps/services.ts';
import { type NatTarget, snatLookupEgress, snatLookupIngress, snatMapping, snatRevMapping } from '../maps/snat.ts';
import { reversed, TUPLE_F_IN, TUPLE_F_OUT } from '../maps/tuple.ts';
import { before, type Ctx, type IpSkb, say, setPort } from './context.ts';
import { natRow } from './text.ts';

/** NODEPORT_PORT_MIN_NAT and _MAX_NAT, with the default NodePort range. */
export const NAT_PORTS = { minPort: 32768, maxPort: 65535 } as const;

/** What became of the packet: translated, left alone (NAT_PUNT_TO_STACK), or a drop reason. */
export type NatResult = 'done' | 'punt' | { readonly drop: number };

/** Ports of TCP and UDP, the identifier of an echo. */
const setSource = (packet: Ipv4, ip: Ip, port: number): void => {
	packet.src = ip;
	if (packet.payload.kind === 'icmp') packet.payload.id = port;
	else setPort(packet, 'sport', port);
};

const setDestination = (packet: Ipv4, ip: Ip, port: number): void => {
	packet.dst = ip;
	if (packet.payload.kind === 'icmp') packet.payload.id = port;
	else setPort(packet, 'dport', port);
};

/** An ICMP error that this version translates by what it quotes. */
const quotedOf = (ctx: Ctx, packet: Ipv4): Ipv4 | undefined => {
	const { payload } = packet;
	if (payload.kind !== 'icmp' || !payload.quoted) return undefined;
	const { snatIcmpErrors } = ctx.features;
	if (snatIcmpErrors === 'none') return undefined;
	const fragNeeded = payload.type === ICMP_UNREACHABLE && payload.code === ICMP_FRAG_NEEDED;
	return snatIcmpErrors === 'all' || fragNeeded ? payload.quoted : undefined;
};

const withQuoted = (packet: Ipv4, quoted: Ipv4): void => {
	packet.payload = { ...(packet.payload as Icmp), quoted };
};

/** Whether the packet is an ICMP message other than echo. */
const isOtherIcmp = (packet: Ipv4): boolean =>
	packet.payload.kind === 'icmp' && packet.payload.type !== 8 && packet.payload.type !== 0;

/** snat_v4_nat_handle_icmp_error(): the quoted packet came in through a mapping; sender and quote get the outside's view. */
const natError = (skb: IpSkb, ctx: Ctx, quoted: Ipv4): NatResult => {
	const inner = ctTupleOf(quoted);
	const entry = inner && snatLookupEgress(ctx, reversed(inner));
	if (!entry) return 'punt';
	const was = before(ctx, skb);
	const copy = cloneIpv4(quoted);
	setDestination(copy, entry.toAddr, entry.toPort);
	withQuoted(skb.net, copy);
	skb.net.src = entry.toAddr;
	say(
		ctx,
		skb,
		'snat',
		{ code: 'cilium.snat-error', address: formatIp(entry.toAddr) },
		{ ...natRow(ctx, { ...reversed(inner), flags: TUPLE_F_OUT }, entry), ...was },
	);
	return 'done';
};

/** snat_v4_nat(). `world`: the packet is forwarded for somebody else (src_from_world, from_local_endpoint). */
export const snatNat = (skb: IpSkb, ctx: Ctx, target: NatTarget, world: boolean): NatResult => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple) return 'punt';
	if (isOtherIcmp(skb.net)) {
		const quoted = quotedOf(ctx, skb.net);
		if (quoted) return natError(skb, ctx, quoted);
		return ctx.features.snatIcmpErrors === 'none' ? { drop: DROP_NAT_UNSUPP_PROTO } : 'punt';
	}
	// snat_v4_nat_can_skip(): ports the node's own servers use are never looked for a mapping.
	if (!world && tuple.sport < target.minPort && skb.net.payload.kind !== 'icmp') return 'punt';
	// An echo reply of the node's own: the answer to a mapping that came in, or nothing to translate.
	if (skb.net.payload.kind === 'icmp' && skb.net.payload.type === 0) return 'punt';
	const mapping = snatMapping(ctx, tuple, target);
	if ('drop' in mapping) {
		say(
			ctx,
			skb,
			'drop',
			{ code: 'cilium.snat-full', address: formatIp(target.addr), tries: mapping.retries },
			natRow(ctx, { ...tuple, flags: TUPLE_F_OUT }),
		);
		return { drop: DROP_NAT_NO_MAPPING };
	}
	const { entry, retries } = mapping;
	const was = before(ctx, skb);
	setSource(skb.net, entry.toAddr, entry.toPort);
	const to = endpointText(entry.toAddr, entry.toPort);
	const table = natRow(ctx, { ...tuple, flags: TUPLE_F_OUT }, entry);
	if (retries !== undefined && retries > 0)
		say(
			ctx,
			skb,
			'miss',
			{ code: 'cilium.snat-port-taken', port: tuple.sport, tries: retries },
			{ table: ctx.maps.snat.spec.name },
		);
	if (entry.toAddr === tuple.saddr && entry.toPort === tuple.sport)
		say(ctx, skb, retries === undefined ? 'hit' : 'create', { code: 'cilium.snat-same', to }, table);
	else
		say(
			ctx,
			skb,
			'snat',
			{ code: retries === undefined ? 'cilium.snat-known' : 'cilium.snat', to },
			{ ...table, ...was },
		);
	return 'done';
};

/** snat_v4_rev_nat(): an answer to a mapping goes to whoever is behind it. 'punt' where there is no mapping. */
export const snatRevNat = (skb: IpSkb, ctx: Ctx): 'done' | 'punt' => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple) return 'punt';
	if (isOtherIcmp(skb.net)) {
		const quoted = quotedOf(ctx, skb.net);
		const inner = quoted && ctTupleOf(quoted);
		const entry = inner && snatLookupIngress(ctx, reversed(inner));
		if (!entry) return 'punt';
		const was = before(ctx, skb);
		const copy = cloneIpv4(quoted);
		setSource(copy, entry.toAddr, entry.toPort);
		withQuoted(skb.net, copy);
		skb.net.dst = entry.toAddr;
		say(
			ctx,
			skb,
			'dnat',
			{ code: 'cilium.unsnat', to: endpointText(entry.toAddr, entry.toPort) },
			{ ...natRow(ctx, { ...reversed(inner), flags: TUPLE_F_IN }, entry), ...was },
		);
		return 'done';
	}
	const entry = snatRevMapping(ctx, tuple);
	if (!entry) {
		say(ctx, skb, 'miss', { code: 'cilium.unsnat-none' }, natRow(ctx, { ...tuple, flags: TUPLE_F_IN }));
		return 'punt';
	}
	const was = before(ctx, skb);
	setDestination(skb.net, entry.toAddr, entry.toPort);
	const to = endpointText(entry.toAddr, entry.toPort);
	const same = entry.toAddr === tuple.daddr && entry.toPort === tuple.dport;
	say(
		ctx,
		skb,
		same ? 'hit' : 'dnat',
		{ code: same ? 'cilium.unsnat-same' : 'cilium.unsnat', to },
		{ ...natRow(ctx, { ...tuple, flags: TUPLE_F_IN }, entry), ...was },
	);
	return 'done';
};
