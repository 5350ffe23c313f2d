/** The annotation in which `kubectl apply` keeps what it applied last. */
import type { ApiInput } from '../../../../sim/api/index.ts';
import { at, goJson, isMap } from '../../print/index.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object without the annotation. */
export function withoutConfiguration(object: ApiInput): ApiInput {
	const metadata = isMap(object.metadata) ? object.metadata : {};
	const { [LAST_APPLIED]: _, ...annotations } = isMap(metadata.annotations) ? metadata.annotations : {};
	return { ...object, metadata: { ...metadata, annotations } };
}

/** The configuration as it is kept: without the annotation itself, with a line end (util/apply.go GetModifiedConfiguration). */
export const configurationOf = (object: ApiInput): string => `${goJson(withoutConfiguration(object), 0)}\n`;

/** The object with its configuration written into it. */
export function withConfiguration(object: ApiInput): ApiInput {
	const metadata = isMap(object.metadata) ? object.metadata : {};
	const annotations = { ...(isMap(metadata.annotations) ? metadata.annotations : {}) };
	return {
		...object,
		metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: configurationOf(object) } },
	};
}

/** What was applied last, as text; undefined when nothing was. */
export function lastApplied(object: unknown): string | undefined {
	const text = at(object, 'metadata', 'annotations', LAST_APPLIED);
	return typeof text === 'string' ? text : undefined;
}

/** The same as an object; an empty one when it is not there or not JSON. */
export function lastAppliedObject(object: unknown): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(lastApplied(object) ?? '{}');
		return isMap(value) ? { ...value } : {};
	} catch {
		return {};
	}
}
