/** StatefulSets as their controller reads them. */
import { isDone, isReady, type Labels, type Pod, type PodTemplate, type Workload } from '../../cluster/kinds.ts';
import { REVISION_LABEL } from '../revisions.ts';

export interface StatefulSet extends Workload {
	readonly spec: Workload['spec'] & {
		readonly serviceName?: string;
		readonly podManagementPolicy?: 'OrderedReady' | 'Parallel';
		readonly updateStrategy?: {
			readonly type?: 'RollingUpdate' | 'OnDelete';
			readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: number | string };
		};
		readonly ordinals?: { readonly start?: number };
		readonly persistentVolumeClaimRetentionPolicy?: {
			readonly whenDeleted?: 'Retain' | 'Delete';
			readonly whenScaled?: 'Retain' | 'Delete';
		};
		readonly volumeClaimTemplates?: readonly {
			readonly metadata: { readonly name: string; readonly labels?: Labels; readonly annotations?: Labels };
			readonly spec: { readonly [key: string]: unknown };
		}[];
	};
}

export const ordinalOf = (pod: Pod): number => Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);
export const startOf = (set: StatefulSet): number => set.spec.ordinals?.start ?? 0;
export const wantedOf = (set: StatefulSet): number => set.spec.replicas ?? 1;
export const inRange = (set: StatefulSet, ordinal: number): boolean =>
	ordinal >= startOf(set) && ordinal < startOf(set) + wantedOf(set);
export const revisionOf = (pod: Pod): string | undefined => pod.metadata.labels?.[REVISION_LABEL];
export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;
export const isRunningAndReady = (pod: Pod): boolean => !isDone(pod) && isReady(pod);

/** With another template: the set as it was at a revision. */
export const atRevision = (set: StatefulSet, template: PodTemplate): StatefulSet => ({
	...set,
	spec: { ...set.spec, template },
});
