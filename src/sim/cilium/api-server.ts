/**
 * Whether an agent finds the API server. It asks at k8sServiceHost and k8sServicePort, or, untold, at the environment
 * every pod is given: the ClusterIP of `kubernetes`. cilium-agent/daemonset.yaml and pkg/k8s/client @ v1.12.1, v1.18.0.
 */
import { formatIp, type Ip } from '../wire/index.ts';

/** Port of an API server on its node, and of its Service. */
const API_PORT = '6443';
const SERVICE_PORT = '443';

export interface ApiServers {
	/** Nodes of the control plane; none: the API server is elsewhere, by whatever name, and found there. */
	readonly nodes: readonly { readonly name: string; readonly internalIP: Ip }[];
	/** Of the `kubernetes` Service. */
	readonly clusterIP: Ip | undefined;
	/** Whether somebody translates that before agents run: kube-proxy, or the rules it left. */
	readonly translated: boolean;
}

export const findsApiServer = (
	{ k8sServiceHost: host, k8sServicePort: port = API_PORT }: Readonly<Record<string, string>>,
	{ nodes, clusterIP, translated }: ApiServers,
): boolean => {
	if (!host) return translated;
	if (clusterIP !== undefined && host === formatIp(clusterIP)) return translated && port === SERVICE_PORT;
	if (nodes.length === 0) return true;
	return port === API_PORT && nodes.some(({ name, internalIP }) => host === name || host === formatIp(internalIP));
};
