import { describe, expect, it } from 'vitest';
import type { ApiObject } from '../../../../src/sim/api/index.ts';
import { rulesetOf } from '../../../../src/sim/world/index.ts';
import {
	cells,
	clusterOf,
	config,
	connect,
	create,
	echo,
	events,
	FOUR,
	get,
	installCilium,
	list,
	MINUTE,
	NATIVE,
	newLab,
	pass,
	record,
	remove,
	SECOND,
} from './helpers.ts';

const noProxy = config(FOUR, { disableDefaultCNI: true, kubeProxyMode: 'none' });
const KPR = { ...NATIVE, kubeProxyReplacement: 'strict' } as const;
const API = { k8sServiceHost: 'basic-control-plane', k8sServicePort: 6443 } as const;

/** Conditions and phases, as far as the story goes. */
const story = (object: ApiObject): string | undefined => {
	const status = object.status as
		| { conditions?: { type: string; status: string }[]; phase?: string; containerStatuses?: { ready: boolean }[] }
		| undefined;
	if (object.kind === 'Node')
		return status?.conditions?.find((c) => c.type === 'Ready')?.status === 'True' ? 'Ready' : 'NotReady';
	if (object.kind === 'CustomResourceDefinition' || object.kind === 'CiliumNode') return 'there';
	if (object.kind !== 'Pod' || !/^(cilium-[a-z0-9]{5}|coredns-)/.test(object.metadata.name)) return undefined;
	return `${status?.phase ?? 'Pending'}${status?.containerStatuses?.some((c) => c.ready) ? ', ready' : ''}`;
};

/** The first line about each of some things, without its time. */
const order = (lines: readonly string[], ...patterns: RegExp[]): number[] =>
	patterns.map((pattern) => lines.findIndex((line) => pattern.test(line)));

const agentOf = (cluster: ReturnType<typeof clusterOf>, node: string): ApiObject =>
	list(cluster, 'pods', 'kube-system').find(
		(p) => p.metadata.labels?.['k8s-app'] === 'cilium' && p.spec?.nodeName === node,
	)!;

describe('Cilium 1.12 beside kube-proxy', () => {
	const lab = newLab();
	const cluster = clusterOf(lab);
	pass(lab, 10 * SECOND);
	const lines = record(lab, cluster, story);
	installCilium(cluster, { ...NATIVE, kubeProxyReplacement: 'disabled' });
	pass(lab, 3 * MINUTE);

	it('makes nodes Ready, and then CoreDNS runs', () => {
		const [crd, node, ciliumNode, agent, dns] = order(
			lines,
			/CustomResourceDefinition ciliumnodes/,
			/Node basic-worker: Ready/,
			/CiliumNode basic-worker: there/,
			/Pod kube-system\/cilium-\w{5}: Running, ready/,
			/Pod kube-system\/coredns-.*: Running, ready/,
		) as [number, number, number, number, number];
		// In 1.12 the container's start hook writes the network configuration, before the agent is ready.
		expect(node).toBeLessThan(agent);
		expect(crd).toBeLessThan(ciliumNode);
		expect(ciliumNode).toBeLessThan(agent);
		expect(node).toBeLessThan(dns);
		expect(cells(cluster, 'daemonsets', 'kube-system', 'Name', 'Desired', 'Ready', 'Up-to-date')).toEqual([
			'cilium 4 4 4',
			'kube-proxy 4 4 4',
		]);
		expect(cells(cluster, 'deployments', 'kube-system', 'Name', 'Ready')).toEqual([
			'cilium-operator 2/2',
			'coredns 2/2',
		]);
	});

	it('gives pods addresses of their node, a CiliumEndpoint each, and one identity to like pods', () => {
		const pods = list(cluster, 'pods', 'kube-system').filter((p) => p.metadata.name.startsWith('coredns'));
		for (const pod of pods) {
			const cidr = String(get(cluster, 'nodes', undefined, String(pod.spec!.nodeName))!.spec!.podCIDR);
			expect(String(pod.status!.podIP).split('.').slice(0, 3)).toEqual(cidr.split('.').slice(0, 3));
		}
		const endpoints = list(cluster, 'ciliumendpoints', 'kube-system');
		expect(endpoints.map((e) => e.metadata.name)).toEqual(pods.map((p) => p.metadata.name));
		const identities = endpoints.map((e) => (e.status!.identity as { id: number }).id);
		expect(new Set(identities).size).toBe(1);
		const identity = get(cluster, 'ciliumidentities', undefined, String(identities[0]))!;
		expect(identity['security-labels']).toMatchObject({
			'k8s:io.cilium.k8s.policy.cluster': 'default',
			'k8s:io.cilium.k8s.policy.serviceaccount': 'coredns',
			'k8s:io.kubernetes.pod.namespace': 'kube-system',
			'k8s:k8s-app': 'kube-dns',
		});
	});

	it('the operator says of nodes that their network is there', () => {
		const conditions = get(cluster, 'nodes', undefined, 'basic-worker')!.status!.conditions as unknown as Record<
			string,
			string
		>[];
		expect(conditions.find((c) => c.type === 'NetworkUnavailable')).toMatchObject({
			status: 'False',
			reason: 'CiliumIsUp',
			message: 'Cilium is running on this node',
		});
		expect(get(cluster, 'leases', 'kube-system', 'cilium-operator-resource-lock')).toBeDefined();
	});

	it('packets reach a pod through every node, with the rules of kube-proxy', () => {
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		const answers = [2, 3, 4, 5].map((n) => connect(cluster, 'host', `172.18.0.${n}:32017`));
		expect(answers.map((a) => a.result)).toEqual(Array(4).fill('connected'));
		expect(answers.every((a) => a.server?.startsWith('echo-'))).toBe(true);
		expect(
			[...rulesetOf(cluster.world(), 'basic-worker').nat!.chains.keys()].some((c) => c.startsWith('KUBE-SVC-')),
		).toBe(true);
		expect(cluster.world().scenario.bundles[0]).toMatchObject({
			cni: 'cilium',
			cilium: '1.12.1',
			kubernetes: '1.24.0',
		});
	});

	it('agents read cilium-config when they start, and only then', () => {
		const map = get(cluster, 'configmaps', 'kube-system', 'cilium-config') as ApiObject & {
			data: Record<string, string>;
		};
		cluster.api.update({ ...map, data: { ...map.data, debug: 'true' } });
		pass(lab, MINUTE);
		expect(cluster.agents().map((a) => a.config.debug)).toEqual(Array(4).fill('false'));
		remove(cluster, 'pods', 'kube-system', agentOf(cluster, 'basic-worker').metadata.name);
		pass(lab, MINUTE);
		expect(cluster.agents().map((a) => `${a.node} ${a.config.debug}`)).toEqual([
			'basic-control-plane false',
			'basic-worker true',
			'basic-worker2 false',
			'basic-worker3 false',
		]);
	});

	it('an agent that comes back finds the pods that were there', () => {
		const before = cluster.agents().flatMap((a) => a.endpoints.map((e) => `${e.pod} ${e.ip} ${e.id}`));
		for (const node of ['basic-worker', 'basic-worker2', 'basic-worker3', 'basic-control-plane'])
			remove(cluster, 'pods', 'kube-system', agentOf(cluster, node).metadata.name);
		pass(lab, MINUTE);
		expect(cluster.agents().map((a) => a.state)).toEqual(Array(4).fill('ready'));
		expect(cluster.agents().flatMap((a) => a.endpoints.map((e) => `${e.pod} ${e.ip} ${e.id}`))).toEqual(before);
		expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
	});
});

describe('Cilium without kube-proxy', () => {
	it('that was not told where the API server is never gets there', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, noProxy);
		installCilium(cluster, KPR);
		// A kubelet tells 25 things of a pod, most of them startup probes here, and then one every five minutes.
		pass(lab, 12 * MINUTE);
		const agent = agentOf(cluster, 'basic-worker');
		const [status] = agent.status!.containerStatuses as unknown as { restartCount: number; ready: boolean }[];
		expect(status!.ready).toBe(false);
		expect(status!.restartCount).toBeGreaterThan(2);
		expect(cluster.agents()).toEqual([]);
		expect(events(cluster, 'kube-system', new RegExp(agent.metadata.name))).toContain(
			'Warning BackOff: Back-off restarting failed container',
		);
		const log = cluster.logs('kube-system', agent.metadata.name, 'cilium-agent', true).map((l) => l.text);
		expect(log).toContain(
			'level=info msg="Establishing connection to apiserver" host="https://10.96.0.1:443" subsys=k8s',
		);
		expect(log.at(-1)).toMatch(
			/^level=fatal msg="Unable to initialize Kubernetes subsystem" error=.*dial tcp 10\.96\.0\.1:443: i\/o timeout/,
		);
		// The start hook has made the node Ready all the same; its pods find no agent.
		expect(cells(cluster, 'nodes', undefined, 'Status')).toEqual(Array(4).fill('Ready'));
		expect(events(cluster, 'kube-system', /^coredns/).join('\n')).toMatch(
			/FailedCreatePodSandBox: Failed to create pod sandbox: .* unable to connect to Cilium daemon: failed to create cilium agent client after 30\.000000 seconds timeout/,
		);
	});

	it('that was told serves NodePorts by itself', () => {
		const lab = newLab();
		const cluster = clusterOf(lab, noProxy);
		installCilium(cluster, { ...KPR, ...API });
		pass(lab, 2 * MINUTE);
		create(cluster, echo(1));
		pass(lab, 20 * SECOND);
		expect([2, 3, 4, 5].map((n) => connect(cluster, 'host', `172.18.0.${n}:32017`).result)).toEqual(
			Array(4).fill('connected'),
		);
		expect(cluster.world().settings.kubeProxy).toBe('none');
		// What the kubelet has of its own (1.24).
		const chains = [...rulesetOf(cluster.world(), 'basic-worker').nat!.chains.keys()].filter((c) =>
			c.startsWith('KUBE-'),
		);
		expect(chains).not.toContain('KUBE-SERVICES');
	});
});

describe('kube-proxy deleted by hand', () => {
	const lab = newLab();
	const cluster = clusterOf(lab);
	installCilium(cluster, { ...KPR, ...API });
	pass(lab, 2 * MINUTE);
	create(cluster, echo(1));
	pass(lab, 20 * SECOND);
	const services = (): number =>
		[...rulesetOf(cluster.world(), 'basic-worker').nat!.chains.keys()].filter((c) => c.startsWith('KUBE-SVC-')).length;
	const before = services();

	it('leaves its rules as they were', () => {
		remove(cluster, 'daemonsets', 'kube-system', 'kube-proxy');
		pass(lab, 30 * SECOND);
		expect(cells(cluster, 'daemonsets', 'kube-system', 'Name')).toEqual(['cilium']);
		expect(cluster.nodes().map((n) => n.proxyRules)).toEqual(Array(4).fill('stale'));
		create(cluster, [
			{
				apiVersion: 'v1',
				kind: 'Service',
				metadata: { name: 'late' },
				spec: { selector: { app: 'echo' }, ports: [{ port: 8080 }] },
			},
		]);
		pass(lab, 10 * SECOND);
		expect(services()).toBe(before);
		expect(connect(cluster, 'host', '172.18.0.2:32017').result).toBe('connected');
	});

	it('does not come back by itself', () => {
		pass(lab, 10 * MINUTE);
		expect(cells(cluster, 'daemonsets', 'kube-system', 'Name')).toEqual(['cilium']);
	});
});

describe('a config the agent refuses', () => {
	it('ends it with the reason, and an agent that runs on another node goes on', () => {
		const lab = newLab();
		const cluster = clusterOf(lab);
		installCilium(cluster, { ...NATIVE, kubeProxyReplacement: 'disabled' });
		pass(lab, 2 * MINUTE);
		const map = get(cluster, 'configmaps', 'kube-system', 'cilium-config') as ApiObject & {
			data: Record<string, string>;
		};
		const { 'ipv4-native-routing-cidr': _, ...data } = map.data;
		cluster.api.update({ ...map, data });
		remove(cluster, 'pods', 'kube-system', agentOf(cluster, 'basic-worker').metadata.name);
		pass(lab, MINUTE);
		const agent = agentOf(cluster, 'basic-worker');
		const log = cluster.logs('kube-system', agent.metadata.name, 'cilium-agent', true).map((l) => l.text);
		expect(log.at(-1)).toContain('native routing cidr must be configured with option --ipv4-native-routing-cidr');
		expect(cluster.agents().map((a) => a.state)).toEqual(['ready', 'gone', 'ready', 'ready']);
	});
});

describe('Cilium 1.18 with its defaults', () => {
	it('takes pod CIDRs from the operator, out of 10.0.0.0/8, and tunnels', () => {
		const lab = newLab({ kind: 'v0.29.0', kernel: '6.8.0-31-generic' });
		const cluster = clusterOf(lab);
		installCilium(cluster, {}, '1.18.3');
		pass(lab, 3 * MINUTE);
		const cidrs = list(cluster, 'ciliumnodes').map((n) => String((n.spec!.ipam as { podCIDRs: string[] }).podCIDRs));
		expect([...cidrs].sort()).toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24']);
		expect(cells(cluster, 'pods', 'kube-system', 'IP').filter((ip) => ip.startsWith('10.0.')).length).toBeGreaterThan(
			1,
		);
		create(cluster, echo(2));
		pass(lab, 20 * SECOND);
		const pods = list(cluster, 'pods', 'default');
		const [one, two] = pods.map((p) => p.metadata.name);
		expect(pods[0]!.spec!.nodeName).not.toBe(pods[1]!.spec!.nodeName);
		const across = connect(cluster, `pod/default/${one}`, `${String(pods[1]!.status!.podIP)}:8080`);
		expect(across.server).toBe(two);
		expect(across.hops.some((hop) => hop.inner !== undefined)).toBe(true);
	});
});
