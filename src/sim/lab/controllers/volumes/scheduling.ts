/** Volumes in the scheduler's way (pkg/scheduler/framework/plugins/volumebinding @ v1.24.0). */
import type { ClusterContext } from '../../cluster/context.ts';
import { all, type Node, one, type Pod } from '../../cluster/kinds.ts';
import {
	type Claim,
	claimNameOf,
	claimNames,
	claimOf,
	classOf,
	defaultClass,
	isBound,
	isFor,
	isReachable,
	matching,
	notOfPod,
	type PersistentVolume,
	SELECTED_NODE,
} from './objects.ts';

/** Why a pod's claims keep it from every node: this is asked before nodes are looked at (VolumeBinding's PreFilter). */
export function claimRefusal(cluster: ClusterContext, pod: Pod): string | undefined {
	for (const volume of pod.spec.volumes ?? []) {
		const name = claimNameOf(pod, volume);
		if (name === undefined) continue;
		const claim = claimOf(cluster, pod.metadata.namespace, name);
		if (!claim)
			return volume.ephemeral
				? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
				: `persistentvolumeclaim "${name}" not found`;
		if (claim.status?.phase === 'Lost')
			return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`;
		if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`;
		const stranger = volume.ephemeral && notOfPod(pod, claim);
		if (stranger) return stranger;
		if (!isBound(claim) && !waitsForPod(cluster, claim)) return 'pod has unbound immediate PersistentVolumeClaims';
	}
	return undefined;
}

/** Why a pod's volumes keep it from a node; its claims have passed. */
export function volumeRefusal(cluster: ClusterContext, pod: Pod, node: Node): string | undefined {
	for (const name of claimNames(pod)) {
		const claim = claimOf(cluster, pod.metadata.namespace, name);
		if (!claim || !isBound(claim)) continue;
		const volume = one<PersistentVolume>(cluster.api, 'persistentvolumes', undefined, claim.spec.volumeName ?? '');
		if (volume && !isReachable(volume, node)) return 'node(s) had volume node affinity conflict';
	}
	return volumesOn(cluster, pod, node) ? undefined : "node(s) didn't find available persistent volumes to bind";
}

/**
 * What the claims of a pod that are not bound yet get on a node: volumes that are there, or ones that are made
 * (binder.go FindPodVolumes()). Undefined where one of them gets nothing.
 */
function volumesOn(
	cluster: ClusterContext,
	pod: Pod,
	node: Node,
): readonly (readonly [Claim, PersistentVolume | 'made'])[] | undefined {
	const found: [Claim, PersistentVolume | 'made'][] = [];
	for (const name of claimNames(pod)) {
		const claim = claimOf(cluster, pod.metadata.namespace, name);
		if (!claim || isBound(claim)) continue;
		const left = all<PersistentVolume>(cluster.api, 'persistentvolumes').filter((v) => !found.some(([, f]) => f === v));
		// What is being made for one node is waited for there (the fast path).
		const selected = claim.metadata.annotations?.[SELECTED_NODE];
		const own = left.find((v) => isFor(v, claim));
		const volume =
			selected !== undefined
				? selected === node.metadata.name && 'made'
				: own
					? isReachable(own, node) && own
					: (matching(left, claim, node) ?? (canBeMade(cluster, claim, node) && 'made'));
		if (!volume) return undefined;
		found.push([claim, volume]);
	}
	return found;
}

/** Whether somebody makes volumes of a claim's class on a node (binder.go checkVolumeProvisions()). */
function canBeMade(cluster: ClusterContext, claim: Claim, node: Node): boolean {
	const { storageClassName } = claim.spec;
	const own = storageClassName === undefined ? defaultClass(cluster) : classOf(cluster, storageClassName);
	if (!own || own.provisioner === 'kubernetes.io/no-provisioner') return false;
	const { allowedTopologies = [] } = own;
	return (
		allowedTopologies.length === 0 ||
		allowedTopologies.some(({ matchLabelExpressions = [] }) =>
			matchLabelExpressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? '')),
		)
	);
}

/** Of a claim without a class the default one counts: admission gives it that before anybody sees the claim. */
export const waitsForPod = (cluster: ClusterContext, claim: Claim): boolean => {
	const { storageClassName } = claim.spec;
	const own = storageClassName === undefined ? defaultClass(cluster) : classOf(cluster, storageClassName);
	return own?.volumeBindingMode === 'WaitForFirstConsumer';
};

/** Gives a pod's claims volumes of its node, or says where they are wanted. Answers whether all of them are bound. */
export function prepareVolumes(cluster: ClusterContext, pod: Pod, node: Node): boolean {
	const { api } = cluster;
	const found = volumesOn(cluster, pod, node) ?? [];
	for (const [claim, volume] of found) {
		const { namespace, name, uid } = claim.metadata;
		if (volume !== 'made') {
			if (volume.spec.claimRef?.uid === uid) continue;
			const annotations = { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' };
			const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid };
			api.update({
				...volume,
				metadata: { ...volume.metadata, annotations },
				spec: { ...volume.spec, claimRef },
			} as never);
		} else if (claim.metadata.annotations?.[SELECTED_NODE] === undefined)
			api.update({
				...claim,
				metadata: {
					...claim.metadata,
					annotations: { ...claim.metadata.annotations, [SELECTED_NODE]: node.metadata.name },
				},
			} as never);
	}
	return found.length === 0;
}
