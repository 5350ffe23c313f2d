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
	applyPatches,
	delDevice,
	delNamespace,
	deviceByName,
	enslave,
	type Network,
	type RulesetPatch,
} from '../../sim/linux/index.ts';
import { formatIp, type Ip, parsePrefix, prefixOf } from '../../sim/wire/index.ts';

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

const cableOf = (container: Container): string => `veth${container.id.slice(0, 7)}`;

/** Whether a network has what Docker has now. */
export function isCurrent(net: Network, lab: Lab): boolean {
	const wanted = withNamespace(lab);
	const there = [...net.namespaces.values()].filter(({ name }) => name.startsWith('container/'));
	return (
		there.length === wanted.length &&
		wanted.every((c) => {
			const ns = net.namespaces.get(containerNs(c));
			const eth0 = ns && deviceByName(ns, 'eth0');
			return ns !== undefined && eth0?.addresses[0]?.ip === c.ip;
		})
	);
}

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
		const container = wanted.find((c) => containerNs(c) === ns.name);
		if (container && deviceByName(ns, 'eth0')?.addresses[0]?.ip === container.ip) continue;
		const eth0 = deviceByName(ns, 'eth0');
		if (eth0) delDevice(net, ns.name, 'eth0');
		delNamespace(net, ns.name);
	}
	const kernel = net.namespaces.get('host')?.kernel;
	for (const container of wanted) {
		const ns = containerNs(container);
		if (net.namespaces.has(ns)) continue;
		addNamespace(net, ns, kernel === undefined ? {} : { kernel });
		const network = lab.docker.networks().find((n) => n.name === container.network);
		const prefix = parsePrefix(network?.subnet ?? '');
		if (!network?.bridge || !prefix || network.gateway === undefined || container.ip === undefined) continue;
		ensureBridge(net, lab, network);
		const cable = cableOf(container);
		addVeth(
			net,
			{ ns: 'host', name: cable },
			{ ns, name: 'eth0', ...(container.mac === undefined ? {} : { mac: container.mac }) },
		);
		enslave(net, 'host', network.bridge, cable);
		addAddress(net, ns, 'eth0', { ip: container.ip, length: prefix.length });
		addRoute(net, ns, { dst: { address: 0, length: 0 }, via: network.gateway, dev: 'eth0' });
	}
}

/** A bridge that nobody needed until now, with Docker's rules for it (moby libnetwork drivers/bridge/setup_ip_tables.go @ v20.10). */
function ensureBridge(net: Network, lab: Lab, { bridge, gateway, subnet }: DockerNetwork): void {
	const host = net.namespaces.get('host');
	const prefix = parsePrefix(subnet ?? '');
	if (!host || !bridge || !prefix || gateway === undefined || deviceByName(host, bridge)) return;
	addBridge(net, { ns: 'host', name: bridge });
	addAddress(net, 'host', bridge, { ip: gateway, length: prefix.length });
	const bridges = lab.docker
		.networks()
		.flatMap((n) => (n.bridge !== undefined && deviceByName(host, n.bridge) ? [n.bridge] : []));
	const first = !host.ruleset.filter?.chains.has('DOCKER-ISOLATION-STAGE-1');
	const last = (chain: string, rule: RulesetPatch['inserts'][number]['rule']): RulesetPatch['inserts'][number] => ({
		chain,
		at: 'last',
		rule,
	});
	const isolate = (name: string): RulesetPatch['inserts'] => [
		last('DOCKER-ISOLATION-STAGE-1', {
			matches: [
				{ kind: 'in', device: name },
				{ kind: 'out', device: name, invert: true },
			],
			target: { kind: 'jump', chain: 'DOCKER-ISOLATION-STAGE-2' },
		}),
		last('DOCKER-ISOLATION-STAGE-2', { matches: [{ kind: 'out', device: name }], target: { kind: 'DROP' } }),
	];
	host.ruleset = applyPatches(host.ruleset, [
		{
			table: 'nat',
			chains: [],
			inserts: [
				last('POSTROUTING', {
					matches: [
						{ kind: 'source', prefix: prefixOf(prefix.address, prefix.length) },
						{ kind: 'out', device: bridge, invert: true },
					],
					target: { kind: 'MASQUERADE' },
				}),
			],
		},
		{
			table: 'filter',
			chains: [],
			ensure: ['DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2'],
			inserts: [
				...(first
					? [
							{
								chain: 'FORWARD',
								at: 'first' as const,
								rule: { matches: [], target: { kind: 'jump' as const, chain: 'DOCKER-ISOLATION-STAGE-1' } },
							},
						]
					: []),
				...(first ? bridges.flatMap((name) => isolate(name)) : isolate(bridge)),
			],
		},
	]);
}

/** Ports the program of a container answers on. */
export const portsOf = (lab: Lab, container: Container): ReturnType<typeof listensOf> =>
	peoplesContainers()?.dockerListens(lab, container) ?? listensOf({ image: container.image });

/** `/etc/resolv.conf` and `/etc/hosts` of a container (moby libnetwork/resolvconf, sandbox_dns_unix.go @ v20.10). */
export function containerResolv(container: Container): string {
	// The laptop's own is at a loopback address, which is another one in here; Docker then takes public ones.
	return !hasEmbeddedDns(container)
		? 'search localdomain\nnameserver 8.8.8.8\nnameserver 8.8.4.4\n'
		: 'search localdomain\nnameserver 127.0.0.11\noptions edns0 trust-ad ndots:0\n';
}

/** Whether Docker's own name server answers in it: on networks somebody made. */
export const hasEmbeddedDns = ({ network }: Container): boolean =>
	!['bridge', 'host', 'none'].includes(network) && !network.startsWith('container:');

/** Its address in such a container. */
export const EMBEDDED_DNS: Ip = 0x7f00000b;

export const hostsLine = (container: Container): string =>
	container.ip === undefined ? '' : `${formatIp(container.ip)}\t${container.hostname ?? container.id.slice(0, 12)}\n`;
