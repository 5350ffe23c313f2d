/** `kubectl create KIND`. */
import type { Command } from '../../../cobra/index.ts';
import { namespace, podDisruptionBudget, priorityClass, quota, tokenCommand } from './cluster.ts';
import { configMap, secret } from './config.ts';
import { ingress, service } from './network.ts';
import { clusterRole, clusterRoleBinding, role, roleBinding, serviceAccount } from './rbac.ts';
import { cronJob, deployment, job } from './workloads.ts';

export { ENV_NAME_TEXT } from './config.ts';
export { type Made, metaOf, submit, withoutEmpty } from './made.ts';
export { parsePorts } from './network.ts';

export const createKinds: readonly Command[] = [
	clusterRole,
	clusterRoleBinding,
	configMap,
	cronJob,
	deployment,
	ingress,
	job,
	namespace,
	podDisruptionBudget,
	priorityClass,
	quota,
	role,
	roleBinding,
	secret,
	service,
	serviceAccount,
	tokenCommand,
];
