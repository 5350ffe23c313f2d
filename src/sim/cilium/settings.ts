/**
 * Helm values to cilium-config (settings-chart.ts), cilium-config to what the agent does (settings-agent.ts).
 *
 * Source: cilium install/kubernetes/cilium, pkg/option/config.go, daemon/cmd/kube_proxy_replacement.go @ v1.12.1,
 * v1.14.13, v1.18.0; pkg/kpr/initializer/kube_proxy_replacement.go @ v1.19.0.
 */
import { formatPrefix, type Prefix } from '../wire/index.ts';
import type { BpfClock } from './clock.ts';
import { type CiliumError, ciliumError } from './error.ts';
import { FIRST_MINOR, LAST_MINOR, minorOf } from './features.ts';
import type { LbSettings, MapSizes } from './maps/index.ts';
import { agentSettings } from './settings-agent.ts';
import { renderChart } from './settings-chart.ts';

export type Values = Readonly<Record<string, string>>;

/** Something helm or the agent says, or should have said, without stopping. */
export interface CiliumMessage {
	/** `silent`: nobody says it, and it explains why nothing happened. */
	readonly level: 'info' | 'warning' | 'silent';
	readonly code:
		| 'helm.unknown-key' // params: key, near
		| 'helm.other-version' // params: key; a key of another version's chart
		| 'kpr.auto-enabled'
		| 'kpr.auto-disabled'
		| 'kpr.deprecated-value' // params: value
		| 'host-routing.legacy' // params: reason
		| 'masquerade.iptables' // BPF masquerade was asked for and cannot be
		| 'dsr.snat' // DSR was asked for and cannot be
		| 'bind-protection.off'
		| 'affinity.one-client' // kernel too old to tell network namespaces apart
		| 'nodeport-range.reserved'; // params: range
	readonly params: Readonly<Record<string, string>>;
	/** The line as the agent logs it, where it was read. */
	readonly log?: string;
}

/** What a node is, as far as the agent asks. */
export interface AgentHost {
	/** `5.15.0` */
	readonly kernel: string;
	/** Octets. */
	readonly memory: number;
	/** net.ipv4.ip_local_port_range */
	readonly ephemeral: readonly [first: number, last: number];
}

export const DEFAULT_HOST: AgentHost = { kernel: '5.15.0', memory: 8 * 2 ** 30, ephemeral: [32768, 60999] };

/** What the agent does, after all defaults, fallbacks and probes. */
export interface CiliumSettings {
	/** `1.12.1`. */
	readonly version: string;
	/** cilium-config as the chart writes it. */
	readonly configMap: ReadonlyMap<string, string>;
	readonly messages: readonly CiliumMessage[];

	/** The option's value; what follows from it is below. */
	readonly kubeProxyReplacement: 'disabled' | 'partial' | 'probe' | 'strict' | 'true' | 'false';
	/** Programs on the nodes' devices handle NodePorts (and external addresses, load balancers). */
	readonly nodePort: boolean;
	readonly externalIPs: boolean;
	readonly hostPort: boolean;
	/** Services are translated in connect() and sendmsg(): for all sockets, for the nodes' own, or not. */
	readonly socketLB: 'off' | 'hostns' | 'full';
	/** `sessionAffinity: ClientIP` is obeyed. */
	readonly sessionAffinity: boolean;
	readonly sourceRangeCheck: boolean;
	/** From 1.17 also on NodePorts and ClusterIPs of a load balancer, when asked for. */
	readonly sourceRangeAllTypes: boolean;
	readonly bindProtection: boolean;
	/** The agent keeps the link-layer addresses of the other nodes known (l2NeighDiscovery): by default to 1.17. */
	readonly l2NeighDiscovery: boolean;
	readonly externalClusterIP: boolean;
	readonly nodePortRange: readonly [first: number, last: number];
	readonly lbMode: 'snat' | 'dsr' | 'hybrid';
	readonly dsrDispatch: 'opt' | 'geneve';
	/** XDP on the nodes' devices: by their drivers, or in generic mode (`testing-only`). */
	readonly acceleration: 'disabled' | 'native' | 'best-effort' | 'testing-only';
	readonly lb: LbSettings;
	/** Of the Maglev tables. */
	readonly maglevMurmurSeed: number;
	readonly noBackendResponse: 'reject' | 'drop';

	readonly routingMode: 'native' | 'tunnel';
	readonly tunnelProtocol: 'vxlan' | 'geneve';
	readonly tunnelPort: number;
	/** Of devices, octets: told, or found at the node's own. */
	readonly mtu: number;
	/** `bpf`: forwarding past the nodes' stacks (fib lookup, redirect_peer, redirect_neigh). */
	readonly hostRouting: 'legacy' | 'bpf';
	/** Routes to other nodes' pods through their node addresses, on a shared network. */
	readonly autoDirectNodeRoutes: boolean;
	/** Pods are not masqueraded towards it. */
	readonly ipv4NativeRoutingCIDR: Prefix | undefined;
	readonly enableIPv4Masquerade: boolean;
	/** Masquerading by cil_to_netdev in place of iptables. */
	readonly bpfMasquerade: boolean;
	/** Only out of these devices (iptables). */
	readonly egressMasqueradeInterfaces: string;
	/** Destinations ip-masq-agent excludes; undefined when it is off. */
	readonly ipMasq: readonly Prefix[] | undefined;
	/** Pods selected by policies reach the world by a gateway. */
	readonly egressGateway: boolean;
	/** A route for each endpoint instead of delivery by program. */
	readonly endpointRoutes: boolean;
	/** The agent keeps a DNS proxy ready, with its TPROXY rules. */
	readonly l7Proxy: boolean;
	readonly ipamMode: string;
	/** Where the agent finds the API server without kube-proxy; undefined: by the kubernetes service's ClusterIP. */
	readonly k8sServiceHost: string | undefined;
	readonly k8sServicePort: number;

	readonly mapSizes: MapSizes;
	readonly clock: BpfClock;
	readonly ctAccounting: boolean;
}

/** The values of the course's first cluster: native routing, kube-proxy left in charge of services. */
export const nativeRoutingValues = (version: string, cidr: Prefix): Values => ({
	...(minorOf(version) < 14 ? { tunnel: 'disabled' } : { routingMode: 'native' }),
	autoDirectNodeRoutes: 'true',
	ipv4NativeRoutingCIDR: formatPrefix(cidr),
	kubeProxyReplacement: minorOf(version) < 14 ? 'disabled' : 'false',
	'ipam.mode': 'kubernetes',
});

/** Full replacement of kube-proxy, by the name this version has for it. */
export const kprValues = (version: string): Values => ({
	kubeProxyReplacement: minorOf(version) < 14 ? 'strict' : 'true',
});

/**
 * What the agent does with these values. `values` are dotted paths as `--set` takes them; the chart's defaults
 * stand for what is missing.
 */
export const ciliumSettings = (
	version: string,
	values: Values,
	host: Partial<AgentHost> = {},
): CiliumSettings | CiliumError => {
	const minor = minorOf(version);
	if (!/^1\.\d+\.\d+$/.test(version) || minor < FIRST_MINOR || minor > LAST_MINOR)
		return ciliumError('cilium.version', { version });
	const chart = renderChart(version, values);
	if ('code' in chart) return chart;
	return agentSettings(version, chart, { ...DEFAULT_HOST, ...host });
};
