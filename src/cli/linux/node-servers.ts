/** Programs of nodes, which no pod's manifest declares, and names of programs at ports. */
import type { CiliumAgentState, Cluster } from '../../sim/lab/index.ts';
import type { Ip } from '../../sim/wire/index.ts';
import type { Answer, HttpRequest } from './http.ts';

/** A program of a node itself, which no pod's manifest declares. */
export interface NodeProcess {
	readonly name: string;
	readonly protocol: 'tcp' | 'udp';
	/** 0 for every address. */
	readonly ip: Ip;
	readonly port: number;
	readonly tls?: boolean;
	readonly answer: (request: HttpRequest) => Answer;
}

const LOCALHOST: Ip = 0x7f000001;

export const ok =
	(paths: Readonly<Record<string, string>>) =>
	(request: HttpRequest): Answer => {
		const body = paths[request.path];
		return body === undefined
			? { status: 404, type: 'text/plain; charset=utf-8', body: '404 page not found\n' }
			: { status: 200, type: 'text/plain; charset=utf-8', body };
	};

/** pkg/proxy/healthcheck/proxier_health.go, cmd/kube-proxy/app/server.go @ v1.24.0. */
export const PROXY = ok({ '/healthz': '{"healthy": true}', '/proxyMode': 'iptables' });

const unauthorized = (): Answer => ({ status: 401, type: 'text/plain; charset=utf-8', body: 'Unauthorized' });

/**
 * Programs on a node: ports of kubelet (pkg/cluster/ports @ v1.24.0) and Cilium's agent (health 9879 from 1.12, Hubble 4244, cilium-health 4240).
 */
export function nodeProcesses(cluster: Cluster, node: string): readonly NodeProcess[] {
	const machine = cluster.nodes().find((m) => m.name === node);
	if (!machine?.running || machine.role === 'external-load-balancer') return [];
	const out: NodeProcess[] = [
		{ name: 'kubelet', protocol: 'tcp', ip: LOCALHOST, port: 10248, answer: ok({ '/healthz': 'ok' }) },
		{ name: 'kubelet', protocol: 'tcp', ip: 0, port: 10250, tls: true, answer: unauthorized },
	];
	const agent = cluster.agents().find((a) => a.node === node && a.state === 'ready');
	if (agent) {
		out.push({ name: 'cilium-agent', protocol: 'tcp', ip: LOCALHOST, port: 9879, answer: ok({ '/healthz': 'ok' }) });
		if (agent.config['enable-hubble'] === 'true')
			out.push({ name: 'cilium-agent', protocol: 'tcp', ip: 0, port: 4244, tls: true, answer: ok({}) });
		const metrics = /^:(\d+)$/.exec(agent.config['prometheus-serve-addr'] ?? '')?.[1];
		if (metrics !== undefined)
			out.push({
				name: 'cilium-agent',
				protocol: 'tcp',
				ip: 0,
				port: Number(metrics),
				answer: (request) => ok({ '/metrics': agentMetrics(cluster, agent) })(request),
			});
		out.push({ name: 'cilium-health-responder', protocol: 'tcp', ip: 0, port: 4240, answer: ok({ '/hello': '' }) });
	}
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
