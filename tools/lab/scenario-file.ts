/** A scenario as YAML (schemas/scenario.schema.json) to a Scenario. */
import type { ProxyGeneration } from '../../src/sim/kube/index.ts';
import { formatIp, type Prefix, prefixContains, prefixOf } from '../../src/sim/wire/index.ts';
import type { Bundle, ClusterSpec, NodeSpec, Scenario, Settings } from '../../src/sim/world/index.ts';
import { type Reading, readBridge, readHost, readLink, readNode, readRules, readVersion } from './machines-file.ts';
import { readDeployment, readPod, readService } from './objects-file.ts';
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

const PROXIES: readonly ProxyGeneration[] = ['1.23', '1.24', '1.26', '1.33'];

/** The pods of a cluster, as kubeadm's documentation and kind have it. */
const PODS: Prefix = { address: 0x0af40000, length: 16 };

/** Versions when a file names none: those of the preset's start, without Cilium. */
const DEFAULT_BUNDLE: Bundle = { id: 'file', kubernetes: '1.24.0', kernel: '5.15.0', proxy: '1.24', cni: 'bare' };

export interface ScenarioFile {
	readonly scenario: Scenario;
	/** Path, line and column of what the World may complain about, by the name it uses (`SimError.where`). */
	readonly where: ReadonlyMap<string, string>;
}

/**
 * Reads a file. Throws UsageError (one line: what, path, line and column) at the first thing it cannot take.
 * Everything that names something else (a bridge's port, a link's end, a pod's node) must name what exists.
 */
export function readScenarioFile(text: string, file: string): ScenarioFile {
	const top = readYaml(text, file).map(TOP, ['name']);
	const rules = new Map(top['iptables-save'].entries().map(([ns, field]) => [ns, readRules(field)] as const));
	const reading: Reading = { rules, where: new Map() };
	const nodes = top.nodes.list().map((field) => readNode(field, reading));
	checkNodes(
		top.nodes.list(),
		nodes.map(({ node }) => node),
	);
	const hosts = [
		...top.hosts.list().map((field) => readHost(field, '', reading)),
		...top.routers.list().map((field) => readHost(field, 'router/', reading)),
		...nodes.map(({ host }) => host),
	];
	const namespaces = hosts.map(({ ns }) => ns);
	const ends = new Set<string>();
	const links = top.links.list().map((field) => readLink(field, namespaces, ends, reading));
	const taken = new Set<string>();
	const bridges = top.bridges.list().map((field) => readBridge(field, namespaces, ends, taken));
	const bundle = top.bundle.present ? readBundle(top.bundle, reading) : DEFAULT_BUNDLE;
	const cluster = readCluster(
		top,
		nodes.map(({ node }) => node),
		reading,
	);
	for (const [ns, field] of top['iptables-save'].entries())
		if (!reading.where.has(ns)) field.fail(`no namespace "${ns}"; there are ${namespaces.join(', ')}`);
	const scenario: Scenario = {
		id: top.name.name(),
		version: 1,
		seed: top.seed.present ? top.seed.number(0, 4294967295) : 1,
		bundles: [bundle],
		start: readSettings(top.settings, bundle, cluster, reading),
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
	return { scenario, where: reading.where };
}

/** One address, one pod CIDR for each node (the node controller's cidrset hands none out twice). */
function checkNodes(fields: readonly Field[], nodes: readonly NodeSpec[]): void {
	for (const [i, node] of nodes.entries())
		for (const other of nodes.slice(0, i)) {
			if (other.internalIP === node.internalIP) fields[i]!.fail(`node "${other.name}" has that address too`);
			if (overlap(other.podCIDR, node.podCIDR)) fields[i]!.fail(`its podCIDR overlaps that of node "${other.name}"`);
			if (clusterPods([other, node]).length < 8)
				fields[i]!.fail(`its podCIDR and that of node "${other.name}" are in no common /8: a cluster has one for all`);
		}
}

const overlap = (a: Prefix, b: Prefix): boolean => prefixContains(a, b.address) || prefixContains(b, a.address);

/** The default of the cluster, or when a node's pods are elsewhere, the smallest prefix with all pods in it. */
function clusterPods(nodes: readonly NodeSpec[]): Prefix {
	if (nodes.every(({ podCIDR: { address, length } }) => length >= PODS.length && prefixContains(PODS, address)))
		return PODS;
	const [first, ...rest] = nodes.map((n) => n.podCIDR) as [Prefix, ...Prefix[]];
	let { length } = first;
	for (const { address, length: other } of rest) {
		length = Math.min(length, other);
		while (prefixOf(first.address, length).address !== prefixOf(address, length).address) length--;
	}
	return prefixOf(first.address, length);
}

function readBundle(field: Field, { where }: Reading): Bundle {
	const keys = field.map(['kubernetes', 'kernel', 'proxy', 'cni', 'cilium']);
	where.set('bundle.cilium', keys.cilium.where);
	const cni = keys.cni.present ? keys.cni.word(['bare', 'cilium'] as const) : 'bare';
	const kubernetes = keys.kubernetes.present ? readVersion(keys.kubernetes) : DEFAULT_BUNDLE.kubernetes;
	const minor = Number(kubernetes.split('.')[1]);
	if (cni !== 'cilium' && keys.cilium.present) keys.cilium.fail('a version of Cilium needs "cni: cilium"');
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

function readCluster(
	top: { readonly [K in (typeof TOP)[number]]: Field },
	nodes: readonly NodeSpec[],
	{ rules, where }: Reading,
): ClusterSpec {
	const held = new Map<number, string>(nodes.map((n) => [n.internalIP, `node "${n.name}"`]));
	const pods = top.pods.list().map((field) =>
		readPod(
			field,
			nodes.map((n) => n.name),
		),
	);
	for (const [i, { pod, ip }] of pods.entries()) {
		const name = `pod/${pod.metadata.namespace}/${pod.metadata.name}`;
		const field = top.pods.list()[i]!;
		if (where.has(name)) field.fail(`there is another "${name}"`);
		where.set(name, field.where);
		if (ip !== undefined && held.has(ip)) field.fail(`${held.get(ip)} has the address ${formatIp(ip)} too`);
		if (ip !== undefined) held.set(ip, `pod "${pod.metadata.name}"`);
	}
	const services = top.services.list().map(readService);
	for (const [i, { metadata }] of services.entries())
		where.set(`Service ${metadata.namespace}/${metadata.name}`, top.services.list()[i]!.where);
	const deployments = top.deployments.list().map(readDeployment);
	const addresses = pods.flatMap(({ pod, ip }) =>
		ip === undefined ? [] : [[`${pod.metadata.namespace}/${pod.metadata.name}`, ip] as const],
	);
	return {
		name: top.name.name(),
		nodes,
		podCIDR: clusterPods(nodes),
		serviceCIDR: { address: 0x0a600000, length: 12 },
		deployments,
		pods: pods.map(({ pod }) => pod),
		podAddresses: Object.fromEntries(addresses),
		podRulesets: Object.fromEntries([...rules].filter(([ns]) => ns.startsWith('pod/'))),
		services,
		endpointSlices: [],
		pins: [],
		replicaSetHash: {},
		speaks: {},
	};
}

/** The switches a file starts with; what it does not say is the default of Kubernetes. */
function readSettings(field: Field, bundle: Bundle, cluster: ClusterSpec, { where }: Reading): Settings {
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
	for (const [key, value] of keys?.helm.entries() ?? []) where.set(`helm.${key}`, value.where);
	const word = <W extends string>(value: Field | undefined, known: readonly [W, ...W[]]): W =>
		value?.present ? value.word(known) : known[0];
	return {
		bundle: bundle.id,
		kubeProxy: word(keys?.kubeProxy, ['iptables', 'none', 'stale'] as const),
		externalTrafficPolicy: word(keys?.externalTrafficPolicy, ['Cluster', 'Local'] as const),
		internalTrafficPolicy: word(keys?.internalTrafficPolicy, ['Cluster', 'Local'] as const),
		sessionAffinity: word(keys?.sessionAffinity, ['None', 'ClientIP'] as const),
		protocol: word(keys?.protocol, ['TCP', 'UDP'] as const),
		replicas: keys?.replicas.present ? keys.replicas.number(0, 100) : (cluster.deployments[0]?.replicas ?? 1),
		...(keys?.podOn.present ? { podOn: keys.podOn.word(cluster.nodes.map((n) => n.name)) } : {}),
		helm: Object.fromEntries((keys?.helm.entries() ?? []).map(([k, v]) => [k, v.text()])),
	};
}
