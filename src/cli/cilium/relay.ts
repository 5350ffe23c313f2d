/** Hubble Relay as the learner's machine reaches it: by a forwarded port. */
import type { ApiObject } from '../../sim/api/index.ts';
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { localPortAt } from '../local-ports.ts';

/** Where Relay listens in its pod. */
export const RELAY_PORT = 4245;
const LOCALHOST = 0x7f000001;

/** Relay's pod that is ready; undefined without. */
export function relayPod(cluster: Cluster, namespace = 'kube-system'): ApiObject | undefined {
	const pods = cluster.api.find('pods');
	if (!pods) return undefined;
	return cluster.api.list(pods, { namespace, labelSelector: 'k8s-app=hubble-relay' }).find(({ status }) => {
		const conditions = (status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[];
		return conditions.some(({ type, status: on }) => type === 'Ready' && on === 'True');
	});
}

/** The cluster whose Relay answers at a port of localhost, whoever forwards it. */
export function forwardedRelay(lab: Lab, port: number): Cluster | undefined {
	const to = localPortAt(lab, LOCALHOST, port)?.to;
	const pod = to && relayPod(to.cluster, to.namespace);
	return pod && to.port === RELAY_PORT && pod.metadata.name === to.pod ? to.cluster : undefined;
}
