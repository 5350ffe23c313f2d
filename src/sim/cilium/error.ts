/** What the chart or the agent refuses, and what we do not model yet. Words are added above `sim`. */
export interface CiliumError {
	readonly code: /** No such version here. */
		| 'cilium.version'
		/** A Helm value that cannot be: params key, value, and stage, `chart` (helm stops) or `agent` (it does not start). */
		| 'cilium.value'
		/** The agent does not start without ipv4NativeRoutingCIDR in this mode. */
		| 'cilium.no-native-routing-cidr'
		/** helm stops, or the agent does not start: params reason (FatalReason), stage, and the log's own words. */
		| 'cilium.fatal'
		/** True in life, not modelled here. */
		| 'cilium.not-modelled';
	readonly params: Readonly<Record<string, string>>;
}

/** Why an agent does not start, or a chart does not render. */
export type FatalReason =
	/** auto-direct-node-routes with a tunnel. */
	| 'direct-routes-tunnel'
	/** BPF masquerade without BPF NodePort. */
	| 'bpf-masquerade-nodeport'
	/** BPF masquerade together with egressMasqueradeInterfaces. */
	| 'bpf-masquerade-interfaces'
	/** BPF masquerade of IPv6, 1.12. */
	| 'bpf-masquerade-ipv6'
	/** ip-masq-agent without BPF masquerade. */
	| 'ip-masq-agent'
	/** Egress gateway without BPF masquerade. */
	| 'egress-gateway'
	/** DSR over VXLAN. */
	| 'dsr-vxlan'
	/** DSR in a tunnel without Geneve dispatch. */
	| 'dsr-tunnel-dispatch'
	/** DSR with Geneve dispatch and another tunnel protocol. */
	| 'dsr-geneve-protocol'
	/** DSR with IPIP dispatch: for load balancers only, with XDP. */
	| 'dsr-ipip'
	/** XDP acceleration with a tunnel, 1.12. */
	| 'xdp-tunnel'
	/** IPsec with BPF NodePort. */
	| 'ipsec-nodeport'
	| 'maglev-size'
	| 'maglev-seed'
	/** The NodePort range lies in the ephemeral ports and may not be protected, or above them. */
	| 'nodeport-range'
	/** NOTRACK rules without full replacement, BPF masquerade and native routing. */
	| 'no-conntrack-rules'
	/** `tunnel` from 1.15 on. */
	| 'tunnel-removed';

export const ciliumError = (code: CiliumError['code'], params: CiliumError['params'] = {}): CiliumError => ({
	code,
	params,
});

export const fatal = (reason: FatalReason, log = '', stage: 'chart' | 'agent' = 'agent'): CiliumError =>
	ciliumError('cilium.fatal', { reason, stage, ...(log ? { log } : {}) });

/** Whether a refusal is one of Cilium's own. */
export const isCiliumError = (value: object): value is CiliumError =>
	'code' in value && typeof value.code === 'string' && value.code.startsWith('cilium.');
