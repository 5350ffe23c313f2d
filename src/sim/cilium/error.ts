/** What the chart or the agent refuses, and what we do not model yet. Words are added above `sim`. */
export interface CiliumError {
	readonly code: /** No such version here. */
		| 'cilium.version'
		/** A Helm value that the chart does not know, or cannot have that value. */
		| 'cilium.value'
		/** The agent does not start without ipv4NativeRoutingCIDR in this mode. */
		| 'cilium.no-native-routing-cidr'
		/** True in life, not modelled here. */
		| 'cilium.not-modelled';
	readonly params: Readonly<Record<string, string>>;
}

export const ciliumError = (code: CiliumError['code'], params: CiliumError['params'] = {}): CiliumError => ({
	code,
	params,
});

export const isCiliumError = (value: object): value is CiliumError =>
	'code' in value && typeof value.code === 'string' && value.code.startsWith('cilium.');
