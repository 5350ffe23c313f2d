/** Drop reasons (pkg/monitor/api/drop.go @ v1.18.0), as far as the programs here give them. */
export const DROP_INVALID_SIP = 132;
export const DROP_INVALID = 134;
export const DROP_UNROUTABLE = 151;
export const DROP_NO_SERVICE = 158;
export const DROP_TTL_EXCEEDED = 196;

const TEXT: Readonly<Record<number, string>> = {
	[DROP_INVALID_SIP]: 'Invalid source ip',
	[DROP_INVALID]: 'Invalid packet',
	[DROP_UNROUTABLE]: 'Stale or unroutable IP',
	[DROP_NO_SERVICE]: 'Service backend not found',
	[DROP_TTL_EXCEEDED]: 'TTL exceeded',
};

/** The reason as `cilium monitor` prints it; undefined for numbers the programs here never give. */
export const dropReason = (code: number): string | undefined => TEXT[code];
