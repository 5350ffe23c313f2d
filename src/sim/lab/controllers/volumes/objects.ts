/** Claims, volumes and classes, as far as the lab reads them. */
import { quantity } from '../../../api/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import {
	all,
	expressionMatches,
	type LabelSelector,
	type Labels,
	type Node,
	type NodeSelectorTerm,
	type ObjectView,
	one,
	type Pod,
	selectorMatches,
	type Volume,
} from '../../cluster/kinds.ts';

export interface Claim extends ObjectView {
	readonly spec: {
		readonly accessModes?: readonly string[];
		readonly resources?: { readonly requests?: Labels };
		readonly storageClassName?: string;
		readonly volumeName?: string;
		readonly volumeMode?: string;
		readonly selector?: LabelSelector;
		readonly [key: string]: unknown;
	};
	readonly status?: { readonly phase?: string; readonly capacity?: Labels; readonly [key: string]: unknown };
}

export interface PersistentVolume extends ObjectView {
	readonly spec: {
		readonly capacity?: Labels;
		readonly accessModes?: readonly string[];
		readonly storageClassName?: string;
		readonly volumeMode?: string;
		readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
		readonly persistentVolumeReclaimPolicy?: string;
		readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] } };
		readonly [key: string]: unknown;
	};
	readonly status?: { readonly phase?: string; readonly [key: string]: unknown };
}

export interface StorageClass extends ObjectView {
	readonly provisioner: string;
	readonly reclaimPolicy?: string;
	readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
	readonly allowedTopologies?: readonly {
		readonly matchLabelExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
	}[];
}

/** Annotation by which the scheduler says where the first pod goes. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

export const claimOf = ({ api }: ClusterContext, namespace: string | undefined, name: string): Claim | undefined =>
	one<Claim>(api, 'persistentvolumeclaims', namespace, name);

export const classOf = ({ api }: ClusterContext, name: string | undefined): StorageClass | undefined =>
	name === undefined || name === '' ? undefined : one<StorageClass>(api, 'storageclasses', undefined, name);

export const defaultClass = ({ api }: ClusterContext): StorageClass | undefined =>
	all<StorageClass>(api, 'storageclasses').find((c) => c.metadata.annotations?.[DEFAULT_CLASS] === 'true');

/** The claim of a pod's volume: one that it names, or the one that is made for it (component-helpers storage/ephemeral). */
export const claimNameOf = (
	pod: Pod,
	volume: {
		readonly name: string;
		readonly persistentVolumeClaim?: { readonly claimName: string };
		readonly ephemeral?: unknown;
	},
): string | undefined =>
	volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined);

/** Names of the claims a pod's volumes are of. */
export const claimNames = (pod: Pod): readonly string[] =>
	(pod.spec.volumes ?? []).flatMap((volume: Volume) => claimNameOf(pod, volume) ?? []);

/** Why a claim with the name of a pod's own volume is not that volume's (VolumeIsForPod()). */
export const notOfPod = (
	pod: Pod,
	{ metadata: { namespace, name, ownerReferences = [] } }: Claim,
): string | undefined =>
	ownerReferences.some(({ uid, controller }) => controller && uid === pod.metadata.uid)
		? undefined
		: `PVC ${namespace}/${name} was not created for pod ${pod.metadata.namespace}/${pod.metadata.name} (pod is not owner)`;

export const isBound = (claim: Claim): boolean => claim.status?.phase === 'Bound';

/** Whether a volume was given to this claim, or is kept for one of its name. */
export const isFor = (
	{ spec: { claimRef } }: PersistentVolume,
	{ metadata: { namespace, name, uid } }: Claim,
): boolean => claimRef?.name === name && claimRef?.namespace === namespace && (claimRef?.uid ?? uid) === uid;

/** Why a volume that a claim asks for by name is not for it (pv_controller.go checkVolumeSatisfyClaim()). */
export function mismatch({ spec }: PersistentVolume, claim: Claim): string | undefined {
	const room = quantity(spec.capacity?.storage) ?? 0;
	const asked = quantity(claim.spec.resources?.requests?.storage) ?? 0;
	if (room < asked) return 'requested PV is too small';
	if ((spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? '')) return 'storageClassName does not match';
	if ((spec.volumeMode ?? 'Filesystem') !== (claim.spec.volumeMode ?? 'Filesystem')) return 'incompatible volumeMode';
	const offered = spec.accessModes ?? [];
	return (claim.spec.accessModes ?? []).every((mode) => offered.includes(mode)) ? undefined : 'incompatible accessMode';
}

/**
 * The smallest volume that nobody has and that is what a claim asks for, on a node if one is named
 * (component-helpers/storage/volume/pv_helpers.go FindMatchingVolume()).
 */
export function matching(
	volumes: readonly PersistentVolume[],
	claim: Claim,
	node?: Node,
): PersistentVolume | undefined {
	const size = (v: PersistentVolume): number => quantity(v.spec.capacity?.storage) ?? 0;
	const { selector } = claim.spec;
	return volumes
		.filter(
			(v) =>
				v.spec.claimRef === undefined &&
				v.status?.phase === 'Available' &&
				v.metadata.deletionTimestamp === undefined &&
				mismatch(v, claim) === undefined &&
				(selector === undefined || selectorMatches(selector, v.metadata.labels)) &&
				(node === undefined || isReachable(v, node)),
		)
		.sort((a, b) => size(a) - size(b))[0];
}

/** Whether a volume may be used on a node. */
export function isReachable({ spec }: PersistentVolume, node: Node): boolean {
	const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
	const { labels = {} } = node.metadata;
	return !terms?.length || terms.some((t) => (t.matchExpressions ?? []).every((e) => expressionMatches(e, labels)));
}
