/** The scale subresource: autoscaling/v1 Scale over what has replicas. */
import { clone, type Draft, isRecord, number, sub, within } from './json.ts';
import { readPath } from './json-path.ts';
import type { ApiObject, ApiResult, ApiServer, Json, PatchType, Resource, WriteOptions } from './object.ts';
import { applyPatch } from './patch.ts';
import { formatSelector, labelSelector, mapSelector } from './selector.ts';
import { invalid, invalidValue, noResource } from './status.ts';

const KINDS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController']);

/** Whether `kubectl scale` can work on it. */
export const canScale = (resource: Resource): boolean =>
	KINDS.has(resource.kind) || resource.subresources?.includes('scale') === true;

export const scaleOf = (resource: Resource, object: ApiObject): ApiResult<ApiObject> => {
	if (!canScale(resource)) return { error: noResource() };
	const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
	const paths = resource.scalePaths;
	const numberAt = (path: string): number => {
		const [value] = readPath(object, path);
		return typeof value === 'number' ? value : 0;
	};
	const [chosen] = paths?.selector === undefined ? [] : readPath(object, paths.selector);
	const selector = resource.kind === 'ReplicationController' ? mapSelector : labelSelector;
	return {
		value: {
			apiVersion: 'autoscaling/v1',
			kind: 'Scale',
			metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
			spec: { replicas: numberAt(paths?.spec ?? '.spec.replicas') },
			status: {
				replicas: numberAt(paths?.status ?? '.status.replicas'),
				...(paths === undefined
					? { selector: formatSelector(selector(object.spec?.selector)) }
					: typeof chosen === 'string'
						? { selector: chosen }
						: {}),
			},
		},
	};
};

/** Changes the replicas through a patch of the Scale; answers the Scale after it. */
export const applyScale = (
	api: ApiServer,
	resource: Resource,
	object: ApiObject,
	type: PatchType,
	patch: Json,
	write: WriteOptions,
): ApiResult<ApiObject> => {
	const scale = scaleOf(resource, object);
	if (scale.error) return scale;
	// A Scale has no lists: one patch of built-in kinds is as the other.
	const strategic = type === 'application/strategic-merge-patch+json' && !resource.custom;
	const as = strategic ? 'application/merge-patch+json' : type;
	const patched = applyPatch(scale.value, as, patch, { ...resource, custom: true });
	if (patched.error) return patched;
	const replicas = number(patched.value, 'spec', 'replicas') ?? 0;
	if (replicas < 0)
		return {
			error: invalid({ kind: 'Scale', group: 'autoscaling' }, object.metadata.name, [
				invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
			]),
		};
	const next = clone(object) as unknown as Draft;
	const path = (resource.scalePaths?.spec ?? '.spec.replicas').split('.').slice(1);
	let owner = next;
	for (const key of path.slice(0, -1)) owner = within(owner, key);
	owner[path.at(-1)!] = replicas;
	const wanted = isRecord(patched.value.metadata) ? patched.value.metadata.resourceVersion : undefined;
	if (typeof wanted === 'string') next.metadata = { ...sub(next, 'metadata'), resourceVersion: wanted };
	const updated = api.update(next, write);
	return updated.error ? updated : scaleOf(resource, updated.value);
};
