/** Subresources of pods: binding and eviction. Source: kubernetes pkg/registry/core/pod/storage @ v1.24.0. */
import { deleteObject } from './delete.ts';
import { type Draft, number, sub, subs, text } from './json.ts';
import type { ApiObject, ApiResult, ApiServer } from './object.ts';
import { labelSelector, selects } from './selector.ts';
import type { Core } from './server.ts';
import { conflict, notFound, tooManyRequests } from './status.ts';

/** A list of conditions with one of them set; its time changes when its status does. */
export const withCondition = (conditions: readonly Draft[], condition: Draft, timestamp: string): readonly Draft[] => {
	const index = conditions.findIndex((item) => item.type === condition.type);
	const old = conditions[index];
	const next = {
		...condition,
		lastTransitionTime: old?.status === condition.status ? (old?.lastTransitionTime ?? timestamp) : timestamp,
	};
	return index < 0 ? [...conditions, next] : conditions.map((item, i) => (i === index ? next : item));
};

/** Gives a pod its node and says so in its condition PodScheduled. */
export const bindPod = (core: Core, namespace: string, name: string, node: string): ApiResult<ApiObject> => {
	const pods = core.api.find('pods')!;
	const pod = core.api.get(pods, namespace, name);
	if (pod === undefined) return { error: notFound(pods, name) };
	const refuse = (why: string): ApiResult<ApiObject> => ({
		error: conflict({ plural: 'pods/binding', group: '' }, name, why),
	});
	if (pod.metadata.deletionTimestamp !== undefined)
		return refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
	const had = text(pod, 'spec', 'nodeName');
	if (had) return refuse(`pod ${name} is already assigned to node "${had}"`);
	const object = {
		apiVersion: 'v1',
		kind: 'Binding',
		metadata: { name, namespace },
		target: { kind: 'Node', name: node },
	};
	const request = { operation: 'CREATE', resource: pods, subresource: 'binding', namespace, name, object } as const;
	for (const mutating of [true, false]) {
		const passed = core.admit({ ...request, manager: 'kube-scheduler' }, mutating, []);
		if (passed?.error) return { error: passed.error };
	}
	const conditions = withCondition(
		subs(pod, 'status', 'conditions'),
		{ type: 'PodScheduled', status: 'True', lastProbeTime: null },
		core.api.timestamp(),
	);
	return {
		value: core.put(
			pods,
			{ ...pod, spec: { ...pod.spec, nodeName: node }, status: { ...pod.status, conditions } },
			'MODIFIED',
		),
	};
};

/**
 * A pod that is not ready is no loss: it goes where the budget's policy always lets it, or where the others are enough
 * (pkg/registry/core/pod/storage/eviction.go @ v1.24.0; PDBUnhealthyPodEvictionPolicy, on by default from 1.27).
 */
const isLetGo = (budget: ApiObject, pod: ApiObject, version: string): boolean => {
	if (subs(pod, 'status', 'conditions').some(({ type, status }) => type === 'Ready' && status === 'True')) return false;
	const always =
		Number(version.split('.')[1]) >= 27 && text(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow';
	const desired = number(budget, 'status', 'desiredHealthy') ?? 0;
	return always || (desired > 0 && (number(budget, 'status', 'currentHealthy') ?? 0) >= desired);
};

/** Deletes a pod unless a budget that selects it allows no disruption now. */
export const evictPod = (
	core: Core,
	namespace: string,
	name: string,
	how: NonNullable<Parameters<ApiServer['evict']>[2]>,
): ApiResult<ApiObject> => {
	const pods = core.api.find('pods')!;
	const pod = core.api.get(pods, namespace, name);
	if (pod === undefined) return { error: notFound(pods, name) };
	const object = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
	const request = { operation: 'CREATE', resource: pods, subresource: 'eviction', namespace, name, object } as const;
	for (const mutating of [true, false]) {
		const passed = core.admit({ ...request, dryRun: how.dryRun, who: how.who }, mutating, []);
		if (passed?.error) return { error: passed.error };
	}
	const budgets = core.api
		.list(core.api.find('poddisruptionbudgets')!, { namespace })
		.filter((budget) => selects(labelSelector(sub(budget, 'spec').selector), pod.metadata.labels));
	const over = text(pod, 'status', 'phase') === 'Succeeded' || text(pod, 'status', 'phase') === 'Failed';
	if (budgets.length > 1 && !over)
		return {
			error: {
				code: 500,
				reason: 'InternalError',
				message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
			},
		};
	const budget = budgets[0];
	if (budget && !over && text(pod, 'status', 'phase') !== 'Pending' && !isLetGo(budget, pod, core.api.version)) {
		const allowed = number(budget, 'status', 'disruptionsAllowed') ?? 0;
		if (allowed <= 0)
			return { error: tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.") };
		if (!how.dryRun)
			core.api.updateStatus({
				...budget,
				status: {
					...budget.status,
					disruptionsAllowed: allowed - 1,
					disruptedPods: { ...sub(budget, 'status', 'disruptedPods'), [name]: core.api.timestamp() },
				},
			});
	}
	// PodDisruptionConditions, on by default from 1.26 (pkg/registry/core/pod/storage/eviction.go).
	if (!how.dryRun && !over && Number(core.api.version.split('.')[1]) >= 26) {
		const target = {
			lastProbeTime: null,
			message: 'Eviction API: evicting',
			reason: 'EvictionByEvictionAPI',
			status: 'True',
			type: 'DisruptionTarget',
		};
		const conditions = withCondition(subs(pod, 'status', 'conditions'), target, core.api.timestamp());
		core.put(pods, { ...pod, status: { ...pod.status, conditions } }, 'MODIFIED');
	}
	return deleteObject(core, pods, namespace, name, how, true);
};
