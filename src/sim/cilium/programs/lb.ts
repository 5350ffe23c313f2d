/**
 * Load balancing of each packet a pod sends: the socket LB is off, so the service's address is on the wire until
 * here. bpf/lib/lb.h, __per_packet_lb_svc_xlate_4() and lb4_local() @ v1.12.1 and v1.18.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp, IPPROTO_ICMP, type Ip, type Mac, parseIp } from '../../wire/index.ts';
import { DROP_NO_SERVICE } from '../drop.ts';
import { type CtEntry, ctCreate4, ctLookup4, type Tuple4 } from '../maps/conntrack.ts';
import { type Lb4Service, lb4Affinity, lb4Backends, lb4ReverseNat, lb4Services } from '../maps/services.ts';
import { before, type Ctx, drop, type IpSkb, say, setPort, tupleOf } from './context.ts';

/** IPV4_LOOPBACK: who a pod seems to be when it reaches itself through a service. */
export const SERVICE_LOOPBACK: Ip = parseIp('169.254.42.1')!;

export interface LbState {
	readonly revNatIndex: number;
	/** Set when the pod is its own backend: its address. */
	readonly loopback: Ip | undefined;
}

const endpointText = (address: Ip, port: number): string => `${formatIp(address)}:${port}`;

/** lb4_lookup_service(): by protocol first, then any. */
const lookupService = (ctx: Ctx, tuple: Tuple4): Lb4Service | undefined => {
	const key = { address: tuple.daddr, port: tuple.dport, slot: 0 };
	return lb4Services.lookup(ctx.ns, { ...key, proto: tuple.proto }) ?? lb4Services.lookup(ctx.ns, { ...key, proto: 0 });
};

const slotBackend = (ctx: Ctx, tuple: Tuple4, slot: number): number => {
	const key = { address: tuple.daddr, port: tuple.dport, slot };
	const service =
		lb4Services.lookup(ctx.ns, { ...key, proto: tuple.proto }) ?? lb4Services.lookup(ctx.ns, { ...key, proto: 0 });
	return service?.backendId ?? 0;
};

/** Backend of a known connection, else the client's (affinity), else by lot. */
const selectBackend = (ctx: Ctx, tuple: Tuple4 & { readonly flags: number }, service: Lb4Service): number => {
	const { ns, net, lifetimes } = ctx;
	const known = ctLookup4(ns, net.now, tuple, 'SERVICE', tuple.flags, lifetimes);
	if (known.state !== 'NEW' && lb4Backends.lookup(ns, known.entry.backendId)) return known.entry.backendId;
	const client = { client: tuple.saddr, revNatIndex: service.revNatIndex };
	let backendId = 0;
	if (service.affinityTimeout > 0) {
		const last = lb4Affinity.lookup(ns, client);
		if (
			last &&
			net.now - last.lastUsed <= service.affinityTimeout * 1_000_000 &&
			lb4Backends.lookup(ns, last.backendId)
		)
			backendId = last.backendId;
	}
	if (backendId === 0) {
		const key = `${ns.name} ${formatIp(tuple.saddr)}:${tuple.sport} ${endpointText(tuple.daddr, tuple.dport)}`;
		backendId = slotBackend(ctx, tuple, 1 + net.random('cilium.lb', key, service.count));
	}
	if (service.affinityTimeout > 0) lb4Affinity.update(ns, client, { lastUsed: net.now, backendId });
	const state = { revNatIndex: service.revNatIndex, backendId };
	ctCreate4(ns, net.now, tuple, 'SERVICE', tuple.flags, lifetimes, state);
	return backendId;
};

/**
 * Sends a packet for a service to a backend. Undefined: the destination is no service (or one without backends, in
 * versions that leave it to the stack). A verdict: the packet goes no further.
 */
export const perPacketLb = (skb: IpSkb, ctx: Ctx, podMac: Mac): LbState | ProgramVerdict | undefined => {
	const tuple = tupleOf(skb.net);
	if (!tuple || tuple.proto === IPPROTO_ICMP) return undefined;
	const service = lookupService(ctx, tuple);
	if (!service) return undefined;
	if (service.count === 0) {
		switch (ctx.features.noBackend) {
			case 'stack':
				return undefined;
			case 'drop':
				return drop(DROP_NO_SERVICE);
			case 'reject':
				return reject(skb, ctx, podMac);
		}
	}
	const backend = lb4Backends.lookup(ctx.ns, selectBackend(ctx, tuple, service));
	if (!backend) return drop(DROP_NO_SERVICE);
	const was = before(ctx, skb);
	const frontend = endpointText(tuple.daddr, tuple.dport);
	skb.net.dst = backend.address;
	setPort(skb.net, 'dport', backend.port);
	const self = backend.address === tuple.saddr;
	if (self) skb.net.src = SERVICE_LOOPBACK;
	const chosen = endpointText(backend.address, backend.port);
	say(
		ctx,
		skb,
		'dnat',
		{ code: 'cilium.service', frontend, backend: chosen },
		{
			table: lb4Services.spec.name,
			key: frontend,
			entry: chosen,
			...was,
		},
	);
	if (self) say(ctx, skb, 'snat', { code: 'cilium.hairpin', address: formatIp(SERVICE_LOOPBACK) });
	return { revNatIndex: service.revNatIndex, loopback: self ? tuple.saddr : undefined };
};

/** tail_no_service_ipv4(): the packet becomes an ICMP port unreachable from the service, on its way back to the pod. */
const reject = (skb: IpSkb, ctx: Ctx, podMac: Mac): ProgramVerdict => {
	const quoted = skb.net;
	skb.net = {
		kind: 'ipv4',
		src: quoted.dst,
		dst: quoted.src,
		ttl: 64,
		protocol: IPPROTO_ICMP,
		id: 0,
		tos: 0,
		df: false,
		mf: false,
		offset: 0,
		options: new Uint8Array(0),
		payload: { kind: 'icmp', type: 3, code: 3, data: new Uint8Array(0), quoted },
	};
	skb.frame.src = ctx.device.mac;
	skb.frame.dst = podMac;
	return { action: 'redirect', ifindex: ctx.device.ifindex, ingress: false };
};

/**
 * lb4_rev_nat(): an answer seems to come from the service again. Loopback answers go to the pod itself, whose
 * address the entry kept.
 */
export const reverseNat = (skb: IpSkb, ctx: Ctx, entry: CtEntry): void => {
	const frontend = lb4ReverseNat.lookup(ctx.ns, entry.revNatIndex);
	if (!frontend) return;
	const was = before(ctx, skb);
	if (entry.loopback !== undefined) skb.net.dst = entry.loopback;
	skb.net.src = frontend.address;
	setPort(skb.net, 'sport', frontend.port);
	say(
		ctx,
		skb,
		'snat',
		{ code: 'cilium.reverse', frontend: endpointText(frontend.address, frontend.port) },
		{
			table: lb4ReverseNat.spec.name,
			key: String(entry.revNatIndex),
			entry: endpointText(frontend.address, frontend.port),
			...was,
		},
	);
};
