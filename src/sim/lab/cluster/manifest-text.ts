/** The file of a static pod, as its node has it (pkg/kubelet/config @ v1.24.0). */
import type { StaticPod } from './machine.ts';

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
