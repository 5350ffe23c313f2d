/**
 * Options of cilium-config for what Cilium has and the simulator lacks: an agent says so when it reads them, and does
 * not start where packets would otherwise go a way they do not go in life.
 */

interface Lack {
	readonly option: string;
	readonly what: string;
	/** Values that ask for nothing the simulator lacks, besides none, `false` and `disabled`. */
	readonly fine?: readonly string[];
	/** The agent ends. */
	readonly stops?: true;
}

const ENCRYPTS = 'the simulator encrypts nothing';
const ENVOY = 'the simulator has no Envoy: listeners of it answer nobody';
const ANNOUNCES = 'the simulator announces no addresses of load balancers';
const BALANCES = 'the simulator balances as cilium-config says for all services';

const stops = (option: string, what: string, fine?: readonly string[]): Lack => ({
	option,
	what,
	stops: true,
	...(fine && { fine }),
});
const lack = (option: string, what: string, fine?: readonly string[]): Lack => ({
	option,
	what,
	...(fine && { fine }),
});

const LACKS: readonly Lack[] = [
	stops('enable-ipsec', ENCRYPTS),
	stops('enable-wireguard', ENCRYPTS),
	stops('enable-ztunnel', ENCRYPTS),
	stops('datapath-mode', 'the simulator connects pods by veth pairs alone', ['veth']),
	stops('cni-chaining-mode', 'the simulator chains no CNI plugins', ['none']),
	stops('enable-high-scale-ipcache', 'the simulator keeps one ipcache of all pods'),
	stops('enable-host-firewall', 'the simulator enforces no policies for nodes'),
	stops('enable-nat46x64-gateway', 'the simulator has IPv4 alone'),
	stops('enable-srv6', 'the simulator has IPv4 alone'),
	stops('enable-vtep', 'the simulator has no other end of a VTEP'),
	stops('identity-allocation-mode', 'the simulator has no kvstore', ['crd']),
	lack('bgp-announce-lb-ip', ANNOUNCES),
	lack('bgp-announce-pod-cidr', ANNOUNCES),
	lack('bpf-distributed-lru', 'the simulator has one table of connections for all processors'),
	lack('bpf-lb-algorithm-annotation', BALANCES),
	lack('bpf-lb-mode-annotation', BALANCES),
	lack('custom-cni-conf', 'the simulator’s agent writes its own CNI configuration'),
	lack('devices', 'the simulator’s nodes have one device', ['eth0']),
	lack('direct-routing-device', 'the simulator’s nodes have one device', ['eth0']),
	lack('disable-endpoint-crd', 'the simulator’s agents know endpoints by their CiliumEndpoints'),
	lack('enable-bandwidth-manager', 'the simulator limits no bandwidth'),
	lack('enable-bgp-control-plane', 'the simulator has no routers to speak BGP with'),
	lack('enable-cilium-endpoint-slice', 'the simulator makes no CiliumEndpointSlices'),
	lack('enable-envoy-config', ENVOY),
	lack('enable-gateway-api', 'the simulator has no Envoy: Gateways are stored, and serve nothing'),
	lack('enable-ingress-controller', 'the simulator has no Envoy: Ingresses are stored, and serve nothing'),
	lack('enable-ipv4-big-tcp', 'the simulator joins no segments'),
	lack('enable-l2-announcements', ANNOUNCES),
	lack('enable-l2-pod-announcements', 'the simulator announces no addresses of pods'),
	lack('enable-local-redirect-policy', 'the simulator redirects nothing by local redirect policies'),
	lack('enable-node-ipam', 'the simulator gives no addresses of nodes to services'),
	lack('enable-sctp', 'the simulator has no SCTP'),
	lack('enable-service-topology', 'the simulator balances without hints of topology'),
	lack('loadbalancer-l7', ENVOY),
	lack('mesh-auth-mutual-enabled', 'the simulator authenticates no peers'),
	lack('nodeport-addresses', 'the simulator serves node ports at all addresses of the device'),
	lack('policy-cidr-match-mode', 'the simulator matches no nodes by their addresses'),
	lack('vlan-bpf-bypass', 'the simulator has no VLANs'),
];

const OFF: readonly string[] = ['', 'false', 'disabled'];

export interface Lacking {
	/** `the simulator encrypts nothing (enable-wireguard=true)` */
	readonly text: string;
	readonly stops: boolean;
}

/** What of a cilium-config the simulator lacks, in the order above. */
export const lackingOf = (config: Readonly<Record<string, string>>): readonly Lacking[] =>
	LACKS.flatMap(({ option, what, fine = [], stops: ends = false }) => {
		const value = Object.hasOwn(config, option) ? config[option]! : '';
		return OFF.includes(value) || fine.includes(value) ? [] : [{ text: `${what} (${option}=${value})`, stops: ends }];
	});
