/** What configuration can be wrong about, as values. `params` name what was asked for; words are added above `sim`. */
export type LinuxErrorCode =
	/** No namespace of that name. */
	| 'ns.unknown'
	| 'ns.exists'
	/** `Cannot find device "x"`. */
	| 'dev.unknown'
	| 'dev.exists'
	/** A bridge's port that is a bridge, or already a port. */
	| 'dev.master'
	/** `RTNETLINK answers: File exists`. */
	| 'address.exists'
	| 'address.unknown'
	/** Prefix length not in 0..32, or the address of no unicast. */
	| 'address.invalid'
	/** `RTNETLINK answers: File exists`. */
	| 'route.exists'
	/** `RTNETLINK answers: No such process`. */
	| 'route.unknown'
	/** `Error: Nexthop has invalid gateway.` */
	| 'route.invalid-gateway'
	/** `Error: Invalid prefix for given prefix length.` */
	| 'route.invalid-prefix'
	/** `Error: Invalid prefsrc address.` */
	| 'route.invalid-source'
	/** `Error: Device for nexthop is not up.`, or a unicast route with neither device nor gateway. */
	| 'route.no-device'
	| 'rule.exists'
	| 'socket.in-use'
	/** A cgroup program does not let the process have the port (EPERM). */
	| 'socket.denied'
	/** More events than the budget: a routing loop or a storm. */
	| 'budget';

export interface LinuxError {
	readonly code: LinuxErrorCode;
	readonly params: Readonly<Record<string, string | number>>;
}

export const linuxError = (code: LinuxErrorCode, params: Record<string, string | number> = {}): LinuxError => ({
	code,
	params,
});

/** Whether what a function of this layer answered is an error. */
export const isLinuxError = (value: unknown): value is LinuxError =>
	typeof value === 'object' && value !== null && 'code' in value && 'params' in value;
