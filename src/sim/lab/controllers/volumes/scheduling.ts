/** Volumes in the scheduler's way (pkg/scheduler/framework/plugins/volumebinding @ v1.24.0). */
import type { ClusterContext } from '../../cluster/context.ts';
import { expressionMatches, type Node, one, type Pod } from '../../cluster/kinds.ts';
import {
	type Claim,
	claimNames,
	claimOf,
	classOf,
	defaultClass,
	isBound,
	type PersistentVolume,
	SELECTED_NODE,
} from './objects.ts';

/** Why a pod's claims keep it from every node: this is asked before nodes are looked at (VolumeBinding's PreFilter). */
export function claimRefusal(cluster: ClusterContext, pod: Pod): string | undefined {
	for (const name of claimNames(pod)) {
		const claim = claimOf(cluster, pod.metadata.namespace, name);
		if (!claim) return `persistentvolumeclaim "${name}" not found`;
		if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
		if (!isBound(claim) && !waitsForPod(cluster, claim)) return 'pod has unbound immediate PersistentVolumeClaims';
	}
	return undefined;
}

/** Why a pod's volumes keep it from a node; its claims have passed. */
export function volumeRefusal(cluster: ClusterContext, pod: Pod, node: Node): string | undefined {
	for (const name of claimNames(pod)) {
		const claim = claimOf(cluster, pod.metadata.namespace, name);
		if (!claim) continue;
		if (isBound(claim)) {
			const volume = one<PersistentVolume>(cluster.api, 'persistentvolumes', undefined, claim.spec.volumeName ?? '');
			const terms = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms;
			const fits =
				!terms?.length ||
				terms.some((t) => (t.matchExpressions ?? []).every((e) => expressionMatches(e, node.metadata.labels ?? {})));
			if (!fits) return 'node(s) had volume node affinity conflict';
			continue;
		}
		// What is being made for one node is waited for there (volumebinding/binder.go FindPodVolumes: the fast path).
		const selected = claim.metadata.annotations?.[SELECTED_NODE];
		if (selected !== undefined && selected !== node.metadata.name)
			return "node(s) didn't find available persistent volumes to bind";
	}
	return undefined;
}

/** Of a claim without a class the default one counts: admission gives it that before anybody sees the claim. */
export const waitsForPod = (cluster: ClusterContext, claim: Claim): boolean => {
	const { storageClassName } = claim.spec;
	const own = storageClassName === undefined ? defaultClass(cluster) : classOf(cluster, storageClassName);
	return own?.volumeBindingMode === 'WaitForFirstConsumer';
};

/** Says of a pod's claims where they are wanted. Answers whether all of them are bound. */
export function prepareVolumes(cluster: ClusterContext, pod: Pod, node: string): boolean {
	let ready = true;
	for (const name of claimNames(pod)) {
		const claim = claimOf(cluster, pod.metadata.namespace, name);
		if (!claim || isBound(claim)) continue;
		ready = false;
		if (claim.metadata.annotations?.[SELECTED_NODE] === node) continue;
		cluster.api.update({
			...claim,
			metadata: { ...claim.metadata, annotations: { ...claim.metadata.annotations, [SELECTED_NODE]: node } },
		} as never);
	}
	return ready;
}
