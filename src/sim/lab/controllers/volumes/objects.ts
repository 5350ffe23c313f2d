/** Claims, volumes and classes, as far as the lab reads them. */
import { quantity } from '../../../api/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import {
	all,
	type Labels,
	type NodeSelectorTerm,
	type ObjectView,
	one,
	type Pod,
	type Volume,
} from '../../cluster/kinds.ts';

export interface Claim extends ObjectView {
	readonly spec: {
		readonly accessModes?: readonly string[];
		readonly resources?: { readonly requests?: Labels };
		readonly storageClassName?: string;
		readonly volumeName?: string;
		readonly volumeMode?: string;
		readonly [key: string]: unknown;
	};
	readonly status?: { readonly phase?: string; readonly [key: string]: unknown };
}

export interface PersistentVolume extends ObjectView {
	readonly spec: {
		readonly capacity?: Labels;
		readonly accessModes?: readonly string[];
		readonly storageClassName?: string;
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

/** Names of the claims a pod's volumes are of. */
export const claimNames = (pod: Pod): readonly string[] =>
	(pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }: Volume) => persistentVolumeClaim?.claimName ?? []);

export const isBound = (claim: Claim): boolean => claim.status?.phase === 'Bound';

/** Whether a volume is large enough for a claim, of its class, and may be used the way it asks. */
export function satisfies({ spec }: PersistentVolume, claim: Claim): boolean {
	const room = quantity(spec.capacity?.storage) ?? 0;
	const asked = quantity(claim.spec.resources?.requests?.storage) ?? 0;
	return (
		room >= asked &&
		(spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
		(claim.spec.accessModes ?? []).every((mode) => (spec.accessModes ?? []).includes(mode))
	);
}
