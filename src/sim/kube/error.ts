/** What the API server would refuse. Words are added above `sim`. */
export type KubeErrorCode =
	/** The ClusterIP asked for is not in the service CIDR. */
	| 'cluster-ip.out-of-range'
	/** Another service has it. */
	| 'cluster-ip.taken'
	/** No address left in the service CIDR. */
	| 'cluster-ip.exhausted'
	/** The node port asked for is outside 30000-32767. */
	| 'node-port.out-of-range'
	/** Another service has it, with the same protocol. */
	| 'node-port.taken'
	/** No node port left. */
	| 'node-port.exhausted'
	/** No address left in the node's pod CIDR. */
	| 'pod-ip.exhausted'
	/** The object does not exist. */
	| 'not-found';

/** `position` names the object: `Service default/web`. */
export interface KubeError {
	readonly code: KubeErrorCode;
	readonly params: Readonly<Record<string, string | number>>;
	readonly position: string;
}

/** The value, or why there is none. */
export type Result<T> =
	| { readonly value: T; readonly error?: undefined }
	| { readonly value?: undefined; readonly error: KubeError };

export const refuse = (
	code: KubeErrorCode,
	position: string,
	params: KubeError['params'] = {},
): { readonly error: KubeError } => ({ error: { code, params, position } });
