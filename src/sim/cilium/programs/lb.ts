/**
 * Load balancing of each packet a pod sends: the socket LB is off, so the service's address is on the wire until
 * here. bpf/lib/lb.h, __per_packet_lb_svc_xlate_4() and lb4_local() @ v1.12.1 and v1.18.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp, IPPROTO_ICMP, type Ip, type Mac, parseIp } from '../../wire/index.ts';
import { DROP_NO_SERVICE } from '../drop.ts';
import { lb4Local } from '../lb-local.ts';
import { lb4LookupService } from '../lb-select.ts';
import { ctTupleOf } from '../maps/conntrack.ts';
import { CT_F_LB_LOOPBACK, type CtEntry } from '../maps/ct-entry.ts';
import { endpointText } from '../maps/services.ts';
import { before, type Ctx, drop, type IpSkb, say, setPort } from './context.ts';

/** IPV4_LOOPBACK: who a pod seems to be when it reaches itself through a service. */
export const SERVICE_LOOPBACK: Ip = parseIp('169.254.42.1')!;

export interface LbState {
	readonly revNatIndex: number;
	/** The pod is its own backend. */
	readonly loopback: boolean;
}

/**
 * Sends a packet for a service to a backend. Undefined: the destination is no service (or one without backends, in
 * versions that leave it to the stack). A verdict: the packet goes no further.
 */
export const perPacketLb = (skb: IpSkb, ctx: Ctx, podMac: Mac): LbState | ProgramVerdict | undefined => {
	const tuple = ctTupleOf(skb.net);
	if (!tuple || tuple.proto === IPPROTO_ICMP) return undefined;
	const found = lb4LookupService(ctx, tuple, true);
	if (!found) return undefined;
	const { service } = found;
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
	const local = lb4Local(ctx, tuple, found);
	if (!local) return drop(DROP_NO_SERVICE);
	const { backend } = local;
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
			table: ctx.maps.services.spec.name,
			key: frontend,
			entry: chosen,
			...was,
		},
	);
	if (self) say(ctx, skb, 'snat', { code: 'cilium.hairpin', address: formatIp(SERVICE_LOOPBACK) });
	return { revNatIndex: service.revNatIndex, loopback: self };
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
