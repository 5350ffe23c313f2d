/**
 * Whether an agent finds the API server. It asks at k8sServiceHost and k8sServicePort, or, untold, at the environment
 * every pod is given: the ClusterIP of `kubernetes`. cilium-agent/daemonset.yaml and pkg/k8s/client @ v1.12.1, v1.18.0.
 */
import { formatIp, type Ip } from '../wire/index.ts';

/** Port of an API server on its node, and of its Service. */
const API_PORT = '6443';
const SERVICE_PORT = '443';

/** Where API servers are. Without a node of the control plane they are elsewhere, and found by whatever name. */
export interface ApiServers {
	readonly nodes: readonly { readonly name: string; readonly internalIP: Ip; readonly controlPlane: boolean }[];
	readonly services: readonly {
		readonly metadata: { readonly namespace: string; readonly name: string };
		readonly clusterIP?: Ip | 'None';
	}[];
}

/** `translated`: somebody translates ClusterIPs before agents run: kube-proxy, or the rules it left. */
export const findsApiServer = (
	{ k8sServiceHost: host, k8sServicePort: port = API_PORT }: Readonly<Record<string, string>>,
	{ nodes, services }: ApiServers,
	translated: boolean,
): boolean => {
	if (!host) return translated;
	const api = services.find(({ metadata: m }) => m.namespace === 'default' && m.name === 'kubernetes')?.clusterIP;
	if (typeof api === 'number' && host === formatIp(api)) return translated && port === SERVICE_PORT;
	const servers = nodes.filter((node) => node.controlPlane);
	if (servers.length === 0) return true;
	return port === API_PORT && servers.some(({ name, internalIP }) => host === name || host === formatIp(internalIP));
};
