/**
 * Source NAT of one packet: snat_v4_nat() on the way out, snat_v4_rev_nat() on the way back, and what ICMP errors
 * quote. bpf/lib/nat.h @ v1.12.1, v1.13.14, v1.14.4, v1.16.15, v1.17.8, v1.18.3. Ports are found in maps/snat.ts.
 */
import {
	cloneIpv4,
	formatIp,
	ICMP_ECHO,
	ICMP_ECHO_REPLY,
	ICMP_FRAG_NEEDED,
	ICMP_TIME_EXCEEDED,
	ICMP_UNREACHABLE,
	type Icmp,
	type Ip,
	type Ipv4,
} from '../../wire/index.ts';
import { DROP_NAT_NO_MAPPING, DROP_NAT_UNSUPP_PROTO, DROP_UNKNOWN_ICMP_CODE } from '../drop.ts';
import { ctTupleOf } from '../maps/conntrack.ts';
import { endpointText } from '../maps/services.ts';
import { type NatTarget, snatLookupEgress, snatLookupIngress, snatMapping, snatRevMapping } from '../maps/snat.ts';
import { reversed, TUPLE_F_IN, TUPLE_F_OUT } from '../maps/tuple.ts';
import { before, type Ctx, type IpSkb, say, setPort } from './context.ts';
import { natRow } from './text.ts';

/** Highest code of "time exceeded": fragments came too late. */
const ICMP_EXC_FRAGTIME = 1;

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

/** An ICMP message other than echo. */
const otherIcmp = ({ payload }: Ipv4): Icmp | undefined =>
	payload.kind === 'icmp' && payload.type !== ICMP_ECHO && payload.type !== ICMP_ECHO_REPLY ? payload : undefined;

/** Why such a message cannot be translated by what it quotes; undefined where it can. */
const refusal = (ctx: Ctx, { type, code }: Icmp): number | undefined => {
	const { snatIcmpErrors } = ctx.features;
	if (snatIcmpErrors === 'all') {
		const expired = type === ICMP_TIME_EXCEEDED && code <= ICMP_EXC_FRAGTIME;
		return type === ICMP_UNREACHABLE || expired ? undefined : DROP_NAT_UNSUPP_PROTO;
	}
	if (snatIcmpErrors === 'none' || type !== ICMP_UNREACHABLE) return DROP_NAT_UNSUPP_PROTO;
	return code === ICMP_FRAG_NEEDED ? undefined : DROP_UNKNOWN_ICMP_CODE;
};

/**
 * snat_v4_nat_handle_icmp_error() and snat_v4_rev_nat_handle_icmp_error(): the quoted packet tells the mapping. On the
 * way in, it left through one: quote and receiver become the one behind it; on the way out, it came in by one: quote
 * and sender get the outside's view. An echo is only quoted by whom it was sent to.
 */
const translateError = (skb: IpSkb, ctx: Ctx, { quoted }: Icmp, inwards: boolean): 'done' | 'punt' => {
	const inner = quoted && ctTupleOf(quoted);
	if (!inner || (quoted.payload.kind === 'icmp' && quoted.payload.type !== (inwards ? ICMP_ECHO : ICMP_ECHO_REPLY)))
		return 'punt';
	const key = { ...reversed(inner), flags: inwards ? TUPLE_F_IN : TUPLE_F_OUT };
	const entry = inwards ? snatLookupIngress(ctx, key) : snatLookupEgress(ctx, key);
	if (!entry) return 'punt';
	const was = before(ctx, skb);
	const { toAddr, toPort } = entry;
	const copy = cloneIpv4(quoted);
	(inwards ? setSource : setDestination)(copy, toAddr, toPort);
	skb.net.payload = { ...(skb.net.payload as Icmp), quoted: copy };
	skb.net[inwards ? 'dst' : 'src'] = toAddr;
	const row = { ...natRow(ctx, key, entry), ...was };
	if (inwards) say(ctx, skb, 'dnat', { code: 'cilium.unsnat', to: endpointText(toAddr, toPort) }, row);
	else say(ctx, skb, 'snat', { code: 'cilium.snat-error', address: formatIp(toAddr) }, row);
	return 'done';
};

/** snat_v4_nat(). `world`: the packet is forwarded for somebody else (src_from_world, from_local_endpoint). */
export const snatNat = (skb: IpSkb, ctx: Ctx, target: NatTarget, world: boolean): NatResult => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple) return 'punt';
	const error = otherIcmp(skb.net);
	if (error) {
		const reason = refusal(ctx, error);
		return reason === undefined ? translateError(skb, ctx, error, false) : { drop: reason };
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
	const error = otherIcmp(skb.net);
	if (error) return refusal(ctx, error) === undefined ? translateError(skb, ctx, error, true) : 'punt';
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
