/** `kubectl describe`, kind by kind. */
import type { ApiObject, ApiServer } from '../../../sim/api/index.ts';
import { describeAutoscaler } from './autoscaler.ts';
import {
	describeConfigMap,
	describeLimitRange,
	describeNamespace,
	describeResourceQuota,
	describeSecret,
	describeServiceAccount,
} from './config.ts';
import { Description } from './description.ts';
import { describeGeneric } from './generic.ts';
import {
	describeEndpointSlice,
	describeEndpoints,
	describeIngress,
	describeIngressClass,
	describeService,
} from './network.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import { describeNetworkPolicy, describePodDisruptionBudget } from './policy.ts';
import { describeBinding, describeRole } from './rbac.ts';
import { describeSigningRequest } from './signing.ts';
import {
	describeCsiNode,
	describePersistentVolume,
	describePersistentVolumeClaim,
	describePriorityClass,
	describeStorageClass,
} from './storage.ts';
import {
	describeCronJob,
	describeDaemonSet,
	describeDeployment,
	describeJob,
	describeReplicaSet,
	describeStatefulSet,
} from './workloads.ts';

export { Description } from './description.ts';
export { describeTemplate } from './pod.ts';
export { compactRules, type Rule, ruleCells } from './rules.ts';

type Describer = (d: Description, object: ApiObject) => void;

/** By `Kind` of the core group, or `group/Kind`. */
const DESCRIBERS: Readonly<Record<string, Describer>> = {
	Pod: describePod,
	ReplicationController: describeReplicaSet,
	Secret: describeSecret,
	Service: describeService,
	ServiceAccount: describeServiceAccount,
	Node: describeNode,
	LimitRange: describeLimitRange,
	ResourceQuota: describeResourceQuota,
	PersistentVolume: describePersistentVolume,
	PersistentVolumeClaim: describePersistentVolumeClaim,
	Namespace: describeNamespace,
	Endpoints: describeEndpoints,
	ConfigMap: describeConfigMap,
	'discovery.k8s.io/EndpointSlice': describeEndpointSlice,
	'networking.k8s.io/Ingress': describeIngress,
	'networking.k8s.io/IngressClass': describeIngressClass,
	'networking.k8s.io/NetworkPolicy': describeNetworkPolicy,
	'batch/Job': describeJob,
	'batch/CronJob': describeCronJob,
	'autoscaling/HorizontalPodAutoscaler': describeAutoscaler,
	'apps/StatefulSet': describeStatefulSet,
	'apps/Deployment': describeDeployment,
	'apps/DaemonSet': describeDaemonSet,
	'apps/ReplicaSet': describeReplicaSet,
	'storage.k8s.io/StorageClass': describeStorageClass,
	'storage.k8s.io/CSINode': describeCsiNode,
	'policy/PodDisruptionBudget': describePodDisruptionBudget,
	'rbac.authorization.k8s.io/Role': describeRole,
	'rbac.authorization.k8s.io/ClusterRole': describeRole,
	'rbac.authorization.k8s.io/RoleBinding': describeBinding,
	'rbac.authorization.k8s.io/ClusterRoleBinding': describeBinding,
	'scheduling.k8s.io/PriorityClass': describePriorityClass,
	'certificates.k8s.io/CertificateSigningRequest': describeSigningRequest,
};

/** One object described, with the events about it, as kubectl of a minor does. */
export function describeObject(api: ApiServer, object: ApiObject, showEvents: boolean, minor: number): string {
	const slash = object.apiVersion.indexOf('/');
	const key = slash < 0 ? object.kind : `${object.apiVersion.slice(0, slash)}/${object.kind}`;
	const description = new Description(api, showEvents, minor);
	(DESCRIBERS[key] ?? describeGeneric)(description, object);
	return description.text();
}
