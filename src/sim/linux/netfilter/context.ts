/** What a netfilter hook is called with: where the packet is, and what the rest of the kernel does for it. */
import type { Ip, Ipv4 } from '../../wire/index.ts';
import type { Device, Namespace, Net, Skb } from '../types.ts';
import type { AddrType, BuiltinChain } from './types.ts';

/** struct nf_hook_state. One object per call of `netfilterHook`. */
export interface NetfilterContext {
	readonly net: Net;
	readonly ns: Namespace;
	/** Set on PREROUTING, INPUT and FORWARD. */
	readonly inDev?: Device;
	/** Set on FORWARD, OUTPUT and POSTROUTING. */
	readonly outDev?: Device;
	readonly services: NetfilterServices;
}

/** A packet that is IPv4, as every packet that meets netfilter here is. */
export type IpSkb = Skb & { net: Ipv4 };

/** A socket as xt_socket and TPROXY see it. */
export interface SocketView {
	/** Bound to 0.0.0.0. */
	readonly wildcard: boolean;
	/** IP_TRANSPARENT is set. */
	readonly transparent: boolean;
	readonly listening: boolean;
}

/** What netfilter asks of the layers round it. The functions of `linux/` implement these. */
export interface NetfilterServices {
	/**
	 * inet_select_addr(out, next hop, RT_SCOPE_UNIVERSE): the address MASQUERADE takes (net/ipv4/devinet.c).
	 * Undefined when the namespace has no global address at all.
	 */
	selectSourceAddress(ns: Namespace, outDev: Device, nextHop: Ip): Ip | undefined;
	/** inet_addr_type, or inet_dev_addr_type when `dev` is given: what the local table says of an address. */
	addressType(ns: Namespace, ip: Ip, dev?: Device): AddrType;
	/** icmp_send of an error that quotes `skb`; the error carries `relatedTo(skb)` as its `ct` (icmp_glue_bits). */
	sendIcmpError(ctx: NetfilterContext, skb: IpSkb, type: number, code: number): void;
	/** nf_send_reset: an RST that answers `skb`; it carries `relatedTo(skb)` as its `ct` (nf_ct_attach). */
	sendTcpReset(ctx: NetfilterContext, skb: IpSkb, hook: BuiltinChain): void;
	/**
	 * ip_route_me_harder: routes a locally generated packet again after its destination, source or mark changed in
	 * OUTPUT; sets skb.oif and skb.nextHop. Undefined when there is no route: the packet is dropped.
	 */
	rerouteOutput(ctx: NetfilterContext, skb: IpSkb): Device | undefined;
	/** The socket that would take a packet for `dst:dport` from `src:sport`, for xt_socket and TPROXY. */
	lookupSocket?(
		ns: Namespace,
		flow: { protocol: number; src: Ip; sport: number; dst: Ip; dport: number },
	): SocketView | undefined;
}
