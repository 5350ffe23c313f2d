/** A scenario as YAML (schemas/scenario.schema.json) to a Scenario. */
import type { ProxyGeneration } from '../../src/sim/kube/index.ts';
import { parseIptablesSave } from '../../src/sim/linux/index.ts';
import type {
	BridgeSpec,
	Bundle,
	ClusterSpec,
	End,
	HostSpec,
	LinkSpec,
	NodeSpec,
	Scenario,
	Settings,
} from '../../src/sim/world/index.ts';
import { readDeployment, readPod, readService } from './objects-file.ts';
import { readRoute } from './route-text.ts';
import { RULE_WORDS } from './words.ts';
import { type Field, readYaml } from './yaml-reader.ts';

const TOP = [
	'name',
	'seed',
	'bundle',
	'hosts',
	'routers',
	'nodes',
	'bridges',
	'links',
	'deployments',
	'pods',
	'services',
	'settings',
	'iptables-save',
] as const;

const HOST_KEYS = ['name', 'kernel', 'addresses', 'routes', 'forward', 'rp-filter', 'bridge-nf', 'listen'] as const;
const NODE_KEYS = [...HOST_KEYS, 'internalIP', 'podCIDR', 'labels', 'control-plane'] as const;

const PROXIES: readonly ProxyGeneration[] = ['1.23', '1.24', '1.26', '1.33'];

/** Versions when a file names none: those of the preset's start, without Cilium. */
const DEFAULT_BUNDLE: Bundle = { id: 'file', kubernetes: '1.24.0', kernel: '5.15.0', proxy: '1.24', cni: 'bare' };

/**
 * Reads a file. Throws UsageError (one line: what, path, line and column) at the first thing it cannot take.
 * Everything that names something else (a bridge's port, a link's end, a pod's node) must name what exists.
 */
export function readScenarioFile(text: string, file: string): Scenario {
	const top = readYaml(text, file).map(TOP, ['name']);
	const iptables = new Map(
		top['iptables-save'].entries().map(([ns, field]) => [ns, { field, text: readRules(field) }] as const),
	);
	const textOf = (ns: string): string | undefined => iptables.get(ns)?.text;
	const nodes = top.nodes.list().map((field) => readNode(field, textOf));
	const hosts = [
		...top.hosts.list().map((field) => readHost(field, '', textOf)),
		...top.routers.list().map((field) => readHost(field, 'router/', textOf)),
		...nodes.map(({ host }) => host),
	];
	const known = new Set<string>();
	for (const { ns } of hosts) {
		if (known.has(ns)) top.name.fail(`two namespaces are called "${ns}"`);
		known.add(ns);
	}
	const namespaces = [...known];
	const links = top.links.list().map((field) => readLink(field, namespaces));
	const bridges = top.bridges.list().map((field) => readBridge(field, namespaces));
	const bundle = top.bundle.present ? readBundle(top.bundle) : DEFAULT_BUNDLE;
	const cluster = readCluster(
		top,
		nodes.map(({ node }) => node),
		iptables,
	);
	for (const [ns, { field }] of iptables)
		if (!known.has(ns) && !cluster.pods.some((p) => ns === `pod/${p.metadata.namespace}/${p.metadata.name}`))
			field.fail(`no namespace "${ns}"; there are ${namespaces.join(', ')}`);
	return {
		id: top.name.name(),
		version: 1,
		seed: top.seed.present ? top.seed.number(0, 4294967295) : 1,
		bundles: [bundle],
		start: readSettings(top.settings, bundle, cluster),
		hosts,
		bridges,
		links,
		cluster,
		subject: {
			deployment: cluster.deployments[0]
				? `${cluster.deployments[0].metadata.namespace}/${cluster.deployments[0].metadata.name}`
				: undefined,
			// A service that states its own policies keeps them; the switches set those of the others.
			services: top.services.list().flatMap((field, i) => {
				const own = ['externalTrafficPolicy', 'internalTrafficPolicy', 'sessionAffinity'];
				const { metadata } = cluster.services[i]!;
				return field.entries().some(([key]) => own.includes(key)) ? [] : [`${metadata.namespace}/${metadata.name}`];
			}),
			protocol: [],
		},
		places: hosts.map(({ ns }, i) => ({ ns, x: i === 0 ? 0 : 1, y: Math.max(i - 1, 0) })),
	};
}

/** `iptables-save` text that the simulator can load. */
function readRules(field: Field): string {
	const text = field.text();
	const parsed = parseIptablesSave(text);
	if (parsed.ok) return text;
	const { code, line, column, text: word } = parsed.errors[0]!;
	return field.failInText(`${RULE_WORDS[code]}: "${word}"`, line, column);
}

function readHost(field: Field, prefix: string, iptables: (ns: string) => string | undefined): HostSpec {
	const keys = field.map(HOST_KEYS, ['name']);
	return hostOf(keys, `${prefix}${keys.name.name()}`, prefix === 'router/', iptables);
}

function hostOf(
	keys: Readonly<Record<(typeof HOST_KEYS)[number], Field>>,
	ns: string,
	forward: boolean,
	iptables: (ns: string) => string | undefined,
): HostSpec {
	return {
		ns,
		...(keys.kernel.present ? { kernel: readVersion(keys.kernel) } : {}),
		addresses: keys.addresses.entries().flatMap(([dev, value]) => {
			const one = (item: Field) => {
				const { address, length } = item.interface();
				return { dev, ip: address, length };
			};
			return value.isList ? value.list().map(one) : [one(value)];
		}),
		routes: keys.routes.list().map(readRoute),
		forward: keys.forward.present ? keys.forward.flag() : forward,
		rpFilter: keys['rp-filter'].present ? (keys['rp-filter'].number(0, 2) as 0 | 1 | 2) : 0,
		bridgeNetfilter: keys['bridge-nf'].present ? keys['bridge-nf'].flag() : false,
		iptables: iptables(ns),
		servers: keys.listen.list().map((item) => {
			const [port, protocol = 'tcp'] = item.text().toLowerCase().split('/');
			if (protocol !== 'tcp' && protocol !== 'udp') return item.fail(`a listener is written 8080, 8080/tcp or 53/udp`);
			if (!/^[1-9][0-9]{0,4}$/.test(port!) || Number(port) > 65535)
				return item.fail(`port must be a whole number from 1 to 65535, not "${port}"`);
			return { port: Number(port), protocol };
		}),
	};
}

function readNode(field: Field, iptables: (ns: string) => string | undefined): { host: HostSpec; node: NodeSpec } {
	const keys = field.map(NODE_KEYS, ['name', 'podCIDR', 'addresses']);
	const name = keys.name.name();
	const host = hostOf(keys, `node/${name}`, true, iptables);
	const first = host.addresses[0] ?? keys.addresses.fail('a node needs an address');
	const internalIP = keys.internalIP.present ? keys.internalIP.ip() : first.ip;
	const holder = host.addresses.find((a) => a.ip === internalIP);
	if (!holder) return keys.internalIP.fail('internalIP must be one of the addresses of the node');
	return {
		host,
		node: {
			name,
			internalIP,
			device: holder.dev,
			podCIDR: keys.podCIDR.prefix(),
			labels: {
				'kubernetes.io/hostname': name,
				...Object.fromEntries(keys.labels.entries().map(([k, v]) => [k, v.text()])),
			},
			controlPlane: keys['control-plane'].present ? keys['control-plane'].flag() : false,
		},
	};
}

const readVersion = (field: Field): string => {
	const text = field.text();
	return /^\d+\.\d+(\.\d+)?$/.test(text) ? text : field.fail(`a version is written 5.15.0, not "${text}"`);
};

function readBundle(field: Field): Bundle {
	const keys = field.map(['kubernetes', 'kernel', 'proxy', 'cni', 'cilium']);
	const cni = keys.cni.present ? keys.cni.word(['bare', 'cilium'] as const) : 'bare';
	const kubernetes = keys.kubernetes.present ? readVersion(keys.kubernetes) : DEFAULT_BUNDLE.kubernetes;
	const minor = Number(kubernetes.split('.')[1]);
	return {
		id: 'file',
		kubernetes,
		kernel: keys.kernel.present ? readVersion(keys.kernel) : DEFAULT_BUNDLE.kernel,
		proxy: keys.proxy.present
			? keys.proxy.word(PROXIES)
			: minor <= 23
				? '1.23'
				: minor <= 25
					? '1.24'
					: minor <= 31
						? '1.26'
						: '1.33',
		cni,
		...(cni === 'cilium' ? { cilium: keys.cilium.present ? readVersion(keys.cilium) : '1.12.1' } : {}),
	};
}

/** `node/left:eth0`. */
function readEnd(field: Field, namespaces: readonly string[]): End {
	const text = field.text();
	const colon = text.lastIndexOf(':');
	if (colon < 0) return field.fail(`an end of a link is written NAMESPACE:DEVICE, not "${text}"`);
	const ns = text.slice(0, colon);
	const dev = text.slice(colon + 1);
	if (!namespaces.includes(ns)) field.fail(`no namespace "${ns}"; there are ${namespaces.join(', ')}`);
	if (!/^[^\s/:]{1,15}$/.test(dev)) field.fail(`"${dev}" cannot be the name of a device`);
	return { ns, dev };
}

function readLink(field: Field, namespaces: readonly string[]): LinkSpec {
	const keys = field.isMap ? field.map(['ends', 'mtu', 'delay', 'kind'], ['ends']) : undefined;
	const ends = (keys?.ends ?? field).list();
	if (ends.length !== 2) field.fail('a link has two ends');
	return {
		ends: [readEnd(ends[0]!, namespaces), readEnd(ends[1]!, namespaces)],
		...(keys?.mtu.present ? { mtu: keys.mtu.number(68, 65535) } : {}),
		...(keys?.delay.present ? { delay: keys.delay.number(0, 10_000_000) } : {}),
		...(keys?.kind.present ? { kind: keys.kind.word(['veth', 'physical'] as const) } : {}),
	};
}

function readBridge(field: Field, namespaces: readonly string[]): BridgeSpec {
	const keys = field.map(['in', 'name', 'ports'], ['in', 'name']);
	return {
		ns: keys.in.word(namespaces),
		dev: keys.name.device(),
		ports: keys.ports.list().map((port) => port.device()),
	};
}

function readCluster(
	top: { readonly [K in (typeof TOP)[number]]: Field },
	nodes: readonly NodeSpec[],
	iptables: ReadonlyMap<string, { readonly text: string }>,
): ClusterSpec {
	const pods = top.pods.list().map((field) =>
		readPod(
			field,
			nodes.map((n) => n.name),
		),
	);
	const deployments = top.deployments.list().map(readDeployment);
	const addresses = pods.flatMap(({ pod, ip }) =>
		ip === undefined ? [] : [[`${pod.metadata.namespace}/${pod.metadata.name}`, ip] as const],
	);
	return {
		name: top.name.name(),
		nodes,
		podCIDR: { address: 0x0af40000, length: 16 },
		serviceCIDR: { address: 0x0a600000, length: 12 },
		deployments,
		pods: pods.map(({ pod }) => pod),
		podAddresses: Object.fromEntries(addresses),
		podRulesets: Object.fromEntries(
			[...iptables].filter(([ns]) => ns.startsWith('pod/')).map(([ns, r]) => [ns, r.text]),
		),
		services: top.services.list().map(readService),
		endpointSlices: [],
		pins: [],
		replicaSetHash: {},
		speaks: {},
	};
}

/** The switches a file starts with; what it does not say is the default of Kubernetes. */
function readSettings(field: Field, bundle: Bundle, cluster: ClusterSpec): Settings {
	const keys = field.present
		? field.map([
				'kubeProxy',
				'externalTrafficPolicy',
				'internalTrafficPolicy',
				'sessionAffinity',
				'replicas',
				'podOn',
				'protocol',
				'helm',
			])
		: undefined;
	const word = <W extends string>(value: Field | undefined, known: readonly [W, ...W[]]): W =>
		value?.present ? value.word(known) : known[0];
	return {
		bundle: bundle.id,
		kubeProxy: word(keys?.kubeProxy, ['iptables', 'none'] as const),
		externalTrafficPolicy: word(keys?.externalTrafficPolicy, ['Cluster', 'Local'] as const),
		internalTrafficPolicy: word(keys?.internalTrafficPolicy, ['Cluster', 'Local'] as const),
		sessionAffinity: word(keys?.sessionAffinity, ['None', 'ClientIP'] as const),
		protocol: word(keys?.protocol, ['TCP', 'UDP'] as const),
		replicas: keys?.replicas.present ? keys.replicas.number(0, 100) : (cluster.deployments[0]?.replicas ?? 1),
		...(keys?.podOn.present ? { podOn: keys.podOn.word(cluster.nodes.map((n) => n.name)) } : {}),
		helm: Object.fromEntries((keys?.helm.entries() ?? []).map(([k, v]) => [k, v.text()])),
	};
}
