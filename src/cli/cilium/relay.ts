/** Hubble Relay as the learner's machine reaches it: by a port-forward to localhost:4245. */
import type { ApiObject } from '../../sim/api/index.ts';
import type { Cluster, Lab } from '../../sim/lab/index.ts';

/** Clusters whose Relay is forwarded now, in the order it was done. */
const forwarded = new WeakMap<Lab, Cluster[]>();

/** Relay's pod that is ready; undefined without. */
export function relayPod(cluster: Cluster, namespace = 'kube-system'): ApiObject | undefined {
	const pods = cluster.api.find('pods');
	if (!pods) return undefined;
	return cluster.api.list(pods, { namespace, labelSelector: 'k8s-app=hubble-relay' }).find(({ status }) => {
		const conditions = (status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[];
		return conditions.some(({ type, status: on }) => type === 'Ready' && on === 'True');
	});
}

/** Forwards until what it answers is called; undefined when the port is taken. */
export function forwardRelay(lab: Lab, cluster: Cluster): (() => void) | undefined {
	const list = forwarded.get(lab) ?? [];
	forwarded.set(lab, list);
	if (list.length > 0) return undefined;
	list.push(cluster);
	return () => {
		list.splice(list.indexOf(cluster), 1);
	};
}

/** The cluster whose Relay answers at localhost:4245. */
export function forwardedRelay(lab: Lab): Cluster | undefined {
	const cluster = forwarded.get(lab)?.[0];
	return cluster && relayPod(cluster) ? cluster : undefined;
}
