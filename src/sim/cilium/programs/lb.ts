/**
 * What NodePort and per-packet load balancing share: the destination becomes a backend, an answer the frontend's
 * again, and a service without backends says so. bpf/lib/lb.h @ v1.12.1, v1.18.0.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { EMPTY, formatIp, type Ipv4 } from '../../wire/index.ts';
import { DROP_NO_SERVICE } from '../drop.ts';
import type { LbLocal } from '../lb-local.ts';
import type { FoundService } from '../lb-select.ts';
import { type CtTuple, ctMapOf } from '../maps/conntrack.ts';
import { CT_F_LB_LOOPBACK, type CtEntry } from '../maps/ct-entry.ts';
import { endpointText } from '../maps/services.ts';
import { TUPLE_F_SERVICE } from '../maps/tuple.ts';
import { before, type Ctx, drop, type IpSkb, say, setPort, tailCall } from './context.ts';
import { setSnatDone } from './marks.ts';
import { ctRow, serviceRow } from './text.ts';

/** How the backend was found: by the connection, by the client's last one, by lot or by the service's table. */
export const sayChosen = (
	skb: IpSkb,
	ctx: Ctx,
	tuple: CtTuple,
	found: FoundService,
	{ backend, backendId, choice }: LbLocal,
	byLot: boolean,
): void => {
	if (!ctx.net.recorder) return;
	const { maps } = ctx;
	const to = endpointText(backend.address, backend.port);
	const maglev = maps.lb.algorithm === 'maglev' && !byLot;
	const how = choice === 'selected' ? (maglev ? 'maglev' : 'lot') : choice;
	const { revNatIndex } = found.service;
	const affinity = { table: maps.affinity.spec.name, key: `${formatIp(tuple.saddr)} ${revNatIndex}`, entry: to };
	const service = { ...tuple, flags: TUPLE_F_SERVICE };
	const entry = ctMapOf(maps, tuple.proto).peek(ctx.ns, service);
	const row =
		how === 'affinity'
			? affinity
			: how === 'maglev'
				? { table: maps.maglev.spec.name, key: String(revNatIndex), entry: `${backendId}` }
				: how === 'connection' && entry
					? ctRow(ctx, service, entry)
					: serviceRow(ctx, found);
	say(ctx, skb, 'hit', { code: 'cilium.chosen', how, backend: to }, row);
	if (how !== 'connection' && entry) say(ctx, skb, 'create', { code: 'cilium.ct-new' }, ctRow(ctx, service, entry));
};

/** lb4_xlate(): the packet is for the backend now. */
export const lb4Xlate = (skb: IpSkb, ctx: Ctx, found: FoundService, { backend, backendId }: LbLocal): void => {
	const was = before(ctx, skb);
	const { address, port } = found.key;
	skb.net.dst = backend.address;
	setPort(skb.net, 'dport', backend.port);
	const frontend = endpointText(address, port);
	const to = endpointText(backend.address, backend.port);
	say(
		ctx,
		skb,
		'dnat',
		{ code: 'cilium.service', frontend, backend: to },
		{ ...serviceRow(ctx, found, backendId), ...was },
	);
};

/**
 * A service without a backend to choose. To 1.12 the lookup has not found it in the first place; to 1.14 the packet
 * is dropped; then it is answered.
 */
export const noBackend = (skb: IpSkb, ctx: Ctx, found: FoundService): ProgramVerdict => {
	const frontend = endpointText(found.key.address, found.key.port);
	const table = serviceRow(ctx, found);
	if (ctx.features.noBackend !== 'reject' || ctx.node.noBackendResponse === 'drop') {
		say(ctx, skb, 'miss', { code: 'cilium.no-backend', frontend }, table);
		return drop(DROP_NO_SERVICE);
	}
	say(ctx, skb, 'reject', { code: 'cilium.no-backend-reject', frontend }, table);
	return tailCall(skb, ctx, 'tail_no_service_ipv4', tailNoService4);
};

/** tail_no_service_ipv4(): the packet turns round as an ICMP port unreachable from the service's address. */
const tailNoService4 = (skb: IpSkb, ctx: Ctx): ProgramVerdict => {
	const quoted: Ipv4 = skb.net;
	const { src, dst } = skb.frame;
	skb.net = {
		kind: 'ipv4',
		src: quoted.dst,
		dst: quoted.src,
		ttl: 64,
		protocol: 1,
		id: 0,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		options: EMPTY,
		// ICMP_PACKET_MAX_SAMPLE_SIZE
		payload: { kind: 'icmp', type: 3, code: 3, data: EMPTY, quoted, quoteLength: 64 },
	};
	skb.frame.src = dst;
	skb.frame.dst = src;
	setSnatDone(skb, ctx);
	return { action: 'redirect', ifindex: ctx.device.ifindex, ingress: false };
};

/**
 * lb4_rev_nat(): an answer seems to come from the service again. Loopback answers go to the pod itself, which
 * sent them.
 */
export const reverseNat = (skb: IpSkb, ctx: Ctx, entry: CtEntry): void => {
	const frontend = ctx.maps.reverseNat.lookup(ctx.ns, entry.revNatIndex);
	if (!frontend) return;
	const was = before(ctx, skb);
	if (entry.flags & CT_F_LB_LOOPBACK) skb.net.dst = skb.net.src;
	skb.net.src = frontend.address;
	setPort(skb.net, 'sport', frontend.port);
	say(
		ctx,
		skb,
		'snat',
		{ code: 'cilium.reverse', frontend: endpointText(frontend.address, frontend.port) },
		{
			table: ctx.maps.reverseNat.spec.name,
			key: String(entry.revNatIndex),
			entry: endpointText(frontend.address, frontend.port),
			...was,
		},
	);
};
