/**
 * What one object takes of a quota.
 *
 * Source: kubernetes pkg/quota/v1/evaluator/core/{pods,services,persistent_volume_claims}.go @ v1.24.0.
 */
import { type Draft, sub, subs, text } from '../json.ts';
import type { ApiObject, Resource } from '../object.ts';
import { qosClass } from '../strategies/pod.ts';
import { type Amount, type Amounts, amountOf, NONE, plus } from './amounts.ts';

type Counted = Draft | ApiObject;

const pieces = (count: number): Amount => ({ milli: count * 1000, binary: false });
const ONE = pieces(1);

/** Plain names, besides `count/…`, that quotas have for objects of these kinds. */
const COUNTED = new Set([
	'configmaps',
	'persistentvolumeclaims',
	'replicationcontrollers',
	'resourcequotas',
	'secrets',
	'services',
]);

const of = (container: Draft, what: 'requests' | 'limits'): Draft => sub(container, 'resources', what);

/** Sums over containers, or the most of an init container where that is more. */
const podSum = (spec: Draft, what: 'requests' | 'limits', name: string): Amount => {
	const each = (key: string): readonly Amount[] => subs(spec, key).map((one) => amountOf(of(one, what)[name] ?? 0));
	const sum = each('containers').reduce(plus, NONE);
	const most = each('initContainers').reduce((a, b) => (b.milli > a.milli ? b : a), sum);
	return plus(most, amountOf(sub(spec, 'overhead')[name] ?? 0));
};

const ended = (pod: Counted): boolean => ['Succeeded', 'Failed'].includes(text(pod, 'status', 'phase') ?? '');

export const usageOf = (resource: Resource, object: Counted): Amounts => {
	const counted = `count/${resource.plural}${resource.group === '' ? '' : `.${resource.group}`}`;
	const out: Record<string, Amount> = { [counted]: ONE };
	if (resource.group !== '') return out;
	if (COUNTED.has(resource.plural)) out[resource.plural] = ONE;
	const spec = sub(object, 'spec');
	if (resource.kind === 'Pod' && !ended(object)) {
		out.pods = ONE;
		for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
			const requests = podSum(spec, 'requests', name);
			out[name] = requests;
			out[`requests.${name}`] = requests;
			out[`limits.${name}`] = podSum(spec, 'limits', name);
		}
	}
	if (resource.kind === 'Service') {
		const ports = pieces(subs(spec, 'ports').length);
		const balanced = spec.type === 'LoadBalancer';
		if (balanced) out['services.loadbalancers'] = ONE;
		if (spec.type === 'NodePort' || (balanced && spec.allocateLoadBalancerNodePorts !== false))
			out['services.nodeports'] = ports;
	}
	if (resource.kind === 'PersistentVolumeClaim') {
		const storage = amountOf(of(spec, 'requests').storage ?? 0);
		out['requests.storage'] = storage;
		// What a quota has for the claim's class (pkg/quota/v1/evaluator/core/persistent_volume_claims.go).
		const storageClass = text(spec, 'storageClassName');
		if (storageClass) {
			const prefix = `${storageClass}.storageclass.storage.k8s.io`;
			out[`${prefix}/requests.storage`] = storage;
			out[`${prefix}/persistentvolumeclaims`] = ONE;
		}
	}
	return out;
};

/** Whether a quota's scopes cover an object: all of them must. Only pods have any. */
export const inScope = (quota: ApiObject, resource: Resource, object: Counted): boolean => {
	const scopes = [
		...(Array.isArray(quota.spec?.scopes) ? quota.spec.scopes : []).map((scopeName) => ({
			scopeName,
			operator: 'Exists',
			values: [],
		})),
		...subs(quota, 'spec', 'scopeSelector', 'matchExpressions'),
	];
	if (scopes.length === 0) return true;
	if (resource.kind !== 'Pod') return false;
	const spec = sub(object, 'spec');
	return scopes.every(({ scopeName, operator, values }) => {
		const list: readonly unknown[] = Array.isArray(values) ? values : [];
		switch (scopeName) {
			case 'BestEffort':
				return qosClass(spec) === 'BestEffort';
			case 'NotBestEffort':
				return qosClass(spec) !== 'BestEffort';
			case 'Terminating':
				return typeof spec.activeDeadlineSeconds === 'number';
			case 'NotTerminating':
				return typeof spec.activeDeadlineSeconds !== 'number';
			case 'PriorityClass': {
				const name = text(spec, 'priorityClassName') ?? '';
				if (operator === 'In') return list.includes(name);
				if (operator === 'NotIn') return !list.includes(name);
				return (name !== '') === (operator === 'Exists');
			}
			default:
				return true;
		}
	});
};

/** Compute resources of a quota that containers of a pod do not give: names of the containers by resource. */
export const unsaid = (hard: Draft, pod: Counted): ReadonlyMap<string, readonly string[]> => {
	const out = new Map<string, string[]>();
	const spec = sub(pod, 'spec');
	for (const container of [...subs(spec, 'containers'), ...subs(spec, 'initContainers')])
		for (const key of Object.keys(hard)) {
			const m = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(key);
			if (!m) continue;
			const given = of(container, (m[1] ?? 'requests') as 'requests' | 'limits')[m[2]!];
			if (given === undefined) out.set(key, [...(out.get(key) ?? []), text(container, 'name') ?? '']);
		}
	return out;
};
