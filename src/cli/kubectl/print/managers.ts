/** `metadata.managedFields` of what is printed: added where somebody can see them, left out where nobody asked. */
import type { ApiObject, ApiServer, Resource } from '../../../sim/api/index.ts';
import { withManagedFields } from '../../../sim/api/managed/index.ts';
import type { Run } from '../../cobra/index.ts';
import { isMap } from './read.ts';

/** Formats that see the whole object as the server sent it. */
const WHOLE = /^(?:jsonpath|go-template|template|custom-columns)/;

/** The object with its managers, when the output has them. */
export const withManagers = (
	{ run, api }: { readonly run: Run; readonly api: ApiServer },
	resource: Resource,
	object: ApiObject,
): ApiObject =>
	run.flags.on('show-managed-fields') || WHOLE.test(run.flags.text('output')) || run.flags.text('template') !== ''
		? withManagedFields(api, resource, object)
		: object;

/** Without them, items of lists as well (cli-runtime pkg/printers/managedfields.go @ v0.24.0). */
export function omitManagers(object: unknown): unknown {
	if (!isMap(object)) return object;
	const items = Array.isArray(object.items) ? { items: object.items.map(omitManagers) } : {};
	if (!isMap(object.metadata) || object.metadata.managedFields === undefined) return { ...object, ...items };
	const { managedFields: _, ...metadata } = object.metadata;
	return { ...object, ...items, metadata };
}
