/** Copies of packets. Headers are copied, payload octets are shared: nobody writes into them. */
import type { Arp, Frame, Ipv4, Tcp, Transport } from './packet.ts';

const cloneTransport = (payload: Transport): Transport => {
	if (payload.kind === 'icmp' && payload.quoted) return { ...payload, quoted: cloneIpv4(payload.quoted) };
	if (payload.kind === 'udp' && payload.tunnel)
		return { ...payload, tunnel: { ...payload.tunnel, inner: cloneFrame(payload.tunnel.inner) } };
	const copy = { ...payload };
	if (copy.kind === 'tcp' && copy.timestamps) (copy as Tcp).timestamps = { ...copy.timestamps };
	return copy;
};

/** A packet that can be rewritten without changing the original, quoted packets included. */
export const cloneIpv4 = (packet: Ipv4): Ipv4 => ({ ...packet, payload: cloneTransport(packet.payload) });

/** The same of a packet of either kind. */
export const clonePacket = (packet: Ipv4 | Arp): Ipv4 | Arp =>
	packet.kind === 'arp' ? { ...packet } : cloneIpv4(packet);

/** The same of a frame with what it carries. */
export const cloneFrame = (frame: Frame): Frame => ({ ...frame, payload: clonePacket(frame.payload) });
