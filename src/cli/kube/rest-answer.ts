/**
 * Answers of the API server: refusals with their details, objects in the form that was asked for.
 *
 * Source: apimachinery pkg/api/errors/errors.go, apiserver pkg/endpoints/handlers/{response.go,negotiation/{errors,
 * negotiate}.go} @ v0.24.0.
 */
import type { ApiObject, ApiServer, ApiStatus, Resource } from '../../sim/api/index.ts';
import { withManagedFields } from '../../sim/api/managed/index.ts';
import { tableAnswer } from '../kubectl/table-answer.ts';
import { printYaml } from './yaml-print.ts';

export type RestAnswer = (
	| /** JSON; `pretty` whoever asks. */
	{ readonly status: number; readonly value: unknown; readonly pretty?: boolean }
	| { readonly status: number; readonly text: string; readonly type?: string }
) & {
	/** What the server warns of, in headers. */
	readonly warnings?: readonly string[];
};

/** `causes` of field errors have a reason by how they begin (field.ErrorType). */
const REASONS: readonly (readonly [RegExp, string])[] = [
	[/^Required value/, 'FieldValueRequired'],
	[/^Invalid value/, 'FieldValueInvalid'],
	[/^Unsupported value/, 'FieldValueNotSupported'],
	[/^Duplicate value/, 'FieldValueDuplicate'],
	[/^Forbidden/, 'FieldValueForbidden'],
	[/^Not found/, 'FieldValueNotFound'],
	[/^Too long/, 'FieldValueTooLong'],
	[/^Too many/, 'FieldValueTooMany'],
];

const causeOf = ({ field, message }: { readonly field: string; readonly message: string }): object => {
	const reason = REASONS.find(([begin]) => begin.test(message))?.[1];
	return { ...(reason ? { reason } : {}), message, field };
};

/** What a message is about: `Deployment.apps "web" is invalid`, `pods "a" not found`, `… on configmaps "a": …`. */
function subjectOf(message: string): { readonly name?: string; readonly group?: string; readonly kind?: string } {
	const [, what = '', group, name] =
		/^(?:Operation cannot be fulfilled on )?([\w/]+)(?:\.([\w.-]+))? "([^"]*)"(?: is (?:invalid|forbidden):|:| not found| already exists)/.exec(
			message,
		) ?? [];
	return what === '' ? {} : { ...(name ? { name } : {}), ...(group === undefined ? {} : { group }), kind: what };
}

const DETAILED = new Set(['Invalid', 'NotFound', 'AlreadyExists', 'Conflict', 'Forbidden']);

export const refusal = (status: ApiStatus, details?: object): RestAnswer => {
	const known = DETAILED.has(status.reason) ? subjectOf(status.message) : {};
	const all = {
		...known,
		...details,
		...(status.causes ? { causes: status.causes.map(causeOf) } : {}),
	};
	return {
		status: status.code,
		value: {
			kind: 'Status',
			apiVersion: 'v1',
			metadata: {},
			status: 'Failure',
			message: status.message,
			...(status.reason === '' ? {} : { reason: status.reason }),
			...(details !== undefined || Object.keys(all).length > 0 ? { details: all } : {}),
			code: status.code,
		},
	};
};

export const badRequest = (message: string): RestAnswer => refusal({ code: 400, reason: 'BadRequest', message });

export const notHere = (path: string): RestAnswer =>
	refusal({
		code: 501,
		reason: 'NotImplemented',
		message: `the simulator's API server has no ${path}: it has objects, discovery, version and health`,
	});

/** Options of a request that are none (metav1 validation of CreateOptions and the like). */
export const badOptions = (kind: string, field: string, message: string): RestAnswer =>
	refusal({
		code: 422,
		reason: 'Invalid',
		message: `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`,
		causes: [{ field, message }],
	});

/** Keys as the server's own types have them; those of custom resources are sorted. */
export function ordered(resource: Resource, object: ApiObject, inList: boolean): unknown {
	const { kind, apiVersion, metadata, ...others } = object;
	if (resource.custom) return { apiVersion, kind, metadata, ...others };
	const { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp, ...rest } = metadata;
	const { deletionTimestamp, deletionGracePeriodSeconds, labels, annotations, ownerReferences, finalizers, ...more } =
		rest;
	const meta = {
		name,
		generateName,
		namespace,
		uid,
		resourceVersion,
		generation,
		creationTimestamp,
		deletionTimestamp,
		deletionGracePeriodSeconds,
		labels,
		annotations,
		ownerReferences,
		finalizers,
		...more,
	};
	return inList ? { metadata: meta, ...others } : { kind, apiVersion, metadata: meta, ...others };
}

/** The form somebody accepts: as it is, as a table, or with its metadata alone; in JSON or YAML. */
export interface Form {
	readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
	readonly yaml: boolean;
}

const TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

const notAcceptable = (accepted: string): RestAnswer =>
	refusal({
		code: 406,
		reason: 'NotAcceptable',
		message: `only the following media types are accepted: ${accepted}`,
	});

/** The first of the `Accept` header that the server has (NegotiateMediaTypeOptions()). */
export function formOf(accept: string | undefined, transforms: boolean): Form | { readonly refused: RestAnswer } {
	if (accept === undefined || accept.trim() === '') return { yaml: false };
	let onlyProtobuf = false;
	for (const clause of accept.split(',')) {
		const [type = '', ...options] = clause.trim().split(/\s*;\s*/);
		const option = (key: string): string | undefined =>
			options.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1);
		if (type === 'application/vnd.kubernetes.protobuf') onlyProtobuf = true;
		const yaml = type === 'application/yaml';
		if (!yaml && !['*/*', 'application/*', 'application/json'].includes(type)) continue;
		const as = option('as');
		if (as === undefined) return { yaml };
		const known = as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList';
		if (!transforms || !known || option('g') !== 'meta.k8s.io') continue;
		if (option('v') === 'v1' || (option('v') === 'v1beta1' && as !== 'Table')) return { as, yaml };
	}
	if (onlyProtobuf)
		return {
			refused: refusal({
				code: 501,
				reason: 'NotImplemented',
				message: "the simulator's API server writes no protobuf: accept application/json or application/yaml",
			}),
		};
	return { refused: notAcceptable(TYPES) };
}

export const inForm = (answer: RestAnswer, { yaml }: Form): RestAnswer =>
	yaml && 'value' in answer
		? {
				status: answer.status,
				text: printYaml(JSON.parse(JSON.stringify(answer.value))),
				type: 'application/yaml',
			}
		: answer;

const META = 'meta.k8s.io/v1';

const partial = (resource: Resource, object: ApiObject): object => ({
	kind: 'PartialObjectMetadata',
	apiVersion: META,
	metadata: (ordered({ ...resource, custom: false }, object, false) as { readonly metadata: object }).metadata,
});

/** One object, with who owns its fields. */
export function oneAs(api: ApiServer, resource: Resource, object: ApiObject, form: Form, status = 200): RestAnswer {
	// A Scale, a review: what is not stored has no owners.
	const stored = object.kind === resource.kind;
	const whole = stored ? withManagedFields(api, resource, object) : object;
	if (form.as === 'Table' && stored) return { status, value: tableAnswer(api, resource, [object], false) };
	if (form.as === 'PartialObjectMetadata') return { status, value: partial(resource, whole) };
	if (form.as !== undefined) return notAcceptable(TYPES);
	return { status, value: stored ? ordered(resource, whole, false) : whole };
}

/** A list. `metadata` is the list's own. */
export function listAs(
	api: ApiServer,
	resource: Resource,
	objects: readonly ApiObject[],
	form: Form,
	list: { readonly version: string; readonly metadata: object },
): RestAnswer {
	if (form.as === 'Table') {
		const table = tableAnswer(api, resource, objects, true);
		return { status: 200, value: { ...table, metadata: list.metadata } };
	}
	const whole = objects.map((object) => withManagedFields(api, resource, object));
	if (form.as === 'PartialObjectMetadataList')
		return {
			status: 200,
			value: {
				kind: form.as,
				apiVersion: META,
				metadata: list.metadata,
				items: whole.map((object) => {
					const { metadata } = partial(resource, object) as { readonly metadata: object };
					return { metadata };
				}),
			},
		};
	if (form.as !== undefined) return notAcceptable(TYPES);
	const items = whole.map((object) => ordered(resource, object, true));
	const kind = `${resource.kind}List`;
	return {
		status: 200,
		value: resource.custom
			? { apiVersion: list.version, items, kind, metadata: { continue: '', ...list.metadata } }
			: { kind, apiVersion: list.version, metadata: list.metadata, items },
	};
}
