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

export const tooManyRequests = (message: string): ApiStatus => ({ code: 429, reason: 'TooManyRequests', message });

export const internalError = (message: string): ApiStatus => ({
	code: 500,
	reason: 'InternalError',
	message: `Internal error occurred: ${message}`,
});

export const methodNotAllowed = (): ApiStatus => ({
	code: 405,
	reason: 'MethodNotAllowed',
	message: 'the server does not allow this method on the requested resource',
});

/** One field at fault: its path and the text after it. */
export interface FieldError {
	readonly field: string;
	readonly message: string;
}

const quote = (value: unknown): string => {
	if (typeof value === 'string') return JSON.stringify(value);
	if (value === undefined || value === null) return '"null"';
	return isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
};

const because = (detail: string): string => (detail === '' ? '' : `: ${detail}`);

/** Objects are written as JSON, as from Kubernetes 1.33; before, Go's `%#v` stood there. */
export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
	field,
	message: `Invalid value: ${quote(value)}${because(detail)}`,
});

export const required = (field: string, detail = ''): FieldError => ({
	field,
	message: `Required value${because(detail)}`,
});

export const duplicate = (field: string, value: unknown): FieldError => ({
	field,
	message: `Duplicate value: ${quote(value)}`,
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
export const invalid = (resource: Kinded, name: string, errors: readonly FieldError[]): ApiStatus => {
	const said = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
	const list = said.length === 1 ? said[0] : `[${said.join(', ')}]`;
	return {
		code: 422,
		reason: 'Invalid',
		message: `${qualifiedKind(resource)} "${name}" is invalid: ${list}`,
		causes: errors.map(({ field, message }) => ({ field, message })),
	};
};
