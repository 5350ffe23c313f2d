/**
 * The connectivity check of the Cilium repository: pods that reach each other, services and the outside, each by its
 * probes. The same objects, made anew from what sets them apart.
 *
 * Source of the facts: cilium/cilium examples/kubernetes/connectivity-check/connectivity-check.yaml @ v1.12, v1.13.
 */

interface Check {
	readonly name: string;
	readonly component: 'network' | 'policy' | 'services' | 'nodeport';
	/** What its probes ask for. */
	readonly target: string;
	readonly topology?: 'multi-node' | 'intra-node';
	readonly traffic?: 'external';
	readonly hostNetwork?: boolean;
	/** The probe passes when nothing answers. */
	readonly denied?: boolean;
}

const CHECKS: readonly Check[] = [
	{ name: 'pod-to-a', component: 'network', target: 'echo-a:8080/public' },
	{ name: 'pod-to-external-1111', component: 'network', target: 'https://1.1.1.1', traffic: 'external' },
	{ name: 'pod-to-a-denied-cnp', component: 'policy', target: 'echo-a:8080/private', denied: true },
	{ name: 'pod-to-a-allowed-cnp', component: 'policy', target: 'echo-a:8080/public' },
	{
		name: 'pod-to-external-fqdn-allow-google-cnp',
		component: 'policy',
		target: 'www.google.com',
		traffic: 'external',
	},
	{
		name: 'pod-to-b-multi-node-clusterip',
		component: 'services',
		target: 'echo-b:8080/public',
		topology: 'multi-node',
	},
	{
		name: 'pod-to-b-multi-node-headless',
		component: 'services',
		target: 'echo-b-headless:8080/public',
		topology: 'multi-node',
	},
	{
		name: 'host-to-b-multi-node-clusterip',
		component: 'services',
		target: 'echo-b:8080/public',
		topology: 'multi-node',
		hostNetwork: true,
	},
	{
		name: 'host-to-b-multi-node-headless',
		component: 'services',
		target: 'echo-b-headless:8080/public',
		topology: 'multi-node',
		hostNetwork: true,
	},
	{
		name: 'pod-to-b-multi-node-nodeport',
		component: 'nodeport',
		target: 'echo-b-host-headless:31414/public',
		topology: 'multi-node',
	},
	{
		name: 'pod-to-b-intra-node-nodeport',
		component: 'nodeport',
		target: 'echo-b-host-headless:31414/public',
		topology: 'intra-node',
	},
];

type Node = { readonly [key: string]: unknown };

const labels = (name: string, component: string, topology = 'any', traffic = 'internal'): Node => ({
	name,
	topology,
	component: `${component}-check`,
	traffic,
	quarantine: 'false',
	type: 'autocheck',
});

/** Next to an echo-b, or away from it. */
const near = (kind: 'podAffinity' | 'podAntiAffinity'): Node => ({
	[kind]: {
		requiredDuringSchedulingIgnoredDuringExecution: [
			{
				labelSelector: { matchExpressions: [{ key: 'name', operator: 'In', values: ['echo-b'] }] },
				topologyKey: 'kubernetes.io/hostname',
			},
		],
	},
});

const probes = (command: readonly string[]): Node => ({
	readinessProbe: { timeoutSeconds: 7, exec: { command } },
	livenessProbe: { timeoutSeconds: 7, exec: { command } },
});

const ask = (target: string): readonly string[] => [
	'curl',
	'-sS',
	'--fail',
	'--connect-timeout',
	'5',
	'-o',
	'/dev/null',
	target,
];

function deployment(name: string, marks: Node, container: Node, more: Node = {}): Node {
	return {
		apiVersion: 'apps/v1',
		kind: 'Deployment',
		metadata: { name, labels: marks },
		spec: {
			replicas: 1,
			selector: { matchLabels: { name } },
			template: { metadata: { labels: { name } }, spec: { hostNetwork: false, containers: [container], ...more } },
		},
	};
}

const echo = (name: string, component: string, port: number, ports: readonly Node[], more: Node = {}): Node =>
	deployment(
		name,
		labels(name, component),
		{
			name: `${name}-container`,
			image: 'quay.io/cilium/json-mock:v1.3.2',
			imagePullPolicy: 'IfNotPresent',
			env: [{ name: 'PORT', value: String(port) }],
			ports,
			...probes(ask(`localhost:${port}`)),
		},
		more,
	);

function client({ name, component, target, topology, traffic, hostNetwork, denied }: Check): Node {
	const command = denied ? ['ash', '-c', `! curl -s --fail --connect-timeout 5 -o /dev/null ${target}`] : ask(target);
	return deployment(
		name,
		labels(name, component, topology, traffic),
		{
			name: `${name}-container`,
			image: 'quay.io/cilium/alpine-curl:v1.5.0',
			imagePullPolicy: 'IfNotPresent',
			command: ['/bin/ash', '-c', 'sleep 1000000000'],
			ports: [],
			...probes(command),
		},
		{
			...(topology ? { affinity: near(topology === 'multi-node' ? 'podAntiAffinity' : 'podAffinity') } : {}),
			...(hostNetwork ? { hostNetwork, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
		},
	);
}

const service = (name: string, component: string, spec: Node): Node => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: { name, labels: labels(name, component) },
	spec,
});

const SYSTEM = { 'k8s:io.kubernetes.pod.namespace': 'kube-system' };

/** Egress to DNS servers; with `names` the proxy looks at what is asked. */
const dns = (names: boolean): readonly Node[] => {
	const rules = names ? { rules: { dns: [{ matchPattern: '*' }] } } : {};
	return [
		{
			toEndpoints: ['kube-dns', 'node-local-dns'].map((app) => ({ matchLabels: { ...SYSTEM, 'k8s:k8s-app': app } })),
			toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], ...rules }],
		},
		{
			toEndpoints: [
				{
					matchLabels: {
						'k8s:io.kubernetes.pod.namespace': 'openshift-dns',
						'k8s:dns.operator.openshift.io/daemonset-dns': 'default',
					},
				},
			],
			toPorts: [{ ports: [{ port: '5353', protocol: 'UDP' }], ...rules }],
		},
	];
};

const policy = (name: string, egress: readonly Node[], traffic?: string): Node => ({
	apiVersion: 'cilium.io/v2',
	kind: 'CiliumNetworkPolicy',
	metadata: { name, labels: labels(name, 'policy', 'any', traffic) },
	spec: { endpointSelector: { matchLabels: { name } }, egress },
});

function objects(): readonly Node[] {
	const http = { name: 'http', port: 8080 };
	return [
		echo('echo-a', 'network', 8080, [{ containerPort: 8080 }]),
		echo('echo-b', 'services', 8080, [{ containerPort: 8080, hostPort: 40000 }]),
		echo('echo-b-host', 'services', 31000, [], { hostNetwork: true, affinity: near('podAffinity') }),
		...CHECKS.map(client),
		service('echo-a', 'network', { type: 'ClusterIP', ports: [http], selector: { name: 'echo-a' } }),
		service('echo-b', 'services', {
			type: 'NodePort',
			ports: [{ ...http, nodePort: 31414 }],
			selector: { name: 'echo-b' },
		}),
		service('echo-b-headless', 'services', {
			type: 'ClusterIP',
			clusterIP: 'None',
			ports: [http],
			selector: { name: 'echo-b' },
		}),
		service('echo-b-host-headless', 'services', {
			type: 'ClusterIP',
			clusterIP: 'None',
			ports: [],
			selector: { name: 'echo-b-host' },
		}),
		policy('pod-to-a-denied-cnp', dns(false)),
		policy('pod-to-a-allowed-cnp', [
			{
				toEndpoints: [{ matchLabels: { name: 'echo-a' } }],
				toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }],
			},
			...dns(false),
		]),
		policy(
			'pod-to-external-fqdn-allow-google-cnp',
			[{ toFQDNs: [{ matchPattern: '*.google.com' }] }, ...dns(true)],
			'external',
		),
	];
}

/** JSON is YAML: one document an object. */
export const connectivityCheck = (): string =>
	objects()
		.map((object) => `---\n${JSON.stringify(object, null, 2)}\n`)
		.join('');
