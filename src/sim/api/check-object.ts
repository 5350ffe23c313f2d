/** An object against what the server knows of its kind. */
import { customChecks, peoplesMistakes } from './for-people.ts';
import type { Draft } from './json.ts';
import type { ApiInput, Resource } from './object.ts';
import { check, type Problem } from './schema/check.ts';
import { rootType } from './schema/read.ts';

/** The object as the server would keep it, and all that is wrong with it; undefined where nothing is known. */
export const checkObject = (
	resource: Resource,
	input: ApiInput,
	complete: boolean,
	minor: number,
): { readonly value: Draft; readonly problems: readonly Problem[] } | undefined => {
	const schema = resource.schemas?.[resource.version];
	if (schema !== undefined) return customChecks()?.checkCustom(resource.kind, schema, input as Draft);
	const type = rootType(resource.kind);
	return type && check(type, input as Draft, complete, minor, peoplesMistakes()?.readQuantity);
};
