/** ConfigMaps and Secrets, and what may stand beside any object. Source: kubernetes pkg/apis/core/validation/validation.go ValidateConfigMap(), ValidateSecret() @ v1.24.0. */
import { type Draft, isRecord, sub } from '../json.ts';
import { type FieldError, invalidValue, tooLong } from '../status.ts';
import type { Context } from '../strategy.ts';
import { byteLength } from './bytes.ts';
import { keyErrors } from './keys.ts';
import { secretTypeFaults } from './secret-types.ts';

/** core.MaxSecretSize */
const MOST = 1024 * 1024;

/** TotalAnnotationSizeLimitB */
const ANNOTATIONS = 256 * 1024;

const utf8 = new TextEncoder();
const bytes = (text: string): number => utf8.encode(text).length;
const sizes = (values: Draft, size: (text: string) => number): number =>
	Object.values(values).reduce<number>((sum, value) => sum + size(String(value)), 0);

/** Apiserver of 1.32 and later say it otherwise (apimachinery pkg/util/validation/field/errors.go TooLong() @ v0.32.0). */
export const tooManyBytes = (field: string, most: number, { minor }: Context): FieldError =>
	minor < 32 ? tooLong(field, most) : { field, message: `Too long: may not be more than ${most} bytes` };

/** ValidateAnnotationsSize() of apimachinery pkg/api/validation/objectmeta.go: keys and values together. */
export const annotationErrors = (object: Draft, context: Context): FieldError[] => {
	const notes = sub(object, 'metadata', 'annotations');
	let total = 0;
	for (const [key, value] of Object.entries(notes)) total += bytes(key) + bytes(String(value));
	return total > ANNOTATIONS ? [tooManyBytes('metadata.annotations', ANNOTATIONS, context)] : [];
};

/** Both bags of a ConfigMap together. */
export const configMapErrors = (object: Draft, context: Context): FieldError[] => {
	const [data, binary] = [sub(object, 'data'), sub(object, 'binaryData')];
	const errors: FieldError[] = [];
	for (const [bag, other, rest] of [
		['data', 'binaryData', binary],
		['binaryData', 'data', data],
	] as const)
		for (const key of Object.keys(sub(object, bag))) {
			errors.push(...keyErrors(key, `${bag}[${key}]`));
			// Upstream's own reading of the other bag finds nothing new.
			if (bag === 'data' && Object.hasOwn(rest, key))
				errors.push(invalidValue(`${bag}[${key}]`, key, `duplicate of key present in ${other}`));
		}
	// The path of no field is written in brackets.
	if (sizes(data, bytes) + sizes(binary, byteLength) > MOST) errors.push(tooManyBytes('[]', MOST, context));
	return errors;
};

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/** What Go's json.Unmarshal says of text that is no object; deeper in, that there is something only. */
const jsonFault = (text: string): string | undefined => {
	const start = text.trimStart();
	if (start === '') return 'unexpected end of JSON input';
	if (!/^[[{"tfn\d-]/.test(start)) return `invalid character '${start[0]}' looking for beginning of value`;
	try {
		const value: unknown = JSON.parse(text);
		if (value === null || isRecord(value)) return undefined;
		const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
		return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
	} catch {
		return '(the simulator leaves out what a server says of JSON that breaks off or goes wrong further in)';
	}
};

/** A Secret's size, and whether what a registry is logged in with can be read. */
export const secretErrors = (object: Draft, context: Context): FieldError[] => {
	const data = sub(object, 'data');
	const errors = Object.keys(data).flatMap((key) => keyErrors(key, `data[${key}]`));
	if (sizes(data, byteLength) > MOST) errors.push(tooManyBytes('data', MOST, context));
	errors.push(...secretTypeFaults(object));
	for (const [type, key] of [
		['kubernetes.io/dockercfg', '.dockercfg'],
		['kubernetes.io/dockerconfigjson', '.dockerconfigjson'],
	] as const) {
		if (object.type !== type || data[key] === undefined) continue;
		const fault = jsonFault(new TextDecoder().decode(fromBase64(String(data[key]))));
		if (fault) errors.push(invalidValue(`data[${key}]`, '<secret contents redacted>', fault));
	}
	return errors;
};
