/**
 * How a patch is refused whose outcome cannot be read: kubectl prints `The request is invalid: patch: Invalid value: …`.
 *
 * Source: k8s.io/apiserver pkg/endpoints/handlers/patch.go (applyPatchToObject, jsonPatcher) @ v0.25.0,
 * k8s.io/apimachinery pkg/runtime/converter.go for the texts of a strategic merge patch.
 */
import { isRecord } from './json.ts';
import type { ApiInput, ApiStatus, Json, PatchType } from './object.ts';

/** Go's `%+v` of decoded JSON. */
const goPrint = (value: unknown): string => {
	if (value === null || value === undefined) return '<nil>';
	if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
	if (!isRecord(value)) return String(value);
	const keys = Object.keys(value).sort();
	return `map[${keys.map((key) => `${key}:${goPrint(value[key])}`).join(' ')}]`;
};

const GO_KIND: Readonly<Record<string, string>> = { number: 'int64', object: 'map', array: 'slice' };

/** A type error as the converter says it, not as the JSON decoder does. */
const converted = (detail: string): string => {
	if (detail.startsWith('illegal')) return `error decoding string from base64: ${detail}`;
	const m = /^json: cannot unmarshal (\w+)\S*.* into Go struct field \S+ of type (.+)$/.exec(detail);
	if (!m) return detail;
	const [, got = '', type = ''] = m;
	const kind = GO_KIND[got] ?? got;
	if (type.startsWith('[]')) return `cannot restore slice from ${kind}`;
	if (type.startsWith('map[')) return `cannot restore map from ${kind}`;
	return type.startsWith('v1.') ? `cannot restore struct from: ${kind}` : `unrecognized type: ${type}`;
};

/** The refusal of an update, in the words of a patch; other refusals stay as they are. */
export const patchRefusal = (error: ApiStatus, type: PatchType, patch: Json, patched: ApiInput): ApiStatus => {
	const m =
		/^(?:\S+ in version "\S+" cannot be handled as a \S+: )?((?:strict decoding error|json): .*|illegal base64 data .*)$/s.exec(
			error.message,
		);
	if (error.reason !== 'BadRequest' || !m) return error;
	const strategic = type === 'application/strategic-merge-patch+json';
	const value = strategic ? goPrint(patch) : JSON.stringify(patched);
	const message = `Invalid value: ${JSON.stringify(value)}: ${strategic ? converted(m[1]!) : m[1]}`;
	return {
		code: 422,
		reason: 'Invalid',
		message: ` "" is invalid: patch: ${message}`,
		causes: [{ field: 'patch', message }],
	};
};
