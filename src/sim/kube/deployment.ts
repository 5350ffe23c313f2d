/** Deployment and ReplicaSet controllers in one: the pods a Deployment asks for. */
import { fnv32a, nameSuffix, type Random, safeEncode } from './chance.ts';
import type { Deployment, Pod } from './objects.ts';
import { compare } from './store.ts';

/** Label the controller adds to tell generations of a template apart. */
export const POD_TEMPLATE_HASH = 'pod-template-hash';

/**
 * The hash in a pod's name. Real ones are FNV-1a over a Go dump of the whole template (controller.ComputeHash),
 * which we do not have; ours is FNV-1a over the template's fields in order, with the same encoding.
 */
export const podTemplateHash = (template: Deployment['template']): string => {
	const pairs = (record: Readonly<Record<string, string>> | undefined): string =>
		Object.entries(record ?? {})
			.sort(([a], [b]) => compare(a, b))
			.map(([key, value]) => `${key}=${value}`)
			.join(',');
	const ports = template.ports.map((port) => `${port.name ?? ''}:${port.containerPort}/${port.protocol}`).join(',');
	return safeEncode(String(fnv32a(`${pairs(template.labels)}|${ports}|${pairs(template.nodeSelector)}`)));
};

/** What to create and what to delete so that the Deployment has its replicas. */
export interface Reconciled {
	readonly create: readonly Pod[];
	readonly remove: readonly Pod[];
}

/**
 * Compares a Deployment with its pods (`pods`: all pods of its namespace). New pods are neither scheduled nor
 * ready. To scale down, pods go in the order of the ReplicaSet controller: unscheduled first, then not ready,
 * then those on the node with the most, then the newest.
 */
export const reconcileDeployment = (
	deployment: Deployment,
	pods: readonly Pod[],
	options: { readonly now: number; readonly random: Random },
): Reconciled => {
	const { name, namespace } = deployment.metadata;
	const hash = podTemplateHash(deployment.template);
	const owned = pods.filter((pod) => pod.metadata.owner === name && pod.metadata.namespace === namespace);
	const live = owned.filter((pod) => pod.metadata.deletionTimestamp === undefined);
	const current = live.filter((pod) => pod.metadata.labels[POD_TEMPLATE_HASH] === hash);
	const old = live.filter((pod) => pod.metadata.labels[POD_TEMPLATE_HASH] !== hash);
	if (current.length > deployment.replicas) {
		const onNode = new Map<string, number>();
		for (const pod of current) onNode.set(pod.nodeName ?? '', (onNode.get(pod.nodeName ?? '') ?? 0) + 1);
		const order = [...current].sort(
			(a, b) =>
				Number(a.nodeName !== undefined) - Number(b.nodeName !== undefined) ||
				Number(a.ready) - Number(b.ready) ||
				onNode.get(b.nodeName ?? '')! - onNode.get(a.nodeName ?? '')! ||
				b.metadata.creationTimestamp - a.metadata.creationTimestamp ||
				compare(b.metadata.name, a.metadata.name),
		);
		return { create: [], remove: [...old, ...order.slice(0, current.length - deployment.replicas)] };
	}
	const names = new Set(owned.map((pod) => pod.metadata.name));
	const create: Pod[] = [];
	for (let i = 0; create.length < deployment.replicas - current.length; i++) {
		const podName = `${name}-${hash}-${nameSuffix(options.random, 'pod', `${namespace}/${name}/${hash}/${i}`)}`;
		if (names.has(podName)) continue;
		names.add(podName);
		create.push({
			kind: 'Pod',
			metadata: {
				name: podName,
				namespace,
				labels: { ...deployment.template.labels, [POD_TEMPLATE_HASH]: hash },
				uid: `${namespace}/${podName}`,
				creationTimestamp: options.now,
				owner: name,
			},
			hostNetwork: false,
			ready: false,
			serving: false,
			ports: deployment.template.ports,
			...(deployment.template.nodeSelector ? { nodeSelector: deployment.template.nodeSelector } : {}),
		});
	}
	return { create, remove: old };
};
