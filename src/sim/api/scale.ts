/** The scale subresource: autoscaling/v1 Scale over what has replicas. */
import { clone, type Draft, isRecord, number, sub } from './json.ts';
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
	const selector = resource.kind === 'ReplicationController' ? mapSelector : labelSelector;
	return {
		value: {
			apiVersion: 'autoscaling/v1',
			kind: 'Scale',
			metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
			spec: { replicas: number(object, 'spec', 'replicas') ?? 0 },
			status: {
				replicas: number(object, 'status', 'replicas') ?? 0,
				selector: formatSelector(selector(object.spec?.selector)),
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
	const patched = applyPatch(scale.value, type, patch, { ...resource, custom: true });
	if (patched.error) return patched;
	const replicas = number(patched.value, 'spec', 'replicas') ?? 0;
	if (replicas < 0)
		return {
			error: invalid({ kind: 'Scale', group: 'autoscaling' }, object.metadata.name, [
				invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
			]),
		};
	const next = clone(object) as unknown as Draft;
	next.spec = { ...sub(next, 'spec'), replicas };
	const wanted = isRecord(patched.value.metadata) ? patched.value.metadata.resourceVersion : undefined;
	if (typeof wanted === 'string') next.metadata = { ...sub(next, 'metadata'), resourceVersion: wanted };
	const updated = api.update(next, write);
	return updated.error ? updated : scaleOf(resource, updated.value);
};
