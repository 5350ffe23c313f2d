/**
 * What is wrong in objects as only people write them, beyond what the strategies look at for everybody: fetched before
 * somebody can write one (`for-people.ts`).
 */
import { type Draft, sub } from '../json.ts';
import type { FieldError } from '../status.ts';
import type { Context } from '../strategy.ts';
import { bindingErrors, roleErrors } from './access.ts';
import { limitRangeErrors, quotaErrors } from './amounts.ts';
import { annotationErrors, configMapErrors, secretErrors } from './config.ts';
import { ingressErrors, policyErrors } from './network.ts';
import { podErrors } from './pods.ts';
import { claimErrors, classErrors, volumeErrors } from './storage.ts';
import { autoscalerErrors, budgetErrors, cronJobErrors, deploymentErrors, templateErrors } from './workloads.ts';

export { undecodable } from './bytes.ts';
export { dropDisabled } from './features.ts';

type Check = (object: Draft, context: Context) => readonly FieldError[];

const CHECKS: Readonly<Record<string, Check>> = {
	ClusterRole: roleErrors,
	ClusterRoleBinding: bindingErrors,
	ConfigMap: configMapErrors,
	CronJob: cronJobErrors,
	DaemonSet: templateErrors,
	Deployment: deploymentErrors,
	HorizontalPodAutoscaler: autoscalerErrors,
	Ingress: ingressErrors,
	Job: templateErrors,
	LimitRange: limitRangeErrors,
	NetworkPolicy: policyErrors,
	PersistentVolume: volumeErrors,
	PersistentVolumeClaim: claimErrors,
	Pod: (object, context) => podErrors(sub(object, 'spec'), 'spec', context),
	PodDisruptionBudget: budgetErrors,
	ReplicaSet: templateErrors,
	ReplicationController: templateErrors,
	ResourceQuota: quotaErrors,
	Role: roleErrors,
	RoleBinding: bindingErrors,
	Secret: secretErrors,
	StatefulSet: templateErrors,
	StorageClass: classErrors,
};

/** What is wrong in an object of a kind. */
export const objectErrors = (kind: string, object: Draft, context: Context): readonly FieldError[] => [
	...annotationErrors(object, context),
	...(CHECKS[kind]?.(object, context) ?? []),
];
