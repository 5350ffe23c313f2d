/** Programs of nodes, which no pod's manifest declares, and names of programs at ports. */
import type { CiliumAgentState, Cluster, Lab } from '../../sim/lab/index.ts';
import { hashText } from '../../sim/linux/index.ts';
import type { Ip } from '../../sim/wire/index.ts';
import type { Answer, HttpRequest } from './http.ts';
import { healthCheckPorts, isEligible, proxyHealth, proxyMinor } from './service-health.ts';

/** A program of a node itself, or a port of a pod's program that its image does not tell of. */
export interface NodeProcess {
	readonly name: string;
	readonly protocol: 'tcp' | 'udp';
	/** 0 for every address. */
	readonly ip: Ip;
	readonly port: number;
	/** A wildcard of Go's: a socket of IPv6 that takes both. */
	readonly dual?: boolean;
	readonly tls?: boolean;
	/** Nothing where it does not speak HTTP. */
	readonly answer: (request: HttpRequest) => Answer | undefined;
}

const LOCALHOST: Ip = 0x7f000001;
/** Docker's name server within a container's network. */
const DOCKER_DNS: Ip = 0x7f00000b;

export const ok =
	(paths: Readonly<Record<string, string>>) =>
	(request: HttpRequest): Answer => {
		const body = paths[request.path];
		return body === undefined
			? { status: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' }
			: { status: 200, type: 'text/plain; charset=utf-8', body };
	};

/** pkg/health/probe/responder/responder.go @ v1.12.1. */
export const HEALTH_PORT = 4240;
export const HELLO = ok({ '/hello': '' });

/** cmd/kube-proxy/app/server.go @ v1.24.0: what it serves at 10249, and what it would serve. */
const PROXY = (request: HttpRequest): Answer =>
	/^\/(?:metrics|configz|debug\/pprof\/?.*)$/.test(request.path)
		? {
				status: 501,
				type: 'text/plain; charset=utf-8',
				body: `the simulator's kube-proxy has no ${request.path}: it has /healthz and /proxyMode\n`,
			}
		: ok({ '/healthz': 'ok', '/proxyMode': 'iptables' })(request);

/** kube-proxy's two ports: 10249 tells of its mode, 10256 whether it keeps its node's rules. */
export function proxyAnswer(
	{ cluster, lab, node, since }: { cluster: Cluster; lab: Lab; node: string; since: number },
	port: number,
	request: HttpRequest,
): Answer {
	const machine = cluster.nodes().find(({ name }) => name === node);
	if (port !== 10256 || !machine) return PROXY(request);
	const at = { now: lab.epoch * 1e6 + lab.now, since: lab.now - since };
	return proxyHealth(proxyMinor(cluster, machine) ?? 24, request.path, at, isEligible(cluster, node));
}

export const unauthorized = (): Answer => ({ status: 401, type: 'text/plain; charset=utf-8', body: 'Unauthorized' });

const silent = (): undefined => undefined;
const nothing = ok({});

/** A port the kernel chose once for a program: the same as long as the lab is. */
const chosenPort = (cluster: Cluster, what: string): number =>
	32_768 + (hashText(37, `${cluster.name} ${what}`) % 28_231);

/**
 * Programs on a node that no pod's image tells of: kubelet (pkg/cluster/ports @ v1.24.0), containerd's streaming server and
 * Docker's name server (moby libnetwork/resolver.go), etcd's other ports (kubeadm app/phases/etcd/local.go @ v1.24.0), Cilium's
 * agent (healthz 9879, gops 9890, Hubble 4244, cilium-health 4240) and operator (API 9234, gops 9891).
 */
export function nodeProcesses(cluster: Cluster, node: string): readonly NodeProcess[] {
	const machine = cluster.nodes().find((m) => m.name === node);
	if (!machine?.running || machine.role === 'external-load-balancer') return [];
	const own = machine.ip ?? 0;
	const runs = (image: RegExp): boolean => cluster.running().some((c) => c.node === node && image.test(c.image));
	const here = (
		name: string,
		ip: Ip,
		port: number,
		answer: NodeProcess['answer'] = nothing,
		more: Partial<NodeProcess> = {},
	): NodeProcess => ({ name, protocol: 'tcp', ip, port, answer, ...(ip === 0 ? { dual: true } : {}), ...more });
	const resolver = chosenPort(cluster, `${node} resolver`);
	const out: NodeProcess[] = [
		here('kubelet', LOCALHOST, 10248, ok({ '/healthz': 'ok' })),
		here('kubelet', 0, 10250, unauthorized, { tls: true }),
		here('containerd', LOCALHOST, chosenPort(cluster, `${node} containerd`)),
		here('', DOCKER_DNS, resolver, silent),
		here('', DOCKER_DNS, resolver, silent, { protocol: 'udp' }),
	];
	if (runs(/\/etcd:/)) {
		out.push(here('etcd', own, 2380, silent, { tls: true }));
		out.push(here('etcd', LOCALHOST, 2381, ok({ '/health': '{"health":"true","reason":""}' })));
	}
	if (runs(/\/operator[a-z-]*:/)) {
		out.push(here('cilium-operator', LOCALHOST, 9234, ok({ '/healthz': 'ok', '/readyz': 'ok' })));
		out.push(here('cilium-operator', LOCALHOST, 9891, silent));
	}
	const agent = cluster.agents().find((a) => a.node === node && a.state === 'ready');
	if (agent) {
		out.push(here('cilium-agent', LOCALHOST, 9879, ok({ '/healthz': 'ok' })));
		out.push(here('cilium-agent', LOCALHOST, 9890, silent));
		if (agent.config['enable-hubble'] === 'true') out.push(here('cilium-agent', 0, 4244, nothing, { tls: true }));
		const metrics = /^:(\d+)$/.exec(agent.config['prometheus-serve-addr'] ?? '')?.[1];
		if (metrics !== undefined)
			out.push(
				here('cilium-agent', 0, Number(metrics), (request) =>
					ok({ '/metrics': agentMetrics(cluster, agent) })(request),
				),
			);
		out.push(here('cilium-agent', own, HEALTH_PORT, HELLO));
	}
	for (const { owner, port, answer } of healthCheckPorts(cluster, machine)) out.push(here(owner, 0, port, answer));
	return out;
}

/** Metrics of an agent that the lab can tell (pkg/metrics/metrics.go @ v1.12). */
function agentMetrics(cluster: Cluster, agent: CiliumAgentState): string {
	const gauge = (name: string, help: string, lines: readonly string[]): string =>
		`# HELP cilium_${name} ${help}\n# TYPE cilium_${name} gauge\n${lines.map((line) => `cilium_${name}${line}\n`).join('')}`;
	const ready = agent.endpoints.length;
	return [
		gauge('endpoint', 'Number of endpoints managed by this agent', [` ${ready}`]),
		gauge('endpoint_state', 'Count of all endpoints, tagged by different endpoint states', [
			`{endpoint_state="ready"} ${ready}`,
		]),
		gauge('nodes_all_num', 'Number of nodes managed', [
			`{source_cluster="default",source_node_name="${agent.node}"} ${cluster.agents().length}`,
		]),
		gauge('unreachable_nodes', 'Number of nodes that cannot be reached', [
			`{source_cluster="default",source_node_name="${agent.node}"} ${cluster.nodes().filter((n) => !n.running).length}`,
		]),
		gauge('version', 'Cilium version', [`{version="${agent.version}"} 1`]),
	].join('');
}

/** Name of the program at a port of a namespace, for `ss -p`: kubelet, nginx, coredns. */
export function programName(owner: string, image: string | undefined): string {
	if (image === undefined) return owner.slice(0, 15);
	const last = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '');
	return last === 'cilium' ? 'cilium-agent' : last.slice(0, 15);
}
