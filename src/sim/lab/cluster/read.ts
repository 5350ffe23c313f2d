/** Reading objects of the API as the views of `kinds.ts`, and what controllers ask of them. */
import {
	type ApiMeta,
	type ApiObject,
	type ApiServer,
	type ListOptions,
	type OwnerReference,
	parseTime,
} from '../../api/index.ts';
import type { Condition, LabelSelector, Labels, ObjectView, Pod } from './kinds.ts';

/** All objects of a resource, in the API's order; none when there is no such resource. */
export function all<T>(api: ApiServer, plural: string, options?: ListOptions): readonly T[] {
	const resource = api.find(plural);
	return resource ? (api.list(resource, options) as unknown as readonly T[]) : [];
}

export function one<T>(api: ApiServer, plural: string, namespace: string | undefined, name: string): T | undefined {
	const resource = api.find(plural);
	return resource ? (api.get(resource, namespace, name) as unknown as T | undefined) : undefined;
}

/** Takes an object away; nothing when it is gone already. */
export function removeOne(
	api: ApiServer,
	plural: string,
	namespace: string | undefined,
	name: string,
	options?: Parameters<ApiServer['delete']>[3],
): void {
	const resource = api.find(plural);
	if (resource) api.delete(resource, namespace, name, options);
}

export const as = <T>(object: ApiObject): T => object as unknown as T;

export const keyOf = (object: { readonly metadata: ApiMeta }): string =>
	object.metadata.namespace === undefined
		? object.metadata.name
		: `${object.metadata.namespace}/${object.metadata.name}`;

export const splitKey = (key: string): readonly [namespace: string, name: string] => {
	const slash = key.indexOf('/');
	return [key.slice(0, slash), key.slice(slash + 1)];
};

export const controllerOf = (object: { readonly metadata: ApiMeta }): OwnerReference | undefined =>
	object.metadata.ownerReferences?.find((owner) => owner.controller);

export const ownedBy = (object: { readonly metadata: ApiMeta }, owner: { readonly metadata: ApiMeta }): boolean =>
	controllerOf(object)?.uid === owner.metadata.uid;

/** A controller's reference to its owner. */
export const ownerRef = (owner: ObjectView): OwnerReference => ({
	apiVersion: owner.apiVersion,
	kind: owner.kind,
	name: owner.metadata.name,
	uid: owner.metadata.uid,
	controller: true,
	blockOwnerDeletion: true,
});

export function selectorMatches(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
	if (!selector) return false;
	return (
		Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
		(selector.matchExpressions ?? []).every((term) => expressionMatches(term, labels))
	);
}

export function expressionMatches(
	{ key, operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
	labels: Labels,
): boolean {
	const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
	switch (operator) {
		case 'In':
			return value !== undefined && values.includes(value);
		case 'NotIn':
			return value === undefined || !values.includes(value);
		case 'Exists':
			return value !== undefined;
		case 'DoesNotExist':
			return value === undefined;
		case 'Gt':
			return value !== undefined && Number(value) > Number(values[0]);
		case 'Lt':
			return value !== undefined && Number(value) < Number(values[0]);
		default:
			return false;
	}
}

export const conditionOf = (
	object: { readonly status?: { readonly conditions?: readonly Condition[] } },
	type: string,
): Condition | undefined => object.status?.conditions?.find((c) => c.type === type);

export const isReady = (object: { readonly status?: { readonly conditions?: readonly Condition[] } }): boolean =>
	conditionOf(object, 'Ready')?.status === 'True';

/** Ended, for good or bad. */
export const isDone = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Labels in a text that is the same for the same labels. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A text that is the same for values that differ only in the order of keys. */
export const canonical = (value: unknown): string =>
	JSON.stringify(value, (_key, inner: unknown) =>
		typeof inner === 'object' && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
			: inner,
	);

/**
 * Microseconds until a pod that is ready counts as available; 0 when it does, undefined while it is not ready
 * (pkg/api/v1/pod/util.go IsPodAvailable). `now` in seconds.
 */
export function availableIn(pod: Pod, minReadySeconds: number | undefined, now: number): number | undefined {
	const ready = conditionOf(pod, 'Ready');
	if (ready?.status !== 'True') return undefined;
	if (!minReadySeconds) return 0;
	return Math.max(0, (parseTime(ready.lastTransitionTime) ?? 0) + minReadySeconds - now) * 1e6;
}
