/**
 * Reading what somebody sent: fields the kind does not have, values of the wrong type.
 *
 * Source: k8s.io/apiserver pkg/endpoints/handlers/{create,rest}.go (field validation), Go's encoding/json for the
 * texts of type errors, apiextensions-apiserver pkg/apiserver/validation for custom resources, all @ v0.25.0.
 */
import { checkObject } from './check-object.ts';
import { customChecks, peoplesMistakes } from './for-people.ts';
import { clone, type Draft } from './json.ts';
import type { ApiInput, ApiStatus, Resource, WriteOptions } from './object.ts';
import type { Problem } from './schema/check.ts';
import { badRequest, type FieldError, invalid } from './status.ts';

export interface Decoded {
	readonly draft: Draft;
	readonly warnings: readonly string[];
	readonly error?: ApiStatus;
}

/** Integers that Go has in 64 bits; all others have 32. */
const WIDE = new Set([
	'activeDeadlineSeconds',
	'deletionGracePeriodSeconds',
	'fsGroup',
	'generation',
	'revision',
	'runAsGroup',
	'runAsUser',
	'supplementalGroups',
	'terminationGracePeriodSeconds',
	'tolerationSeconds',
	'startingDeadlineSeconds',
	'seconds',
]);

const goType = ({ expected = '', field }: Problem): string => {
	switch (expected) {
		case 's':
			return 'string';
		case 't':
			return 'v1.Time';
		case 'b':
			return 'bool';
		case 'i':
			return WIDE.has(field) ? 'int64' : 'int32';
		case 'x':
			return 'intstr.IntOrString';
		case 'm':
			return 'map[string]string';
		case 'q':
			return 'resource.Quantity';
		case 'y':
			return '[]uint8';
		case '{}y':
			return 'map[string][]uint8';
		default:
			if (expected.startsWith('[]'))
				return `[]${expected.length === 3 ? goType({ expected: expected[2] } as Problem) : `v1.${expected.slice(2)}`}`;
			return `v1.${expected}`;
	}
};

/** `json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`. */
const goError = (problem: Problem): string => {
	const { got, owner, goPath, expected, value, said } = problem;
	if (said !== undefined) return said;
	if (expected === 'q')
		return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
	const what = got === 'number' && expected === 'i' ? `number ${String(value)}` : got;
	return `json: cannot unmarshal ${what} into Go struct field ${owner}.${goPath} of type ${goType(problem)}`;
};

const OPENAPI: Readonly<Record<string, string>> = {
	s: 'string',
	t: 'string',
	i: 'integer',
	b: 'boolean',
	x: 'integer or string',
};

/** What validation by a CRD's schema says. */
const schemaError = ({ what, path, got, said, expected = '' }: Problem): FieldError => {
	if (said !== undefined) return { field: path, message: said };
	if (what === 'missing') return { field: path, message: 'Required value' };
	const wanted = OPENAPI[expected] ?? (expected.startsWith('[]') ? 'array' : 'object');
	const is = got === 'bool' ? 'boolean' : got === 'number' ? 'integer' : (got ?? 'null');
	return { field: path, message: `Invalid value: "${is}": ${path} in body must be of type ${wanted}: "${is}"` };
};

/** A copy that may be written into, without unknown fields, or why it cannot be read. */
export const decode = (
	resource: Resource,
	input: ApiInput,
	validation: NonNullable<WriteOptions['fieldValidation']>,
	minor: number,
): Decoded => {
	const checked = checkObject(resource, input, resource.custom === true, minor);
	if (checked === undefined) return { draft: clone(input) as Draft, warnings: [] };
	const { value } = checked;
	const choices = resource.choices?.[resource.version];
	const problems = [
		...checked.problems,
		...((choices && customChecks()?.checkChoices(resource.kind, choices, value)) ?? []),
	];
	const fault = peoplesMistakes()?.undecodable(resource.kind, value);
	if (fault === undefined) peoplesMistakes()?.keepBytes(resource.kind, value);
	if (problems.length === 0 && fault === undefined) return { draft: value, warnings: [] };
	const unknown = problems
		.filter((problem) => problem.what === 'unknown')
		.map(({ path }) => `unknown field "${path}"`)
		.sort();
	const others = problems.filter((problem) => problem.what !== 'unknown');
	const warnings = validation === 'Warn' ? unknown : [];
	const handled = (why: string): ApiStatus =>
		badRequest(`${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${why}`);
	const typeError = others.find((problem) => problem.what === 'type');
	if (!resource.custom && typeError) return { draft: value, warnings, error: handled(goError(typeError)) };
	if (!resource.custom && fault !== undefined) return { draft: value, warnings, error: handled(fault) };
	if (validation === 'Strict' && unknown.length > 0)
		return { draft: value, warnings, error: handled(`strict decoding error: ${unknown.join(', ')}`) };
	if (resource.custom && others.length > 0) {
		const metadata = input.metadata as Draft | undefined;
		return { draft: value, warnings, error: invalid(resource, String(metadata?.name ?? ''), others.map(schemaError)) };
	}
	return { draft: value, warnings };
};
