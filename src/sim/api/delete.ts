/**
 * Deleting: at once, after a grace period (pods), or once nobody holds the object any more (finalizers).
 *
 * Source: k8s.io/apiserver pkg/registry/rest/delete.go, pkg/registry/generic/registry/store.go @ v0.24.0,
 * kubernetes pkg/registry/core/pod/strategy.go (CheckGracefulDelete) and core/namespace/storage @ v1.24.0.
 */
import { customChecks } from './for-people.ts';
import { type Draft, number, sub, text, texts } from './json.ts';
import type { ApiObject, ApiResult, ApiServer, Resource } from './object.ts';
import type { Core } from './server.ts';
import { forbidden, methodNotAllowed, notFound } from './status.ts';
import { formatTime, parseTime } from './time.ts';

type DeleteOptions = NonNullable<Parameters<ApiServer['delete']>[3]>;

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Seconds a pod has left; none when no node runs it or it is over. */
const graceOf = (resource: Resource, object: ApiObject, asked: number | undefined): number => {
	if (resource.kind !== 'Pod') return 0;
	const phase = text(object, 'status', 'phase');
	if (!text(object, 'spec', 'nodeName') || phase === 'Failed' || phase === 'Succeeded') return 0;
	return asked ?? number(object, 'spec', 'terminationGracePeriodSeconds') ?? 30;
};

const SYSTEM_CLASSES = new Set(['system-cluster-critical', 'system-node-critical']);
const IMMORTAL = new Set(['default', 'kube-public', 'kube-system']);

/** What is stored of a delete that has to wait. */
const marked = (core: Core, object: ApiObject, grace: number, finalizers: readonly string[]): Draft => {
	const meta: Draft = { ...object.metadata };
	const now = Math.floor(core.api.now());
	const previous = object.metadata.deletionTimestamp;
	const until = formatTime(now + grace);
	// A later delete can only shorten the wait.
	if (previous === undefined || (parseTime(previous) ?? 0) > now + grace) {
		meta.deletionTimestamp = until;
		// Namespaces have no time of their own.
		if (object.kind !== 'Namespace') meta.deletionGracePeriodSeconds = grace;
	}
	if (previous === undefined && object.metadata.generation !== undefined)
		meta.generation = object.metadata.generation + 1;
	if (finalizers.length > 0) meta.finalizers = [...finalizers];
	else delete meta.finalizers;
	const next: Draft = { ...object, metadata: meta };
	if (object.kind === 'Namespace') next.status = { ...sub(object, 'status'), phase: 'Terminating' };
	return next;
};

export const deleteObject = (
	core: Core,
	resource: Resource,
	namespace: string | undefined,
	name: string,
	how: DeleteOptions,
	/** An eviction's deletion was let through as an eviction. */
	asked = false,
): ApiResult<ApiObject> => {
	if (!resource.verbs.includes('delete')) return { error: methodNotAllowed() };
	const object = core.api.get(resource, namespace, name);
	if (object === undefined) return { error: notFound(resource, name) };
	if (resource.kind === 'Namespace' && IMMORTAL.has(name))
		return { error: forbidden(resource, name, 'this namespace may not be deleted') };
	if (resource.kind === 'PriorityClass' && SYSTEM_CLASSES.has(name))
		return { error: forbidden(resource, name, 'this is a system priority class and cannot be deleted') };
	const warnings: string[] = [];
	const request = { operation: 'DELETE', resource, namespace: object.metadata.namespace, name, old: object } as const;
	let took = 0;
	for (const mutating of asked ? [] : [true, false]) {
		const passed = core.admit({ ...request, dryRun: how.dryRun, who: how.who }, mutating, warnings);
		took += passed?.took ?? 0;
		if (passed?.error) return { error: passed.error, warnings, took };
	}
	if (how.dryRun) return { value: object };
	const custom = customChecks();
	if (custom && resource.kind === 'CustomResourceDefinition' && object.metadata.deletionTimestamp === undefined) {
		const end = (made: Resource, item: ApiObject): void => {
			deleteObject(core, made, item.metadata.namespace, item.metadata.name, {}, true);
		};
		return { value: custom.deleteDefinition(core, resource, object, end), warnings, took };
	}
	const kept = (object.metadata.finalizers ?? []).filter((item) => item !== FOREGROUND && item !== ORPHAN);
	const finalizers = [
		...kept,
		...(how.propagation === 'Foreground' ? [FOREGROUND] : how.propagation === 'Orphan' ? [ORPHAN] : []),
	];
	const grace = graceOf(resource, object, how.gracePeriodSeconds);
	const held =
		finalizers.length > 0 || (resource.kind === 'Namespace' && texts(object, 'spec', 'finalizers').length > 0);
	if (!held && grace === 0) {
		// Pods are marked first, however short their grace: who watches them sees that they end (BeforeDelete()).
		const { deletionTimestamp } = object.metadata;
		if (resource.kind === 'Pod' && resource.group === '' && deletionTimestamp === undefined)
			core.put(resource, marked(core, object, 0, []), 'MODIFIED');
		const last = core.api.get(resource, namespace, name);
		return { value: last === undefined ? object : core.remove(resource, last) };
	}
	const next = marked(core, object, grace, finalizers);
	const { deletionTimestamp, finalizers: before } = object.metadata;
	const unchanged =
		deletionTimestamp === (next.metadata as Draft).deletionTimestamp && (before ?? []).join() === finalizers.join();
	return { value: unchanged ? object : core.put(resource, next, 'MODIFIED') };
};
