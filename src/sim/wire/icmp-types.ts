/** Types and codes of ICMPv4 messages (RFC 792). */

export const ICMP_ECHO_REPLY = 0;
export const ICMP_UNREACHABLE = 3;
export const ICMP_ECHO = 8;
export const ICMP_TIME_EXCEEDED = 11;
/** Codes of ICMP_UNREACHABLE. */
export const ICMP_NET_UNREACH = 0;
export const ICMP_HOST_UNREACH = 1;
export const ICMP_PROT_UNREACH = 2;
export const ICMP_PORT_UNREACH = 3;
export const ICMP_FRAG_NEEDED = 4;
export const ICMP_PKT_FILTERED = 13;

/** The errors this simulator speaks: destination unreachable and time exceeded. */
export const isIcmpError = (icmp: { readonly type: number }): boolean =>
	icmp.type === ICMP_UNREACHABLE || icmp.type === ICMP_TIME_EXCEEDED;
