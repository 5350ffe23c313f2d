/** The agent starts: cilium-config to what is done, with the checks, fallbacks and probes of its start. */
import { type Prefix, parsePrefix } from '../wire/index.ts';
import { egressGateway } from './egress-gateway.ts';
import { type CiliumError, ciliumError, fatal } from './error.ts';
import { minorOf } from './features.ts';
import { DEFAULT_MAGLEV_SEED, DEFAULT_MAGLEV_SIZE, maglevSeed } from './maglev.ts';
import { dynamicMapSizes } from './map-sizes.ts';
import type { MapSizes } from './maps/index.ts';
import type { AgentHost, CiliumMessage, CiliumSettings } from './settings.ts';
import type { Chart } from './settings-chart.ts';
import { type Draft, kernelAtLeast, replacement, wrong } from './settings-kpr.ts';
import { loadBalancing } from './settings-lb.ts';

/** Non-masquerade CIDRs of ip-masq-agent when its own ConfigMap says nothing (pkg/ipmasq). */
const IP_MASQ: readonly Prefix[] = [
	'10.0.0.0/8',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'100.64.0.0/10',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'192.88.99.0/24',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
	'240.0.0.0/4',
	'169.254.0.0/16',
].map((text) => parsePrefix(text)!);

export const agentSettings = (version: string, chart: Chart, host: AgentHost): CiliumSettings | CiliumError => {
	const { config, values } = chart;
	const minor = minorOf(version);
	const messages: CiliumMessage[] = [...chart.messages];
	const is = (key: string): boolean => config.get(key) === 'true';
	const text = (key: string, fallback: string): string => config.get(key) || fallback;

	const cidrText = text('ipv4-native-routing-cidr', '');
	const cidr = cidrText ? parsePrefix(cidrText) : undefined;
	if (cidrText && !cidr) return wrong('ipv4NativeRoutingCIDR', cidrText);
	const tunnel = config.get('tunnel');
	const routingMode = tunnel ? (tunnel === 'disabled' ? 'native' : 'tunnel') : text('routing-mode', 'tunnel');
	const s: Draft = {
		version,
		configMap: config,
		messages,
		kubeProxyReplacement: config.get('kube-proxy-replacement') as CiliumSettings['kubeProxyReplacement'],
		nodePort: is('enable-node-port'),
		externalIPs: is('enable-external-ips'),
		hostPort: is('enable-host-port'),
		socketLB: is('bpf-lb-sock') ? 'full' : 'off',
		sessionAffinity: is('enable-session-affinity') || minor >= 19,
		sourceRangeCheck: config.get('enable-svc-source-range-check') !== 'false',
		sourceRangeAllTypes: is('bpf-lb-source-range-all-types'),
		bindProtection: is('node-port-bind-protection'),
		l2NeighDiscovery: is('enable-l2-neigh-discovery'),
		externalClusterIP: is('bpf-lb-external-clusterip'),
		nodePortRange: [30000, 32767],
		lbMode: 'snat',
		dsrDispatch: 'opt',
		acceleration: 'disabled',
		lb: {
			algorithm: 'random',
			nodePortRange: [30000, 32767],
			maglevTableSize: DEFAULT_MAGLEV_SIZE,
			jhashSeed: maglevSeed(DEFAULT_MAGLEV_SEED)!.jhash4,
		},
		maglevMurmurSeed: maglevSeed(DEFAULT_MAGLEV_SEED)!.murmur,
		noBackendResponse: text('service-no-backend-response', 'reject') === 'drop' ? 'drop' : 'reject',
		routingMode: routingMode === 'native' ? 'native' : 'tunnel',
		tunnelProtocol: (tunnel ?? config.get('tunnel-protocol')) === 'geneve' ? 'geneve' : 'vxlan',
		tunnelPort: 0,
		mtu: Number(config.get('mtu')) || 1500,
		hostRouting: is('enable-host-legacy-routing') ? 'legacy' : 'bpf',
		autoDirectNodeRoutes: is('auto-direct-node-routes'),
		ipv4NativeRoutingCIDR: cidr,
		enableIPv4Masquerade: is('enable-ipv4-masquerade'),
		bpfMasquerade: is('enable-bpf-masquerade'),
		egressMasqueradeInterfaces: text('egress-masquerade-interfaces', ''),
		ipMasq: is('enable-ip-masq-agent') ? IP_MASQ : undefined,
		egressGateway: is('enable-ipv4-egress-gateway') || is('enable-egress-gateway'),
		endpointRoutes: is('enable-endpoint-routes'),
		l7Proxy: is('enable-l7-proxy'),
		ipamMode: text('ipam', 'cluster-pool'),
		k8sServiceHost: values.k8sServiceHost || undefined,
		k8sServicePort: Number(values.k8sServicePort) || 6443,
		mapSizes: mapSizes(config, host.memory),
		// The helper for jiffies came with 5.6.
		clock: {
			source: is('enable-bpf-clock-probe') && kernelAtLeast(host.kernel, 5, 6) ? 'jiffies' : 'ktime',
			hz: 250,
		},
		ctAccounting: minor <= 16 || is('bpf-conntrack-accounting'),
	};
	s.tunnelPort = Number(config.get('tunnel-port')) || (s.tunnelProtocol === 'vxlan' ? 8472 : 6081);
	const encryption = values['encryption.enabled'] === 'true' ? values['encryption.type'] || 'ipsec' : '';
	return (
		replacement(s, config, messages, host, encryption) ??
		loadBalancing(s, config, messages, minor) ??
		masquerade(s, config, messages, minor) ??
		hostRouting(s, messages, minor, host, encryption) ??
		notModelled(s, config, encryption) ??
		s
	);
};

const mapSizes = (config: ReadonlyMap<string, string>, memory: number): MapSizes => {
	const dynamic = dynamicMapSizes(memory, Number(config.get('bpf-map-dynamic-size-ratio') ?? '0'));
	const given = (key: string, otherwise: number): number => Number(config.get(key)) || otherwise;
	return {
		lb: given('bpf-lb-map-max', 65536),
		ctTcp: given('bpf-ct-global-tcp-max', dynamic.ctTcp),
		ctAny: given('bpf-ct-global-any-max', dynamic.ctAny),
		nat: given('bpf-nat-global-max', dynamic.nat),
		neigh: given('bpf-neigh-global-max', dynamic.neigh),
		sockRevNat: dynamic.sockRevNat,
		policy: given('bpf-policy-map-max', 16384),
	};
};

const masquerade = (
	s: Draft,
	config: ReadonlyMap<string, string>,
	messages: CiliumMessage[],
	minor: number,
): CiliumError | undefined => {
	const native = s.routingMode === 'native';
	const cloud = ['eni', 'alibabacloud'].includes(s.ipamMode);
	const excused = cloud || (minor >= 18 && s.ipMasq !== undefined);
	if (native && s.enableIPv4Masquerade && !s.ipv4NativeRoutingCIDR && !excused)
		return ciliumError('cilium.no-native-routing-cidr');
	if (
		s.bpfMasquerade &&
		minor === 12 &&
		config.get('enable-ipv6') === 'true' &&
		config.get('enable-ipv6-masquerade') !== 'false'
	)
		return fatal('bpf-masquerade-ipv6', 'BPF masquerade is not supported for IPv6.');
	if (s.bpfMasquerade && s.enableIPv4Masquerade) {
		const nodePort = s.nodePort;
		const interfaces = s.egressMasqueradeInterfaces !== '';
		if (!nodePort || interfaces) {
			const log = nodePort
				? 'BPF masquerade does not allow to specify devices via --egress-masquerade-interfaces (use --devices instead)'
				: 'BPF masquerade requires NodePort (--enable-node-port="true")';
			// The two ends were read (1.12, 1.18); the change is taken to have come with 1.14.
			if (minor >= 14 || nodePort)
				return fatal(nodePort ? 'bpf-masquerade-interfaces' : 'bpf-masquerade-nodeport', log);
			s.bpfMasquerade = false;
			s.hostRouting = 'legacy';
			messages.push({
				level: 'warning',
				code: 'masquerade.iptables',
				params: {},
				log: `${log} Falling back to iptables-based masquerading.`,
			});
		}
	} else s.bpfMasquerade = false;
	if (s.ipMasq && !s.bpfMasquerade)
		return fatal(
			'ip-masq-agent',
			'BPF ip-masq-agent requires --enable-ipv4-masquerade="true" and --enable-bpf-masquerade="true"',
		);
	if (s.egressGateway && !s.bpfMasquerade)
		return fatal(
			'egress-gateway',
			'egress gateway requires --enable-ipv4-masquerade="true" and --enable-bpf-masquerade="true"',
		);
	if (config.get('install-no-conntrack-iptables-rules') === 'true') {
		const full = s.nodePort && s.socketLB !== 'off';
		const quiet = s.bpfMasquerade || !s.enableIPv4Masquerade;
		if (!full || !quiet || !native) return fatal('no-conntrack-rules');
	}
	return undefined;
};

/** finishKubeProxyReplacementInit(): the first reason why packets must go through the nodes' stacks. */
const hostRouting = (
	s: Draft,
	messages: CiliumMessage[],
	minor: number,
	{ kernel }: AgentHost,
	encryption: string,
): CiliumError | undefined => {
	if (s.hostRouting === 'legacy') return undefined;
	if (!s.nodePort && encryption !== 'wireguard') {
		s.hostRouting = 'legacy';
		return undefined;
	}
	const full = s.kubeProxyReplacement === 'strict' || s.kubeProxyReplacement === 'true';
	let reason = '';
	let words = '';
	if (minor <= 13 && s.endpointRoutes) {
		reason = 'endpoint-routes';
		words = 'BPF host routing is currently not supported with enable-endpoint-routes.';
	} else if (encryption === 'ipsec') {
		reason = 'ipsec';
		words = 'BPF host routing is incompatible with enable-ipsec.';
	} else if (minor <= 13 && encryption === 'wireguard') {
		reason = 'wireguard';
		words = 'BPF host routing is incompatible with enable-wireguard.';
	} else if (s.enableIPv4Masquerade && !s.bpfMasquerade) {
		reason = 'bpf-masquerade';
		words = 'BPF host routing requires enable-bpf-masquerade.';
	} else if (minor >= 13 && !full) {
		reason = 'kube-proxy-replacement';
		words = `BPF host routing requires kube-proxy-replacement${minor >= 19 ? '' : minor === 13 ? '=strict' : '=true'}.`;
	} else if (!kernelAtLeast(kernel, 5, 10)) {
		reason = 'kernel';
		words = 'BPF host routing requires kernel 5.10 or newer.';
	} else return undefined;
	s.hostRouting = 'legacy';
	messages.push({
		level: 'info',
		code: 'host-routing.legacy',
		params: { reason },
		log: `${words} Falling back to legacy host routing (enable-host-legacy-routing=true).`,
	});
	return undefined;
};

/** True in life, and no packet of ours would go the right way. */
const notModelled = (s: Draft, config: ReadonlyMap<string, string>, encryption: string): CiliumError | undefined => {
	const no = (key: string, value: string): CiliumError => ciliumError('cilium.not-modelled', { key, value });
	if (encryption) return no('encryption.enabled', 'true');
	for (const [key, helm] of [
		['enable-ipv6', 'ipv6.enabled'],
		['enable-host-firewall', 'hostFirewall.enabled'],
		['install-no-conntrack-iptables-rules', 'installNoConntrackIptablesRules'],
	] as const)
		if (config.get(key) === 'true') return no(helm, 'true');
	if (s.egressGateway && !egressGateway) return no('egressGateway.enabled', 'true');
	if (!['kubernetes', 'cluster-pool'].includes(s.ipamMode)) return no('ipam.mode', s.ipamMode);
	if (s.egressMasqueradeInterfaces !== '') return no('egressMasqueradeInterfaces', s.egressMasqueradeInterfaces);
	return undefined;
};
