/**
 * What external load balancers ask a node: whether a service with policy Local has endpoints there, at its health-check node
 * port, and whether kube-proxy keeps its rules, at 10256.
 *
 * Source: kubernetes pkg/proxy/healthcheck/{service_health,proxier_health}.go @ v1.24.0, v1.33.0 (its pull request 118999 and
 * KEP-3836: header and health of the proxy since 1.28; pkg/features KubeProxyDrainingTerminatingNodes: on since 1.30);
 * cilium pkg/service/healthserver/healthserver.go @ v1.12.1 (header since 1.15, its pull request 27017),
 * pkg/loadbalancer/healthserver/healthserver.go @ v1.18.
 */
import { minorOf } from '../../sim/kube/index.ts';
import type { Cluster, NodeMachine } from '../../sim/lab/index.ts';
import { servicesOf, slicesOf } from '../../sim/world/index.ts';
import type { Answer } from './http.ts';

/** Who answers, with its minor. */
export type HealthServer = { readonly proxy: number } | { readonly cilium: number };

interface Named {
	readonly namespace: string;
	readonly name: string;
}

const json = (status: number, headers: readonly string[], body: string): Answer => ({
	status,
	type: 'application/json',
	headers: ['X-Content-Type-Options: nosniff', ...headers],
	body,
});

/** Whatever the path is: how many endpoints of a service are on the node that is asked. */
export function serviceHealth(server: HealthServer, { namespace, name }: Named, count: number): Answer {
	const weight = [`X-Load-Balancing-Endpoint-Weight: ${count}`];
	const status = count > 0 ? 200 : 503;
	const value = { service: { namespace, name }, localEndpoints: count };
	if ('cilium' in server) return json(status, server.cilium >= 15 ? weight : [], `${JSON.stringify(value)}\n`);
	const told = server.proxy >= 28 ? { ...value, serviceProxyHealthy: true } : value;
	return json(status, server.proxy >= 28 ? weight : [], JSON.stringify(told, undefined, '\t'));
}

/**
 * What kube-proxy says of itself at 10256. It has written its rules whenever it runs here, so only its node may be in the way:
 * one that is about to be deleted gets no new connections.
 *
 * @param at microseconds since 1970, and since the process began
 */
export function proxyHealth(
	minor: number,
	path: string,
	at: { readonly now: number; readonly since: number },
	eligible: boolean,
): Answer {
	if (path !== '/healthz' && !(path === '/livez' && minor >= 28))
		return {
			status: 404,
			type: 'text/plain; charset=utf-8',
			headers: ['X-Content-Type-Options: nosniff'],
			body: '404 page not found\n',
		};
	const fits = minor < 30 || eligible;
	const time = `"${written(at.now)} m=+${(at.since / 1e6).toFixed(9)}"`;
	const node = minor >= 28 && path === '/healthz' ? `, "nodeEligible": ${fits}` : '';
	return json(path === '/healthz' && !fits ? 503 : 200, [], `{"lastUpdated": ${time},"currentTime": ${time}${node}}`);
}

/**
 * A time as Go prints it, its fraction without zeros at the end. `cli/kube` has this too, but comes with kubectl, which whoever
 * sends packets need not have.
 */
function written(micros: number): string {
	const seconds = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19).replace('T', ' ');
	const fraction = String(micros % 1e6)
		.padStart(6, '0')
		.replace(/0+$/, '');
	return `${seconds}${fraction && `.${fraction}`} +0000 UTC`;
}

/** Not deleted, and not marked by the cluster autoscaler for that. */
export function isEligible(cluster: Cluster, node: string): boolean {
	const nodes = cluster.api.find('nodes');
	const object = nodes && cluster.api.get(nodes, undefined, node);
	const taints = (object?.spec?.taints ?? []) as readonly { readonly key: string }[];
	return (
		object?.metadata.deletionTimestamp === undefined &&
		!taints.some(({ key }) => key === 'ToBeDeletedByClusterAutoscaler')
	);
}

/** Of kube-proxy's image on a node: 24; undefined where none keeps rules. */
export function proxyMinor(cluster: Cluster, machine: NodeMachine): number | undefined {
	if (machine.proxyRules !== 'live') return undefined;
	const image = cluster.running().find((c) => c.node === machine.name && /\/kube-proxy(?:-\w+)?:/.test(c.image))?.image;
	return minorOf(/:(v[\d.]+)/.exec(image ?? '')?.[1] ?? cluster.api.version);
}

/** Health-check node ports that are open on a node, with what each answers. */
export function healthCheckPorts(
	cluster: Cluster,
	machine: NodeMachine,
): readonly { readonly owner: string; readonly port: number; readonly answer: () => Answer }[] {
	const world = cluster.world();
	const asked = servicesOf(world).filter(
		(s) => s.type === 'LoadBalancer' && s.externalTrafficPolicy === 'Local' && s.healthCheckNodePort !== 0,
	);
	if (asked.length === 0) return [];
	const proxy = proxyMinor(cluster, machine);
	const agent = cluster.agents().find((a) => a.node === machine.name && a.state === 'ready');
	const cilium =
		agent?.settings.nodePort && agent.config['enable-health-check-nodeport'] !== 'false'
			? minorOf(agent.version)
			: undefined;
	const server = proxy !== undefined ? { proxy } : cilium !== undefined ? { cilium } : undefined;
	if (!server) return [];
	return asked.map(({ metadata: { namespace, name }, healthCheckNodePort }) => ({
		owner: proxy !== undefined ? 'kube-proxy' : 'cilium-agent',
		port: healthCheckNodePort,
		answer: () => {
			// kube-proxy counts addresses (endpointsMap.LocalReadyEndpoints), Cilium since 1.18 each port of them.
			const here = new Set<string>();
			for (const slice of slicesOf(world))
				if (slice.metadata.namespace === namespace && slice.service === name)
					for (const { ip, nodeName, ready } of slice.endpoints)
						if (ready && nodeName === machine.name)
							for (const { port, protocol } of cilium !== undefined && proxy === undefined && cilium >= 18
								? slice.ports
								: [{ port: 0, protocol: '' }])
								here.add(`${ip} ${port} ${protocol}`);
			return serviceHealth(server, { namespace, name }, here.size);
		},
	}));
}
