/** RST for a segment nobody expects: tcp_v4_send_reset() (net/ipv4/tcp_ipv4.c) and nf_send_reset(), which agree. */
import {
	EMPTY,
	formatIp,
	IPPROTO_TCP,
	type Ipv4,
	TCP_ACK,
	TCP_FIN,
	TCP_RST,
	TCP_SYN,
	type Tcp,
} from '../wire/index.ts';
import { sendLocal } from './ip-output.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import { routeOutput } from './routing.ts';
import { addressType } from './source.ts';
import type { Namespace, Skb } from './types.ts';

/** Answers `skb` with a reset, from the address it was sent to. A reset is never answered. */
export const sendReset = (net: Network, ns: Namespace, skb: Skb, ct?: Skb['ct']): void => {
	const ip = skb.net as Ipv4;
	if (ip.payload.kind !== 'tcp' || ip.offset !== 0) return;
	const tcp = ip.payload;
	if (tcp.flags & TCP_RST) return;
	if (skb.dst?.type === 'broadcast' || addressType(ns, ip.dst) === 'BROADCAST') return;
	const length = tcp.data.length + (tcp.flags & TCP_SYN ? 1 : 0) + (tcp.flags & TCP_FIN ? 1 : 0);
	const payload: Tcp = {
		kind: 'tcp',
		sport: tcp.dport,
		dport: tcp.sport,
		seq: tcp.flags & TCP_ACK ? tcp.ack : 0,
		ack: tcp.flags & TCP_ACK ? 0 : (tcp.seq + length) >>> 0,
		flags: tcp.flags & TCP_ACK ? TCP_RST : TCP_RST | TCP_ACK,
		window: 0,
		data: EMPTY,
	};
	const packet = net.nextPacketId();
	if (net.recorder)
		note(net, ns, skb, skb.iif === 0 ? 'OUTPUT' : skb.dst?.type === 'local' ? 'INPUT' : 'FORWARD', 'reject', {
			code: 'tcp.reset-sent',
			to: formatIp(ip.src),
			port: tcp.sport,
			packet,
		});
	const route = routeOutput(net, ns, { dst: ip.src, src: ip.dst, anySource: true });
	sendLocal(net, ns, { src: ip.dst, dst: ip.src, protocol: IPPROTO_TCP, payload, df: true, id: 0, packet, ct }, route);
};
