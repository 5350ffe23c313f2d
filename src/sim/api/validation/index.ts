/**
 * What is wrong in objects as only people write them, beyond what the strategies look at for everybody: fetched before
 * somebody can write one (`for-people.ts`).
 */
import type { Draft } from '../json.ts';
import type { FieldError } from '../status.ts';
import type { Context } from '../strategy.ts';
import { bindingErrors, roleErrors } from './access.ts';
import { limitRangeErrors, quotaErrors } from './amounts.ts';
import { autoscalerErrors } from './autoscalers.ts';
import { annotationErrors, configMapErrors, secretErrors } from './config.ts';
import { endpointsErrors, sliceErrors } from './endpoints.ts';
import { cronJobErrors, jobErrors } from './jobs.ts';
import { ingressClassErrors, ingressErrors, policyErrors } from './network.ts';
import { leaseErrors, nodeErrors } from './nodes.ts';
import { podErrors } from './pods.ts';
import { serviceErrors } from './services.ts';
import { claimErrors, classErrors, volumeErrors } from './storage.ts';
import { templateErrors } from './templates.ts';
import {
	budgetErrors,
	controllerErrors,
	daemonSetErrors,
	deploymentErrors,
	replicaSetErrors,
	statefulSetErrors,
} from './workloads.ts';

export { keepBytes, undecodable } from './bytes.ts';
export { dropDisabled } from './features.ts';
export { podCreateErrors } from './pods.ts';
export { readQuantity } from './quantities.ts';
export { podUpdateErrors, quotaUpdateErrors, volumeUpdateErrors } from './updates.ts';
export { warningsOf } from './warnings.ts';

type Check = (object: Draft, context: Context) => readonly FieldError[];

const CHECKS: Readonly<Record<string, Check>> = {
	ClusterRole: roleErrors,
	ClusterRoleBinding: bindingErrors,
	ConfigMap: configMapErrors,
	CronJob: cronJobErrors,
	DaemonSet: daemonSetErrors,
	Deployment: deploymentErrors,
	EndpointSlice: sliceErrors,
	Endpoints: endpointsErrors,
	HorizontalPodAutoscaler: autoscalerErrors,
	Ingress: ingressErrors,
	IngressClass: ingressClassErrors,
	Job: jobErrors,
	Lease: leaseErrors,
	LimitRange: limitRangeErrors,
	NetworkPolicy: policyErrors,
	Node: nodeErrors,
	PersistentVolume: volumeErrors,
	PersistentVolumeClaim: claimErrors,
	Pod: podErrors,
	PodDisruptionBudget: budgetErrors,
	PodTemplate: (object, context) => templateErrors(object.template as Draft, 'template', context),
	ReplicaSet: replicaSetErrors,
	ReplicationController: controllerErrors,
	ResourceQuota: quotaErrors,
	Role: roleErrors,
	RoleBinding: bindingErrors,
	Secret: secretErrors,
	Service: serviceErrors,
	StatefulSet: statefulSetErrors,
	StorageClass: classErrors,
};

/** What is wrong in an object of a kind. */
export const objectErrors = (kind: string, object: Draft, context: Context): readonly FieldError[] => [
	...annotationErrors(object, context),
	...(CHECKS[kind]?.(object, context) ?? []),
];
