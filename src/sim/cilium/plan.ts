/**
 * What the agent makes on a node and for a pod, as data: devices, addresses, routes. `agent.ts` carries it out.
 *
 * Source: cilium bpf/init.sh, pkg/datapath/linux/node.go @ v1.12.1; pkg/datapath/loader/netlink.go @ v1.18;
 * plugins/cilium-cni.
 */
import { type PolicyRule, type RouteOptions, RT_TABLE_LOCAL, type Scope } from '../linux/index.ts';
import { type Ip, type Prefix, prefixOf } from '../wire/index.ts';
import { features, minorOf } from './features.ts';
import { hash32 } from './identity.ts';
import type { CiliumSettings } from './settings.ts';

/** A machine of the cluster, as far as the agent cares. */
export interface CiliumNode {
	readonly name: string;
	readonly internalIP: Ip;
	/** The device that holds `internalIP`. */
	readonly device: string;
	readonly podCIDR: Prefix;
	/** The endpoint others probe; absent where nothing is to be probed. */
	readonly health?: { readonly ip: Ip; readonly id: number };
	/** No CiliumNode tells the others of it. */
	readonly untold?: boolean;
}

export interface NodePlan {
	/** Address of cilium_host: every pod's gateway. */
	readonly routerIP: Ip;
	readonly routerScope: Scope;
	readonly routes: readonly RouteOptions[];
	/** Routes to other nodes' pods: not an error where a node is behind a router. */
	readonly nodeRoutes: readonly RouteOptions[];
	/** What leads to the L7 proxies and back, in tables of their own. */
	readonly proxyRoutes: readonly RouteOptions[];
	/** Policy rules, which are then all there are but those of the main and default tables. */
	readonly rules: readonly PolicyRule[];
	readonly dnsProxyPort: number;
}

/**
 * The address the agent takes for cilium_host. The real one asks its allocator for the next free address, which
 * starts at a random place; ours depends on the node's name. `taken` are addresses pods are given by name.
 */
export const routerAddress = (node: CiliumNode, taken: ReadonlySet<Ip>): Ip => {
	const size = 2 ** (32 - node.podCIDR.length) - 3;
	const start = hash32(`router\0${node.name}`) % size;
	for (let i = 0; i < size; i++) {
		const ip = node.podCIDR.address + 2 + ((start + i) % size);
		if (!taken.has(ip)) return ip;
	}
	return node.podCIDR.address + 2;
};

/** `ip route` prints no protocol for what init.sh and the agent of 1.12 add, `proto kernel` later. */
const protocolOf = (settings: CiliumSettings): string =>
	features(settings.version).programNames === 'section' ? 'boot' : 'kernel';

/** Addresses, devices and routes that an agent gives its node. @param taken addresses that are somebody's already */
export const nodePlan = (
	settings: CiliumSettings,
	node: CiliumNode,
	others: readonly CiliumNode[],
	taken: ReadonlySet<Ip>,
): NodePlan => {
	const routerIP = routerAddress(node, taken);
	const protocol = protocolOf(settings);
	return {
		routerIP,
		routerScope: features(settings.version).hostAddressScope,
		routes: [
			{ dst: prefixOf(routerIP, 32), dev: 'cilium_host', scope: 'link', protocol },
			{ dst: node.podCIDR, via: routerIP, dev: 'cilium_host', src: routerIP, protocol },
		],
		nodeRoutes: others
			.filter((other) => other.name !== node.name)
			.flatMap((other): RouteOptions[] => {
				const { podCIDR: dst, internalIP } = other;
				if (settings.routingMode === 'tunnel')
					return [{ dst, via: routerIP, dev: 'cilium_host', src: routerIP, protocol, mtu: podMtu(settings) }];
				return settings.autoDirectNodeRoutes ? [{ dst, via: internalIP, dev: node.device, protocol }] : [];
			}),
		...proxyRouting(settings, routerIP, protocol),
		// The agent draws one between 10000 and 20000.
		dnsProxyPort: 10000 + (hash32(`dns-proxy\0${node.name}`) % 10000),
	};
};

const TO_PROXY = 2004;
const FROM_PROXY = 2005;

/**
 * What leads to and from the L7 proxies, in front of the local table: move_local_rules() and setup_proxy_rules() of
 * bpf/init.sh @ v1.12.1; from 1.14 NodeEnsureLocalRoutingRule() (pkg/datapath/linux/node.go) and pkg/proxy/routes.go. Back
 * from proxies: to 1.14 unless endpoints have routes, in 1.15 for IPsec alone, from 1.16 also for Envoy configurations
 * without a tunnel (requireFromProxyRoutes()).
 */
const proxyRouting = (
	settings: CiliumSettings,
	routerIP: Ip,
	protocol: string,
): Pick<NodePlan, 'proxyRoutes' | 'rules'> => {
	const minor = minorOf(settings.version);
	const to = settings.l7Proxy;
	const envoy = settings.configMap.get('enable-envoy-config') === 'true' && settings.routingMode === 'native';
	const from = to && (minor <= 14 ? !settings.endpointRoutes : minor >= 16 && envoy);
	// The agent's own rules say who made them (linux_defaults.RTProto); init.sh's do not.
	const made = protocol === 'kernel' ? { protocol } : {};
	const rule = (priority: number, value: number, table: number): PolicyRule => ({
		priority,
		fwmark: { value, mask: 0xf00 },
		table,
		...made,
	});
	const all = { address: 0, length: 0 };
	return {
		rules: [
			...(to ? [rule(9, 0x200, TO_PROXY)] : []),
			...(from ? [rule(10, 0xa00, FROM_PROXY)] : []),
			{ priority: to || minor >= 14 ? 100 : 0, table: RT_TABLE_LOCAL, ...made },
		],
		proxyRoutes: [
			...(to ? [{ dst: all, type: 'local' as const, table: TO_PROXY, dev: 'lo', protocol }] : []),
			...(from
				? [
						{ dst: prefixOf(routerIP, 32), table: FROM_PROXY, dev: 'cilium_host', scope: 'link' as const, protocol },
						{ dst: all, table: FROM_PROXY, via: routerIP, dev: 'cilium_host', protocol },
					]
				: []),
		],
	};
};

/** The node's end of a pod's veth pair: `lxc` and twelve characters of a hash of the container (pkg/datapath/connector). */
export const lxcName = (podKey: string): string =>
	`lxc${hash32(podKey).toString(16).padStart(8, '0')}${hash32(`${podKey}\0`).toString(16).padStart(8, '0').slice(0, 4)}`;

/** Octets of a packet that a tunnel's headers (50 over IPv4) still leave room for. pkg/mtu/mtu.go. */
export const podMtu = ({ routingMode, egressGateway, mtu }: CiliumSettings): number =>
	routingMode === 'tunnel' || egressGateway ? mtu - 50 : mtu;

/** Routes in the pod: the router is a neighbour, everything else goes through it. */
export const podRoutes = (routerIP: Ip, mtu: number, dev = 'eth0'): readonly RouteOptions[] => [
	{ dst: prefixOf(routerIP, 32), dev, scope: 'link' },
	{ dst: { address: 0, length: 0 }, via: routerIP, dev, mtu },
];
