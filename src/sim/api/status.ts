/**
 * Refusals in the API server's words.
 *
 * Source: k8s.io/apimachinery pkg/api/errors/errors.go and pkg/util/validation/field/errors.go @ v0.24.0.
 */
import { isRecord } from './json.ts';
import type { ApiStatus, Resource } from './object.ts';

type Named = Pick<Resource, 'plural' | 'group'>;
type Kinded = Pick<Resource, 'kind' | 'group'>;

/** `pods`, `deployments.apps`. */
export const qualified = (resource: Named): string =>
	resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;

/** `Pod`, `Deployment.apps`. */
export const qualifiedKind = (resource: Kinded): string =>
	resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;

export const notFound = (resource: Named, name: string): ApiStatus => ({
	code: 404,
	reason: 'NotFound',
	message: `${qualified(resource)} "${name}" not found`,
});

/** No such resource at all. */
export const noResource = (): ApiStatus => ({
	code: 404,
	reason: 'NotFound',
	message: 'the server could not find the requested resource',
});

export const alreadyExists = (resource: Named, name: string): ApiStatus => ({
	code: 409,
	reason: 'AlreadyExists',
	message: `${qualified(resource)} "${name}" already exists`,
});

/** Somebody else wrote since the writer read. */
export const modified = (resource: Named, name: string): ApiStatus =>
	conflict(
		resource,
		name,
		'the object has been modified; please apply your changes to the latest version and try again',
	);

export const conflict = (resource: Named, name: string, why: string): ApiStatus => ({
	code: 409,
	reason: 'Conflict',
	message: `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
});

export const forbidden = (resource: Named, name: string, why: string): ApiStatus => ({
	code: 403,
	reason: 'Forbidden',
	message: `${qualified(resource)} "${name}" is forbidden: ${why}`,
});

export const badRequest = (message: string): ApiStatus => ({ code: 400, reason: 'BadRequest', message });

/** NewInternalError(): what the server itself could not do. */
export const internalError = (message: string): ApiStatus => ({
	code: 500,
	reason: 'InternalError',
	message: `Internal error occurred: ${message}`,
});

export const tooManyRequests = (message: string): ApiStatus => ({ code: 429, reason: 'TooManyRequests', message });

export const methodNotAllowed = (): ApiStatus => ({
	code: 405,
	reason: 'MethodNotAllowed',
	message: 'the server does not allow this method on the requested resource',
});

/** What stands where upstream prints go-cmp's difference of two Go structs. */
export const DIFFERENCE = '\n(the simulator leaves out the difference that a server prints here)';

/** One field at fault: its path and the text after it. */
export interface FieldError {
	readonly field: string;
	readonly message: string;
	/** The text of servers before 1.34, where it differs: they wrote values in Go's notation. */
	readonly go?: string;
}

/** From this minor on, objects in messages are JSON (kubernetes pull request 132314); before, Go's `%#v`. */
const JSON_SINCE = 34;

const goStrings = (list: readonly unknown[]): string =>
	`[]string{${list.map((item) => JSON.stringify(item)).join(', ')}}`;

const goLabels = (labels: unknown): string =>
	isRecord(labels)
		? `map[string]string{${Object.keys(labels)
				.sort()
				.map((key) => `${JSON.stringify(key)}:${JSON.stringify(labels[key])}`)
				.join(', ')}}`
		: 'map[string]string(nil)';

const goSelector = ({ matchLabels, matchExpressions }: Record<string, unknown>): string => {
	const expressions = Array.isArray(matchExpressions)
		? `[]v1.LabelSelectorRequirement{${matchExpressions
				.filter(isRecord)
				.map(({ key, operator, values }) => {
					const list = Array.isArray(values) ? goStrings(values) : '[]string(nil)';
					return `v1.LabelSelectorRequirement{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Values:${list}}`;
				})
				.join(', ')}}`
		: '[]v1.LabelSelectorRequirement(nil)';
	return `v1.LabelSelector{MatchLabels:${goLabels(matchLabels)}, MatchExpressions:${expressions}}`;
};

const goRoleRef = ({ apiGroup, kind, name }: Record<string, unknown>): string =>
	`rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;

/** Go's notation of the objects that people meet: lists of texts, labels, selectors. Undefined for others. */
const goValue = (field: string, value: unknown): string | undefined => {
	if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? goStrings(value) : undefined;
	if (!isRecord(value)) return undefined;
	if (field.endsWith('elector')) return goSelector(value);
	if (field === 'roleRef') return goRoleRef(value);
	// All fields of all parts, those that are not set too, and addresses of memory.
	if (field === 'spec.template') return 'core.PodTemplateSpec{(the simulator leaves out what stands here)}';
	return Object.values(value).every((item) => typeof item === 'string') ? goLabels(value) : undefined;
};

const quote = (value: unknown): string => {
	if (typeof value === 'string') return JSON.stringify(value);
	if (value === undefined || value === null) return '"null"';
	return isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
};

const because = (detail: string): string => (detail === '' ? '' : `: ${detail}`);

export const invalidValue = (field: string, value: unknown, detail: string): FieldError => {
	const go = goValue(field, value);
	return {
		field,
		message: `Invalid value: ${quote(value)}${because(detail)}`,
		...(go === undefined ? {} : { go: `Invalid value: ${go}${because(detail)}` }),
	};
};

export const required = (field: string, detail = ''): FieldError => ({
	field,
	message: `Required value${because(detail)}`,
});

/** `go` is the value in Go's notation, where people meet it. */
export const duplicate = (field: string, value: unknown, go?: string): FieldError => ({
	field,
	message: `Duplicate value: ${quote(value)}`,
	...(go === undefined ? {} : { go: `Duplicate value: ${go}` }),
});

export const notSupported = (field: string, value: unknown, valid: readonly string[]): FieldError => ({
	field,
	message: `Unsupported value: ${quote(value)}: supported values: ${valid.map((v) => JSON.stringify(v)).join(', ')}`,
});

export const fieldForbidden = (field: string, detail: string): FieldError => ({
	field,
	message: `Forbidden: ${detail}`,
});

export const notFoundValue = (field: string, value: unknown): FieldError => ({
	field,
	message: `Not found: ${quote(value)}`,
});

export const tooLong = (field: string, max: number): FieldError => ({
	field,
	message: `Too long: must have at most ${max} bytes`,
});

/** `Deployment.apps "x" is invalid: spec.a: Required value`, several in square brackets, each text once. */
export const invalid = (
	resource: Kinded,
	name: string,
	errors: readonly FieldError[],
	minor = JSON_SINCE,
): ApiStatus => {
	const causes = errors.map(({ field, message, go }) => ({
		field,
		message: go !== undefined && minor < JSON_SINCE ? go : message,
	}));
	const said = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
	const list = said.length === 1 ? said[0] : `[${said.join(', ')}]`;
	return {
		code: 422,
		reason: 'Invalid',
		message: `${qualifiedKind(resource)} "${name}" is invalid: ${list}`,
		causes,
	};
};
