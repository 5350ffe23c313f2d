/**
 * Direct server return: the load balancer's node adds a notice of the address that was asked for, the backend's node
 * reads it and lets the answers leave from there. bpf/lib/nodeport.h @ v1.12.1, v1.14, v1.18.0.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import {
	dsrGeneveOption,
	dsrIpOption,
	EMPTY,
	type Frontend,
	formatIp,
	ICMP_FRAG_NEEDED,
	ICMP_UNREACHABLE,
	type Icmp,
	type Ipv4,
	ipHeaderLength,
	ipLength,
	readDsrGeneveOption,
	readDsrIpOption,
} from '../../wire/index.ts';
import { DROP_CT_INVALID_HDR, DROP_FRAG_NEEDED, DROP_INVALID, DROP_NO_TUNNEL_ENDPOINT } from '../drop.ts';
import { ID_WORLD } from '../identity.ts';
import { type CtTuple, ctCreate4, ctLookup4, ctTupleOf, hasPorts } from '../maps/conntrack.ts';
import { CT_F_DSR } from '../maps/ct-entry.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import type { NatEntry } from '../maps/nat-entry.ts';
import { endpointText } from '../maps/services.ts';
import { snatCreateDsr, snatLookupEgress } from '../maps/snat.ts';
import { reversed, TUPLE_F_OUT } from '../maps/tuple.ts';
import { before, type Ctx, drop, type IpSkb, say, setPort } from './context.ts';
import { encapAndRedirect } from './encap.ts';
import { fibRedirect4 } from './fib.ts';
import { setSnatDone } from './marks.ts';
import { ctRow, natRow } from './text.ts';

/** Longest IP header, octets. */
const MAX_HEADER = 60;
const OPTION = 8;
/** Outer IP and UDP headers, Geneve's own, and the Ethernet header inside; then its option. */
const GENEVE_OVERHEAD = 50;
const GENEVE_OPTION = 12;

/** A TCP connection carries the notice on its SYN only: from then on the backend's node remembers. */
const needsNotice = (packet: Ipv4): boolean => packet.payload.kind !== 'tcp' || (packet.payload.flags & 2) !== 0;

/** tail_nodeport_ipv4_dsr(). The packet is for the backend already; `frontend` is what the client asked for. */
export const tailNodeportDsr = (skb: IpSkb, ctx: Ctx, frontend: Frontend): ProgramVerdict =>
	ctx.node.dispatch === 'geneve' ? viaGeneve(skb, ctx, frontend) : viaOption(skb, ctx, frontend);

/** dsr_set_opt4(). */
const viaOption = (skb: IpSkb, ctx: Ctx, frontend: Frontend): ProgramVerdict => {
	if (needsNotice(skb.net)) {
		if (ipHeaderLength(skb.net) + OPTION > MAX_HEADER) return drop(DROP_CT_INVALID_HDR);
		if (tooLong(ctx, ipLength(skb.net) + OPTION)) return replyTooLong(skb, ctx, frontend, OPTION);
		const was = before(ctx, skb);
		const options = new Uint8Array(OPTION + skb.net.options.length);
		options.set(dsrIpOption(frontend));
		options.set(skb.net.options, OPTION);
		skb.net.options = options;
		say(ctx, skb, 'pass', { code: 'cilium.dsr-option', frontend: endpointText(frontend.ip, frontend.port) }, was);
	}
	return fibRedirect4(skb, ctx, 'backend');
};

/** encap_geneve_dsr_opt4(). */
const viaGeneve = (skb: IpSkb, ctx: Ctx, frontend: Frontend): ProgramVerdict => {
	const notice = needsNotice(skb.net);
	const overhead = GENEVE_OVERHEAD + (notice ? GENEVE_OPTION : 0);
	if (tooLong(ctx, ipLength(skb.net) + overhead)) return replyTooLong(skb, ctx, frontend, overhead);
	const info = ipcacheLookup4(ctx.maps.ipcache, ctx.ns, skb.net.dst);
	if (!info || info.tunnelEndpoint === 0) return drop(DROP_NO_TUNNEL_ENDPOINT);
	if (notice) say(ctx, skb, 'pass', { code: 'cilium.dsr-geneve', frontend: endpointText(frontend.ip, frontend.port) });
	return encapAndRedirect(skb, ctx, info.tunnelEndpoint, ID_WORLD, notice ? [dsrGeneveOption(frontend)] : undefined);
};

/** dsr_is_too_big(). */
const tooLong = (ctx: Ctx, length: number): boolean => ctx.node.dsrIcmpErrors && length > ctx.node.mtu;

/** dsr_reply_icmp4(): "fragmentation needed" from the service, quoting the packet as the client sent it. */
const replyTooLong = (skb: IpSkb, ctx: Ctx, frontend: Frontend, overhead: number): ProgramVerdict => {
	const quoted = skb.net;
	const mtu = ctx.node.mtu - overhead;
	say(ctx, skb, 'reject', { code: 'cilium.dsr-too-long', length: ipLength(quoted) + overhead, mtu });
	if (quoted.payload.kind !== 'tcp' && quoted.payload.kind !== 'udp') return drop(DROP_FRAG_NEEDED);
	const icmp: Icmp = {
		kind: 'icmp',
		type: ICMP_UNREACHABLE,
		code: ICMP_FRAG_NEEDED,
		mtu,
		data: EMPTY,
		quoteLength: ipHeaderLength(quoted) + 8,
		quoted: { ...quoted, dst: frontend.ip, payload: { ...quoted.payload, dport: frontend.port } },
	};
	skb.net = {
		kind: 'ipv4',
		src: quoted.dst,
		dst: quoted.src,
		ttl: 64,
		protocol: 1,
		id: quoted.id,
		tos: quoted.tos,
		df: true,
		mf: false,
		offset: 0,
		options: EMPTY,
		payload: icmp,
	};
	const { src, dst } = skb.frame;
	skb.frame.src = dst;
	skb.frame.dst = src;
	setSnatDone(skb, ctx);
	return { action: 'redirect', ifindex: ctx.device.ifindex, ingress: false };
};

/** What nodeport_extract_dsr_v4() found: the notice, or that the connection had one before. */
export type DsrInfo = Frontend | 'connection';

/** nodeport_extract_dsr_v4(). */
export const dsrInfo = (skb: IpSkb, ctx: Ctx, tuple: CtTuple): DsrInfo | undefined => {
	if (skb.net.payload.kind === 'tcp' && !(skb.net.payload.flags & 2)) {
		const ct = ctLookup4(ctx, tuple, 'OUT', { scope: 'forward', types: 'dsr' });
		return ct.entry ? 'connection' : undefined;
	}
	return ctx.node.dispatch === 'geneve'
		? readDsrGeneveOption(skb.tunnel?.options ?? [])
		: readDsrIpOption(skb.net.options);
};

/** Remembers, on the backend's node, that answers leave from the frontend. */
const learn = (skb: IpSkb, ctx: Ctx, tuple: CtTuple, frontend: Frontend): void => {
	const answer = reversed(tuple);
	const entry = snatCreateDsr(ctx, answer, { addr: frontend.ip, port: frontend.port });
	say(
		ctx,
		skb,
		'create',
		{ code: 'cilium.dsr-learned', frontend: endpointText(frontend.ip, frontend.port), client: formatIp(tuple.saddr) },
		natRow(ctx, { ...answer, flags: TUPLE_F_OUT }, entry),
	);
};

/**
 * nodeport_dsr_ingress_ipv4(), from 1.13: connection and translation are written down, the packet goes on. A verdict:
 * it does not.
 */
export const nodeportDsrIngress = (skb: IpSkb, ctx: Ctx, tuple: CtTuple, info: DsrInfo): ProgramVerdict | undefined => {
	const ct = ctLookup4(ctx, tuple, 'OUT', { types: 'dsr' });
	const established = ct.status === 'ESTABLISHED' && (tuple.proto !== 6 || info === 'connection');
	if (!established) {
		if (info === 'connection') return drop(DROP_INVALID);
		const entry = ctCreate4(
			ctx,
			tuple,
			'OUT',
			{ dsr: true, srcSecId: ID_WORLD, ifindex: ctx.node.nativeIfindex, natAddr: info.ip, natPort: info.port },
			false,
		);
		say(ctx, skb, 'create', { code: 'cilium.ct-nodeport' }, ctRow(ctx, { ...tuple, flags: TUPLE_F_OUT }, entry));
		learn(skb, ctx, tuple, info);
	}
	return undefined;
};

/** handle_dsr_v4(), to 1.12, in the pod's policy program: true when the packet carries a notice. */
export const handleDsrAtPod = (skb: IpSkb, ctx: Ctx, tuple: CtTuple): boolean => {
	const info = readDsrIpOption(skb.net.options);
	if (!info) return false;
	learn(skb, ctx, tuple, info);
	return true;
};

/** xlate_dsr_v4(): the answer leaves from the frontend. Nothing without an entry. */
export const xlateDsr4 = (skb: IpSkb, ctx: Ctx): void => {
	const tuple = ctTupleOf(skb.net);
	const entry = tuple && snatLookupEgress(ctx, tuple);
	if (!entry) return;
	const was = before(ctx, skb);
	skb.net.src = entry.toAddr;
	setPort(skb.net, 'sport', entry.toPort);
	setSnatDone(skb, ctx);
	say(
		ctx,
		skb,
		'snat',
		{ code: 'cilium.dsr-reply', frontend: endpointText(entry.toAddr, entry.toPort) },
		{ ...natRow(ctx, { ...tuple, flags: TUPLE_F_OUT }, entry), ...was },
	);
};

/** The translation of a packet that answers a connection that came with a notice. */
export const dsrFrontend = (skb: IpSkb, ctx: Ctx): NatEntry | undefined => {
	const tuple = ctTupleOf(skb.net);
	return tuple && ctx.node.mode !== 'snat' && isDsrReply(skb, ctx) ? snatLookupEgress(ctx, tuple) : undefined;
};

/** Whether a packet answers a connection that came with a notice, by the entry the ingress side wrote (from 1.13). */
export const isDsrReply = (skb: IpSkb, ctx: Ctx): boolean => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple || !hasPorts(tuple)) return false;
	const ct = ctLookup4(ctx, tuple, 'IN', { scope: 'reverse', types: 'dsr' });
	return ct.status === 'REPLY' && (ct.entry.flags & CT_F_DSR) !== 0;
};
