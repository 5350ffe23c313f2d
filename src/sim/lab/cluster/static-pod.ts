/** Pods from files on a node: what the file says, and what the API is told of it (pkg/kubelet/config, pkg/kubelet/pod/mirror_client.go @ v1.24.0). */
import { type ApiServer, isRecord } from '../../api/index.ts';
import { type Node, one } from './kinds.ts';
import type { StaticPod } from './machine.ts';
import { hashName } from './names.ts';

const MIRROR = /^kubernetes\.io\/config\./;

/** The file of a static pod, as kubeadm wrote it. */
export function manifestText({ apiVersion, kind, metadata, spec }: StaticPod): { readonly [key: string]: unknown } {
	const annotations = Object.entries((metadata.annotations ?? {}) as Record<string, string>).filter(
		([key]) => !MIRROR.test(key),
	);
	const node = String(spec.nodeName ?? '');
	const { nodeName: _node, tolerations: _tolerations, ...own } = spec;
	return {
		apiVersion,
		kind,
		metadata: {
			...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
			creationTimestamp: null,
			...(metadata.labels ? { labels: metadata.labels } : {}),
			name: metadata.name.endsWith(`-${node}`) ? metadata.name.slice(0, -node.length - 1) : metadata.name,
			namespace: metadata.namespace ?? 'default',
		},
		spec: own,
		status: {},
	};
}

/** The pod a kubelet makes of a file; undefined when the file is no pod. */
export function staticPodOf(file: unknown, node: string, api: ApiServer): StaticPod | undefined {
	if (!isRecord(file) || file.kind !== 'Pod' || !isRecord(file.metadata) || !isRecord(file.spec)) return undefined;
	const { name, namespace = 'default', labels, annotations } = file.metadata;
	if (typeof name !== 'string' || !Array.isArray(file.spec.containers)) return undefined;
	const owner = one<Node>(api, 'nodes', undefined, node);
	const hash = hashName(file);
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			name: `${name}-${node}`,
			namespace: String(namespace),
			annotations: {
				...(isRecord(annotations) ? annotations : {}),
				'kubernetes.io/config.hash': hash,
				'kubernetes.io/config.mirror': hash,
				'kubernetes.io/config.source': 'file',
			},
			...(isRecord(labels) ? { labels } : {}),
			...(owner
				? {
						ownerReferences: [
							{ apiVersion: 'v1', kind: 'Node', name: node, uid: owner.metadata.uid, controller: true },
						],
					}
				: {}),
		},
		spec: { ...file.spec, nodeName: node, tolerations: [{ effect: 'NoExecute', operator: 'Exists' }] },
	};
}
