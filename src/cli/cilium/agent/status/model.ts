/** What `cilium status` reports, out of the lab. Source: daemon/cmd/status.go @ v1.12.1, v1.15.4, v1.18.3. */
import { formatIp, formatPrefix } from '../../../../sim/wire/index.ts';
import { type Agent, cpusOf } from '../context.ts';
import { eventsOf, FLOW_BUFFER } from '../monitor/index.ts';
import { releaseText } from '../version.ts';
import { type Controller, controllersOf, startOf } from './controllers.ts';

export interface KprStatus {
	/** `Strict`, `True`, … */
	readonly mode: string;
	readonly off: boolean;
	/** `eth0 172.18.0.3 (Direct Routing)`; empty without. */
	readonly devices: string;
}

export interface Status {
	readonly kubernetes: string;
	readonly kubernetesApis: readonly string[];
	readonly kpr: KprStatus;
	readonly cniFile: string | undefined;
	readonly cilium: string;
	readonly cpus: number;
	readonly ipam: string;
	/** `10.244.1.5 (default/web)`, sorted as texts. */
	readonly allocated: readonly string[];
	readonly hostRouting: 'Legacy' | 'BPF';
	/** `Native`, `Tunnel [vxlan]`. */
	readonly network: string;
	/** Columns after the label. */
	readonly masquerading: string;
	readonly clock: string;
	readonly controllers: readonly Controller[];
	readonly proxy: string;
	readonly hubble: string;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export const enabled = (on: boolean): string => (on ? 'Enabled' : 'Disabled');

/** Where the agent's API server is and which kinds it watches. */
const APIS: readonly (readonly [upTo: number, kinds: readonly string[]])[] = [
	[
		13,
		[
			'cilium/v2::CiliumClusterwideNetworkPolicy',
			'cilium/v2::CiliumEndpoint',
			'cilium/v2::CiliumNetworkPolicy',
			'cilium/v2::CiliumNode',
			'core/v1::Namespace',
			'core/v1::Node',
			'core/v1::Pods',
			'core/v1::Service',
			'discovery/v1::EndpointSlice',
			'networking.k8s.io/v1::NetworkPolicy',
		],
	],
	[
		17,
		[
			'EndpointSliceOrEndpoint',
			'cilium/v2::CiliumClusterwideNetworkPolicy',
			'cilium/v2::CiliumEndpoint',
			'cilium/v2::CiliumNetworkPolicy',
			'cilium/v2::CiliumNode',
			'cilium/v2alpha1::CiliumCIDRGroup',
			'core/v1::Namespace',
			'core/v1::Pods',
			'core/v1::Service',
			'networking.k8s.io/v1::NetworkPolicy',
		],
	],
	[
		99,
		[
			'EndpointSliceOrEndpoint',
			'cilium/v2::CiliumCIDRGroup',
			'cilium/v2::CiliumClusterwideNetworkPolicy',
			'cilium/v2::CiliumEndpoint',
			'cilium/v2::CiliumNetworkPolicy',
			'cilium/v2::CiliumNode',
			'core/v1::Pods',
			'networking.k8s.io/v1::NetworkPolicy',
		],
	],
];

export function statusOf(agent: Agent): Status {
	const { state, settings, minor, cluster } = agent;
	const { config } = state;
	const version = cluster.api.version.replace(/^v/, '');
	const ip = formatIp(cluster.nodes().find(({ name }) => name === state.node)?.ip ?? 0);
	const off = settings.kubeProxyReplacement === 'disabled' || settings.kubeProxyReplacement === 'false';
	// From 1.15 the list of addresses begins with as many empty ones as there are addresses.
	const device = `eth0 ${minor >= 15 ? ' ' : ''}${ip} (Direct Routing)`;
	const used = [
		...state.endpoints.map((e) => {
			const began = startOf(agent, e.namespace, e.pod);
			const restored = minor >= 14 && began !== undefined && began < state.startedAt ? ' [restored]' : '';
			return `${formatIp(e.ip)} (${e.namespace}/${e.pod}${restored})`;
		}),
		`${formatIp(state.routerIP)} (router)`,
		...(config['enable-endpoint-health-checking'] === 'false' ? [] : [`${formatIp(state.healthIP)} (health)`]),
	];
	return {
		kubernetes: `${version.split('.').slice(0, 2).join('.')} (v${version}) [linux/amd64]`,
		kubernetesApis: APIS.find(([upTo]) => minor <= upTo)![1],
		kpr: {
			mode: capital(settings.kubeProxyReplacement),
			off,
			devices: settings.nodePort || settings.bpfMasquerade ? device : '',
		},
		cniFile: cniFileOf(agent),
		cilium: releaseText(state.release),
		cpus: cpusOf(agent),
		ipam: `IPv4: ${used.length}/${2 ** (32 - state.podCIDR.length) - 2} allocated from ${formatPrefix(state.podCIDR)}, `,
		allocated: used.sort(),
		hostRouting: settings.hostRouting === 'bpf' ? 'BPF' : 'Legacy',
		network: settings.routingMode === 'native' ? 'Native' : `Tunnel [${settings.tunnelProtocol}]`,
		masquerading: masqueradingOf(agent),
		clock: settings.clock.source === 'ktime' ? 'ktime' : `jiffies\t[${settings.clock.hz} Hz]`,
		controllers: controllersOf(agent),
		proxy: settings.l7Proxy
			? `OK, ip ${formatIp(state.routerIP)}, 0 redirects active on ports 10000-20000${minor >= 14 ? `, Envoy: ${config['external-envoy-proxy'] === 'true' ? 'external' : 'embedded'}` : ''}`
			: 'No managed proxy redirect',
		hubble: hubbleOf(agent),
	};
}

/** From 1.13 the agent writes the CNI configuration itself. */
function cniFileOf({ minor, cluster, state }: Agent): string | undefined {
	if (minor <= 12) return undefined;
	const files = Object.keys(cluster.nodes().find(({ name }) => name === state.node)?.cniConfig ?? {});
	const own = files.find((name) => name.startsWith('05-cilium'));
	return own === undefined
		? 'CNI configuration management disabled'
		: `successfully wrote CNI configuration file to /host/etc/cni/net.d/${own}`;
}

function masqueradingOf({ settings, state }: Agent): string {
	if (!settings.enableIPv4Masquerade) return 'Disabled';
	const families = '[IPv4: Enabled, IPv6: Disabled]';
	if (!settings.bpfMasquerade) return `IPTables ${families}`;
	// RemoteSNATDstAddrExclusionCIDRv4(): the native-routing CIDR, or the node's own.
	const cidr = formatPrefix(settings.ipv4NativeRoutingCIDR ?? state.podCIDR);
	return `BPF${settings.ipMasq ? ' (ip-masq-agent)' : ''}\t[eth0]\t${cidr} ${families}`;
}

function hubbleOf(agent: Agent): string {
	const { config, startedAt } = agent.state;
	if (config['enable-hubble'] !== 'true') return 'Disabled';
	const { seen, flows } = eventsOf(agent);
	const share = ((flows.length / FLOW_BUFFER) * 100).toFixed(2);
	const rate = (seen / Math.max(1, (agent.lab.now - startedAt) / 1e6)).toFixed(2);
	const metrics = (config['hubble-metrics'] ?? '') === '' ? 'Disabled' : 'Ok';
	return `Ok\tCurrent/Max Flows: ${flows.length}/${FLOW_BUFFER} (${share}%), Flows/s: ${rate}\tMetrics: ${metrics}`;
}
