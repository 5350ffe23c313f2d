/** Drop reasons (pkg/monitor/api/drop.go @ v1.18.0), as far as the programs here give them. */
export const DROP_INVALID_SIP = 132;
export const DROP_POLICY = 133;
export const DROP_INVALID = 134;
export const DROP_CT_INVALID_HDR = 135;
export const DROP_FRAG_NEEDED = 136;
export const DROP_UNKNOWN_ICMP_CODE = 143;
export const DROP_UNROUTABLE = 151;
export const DROP_NO_SERVICE = 158;
export const DROP_NO_TUNNEL_ENDPOINT = 160;
export const DROP_NAT_NO_MAPPING = 167;
export const DROP_NAT_UNSUPP_PROTO = 168;
export const DROP_NO_FIB = 169;
export const DROP_INVALID_IDENTITY = 171;
export const DROP_IS_CLUSTER_IP = 174;
export const DROP_NOT_IN_SRC_RANGE = 177;
export const DROP_POLICY_DENY = 181;
export const DROP_NO_EGRESS_GATEWAY = 194;
export const DROP_TTL_EXCEEDED = 196;
export const DROP_NO_EGRESS_IP = 204;

const TEXT: Readonly<Record<number, string>> = {
	[DROP_INVALID_SIP]: 'Invalid source ip',
	[DROP_POLICY]: 'Policy denied',
	[DROP_INVALID]: 'Invalid packet',
	[DROP_CT_INVALID_HDR]: 'CT: Truncated or invalid header',
	[DROP_FRAG_NEEDED]: 'Fragmentation needed',
	[DROP_UNKNOWN_ICMP_CODE]: 'Unknown ICMPv4 code',
	[DROP_UNROUTABLE]: 'Stale or unroutable IP',
	[DROP_NO_SERVICE]: 'Service backend not found',
	[DROP_NO_TUNNEL_ENDPOINT]: 'No tunnel/encapsulation endpoint (datapath BUG!)',
	[DROP_NAT_NO_MAPPING]: 'No mapping for NAT masquerade',
	[DROP_NAT_UNSUPP_PROTO]: 'Unsupported protocol for NAT masquerade',
	[DROP_NO_FIB]: 'FIB lookup failed',
	[DROP_INVALID_IDENTITY]: 'Invalid identity',
	[DROP_IS_CLUSTER_IP]: 'Is a ClusterIP',
	[DROP_NOT_IN_SRC_RANGE]: 'Denied by LB src range check',
	[DROP_POLICY_DENY]: 'Policy denied by denylist',
	[DROP_NO_EGRESS_GATEWAY]: 'No egress gateway found',
	[DROP_TTL_EXCEEDED]: 'TTL exceeded',
	[DROP_NO_EGRESS_IP]: 'No Egress IP configured',
};

/** The reason as `cilium monitor` prints it; undefined for numbers the programs here never give. */
export const dropReason = (code: number): string | undefined => TEXT[code];
