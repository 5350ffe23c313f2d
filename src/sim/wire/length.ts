/** How many octets packets and frames take. Nothing is encoded, so that the simulation needs no codec for it. */
import type { Frame, GeneveOption, Icmp, Ipv4, Tcp, Transport, Tunnel, Udp } from './packet.ts';

/** ETH_HLEN. */
export const ETHERNET_HEADER = 14;
/** An ARP packet for IPv4 over Ethernet. */
export const ARP_LENGTH = 28;
/** A header without options. */
export const IPV4_HEADER = 20;
export const TCP_HEADER = 20;
export const UDP_HEADER = 8;
export const ICMP_HEADER = 8;
/** VXLAN's header, and Geneve's without options. */
export const TUNNEL_HEADER = 8;
/** net/ipv4/icmp.c, icmp_send(): the whole error is at most this many octets (RFC 1812 4.3.2.3). */
const ICMP_ERROR_MAX = 576;

/** Options of a TCP segment as Linux lays them out: each group padded to four. */
export const tcpOptionsLength = (tcp: Tcp): number =>
	(tcp.mss === undefined ? 0 : 4) + (tcp.timestamps ? 12 : tcp.sackOk ? 4 : 0) + (tcp.wscale === undefined ? 0 : 4);

export const geneveOptionsLength = (options: readonly GeneveOption[]): number =>
	options.reduce((sum, option) => sum + 4 + option.data.length, 0);

/** Tunnel header and the frame in it. */
const tunnelLength = (tunnel: Tunnel): number =>
	TUNNEL_HEADER + (tunnel.kind === 'geneve' ? geneveOptionsLength(tunnel.options) : 0) + frameLength(tunnel.inner);

/** UDP header and data. */
export const udpLength = (udp: Udp): number => UDP_HEADER + (udp.tunnel ? tunnelLength(udp.tunnel) : udp.data.length);

/** ICMP header and payload; an error quotes what has room behind an IP header of `ipHeader` octets. */
const icmpLength = (icmp: Icmp, ipHeader: number): number =>
	ICMP_HEADER +
	(icmp.quoted
		? (icmp.quoteLength ?? Math.min(ipLength(icmp.quoted), ICMP_ERROR_MAX - ipHeader - ICMP_HEADER))
		: icmp.data.length);

const transportLength = (payload: Transport, ipHeader: number): number => {
	switch (payload.kind) {
		case 'tcp':
			return TCP_HEADER + tcpOptionsLength(payload) + payload.data.length;
		case 'udp':
			return udpLength(payload);
		case 'icmp':
			return icmpLength(payload, ipHeader);
		case 'raw':
			return payload.data.length;
	}
};

/** The IP header with its options. */
export const ipHeaderLength = (packet: Ipv4): number => IPV4_HEADER + packet.options.length;

/** The whole packet, header included: the value of the total length field. */
export const ipLength = (packet: Ipv4): number => {
	const header = ipHeaderLength(packet);
	return header + transportLength(packet.payload, header);
};

/** The frame without the frame check sequence; short frames are not padded to 60. */
export const frameLength = (frame: Frame): number =>
	ETHERNET_HEADER + (frame.payload.kind === 'arp' ? ARP_LENGTH : ipLength(frame.payload));
