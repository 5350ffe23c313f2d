/**
 * Claims of a StatefulSet's pods: one for each template and pod, which stay when the pod goes unless the policy says
 * otherwise; what goes with whom is told to the garbage collector by owner references.
 *
 * Source: kubernetes pkg/controller/statefulset/stateful_{pod_control,set_utils}.go @ v1.24.0; the policy is on by
 * default from 1.27 (StatefulSetAutoDeletePVC).
 */
import type { ClusterContext } from '../../cluster/context.ts';
import { type ObjectView, one, type Pod, same } from '../../cluster/kinds.ts';
import { minorOf } from '../../machine/node-images.ts';
import { inRange, ordinalOf, type StatefulSet } from './types.ts';

const SOURCE = { component: 'statefulset-controller' };

export const claimName = (template: string, set: StatefulSet, ordinal: number): string =>
	`${template}-${set.metadata.name}-${ordinal}`;

/** Makes the claims a pod lacks; answers why one of them could not be made. */
export function ensureClaims(cluster: ClusterContext, set: StatefulSet, ordinal: number): string | undefined {
	const { api, record } = cluster;
	const { name: owner, namespace } = set.metadata;
	for (const { metadata, spec } of set.spec.volumeClaimTemplates ?? []) {
		const name = claimName(metadata.name, set, ordinal);
		if (one(api, 'persistentvolumeclaims', namespace, name)) continue;
		const made = api.create({
			apiVersion: 'v1',
			kind: 'PersistentVolumeClaim',
			metadata: { ...metadata, name, namespace, labels: { ...metadata.labels, ...set.spec.selector.matchLabels } },
			spec,
		} as never);
		const text = `create Claim ${name} Pod ${owner}-${ordinal} in StatefulSet ${owner}`;
		if (made.error) {
			record.record(SOURCE, set, 'Warning', 'FailedCreate', `${text} failed error: ${made.error.message}`);
			return made.error.message;
		}
		record.record(SOURCE, set, 'Normal', 'SuccessfulCreate', `${text} success`);
	}
	return undefined;
}

/** Writes into the claims of pods who takes them along: the set, or the pod that is scaled away. */
export function ownClaims(cluster: ClusterContext, set: StatefulSet, pods: readonly Pod[]): void {
	const { api } = cluster;
	const policy = set.spec.persistentVolumeClaimRetentionPolicy;
	if (minorOf(api.version) < 27 || !policy) return;
	for (const pod of pods) {
		const ordinal = ordinalOf(pod);
		const withPod = policy.whenScaled === 'Delete' && !inRange(set, ordinal);
		const withSet = policy.whenDeleted === 'Delete' && !withPod;
		for (const { metadata } of set.spec.volumeClaimTemplates ?? []) {
			const name = claimName(metadata.name, set, ordinal);
			const claim = one<ObjectView>(api, 'persistentvolumeclaims', set.metadata.namespace, name);
			if (!claim) continue;
			const before = claim.metadata.ownerReferences ?? [];
			const others = before.filter(({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid);
			const owner = ({ apiVersion, kind, metadata: { name: ownerName, uid } }: ObjectView) => ({
				apiVersion,
				kind,
				name: ownerName,
				uid,
				controller: true,
				blockOwnerDeletion: true,
			});
			const after = [...others, ...(withSet ? [owner(set)] : []), ...(withPod ? [owner(pod)] : [])];
			if (!same(before, after))
				api.update({ ...claim, metadata: { ...claim.metadata, ownerReferences: after } } as never);
		}
	}
}
