/** Packets and their octets: addresses, headers, checksums, frames, captures. */
export * from './address.ts';
export { checksum } from './checksum.ts';
export { cloneFrame, cloneIpv4, clonePacket } from './clone.ts';
export {
	DSR_GENEVE_CLASS,
	DSR_GENEVE_TYPE,
	DSR_OPTION_TYPE,
	type Frontend,
	readDsrGeneveOption,
	readDsrIpOption,
} from './dsr.ts';
export { dsrGeneveOption, dsrIpOption } from './dsr-write.ts';
export type { Decoded, WireError, WireErrorCode } from './error.ts';
export { fragment, loadFragments, reassemble } from './fragment.ts';
export { decodeFrame, encodeFrame } from './frame.ts';
export {
	ICMP_ECHO,
	ICMP_ECHO_REPLY,
	ICMP_FRAG_NEEDED,
	ICMP_HOST_UNREACH,
	ICMP_NET_UNREACH,
	ICMP_PKT_FILTERED,
	ICMP_PORT_UNREACH,
	ICMP_PROT_UNREACH,
	ICMP_TIME_EXCEEDED,
	ICMP_UNREACHABLE,
	isIcmpError,
} from './icmp-types.ts';
export { decodeIpv4, decodeTransport, encodeIpv4, encodeTransport } from './ipv4.ts';
export { frameLength, ipHeaderLength, ipLength } from './length.ts';
export { EMPTY, utf8 } from './octets.ts';
export * from './packet.ts';
export { encodePcapng, type PcapngInterface, type PcapngPacket } from './pcapng.ts';
export { GENEVE_PORT, VXLAN_IANA_PORT, VXLAN_PORT } from './tunnel.ts';
