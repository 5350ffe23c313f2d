/** The simulator's network as a description the kernel can be built from: same names, numbers, routes and rules. */
import {
	CONNTRACK_TIMEOUTS,
	type Device,
	type Namespace,
	type Network,
	type PolicyRule,
	printIptablesSave,
	type Route,
	RT_TABLE_LOCAL,
	RT_TABLE_MAIN,
} from '../../../src/sim/linux/index.ts';
import { formatIp, formatMac, formatPrefix, IPPROTO_TCP } from '../../../src/sim/wire/index.ts';
import type { KernelDevice, KernelNamespace, KernelSpec } from './kernel-net.ts';

const describeDevice = (net: Network, ns: Namespace, device: Device): KernelDevice => {
	const peer = device.peer && net.namespaces.get(device.peer.ns)?.devices.get(device.peer.ifindex);
	const { kind: own } = device;
	const kind = own === 'physical' ? 'veth' : own;
	if (kind === 'vxlan' || kind === 'geneve') throw new Error('tunnel devices are not built here');
	return {
		name: device.name,
		ifindex: device.ifindex,
		kind,
		mac: device.kind === 'loopback' ? undefined : formatMac(device.mac),
		mtu: device.kind === 'loopback' ? undefined : device.mtu,
		addresses: device.addresses.map(
			(a) => `${formatIp(a.ip)}/${a.length}${a.scope === 'global' ? '' : ` scope ${a.scope}`}`,
		),
		master: device.master === undefined ? undefined : ns.devices.get(device.master)?.name,
		peer: peer && { ns: device.peer!.ns, dev: peer.name, ifindex: peer.ifindex },
		up: device.up,
		sysctls: {
			proxy_arp: Number(device.proxyArp),
			rp_filter: device.rpFilter,
			route_localnet: Number(device.routeLocalnet),
		},
	};
};

/** As `ip route add` takes it. */
const routeArguments = (ns: Namespace, route: Route): string =>
	[
		route.type === 'unicast' ? '' : route.type,
		formatPrefix(route.dst),
		route.via === undefined ? '' : `via ${formatIp(route.via)}`,
		route.dev === undefined || !['unicast', 'local', 'broadcast'].includes(route.type)
			? ''
			: `dev ${ns.devices.get(route.dev)!.name}`,
		route.table === RT_TABLE_MAIN ? '' : `table ${route.table}`,
		route.src === undefined ? '' : `src ${formatIp(route.src)}`,
		`scope ${route.scope}`,
		route.metric ? `metric ${route.metric}` : '',
		route.mtu ? `mtu ${route.mtu}` : '',
		route.onlink ? 'onlink' : '',
		route.protocol === 'boot' ? '' : `proto ${route.protocol}`,
	]
		.filter(Boolean)
		.join(' ');

const ruleArguments = (rule: PolicyRule): string =>
	[
		rule.from ? `from ${formatPrefix(rule.from)}` : 'from all',
		rule.to ? `to ${formatPrefix(rule.to)}` : '',
		rule.fwmark ? `fwmark ${rule.fwmark.value}/${rule.fwmark.mask}` : '',
		rule.iif ? `iif ${rule.iif}` : '',
		`priority ${rule.priority} table ${rule.table}`,
	]
		.filter(Boolean)
		.join(' ');

/** Routes that no address brings: those somebody added, in the order they were added. */
const addedRoutes = (ns: Namespace): Route[] =>
	ns.routes.filter((route) => {
		if (route.table === RT_TABLE_LOCAL) return false;
		const device = route.dev === undefined ? undefined : ns.devices.get(route.dev);
		// Cilium marks its own routes `proto kernel` too; what an address brings is on the link and has its source.
		const own =
			route.via === undefined && device?.addresses.some((a) => a.ip === route.src && a.length === route.dst.length);
		return !(route.protocol === 'kernel' && own);
	});

/** Names under net/netfilter, by the simulator's. */
const TIMEOUT_FILES: Readonly<Record<string, string>> = {
	SYN_SENT: 'tcp_timeout_syn_sent',
	SYN_RECV: 'tcp_timeout_syn_recv',
	ESTABLISHED: 'tcp_timeout_established',
	FIN_WAIT: 'tcp_timeout_fin_wait',
	CLOSE_WAIT: 'tcp_timeout_close_wait',
	LAST_ACK: 'tcp_timeout_last_ack',
	TIME_WAIT: 'tcp_timeout_time_wait',
	CLOSE: 'tcp_timeout_close',
	UDP: 'udp_timeout',
	UDP_STREAM: 'udp_timeout_stream',
	ICMP: 'icmp_timeout',
	GENERIC: 'generic_timeout',
};

const timeoutSysctls = (overrides: Readonly<Record<string, number>>): Record<string, number> =>
	Object.fromEntries(
		Object.entries(TIMEOUT_FILES).map(([name, file]) => [
			`net/netfilter/nf_conntrack_${file}`,
			overrides[name] ?? CONNTRACK_TIMEOUTS[name as keyof typeof CONNTRACK_TIMEOUTS],
		]),
	);

const describeNamespace = (net: Network, ns: Namespace): KernelNamespace => {
	const { sysctls } = ns;
	const tables = Object.values(ns.ruleset).filter(Boolean);
	const bridges = [...ns.devices.values()].some((d) => d.kind === 'bridge');
	return {
		name: ns.name,
		capture: true,
		devices: [...ns.devices.values()].map((device) => describeDevice(net, ns, device)),
		routes: addedRoutes(ns).map((route) => routeArguments(ns, route)),
		rules: ns.rules.filter((r) => ![0, 32766, 32767].includes(r.priority)).map(ruleArguments),
		sysctls: {
			'net/ipv4/ip_forward': Number(sysctls.ip_forward),
			'net/ipv4/ip_default_ttl': sysctls.ip_default_ttl,
			'net/ipv4/tcp_syn_retries': sysctls.tcp_syn_retries,
			'net/ipv4/conf/all/rp_filter': sysctls.rp_filter,
			'net/ipv4/conf/all/route_localnet': Number(sysctls.route_localnet),
			...(bridges ? { 'net/bridge/bridge-nf-call-iptables': Number(sysctls.bridge_nf_call_iptables) } : {}),
			...(tables.length ? timeoutSysctls(sysctls.conntrackTimeouts) : {}),
			...(sysctls.nf_conntrack_tcp_be_liberal ? { 'net/netfilter/nf_conntrack_tcp_be_liberal': 1 } : {}),
		},
		ipsets: Object.fromEntries(
			[...ns.ipsets].map(([name, members]) => [name, members.map((m) => [formatIp(m.address), m.length] as const)]),
		),
		iptables: tables.length ? printIptablesSave(ns.ruleset) : undefined,
		listeners: [...ns.sockets.listeners.values()].flat().map((l) => ({
			proto: l.protocol === IPPROTO_TCP ? ('tcp' as const) : ('udp' as const),
			ip: formatIp(l.ip),
			port: l.port,
			label: l.owner,
		})),
	};
};

export const describeNetwork = (net: Network): KernelSpec =>
	[...net.namespaces.values()].map((ns) => describeNamespace(net, ns));
