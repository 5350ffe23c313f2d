/** Patches: what an object becomes by one of the three kinds. */
import { jsonPatches } from './for-people.ts';
import { type Draft, isRecord, put } from './json.ts';
import type { ApiInput, ApiObject, ApiResult, Json, PatchType, Resource } from './object.ts';
import { rootType } from './schema/read.ts';
import { badRequest } from './status.ts';
import { applyStrategicPatch } from './strategic.ts';

/** RFC 7386. */
export const mergePatch = (target: unknown, patch: unknown): unknown => {
	if (!isRecord(patch)) return patch;
	const out: Draft = isRecord(target) ? { ...target } : {};
	for (const key in patch) {
		const value = patch[key];
		if (value === null) delete out[key];
		else if (value !== undefined) put(out, key, mergePatch(Object.hasOwn(out, key) ? out[key] : undefined, value));
	}
	return out;
};

/** The object after a patch, not yet validated. Custom resources have no strategic merge patch. */
export const applyPatch = (
	object: ApiObject,
	type: PatchType,
	patch: Json,
	resource: Resource,
): ApiResult<ApiInput> => {
	if (type === 'application/json-patch+json') {
		const patches = jsonPatches();
		if (!patches) throw new Error('JSON patches are applied after loadForPeople');
		return patches.applyJsonPatch(object, patch);
	}
	if (!isRecord(patch))
		return {
			error: badRequest(
				`error decoding patch: json: cannot unmarshal ${Array.isArray(patch) ? 'array' : typeof patch} into Go value of type map[string]interface {}`,
			),
		};
	if (type === 'application/merge-patch+json') return { value: mergePatch(object, patch) as ApiInput };
	if (resource.custom)
		return {
			error: {
				code: 415,
				reason: 'UnsupportedMediaType',
				message:
					'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
			},
		};
	return applyStrategicPatch(object as unknown as Draft, patch, rootType(resource.kind));
};
