/** What kubeadm's configuration and the cluster's say about a node's labels. */
import { minorOf, type NodeImage } from '../machine/node-images.ts';
import type { KindNode } from './config.ts';

/** `node-labels` of kubeletExtraArgs: a map up to v1beta3, a list of name and value from v1beta4 (Kubernetes 1.31). */
function patchedLabels(patch: string): Readonly<Record<string, string>> {
	const text =
		/\bnode-labels:\s*["']?([^"'\n#]+)/.exec(patch)?.[1] ??
		/\bname:\s*["']?node-labels["']?\s*\n\s*value:\s*["']?([^"'\n#]+)/.exec(patch)?.[1] ??
		'';
	return Object.fromEntries(
		text
			.trim()
			.split(',')
			.filter((pair) => pair.includes('='))
			.map((pair) => {
				const at = pair.indexOf('=');
				return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const;
			}),
	);
}

/** Labels of kind's configuration, of kubeadm's patches, and those kubeadm gives a control plane. */
export function nodeLabels(node: KindNode, image: NodeImage): Readonly<Record<string, string>> {
	const minor = minorOf(image.kubernetes);
	const own = Object.assign({}, node.labels, ...node.kubeadmConfigPatches.map(patchedLabels));
	if (node.role !== 'control-plane') return own;
	return {
		...own,
		'node-role.kubernetes.io/control-plane': '',
		...(minor <= 23 ? { 'node-role.kubernetes.io/master': '' } : {}),
		'node.kubernetes.io/exclude-from-external-load-balancers': '',
	};
}

/** Taints kubeadm gives a control plane; kind takes them away where it is the only node. */
export function controlPlaneTaints(image: NodeImage): readonly { readonly key: string; readonly effect: string }[] {
	const minor = minorOf(image.kubernetes);
	return [
		...(minor <= 24 ? [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }] : []),
		...(minor >= 24 ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : []),
	];
}
