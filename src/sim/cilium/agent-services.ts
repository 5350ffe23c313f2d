/** Services as an agent takes them over: into the maps of its nodes. */
import type { Pod, ProxyState } from '../kube/index.ts';
import type { Network } from '../linux/index.ts';
import { type Ip, prefixOf } from '../wire/index.ts';
import type { AgentContext } from './agent-context.ts';
import { ID_KUBE_APISERVER, ID_REMOTE_NODE } from './identity.ts';
import { ipcacheLookup4 } from './maps/ipcache.ts';
import type { HostPort } from './maps/lb-frontends.ts';
import { lbPlan, planOf, syncServiceMaps } from './maps/lb-sync.ts';

/** Addresses behind default/kubernetes, which get the label "kube-apiserver": pkg/k8s/watchers @ v1.12.1. */
const apiServersOf = ({ ports }: ProxyState): ReadonlySet<Ip> =>
	new Set(
		ports.filter(({ name }) => /^default\/kubernetes(:|$)/.test(name)).flatMap((p) => p.endpoints.map(({ ip }) => ip)),
	);

/** Host ports of pods that run: pkg/k8s/watchers/pod.go genServiceMappings() @ v1.12.1. */
const hostPortsOf = (pods: readonly Pod[]): readonly HostPort[] =>
	pods.flatMap(({ nodeName, podIP, hostNetwork, ports }) =>
		ports.flatMap(({ hostPort, hostIP = 0, containerPort, protocol }): HostPort[] =>
			nodeName !== undefined && podIP !== undefined && !hostNetwork && hostPort !== undefined && protocol !== 'SCTP'
				? [{ nodeName, hostIP, hostPort, proto: protocol === 'TCP' ? 6 : 17, podIP, containerPort }]
				: [],
		),
	);

/** Service maps of every node, and which addresses are the API server's. */
export function programServices(
	{ settings, cluster, maps, own, knownTo, nsOf }: AgentContext,
	net: Network,
	state: ProxyState,
	pods: readonly Pod[],
): void {
	const { ipcache } = maps;
	const before =
		own
			.flatMap((node) => nsOf(net, node) ?? [])
			.map(planOf)
			.find(Boolean) ?? cluster.numbers;
	const plan = lbPlan(settings, maps, state, hostPortsOf(pods), before);
	const apiServers = apiServersOf(state);
	for (const node of own) {
		const ns = nsOf(net, node);
		if (!ns) continue;
		syncServiceMaps(ns, plan, { name: node.name, addresses: [node.internalIP] });
		for (const other of knownTo(node)) {
			const known = other.name === node.name ? undefined : ipcacheLookup4(ipcache, ns, other.internalIP);
			const identity = apiServers.has(other.internalIP) ? ID_KUBE_APISERVER : ID_REMOTE_NODE;
			if (known && known.identity !== identity)
				ipcache.update(ns, prefixOf(other.internalIP, 32), { ...known, identity });
		}
	}
}
