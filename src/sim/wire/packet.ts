/**
 * Packets as meaning, not bytes: what the simulator passes from hop to hop.
 *
 * `encodeFrame` and `decodeFrame` (frame.ts) turn them into the octets of the RFCs and back; checksums and
 * lengths exist only there, so no packet in flight can carry a wrong one.
 */

/** An IPv4 address as an unsigned 32-bit integer, host order: 10.0.0.1 is 0x0a000001. */
export type Ip = number;

/** An Ethernet address as a 48-bit unsigned integer. */
export type Mac = number;

/** An IPv4 prefix. `address` has its host bits cleared, except where a docstring says otherwise. */
export interface Prefix {
	readonly address: Ip;
	readonly length: number;
}

export const ETH_P_IP = 0x0800;
export const ETH_P_ARP = 0x0806;
export const MAC_BROADCAST: Mac = 0xffffffffffff;

export const IPPROTO_ICMP = 1;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;

/** RFC 826. */
export interface Arp {
	readonly kind: 'arp';
	/** 1 request, 2 reply. */
	op: 1 | 2;
	senderMac: Mac;
	senderIp: Ip;
	targetMac: Mac;
	targetIp: Ip;
}

/** TCP flag bits as on the wire (RFC 9293, section 3.1). */
export const TCP_FIN = 0x01;
export const TCP_SYN = 0x02;
export const TCP_RST = 0x04;
export const TCP_PSH = 0x08;
export const TCP_ACK = 0x10;

export interface Tcp {
	readonly kind: 'tcp';
	sport: number;
	dport: number;
	/** 32-bit sequence and acknowledgement numbers. */
	seq: number;
	ack: number;
	flags: number;
	window: number;
	/** Maximum segment size option, on SYN only. */
	mss?: number;
	/** Window scale option, on SYN only. */
	wscale?: number;
	/** SACK permitted option, on SYN only. */
	sackOk?: boolean;
	/** Timestamps option (RFC 7323). */
	timestamps?: { val: number; ecr: number };
	data: Uint8Array;
}

export interface Udp {
	readonly kind: 'udp';
	sport: number;
	dport: number;
	/** The sender computed no checksum: the field is 0 on the wire, as VXLAN's outer header has it (RFC 7348 5). */
	noChecksum?: boolean;
	/** The frame it carries, for tunnels; `data` is empty then. */
	tunnel?: Tunnel;
	data: Uint8Array;
}

/** An option of RFC 8926, 3.5. */
export interface GeneveOption {
	readonly class: number;
	/** With the critical bit (0x80). */
	readonly type: number;
	/** A multiple of four octets, 124 at most. */
	readonly data: Uint8Array;
}

/** RFC 7348: `vni` has 24 bits. */
export interface Vxlan {
	readonly kind: 'vxlan';
	vni: number;
	inner: Frame;
}

/** RFC 8926, carrying Ethernet. */
export interface Geneve {
	readonly kind: 'geneve';
	vni: number;
	options: readonly GeneveOption[];
	inner: Frame;
}

export type Tunnel = Vxlan | Geneve;

/** ICMPv4 (RFC 792): echo, and the errors, which quote the packet that caused them. */
export interface Icmp {
	readonly kind: 'icmp';
	/** 0 echo reply, 3 destination unreachable, 8 echo request, 11 time exceeded. */
	type: number;
	code: number;
	/** Echo only. */
	id?: number;
	seq?: number;
	/** Next-hop MTU, type 3 code 4 only. */
	mtu?: number;
	/** Echo payload; empty for errors. */
	data: Uint8Array;
	/** Errors only: the packet quoted, as meaning. Encoding cuts it to what fits 576 octets (icmp_send). */
	quoted?: Ipv4;
	/** How many octets are quoted, zeros behind a shorter packet, where a program and not icmp_send() writes the error. */
	quoteLength?: number;
}

/** Any other protocol: octets we do not look into. */
export interface Raw {
	readonly kind: 'raw';
	data: Uint8Array;
}

export type Transport = Tcp | Udp | Icmp | Raw;

/** RFC 791. */
export interface Ipv4 {
	readonly kind: 'ipv4';
	src: Ip;
	dst: Ip;
	ttl: number;
	protocol: number;
	/** Identification field. */
	id: number;
	tos: number;
	/** Don't fragment. */
	df: boolean;
	/** More fragments, and offset in octets. */
	mf: boolean;
	offset: number;
	/** IP options, already padded to a multiple of four octets. */
	options: Uint8Array;
	payload: Transport;
}

/** An Ethernet frame. */
export interface Frame {
	dst: Mac;
	src: Mac;
	/** ETH_P_IP or ETH_P_ARP; redundant with `payload.kind`, kept as on the wire. */
	type: number;
	payload: Ipv4 | Arp;
}
