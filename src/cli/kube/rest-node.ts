/**
 * What the API server hands on to a kubelet: `/api/v1/nodes/NAME/proxy/…`, of the pages that the lab has.
 *
 * Source: kubernetes pkg/kubelet/server/server.go (healthz, pods) @ v1.24.0.
 */
import type { Cluster } from '../../sim/lab/index.ts';
import { type RestAnswer, refusal } from './rest-answer.ts';

/** Undefined for pages the lab does not have. */
export function kubeletAt(cluster: Cluster, node: string, path: readonly string[]): RestAnswer | undefined {
	const { api } = cluster;
	const machine = cluster.nodes().find(({ name }) => name === node);
	const addresses = (api.get(api.find('nodes')!, undefined, node)?.status?.addresses ?? []) as readonly {
		readonly type: string;
		readonly address: string;
	}[];
	const ip = addresses.find(({ type }) => type === 'InternalIP')?.address ?? node;
	if (!machine?.running || !machine.kubelet || machine.unreachable !== undefined) {
		const why = machine?.running ? (machine.unreachable ?? 'connect: connection refused') : 'connect: no route to host';
		const message = `error trying to reach service: dial tcp ${ip}:10250: ${why}`;
		return refusal({ code: 503, reason: 'ServiceUnavailable', message });
	}
	const page = path.join('/').replace(/\/$/, '');
	if (page === 'healthz') return { status: 200, text: 'ok' };
	if (page !== 'pods') return undefined;
	const items = api
		.list(api.find('pods')!, { fieldSelector: `spec.nodeName=${node}` })
		.map(({ kind: _, apiVersion: __, ...pod }) => pod);
	return { status: 200, value: { kind: 'PodList', apiVersion: 'v1', metadata: {}, items } };
}
