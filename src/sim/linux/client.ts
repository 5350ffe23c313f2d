/** The beginning of every client: what connect() was asked, before anything has decided about it. */
import { formatIp, IPPROTO_TCP } from '../wire/index.ts';
import type { Network } from './net.ts';
import { note } from './records.ts';
import type { Client, Endpoint } from './socket.ts';
import type { Namespace } from './types.ts';

/** A client of `protocol` that asks for an address and port, with the packet id its first packet will have. */
export const openClient = (
	net: Network,
	ns: Namespace,
	protocol: number,
	to: { readonly dst: number; readonly dport: number; readonly hears?: boolean },
): { readonly client: Client; readonly asked: Endpoint; readonly packet: number } => {
	const packet = net.nextPacketId();
	const asked = { ip: to.dst, port: to.dport };
	const client: Client = {
		protocol,
		local: undefined,
		asked,
		remote: asked,
		firstPacket: packet,
		firstReply: undefined,
		accepted: undefined,
		...(to.hears ? { hears: true } : {}),
		outcome: undefined,
	};
	if (net.recorder)
		note(net, ns, { packet }, 'socket', 'pass', {
			code: 'socket.connect',
			peer: `${formatIp(asked.ip)}:${asked.port}`,
			protocol: protocol === IPPROTO_TCP ? 'tcp' : 'udp',
		});
	return { client, asked, packet };
};
