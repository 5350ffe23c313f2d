/** Files of a place that the network and its node make, fetched when somebody first reads a file there. */
import { type Lab, type NodeMachine, peoplesContainers } from '../../sim/lab/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import { podsOf, servicesOf } from '../../sim/world/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { ciliumFiles } from './cilium-files.ts';
import { devicesIn, namedNetns } from './devices.ts';
import { kindFiles } from './kind-files.ts';
import { containerResolv, hostsLine, plainContainer } from './laptop-containers.ts';
import { logFiles } from './log-files.ts';
import { CNI_FOLDER, manifestFiles } from './manifests.ts';
import { netFiles } from './net-files.ts';
import { podFacts } from './pod-environment.ts';
import { fixedSysctls } from './rights.ts';
import { type Space, spaceAt } from './space.ts';
import { sysctlsOf, sysctlWritten } from './sysctl.ts';

export { manifestChanged } from './manifests.ts';
export { numberBesideNginx } from './nginx-processes.ts';
export { rootFault } from './proc-files.ts';

/** @throws Error with the fault's name */
export function sysctlChanged(place: Place, lab: Lab, path: string, text: string): void {
	const space = spaceAt(place, lab);
	// Opening a file there empties nothing.
	if (space && text !== '') sysctlWritten(space, path, text);
}

/** In a pod's container /proc/sys is mounted read-only, and in Docker's (moby oci/defaults.go). */
export const sysctlFault = (place: Place, lab: Lab): string | undefined =>
	place.kind === 'container' || fixedSysctls({ place, lab }) ? 'EROFS' : undefined;

const LOCALHOST =
	'127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n';

/** Beginning of the kubelet's file (kubelet_pods.go managedHostsFileContent()). */
const KUBELET_LOCALHOST =
	'127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n';

/** What Docker, kind's entrypoint and the kubelet write (pkg/kubelet/network/dns/dns.go, kubelet_pods.go @ v1.24.0). */
function resolvText(place: Place, space: Space): string {
	const own = place.kind === 'container' ? plainContainer(space.lab, place.id) : undefined;
	if (own && own.network !== 'host')
		return containerResolv(own, peoplesContainers()?.knownDocker(space.lab, own.id)?.settings.resolver);
	if (place.kind === 'laptop' || place.kind === 'container')
		return 'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n';
	const world = space.cluster?.world();
	const gateway = space.lab.docker?.networks().find((n) => n.name === 'kind')?.gateway ?? 0xac120001;
	const nodes = `search localdomain\nnameserver ${formatIp(gateway)}\noptions edns0 trust-ad ndots:0\n`;
	if (place.kind === 'node' || !world) return nodes;
	const pod = podsOf(world).find((p) => p.metadata.namespace === place.namespace && p.metadata.name === place.pod);
	const spec = podSpec(place, space);
	const policy = spec?.dnsPolicy ?? 'ClusterFirst';
	const dns = servicesOf(world).find((s) => s.metadata.namespace === 'kube-system' && s.metadata.name === 'kube-dns');
	const ofNode = policy === 'Default' || (pod?.hostNetwork && policy === 'ClusterFirst');
	const changed = kubeletConfigOf(place, space);
	const zones = [`${place.namespace}.svc.`, 'svc.', ''].map((z) => `${z}${changed?.clusterDomain ?? 'cluster.local'}`);
	const begins: Resolver =
		policy === 'None'
			? { servers: [], searches: [], options: [] }
			: ofNode
				? { servers: [formatIp(gateway)], searches: ['localdomain'], options: ['edns0', 'trust-ad', 'ndots:0'] }
				: {
						servers: changed?.clusterDNS ?? [dns?.clusterIP === undefined ? '10.96.0.10' : formatIp(dns.clusterIP)],
						searches: [...zones, 'localdomain'],
						options: ['ndots:5'],
					};
	return resolverText(withConfig(begins, spec?.dnsConfig));
}

/** What the kubelet of a pod's node was told otherwise before the pod came. */
function kubeletConfigOf(
	place: Extract<Place, { kind: 'pod' }>,
	{ cluster, lab }: Space,
): NodeMachine['kubeletConfig'] {
	const [container] = cluster?.running({ namespace: place.namespace, name: place.pod }) ?? [];
	const machine = cluster?.nodes().find(({ name }) => name === container?.node);
	const config = machine?.kubeletConfig;
	return config && lab.now >= config.since && container!.startedAt >= config.since ? config : undefined;
}

interface Resolver {
	readonly servers: readonly string[];
	readonly searches: readonly string[];
	readonly options: readonly string[];
}

/** appendDNSConfig() and formDNS…FitsLimits() of the kubelet: what is there, then the pod's own; an option given twice is the pod's. */
function withConfig(begins: Resolver, config: PodSpec['dnsConfig']): Resolver {
	const { nameservers = [], searches = [], options = [] } = config ?? {};
	const nameOf = (option: string): string => option.split(':')[0]!;
	const merged = new Map(begins.options.map((option) => [nameOf(option), option]));
	for (const { name, value } of options) merged.set(name, value ? `${name}:${value}` : name);
	return {
		servers: [...new Set([...begins.servers, ...nameservers])].slice(0, 3),
		searches: [...new Set([...begins.searches, ...searches])],
		options: [...merged.values()],
	};
}

/** parseDNSOptions() of containerd (pkg/cri/sbserver/sandbox_run_linux.go @ v1.6.4). */
const resolverText = ({ servers, searches, options }: Resolver): string =>
	(searches.length > 0 ? `search ${searches.join(' ')}\n` : '') +
	servers.map((server) => `nameserver ${server}\n`).join('') +
	(options.length > 0 ? `options ${options.join(' ')}\n` : '');

interface PodSpec {
	readonly dnsPolicy?: string;
	readonly dnsConfig?: {
		readonly nameservers?: readonly string[];
		readonly searches?: readonly string[];
		readonly options?: readonly { readonly name: string; readonly value?: string }[];
	};
	readonly hostNetwork?: boolean;
	readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
}

function podSpec(place: Extract<Place, { kind: 'pod' }>, space: Space): PodSpec | undefined {
	const api = space.cluster?.api;
	const pods = api?.find?.('pods');
	return pods && (api?.get(pods, place.namespace, place.pod)?.spec as PodSpec | undefined);
}

function hostsText(place: Place, space: Space): string {
	if (place.kind === 'container') {
		const own = plainContainer(space.lab, place.id);
		const added = peoplesContainers()?.knownDocker(space.lab, place.id)?.settings.hosts ?? [];
		return `${LOCALHOST}${added.join('')}${own ? hostsLine(own) : ''}`;
	}
	const name = place.kind === 'laptop' ? 'laptop' : place.kind === 'node' ? place.node : place.pod;
	if (place.kind === 'laptop')
		return `${LOCALHOST.split('\n')[0]}\n127.0.1.1\tlaptop\n\n${LOCALHOST.split('\n').slice(1).join('\n')}`;
	const facts = place.kind === 'pod' ? podFacts(place, space.cluster) : undefined;
	const names = !facts ? name : facts.fqdn === facts.hostname ? facts.hostname : `${facts.fqdn}\t${facts.hostname}`;
	const own = devicesIn(space.ns()).find((d) => d.name === 'eth0')?.addresses[0];
	const line = own ? `${formatIp(own.ip)}\t${names}\n` : '';
	if (place.kind !== 'pod') return `${LOCALHOST}${line}`;
	const spec = podSpec(place, space);
	const aliases = (spec?.hostAliases ?? []).map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`);
	const added = aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : '';
	// A pod in its node's network has the node's file.
	return spec?.hostNetwork
		? `# Kubernetes-managed hosts file (host network).\n${LOCALHOST}${own ? `${formatIp(own.ip)}\t${space.name.replace('node/', '')}\n` : ''}${added}`
		: `# Kubernetes-managed hosts file.\n${KUBELET_LOCALHOST}${line}${added}`;
}

/** Of the nodes' Ubuntu (kind v0.14: 21.10), as its image has it. */
const SOURCES = [
	...['impish', 'impish-updates', 'impish-backports'].map((suite) => `deb http://archive.ubuntu.com/ubuntu/ ${suite}`),
	'deb http://security.ubuntu.com/ubuntu/ impish-security',
]
	.map((line) => `${line} main restricted universe multiverse\n`)
	.join('');

/** /etc/hosts of pods. */
const podHosts =
	(cluster: string, lab: Lab) =>
	(namespace: string, pod: string, container: string): string => {
		const place = { kind: 'pod', cluster, namespace, pod, container } as const;
		const space = spaceAt(place, lab);
		return space ? hostsText(place, space) : '';
	};

/** By path; nothing for a place that is gone. */
export function placeFiles(place: Place, lab: Lab): Readonly<Record<string, MadeFile>> {
	const space = spaceAt(place, lab);
	if (!space) return {};
	const out: Record<string, MadeFile> = {
		'/etc/resolv.conf': () => resolvText(place, space),
		'/etc/hosts': () => hostsText(place, space),
		...netFiles(space),
		...ciliumFiles(place, lab),
	};
	for (const [path, entry] of sysctlsOf(space)) out[`/proc/sys/${path}`] = () => `${entry.read()}\n`;
	// procps has it made; `sysctl --system` reads what is there.
	if (place.kind === 'laptop' || place.kind === 'node') out['/etc/sysctl.d/'] = () => '';
	if (place.kind === 'node') {
		out['/etc/apt/sources.list'] = () => SOURCES;
		Object.assign(
			out,
			manifestFiles(place, lab),
			kindFiles(place, lab),
			logFiles(place, lab, podHosts(place.cluster, lab)),
		);
		const machine = space.cluster?.nodes().find((m) => m.name === place.node);
		const plugins = Object.entries(machine?.cniConfig ?? {});
		for (const [name, text] of plugins) out[`${CNI_FOLDER}${name}`] = () => text;
		if (plugins.some(([name]) => /cilium\.conf/.test(name)))
			out['/opt/cni/bin/cilium-cni'] = Object.assign(() => '', { mode: 0o755 });
		for (const { name } of namedNetns(space))
			for (const folder of ['/run', '/var/run']) out[`${folder}/netns/${name}`] = () => '';
	}
	return out;
}
