/**
 * Containers of Docker that are no nodes, in the network: a namespace each, a cable to the bridge of their network, and what
 * keeps Docker's bridges apart. They are put into a network when somebody looks at it, and taken out when they are gone.
 */
import { type Container, type Lab, listensOf, peoplesContainers } from '../../sim/lab/index.ts';
import {
	addAddress,
	addBridge,
	addNamespace,
	addRoute,
	addVeth,
	delDevice,
	delNamespace,
	delRoute,
	deviceByName,
	enslave,
	type Namespace,
	type Network,
} from '../../sim/linux/index.ts';
import { formatIp, type Ip, type Mac, parsePrefix } from '../../sim/wire/index.ts';
import { bringDockerRules, hasDockerRules } from './docker-rules-later.ts';

export const containerNs = (container: Pick<Container, 'name'>): string => `container/${container.name}`;

type DockerNetwork = ReturnType<Lab['docker']['networks']>[number];

/** Containers that are not a node of a cluster, nor on their way to become one. */
export const plainContainers = (lab: Lab): readonly Container[] =>
	(lab.docker?.containers() ?? []).filter(
		(c) => c.labels !== undefined && !Object.hasOwn(c.labels, 'io.x-k8s.kind.cluster'),
	);

export const plainContainer = (lab: Lab, id: string): Container | undefined =>
	plainContainers(lab).find((c) => c.id === id);

/**
 * Namespace whose network a container has: its own, the laptop's (`--network host`), or another container's. Undefined
 * while it does not run.
 */
export function networkNsOf(lab: Lab, container: Container): string | undefined {
	if (container.state !== 'running') return undefined;
	if (container.network === 'host') return 'host';
	const other = /^container:(.*)$/.exec(container.network)?.[1];
	if (other === undefined) return containerNs(container);
	const found = lab.docker.find(other);
	if (found?.state !== 'running') return undefined;
	return plainContainer(lab, found.id) ? networkNsOf(lab, found) : `node/${found.name}`;
}

/** The laptop's end of a cable: of the first device, and of others. */
const cableOf = (container: Container, device: string): string =>
	device === 'eth0' ? `veth${container.id.slice(0, 7)}` : `veth${container.id.slice(0, 6)}${device.slice(3)}`;

interface Plugged {
	readonly device: string;
	readonly network: DockerNetwork;
	readonly ip: Ip;
	readonly mac?: Mac;
}

/** Devices a container has, by network. */
function pluggedOf(lab: Lab, container: Container): readonly Plugged[] {
	const networks = lab.docker.networks();
	return [container, ...(container.more ?? [])].flatMap((at) => {
		const network = networks.find((n) => n.name === at.network);
		if (network?.gateway === undefined || at.ip === undefined) return [];
		return [{ device: at.device ?? 'eth0', network, ip: at.ip, ...(at.mac === undefined ? {} : { mac: at.mac }) }];
	});
}

/** Whose gateway it leaves by: the first network by name that is not internal (libnetwork sandbox.go getGatewayEndpoint() @ v20.10). */
const wayOut = (plugged: readonly Plugged[]): Plugged | undefined =>
	plugged
		.filter(({ network }) => !network.asked?.internal)
		.sort((a, b) => (a.network.name < b.network.name ? -1 : 1))[0];

/** Whether a network has what Docker has now. */
export function isCurrent(net: Network, lab: Lab): boolean {
	const wanted = withNamespace(lab);
	const there = [...net.namespaces.values()].filter(({ name }) => name.startsWith('container/'));
	return (
		there.length === wanted.length &&
		wanted.every((c) => {
			const ns = net.namespaces.get(containerNs(c));
			return ns !== undefined && isPlugged(ns, pluggedOf(lab, c));
		}) &&
		bridgesOf(net, lab).missing.length === 0 &&
		bridgesOf(net, lab).gone.length === 0 &&
		hasDockerRules(lab, net)
	);
}

/** Docker's own bridge and those of networks somebody made that are not there yet, and those of networks that were removed. */
function bridgesOf(
	net: Network,
	lab: Lab,
): { readonly missing: readonly DockerNetwork[]; readonly gone: readonly string[] } {
	const host = net.namespaces.get('host');
	if (!host) return { missing: [], gone: [] };
	const networks = lab.docker.networks();
	return {
		missing: networks.filter(
			({ bridge, name, created }) =>
				bridge && (created > 0 || name === 'bridge') && name !== 'kind' && !deviceByName(host, bridge),
		),
		gone: [...host.devices.values()].flatMap(({ kind, name }) =>
			kind === 'bridge' && /^br-[0-9a-f]{12}$/.test(name) && !networks.some(({ bridge }) => bridge === name)
				? [name]
				: [],
		),
	};
}

/** Whether a namespace has the devices it should have, and no others of Docker's. */
const isPlugged = (ns: Namespace, plugged: readonly Plugged[]): boolean =>
	plugged.every(({ device, ip }) => deviceByName(ns, device)?.addresses[0]?.ip === ip) &&
	[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].every(
		(i) => !deviceByName(ns, `eth${i}`) || plugged.some(({ device }) => device === `eth${i}`),
	);

/** Containers that run and have a namespace of their own. */
const withNamespace = (lab: Lab): readonly Container[] =>
	plainContainers(lab).filter(
		(c) => c.state === 'running' && c.network !== 'host' && !c.network.startsWith('container:'),
	);

/** Brings a network to what Docker has now. `net` is changed. */
export function bringIn(net: Network, lab: Lab): void {
	const wanted = withNamespace(lab);
	for (const ns of [...net.namespaces.values()]) {
		if (!ns.name.startsWith('container/')) continue;
		if (wanted.some((c) => containerNs(c) === ns.name)) continue;
		for (const { name } of [...ns.devices.values()]) if (/^eth\d+$/.test(name)) delDevice(net, ns.name, name);
		delNamespace(net, ns.name);
	}
	const kernel = net.namespaces.get('host')?.kernel;
	for (const container of wanted) {
		const name = containerNs(container);
		if (!net.namespaces.has(name)) addNamespace(net, name, kernel === undefined ? {} : { kernel });
		// Read anew each time: what is changed may be a copy.
		const ns = (): Namespace => net.namespaces.get(name)!;
		const plugged = pluggedOf(lab, container);
		if (isPlugged(ns(), plugged)) continue;
		for (const device of [...ns().devices.values()])
			if (
				/^eth\d+$/.test(device.name) &&
				!plugged.some((one) => one.device === device.name && one.ip === device.addresses[0]?.ip)
			)
				delDevice(net, name, device.name);
		for (const one of plugged) {
			if (deviceByName(ns(), one.device)) continue;
			ensureBridge(net, one.network);
			const cable = cableOf(container, one.device);
			addVeth(
				net,
				{ ns: 'host', name: cable },
				{ ns: name, name: one.device, ...(one.mac === undefined ? {} : { mac: one.mac }) },
			);
			enslave(net, 'host', one.network.bridge!, cable);
			const { length } = parsePrefix(one.network.subnet!)!;
			addAddress(net, name, one.device, { ip: one.ip, length });
		}
		const out = wayOut(plugged);
		delRoute(net, name, { dst: { address: 0, length: 0 } });
		if (out) addRoute(net, name, { dst: { address: 0, length: 0 }, via: out.network.gateway!, dev: out.device });
	}
	const { missing, gone } = bridgesOf(net, lab);
	for (const network of missing) ensureBridge(net, network);
	for (const name of gone) delDevice(net, 'host', name);
	bringDockerRules(lab, net);
}

/** A bridge of Docker's, with a MAC as it draws them (libnetwork netutils GenerateRandomMAC() @ v20.10). */
export function ensureBridge(net: Network, { id, bridge, gateway, subnet }: DockerNetwork): void {
	const host = net.namespaces.get('host');
	const prefix = parsePrefix(subnet ?? '');
	if (!host || !bridge || !prefix || gateway === undefined || deviceByName(host, bridge)) return;
	addBridge(net, { ns: 'host', name: bridge, mac: Number.parseInt(`0242${id.slice(0, 8)}`, 16) });
	addAddress(net, 'host', bridge, { ip: gateway, length: prefix.length });
}

/** Ports the program of a container answers on. */
export const portsOf = (lab: Lab, container: Container): ReturnType<typeof listensOf> =>
	peoplesContainers()?.dockerListens(lab, container) ?? listensOf({ image: container.image });

/** What `docker run` was told of names: --dns, --dns-search, --dns-option. */
export interface DockerResolver {
	readonly servers?: readonly string[];
	readonly searches?: readonly string[];
	readonly options?: readonly string[];
}

/** `/etc/resolv.conf` of a container (moby libnetwork/resolvconf, sandbox_dns_unix.go @ v20.10). */
export function containerResolv(container: Container, own: DockerResolver = {}): string {
	// The laptop's own is at a loopback address, which is another one in here; Docker then takes public ones.
	const named = hasEmbeddedDns(container);
	const servers = named ? ['127.0.0.11'] : (own.servers ?? ['8.8.8.8', '8.8.4.4']);
	// The laptop's `search .` is none.
	const searches = own.searches ?? [];
	const options = own.options ?? (named ? ['edns0', 'trust-ad'] : []);
	const all = named && !options.some((o) => o.startsWith('ndots:')) ? [...options, 'ndots:0'] : options;
	return [
		...(searches.length > 0 && searches[0] !== '.' ? [`search ${searches.join(' ')}\n`] : []),
		...servers.map((server) => `nameserver ${server}\n`),
		...(all.length > 0 ? [`options ${all.join(' ')}\n`] : []),
	].join('');
}

/** Networks somebody made, which a container is on: only there it has Docker's own name server. */
export const namedNetworks = ({ network, more = [] }: Container): readonly string[] =>
	network.startsWith('container:')
		? []
		: [network, ...more.map((at) => at.network)].filter((name) => !['', 'bridge', 'host', 'none'].includes(name));

/** Whether Docker's own name server answers in it. */
export const hasEmbeddedDns = (container: Container): boolean => namedNetworks(container).length > 0;

/** Its address in such a container. */
export const EMBEDDED_DNS: Ip = 0x7f00000b;

/** Its own lines in /etc/hosts, one for each address. */
export const hostsLine = (container: Container): string => {
	const host = container.hostname ?? container.id.slice(0, 12);
	// The file has the whole name and the short one (sandbox_dns_unix.go updateHostsFile()).
	const names = host.includes('.') ? `${host} ${host.split('.')[0]}` : host;
	return [container, ...(container.more ?? [])]
		.flatMap(({ ip }) => (ip === undefined ? [] : [`${formatIp(ip)}\t${names}\n`]))
		.join('');
};
