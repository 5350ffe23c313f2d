/**
 * kube-scheduler, as far as a packet can tell: which node a pod lands on. Filters are NodeUnschedulable,
 * NodeReady (a taint in life), TaintToleration and NodeAffinity's nodeSelector; the score is the fewest pods
 * (NodeResourcesFit LeastAllocated over equal pods). Where the real one draws lots between equals, the first node
 * by name wins here, so that a scenario is the same every time.
 */
import type { Node, Pod } from './objects.ts';
import { compare } from './store.ts';

/** Whether the pod may run there. Pods of the course tolerate no taint. */
export const fits = (node: Node, nodeSelector: Readonly<Record<string, string>> | undefined): boolean =>
	node.ready &&
	!node.unschedulable &&
	!node.taints.some((taint) => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
	Object.entries(nodeSelector ?? {}).every(([key, value]) => node.metadata.labels[key] === value);

/** Sets `nodeName` of the pods that have none; a pod that fits nowhere stays Pending, that is without. */
export const schedule = (pods: readonly Pod[], nodes: readonly Node[]): readonly Pod[] => {
	const load = new Map<string, number>();
	for (const pod of pods) if (pod.nodeName !== undefined) load.set(pod.nodeName, (load.get(pod.nodeName) ?? 0) + 1);
	const preferNot = (node: Node): number => (node.taints.some((taint) => taint.effect === 'PreferNoSchedule') ? 1 : 0);
	const ordered = [...nodes].sort((a, b) => preferNot(a) - preferNot(b) || compare(a.metadata.name, b.metadata.name));
	return pods.map((pod) => {
		if (pod.nodeName !== undefined) return pod;
		let best: Node | undefined;
		let least = Number.POSITIVE_INFINITY;
		for (const node of ordered) {
			const score = (load.get(node.metadata.name) ?? 0) + preferNot(node) * 1e9;
			if (score < least && fits(node, pod.nodeSelector)) {
				best = node;
				least = score;
			}
		}
		if (!best) return pod;
		const nodeName = best.metadata.name;
		load.set(nodeName, (load.get(nodeName) ?? 0) + 1);
		return { ...pod, nodeName };
	});
};
