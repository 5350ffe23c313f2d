/** A scenario as YAML (schemas/scenario.schema.json) to a Scenario. */
import type { ProxyGeneration } from '../../src/sim/kube/index.ts';
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
	const hosts = [
		...top.hosts.list().map((field) => readHost(field, '', reading)),
		...top.routers.list().map((field) => readHost(field, 'router/', reading)),
		...nodes.map(({ host }) => host),
	];
	const namespaces = hosts.map(({ ns }) => ns);
	const ends = new Set<string>();
	const links = top.links.list().map((field) => readLink(field, namespaces, ends));
	const bridges = top.bridges.list().map((field) => readBridge(field, namespaces, ends));
	const bundle = top.bundle.present ? readBundle(top.bundle) : DEFAULT_BUNDLE;
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
	return { scenario, where: reading.where };
}

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

function readCluster(
	top: { readonly [K in (typeof TOP)[number]]: Field },
	nodes: readonly NodeSpec[],
	{ rules, where }: Reading,
): ClusterSpec {
	const pods = top.pods.list().map((field) =>
		readPod(
			field,
			nodes.map((n) => n.name),
		),
	);
	for (const [i, { pod }] of pods.entries()) {
		const name = `pod/${pod.metadata.namespace}/${pod.metadata.name}`;
		const field = top.pods.list()[i]!;
		if (where.has(name)) field.fail(`there is another "${name}"`);
		where.set(name, field.where);
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
		podCIDR: { address: 0x0af40000, length: 16 },
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
