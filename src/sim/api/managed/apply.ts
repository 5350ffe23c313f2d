/**
 * Server-side apply: what somebody declares is merged into what is there; what they declared before and no longer do
 * goes; who changes what others own is refused unless they insist.
 *
 * Source: structured-merge-diff merge/{update,conflict}.go @ v4.2.1; k8s.io/apiserver
 * pkg/endpoints/handlers/fieldmanager/{structuredmerge,lastappliedmanager,lastappliedupdater,internal/conflict}.go and
 * pkg/endpoints/handlers/patch.go (applyPatcher) @ v0.24.0.
 */
import { clone, type Draft, isRecord, sub, text } from '../json.ts';
import type { ApiInput, ApiObject, ApiResult, ApiServer, ApiStatus, Resource, WriteOptions } from '../object.ts';
import { apiVersionOf } from '../resources.ts';
import { badRequest } from '../status.ts';
import { difference, emptySet, type FieldSet, intersection, isEmptySet, paths, pathText, union } from './field-set.ts';
import { clientSideManagers, type Manager, managersOf, ownable } from './managers.ts';
import { shapeOfKind } from './shape.ts';
import { compare, fieldsOf, merged, without, withParents } from './values.ts';

export interface ApplyOptions extends Pick<WriteOptions, 'dryRun' | 'fieldValidation'> {
	readonly manager: string;
	/** Takes over what others own. */
	readonly force?: boolean;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whoever kubectl's own manager applies for had it from the annotation before. */
const KUBECTL = 'kubectl';

/** `"kubectl-client-side-apply" using apps/v1` */
const managerText = ({ manager, operation, apiVersion, subresource }: Manager): string =>
	`${JSON.stringify(manager)}${subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;

const conflictStatus = (conflicts: readonly { readonly by: Manager; readonly fields: FieldSet }[]): ApiStatus => {
	const all = conflicts.flatMap(({ by, fields }) =>
		[...paths(fields)].map((path) => ({ by: managerText(by), path: pathText(path) })),
	);
	const groups = [...new Set(all.map(({ by }) => by))].sort();
	const told =
		all.length === 1
			? `conflict with ${all[0]!.by}: ${all[0]!.path}`
			: groups
					.flatMap((group) => [
						`conflicts with ${group}:`,
						...all.filter(({ by }) => by === group).map(({ path }) => `- ${path}`),
					])
					.join('\n');
	return {
		code: 409,
		reason: 'Conflict',
		message: `Apply failed with ${all.length} conflict${all.length === 1 ? '' : 's'}: ${told}`,
		causes: all.map(({ by, path }) => ({ field: path, message: `conflict with ${by}` })),
	};
};

/** What client-side apply wrote last and is still so: it is no conflict when kubectl itself applies there. */
const writtenByApply = (live: ApiObject, resource: Resource): FieldSet => {
	const annotation = live.metadata.annotations?.[LAST_APPLIED];
	if (annotation === undefined) return emptySet();
	let last: unknown;
	try {
		last = JSON.parse(annotation);
	} catch {
		return emptySet();
	}
	if (!isRecord(last)) return emptySet();
	const shape = shapeOfKind(resource);
	const declared = ownable(last, resource, undefined);
	const fields = fieldsOf(declared, shape);
	if ('unknown' in fields) return emptySet();
	const { added, modified, removed } = compare(declared, ownable(live, resource, undefined), shape);
	return difference(fields, union(union(added, modified), removed));
};

/** Creates the object, or makes it what is declared. */
export const serverSideApply = (api: ApiServer, input: ApiInput, options: ApplyOptions): ApiResult<ApiObject> => {
	const { manager, force = false, dryRun, fieldValidation } = options;
	const version = text(input, 'apiVersion') ?? '';
	const resource = api
		.resources()
		.find(
			(item) =>
				item.kind === text(input, 'kind') &&
				[item.version, ...(item.served ?? [])].some((served) => apiVersionOf({ ...item, version: served }) === version),
		);
	if (resource === undefined)
		return { error: { code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' } };
	if (sub(input, 'metadata').managedFields !== undefined)
		return { error: badRequest('metadata.managedFields must be nil') };
	const name = text(input, 'metadata', 'name') ?? '';
	const namespace = resource.namespaced ? (text(input, 'metadata', 'namespace') ?? 'default') : undefined;
	const shape = shapeOfKind(resource);
	const declared = ownable(input, resource, undefined);
	const fields = fieldsOf(declared, shape);
	if ('unknown' in fields) {
		const list = fields.unknown.map((path) => `${path}: field not declared in schema`);
		const why = list.length === 1 ? list[0] : `errors:\n${list.map((line) => `  ${line}`).join('\n')}`;
		return {
			error: {
				code: 500,
				reason: '',
				message: `failed to create typed patch object (${namespace ?? ''}/${name}; ${version}, Kind=${resource.kind}): ${why}`,
			},
		};
	}
	const write: WriteOptions = {
		fieldManager: manager,
		applied: input,
		...(dryRun === undefined ? {} : { dryRun }),
		...(fieldValidation === undefined ? {} : { fieldValidation }),
	};
	const live = api.get(resource, namespace, name);
	if (live === undefined) return api.create(input, write);
	const managers = managersOf(api, resource, live);
	const mine = managers.find((item) => item.manager === manager && item.operation === 'Apply');
	const others = managers.filter((item) => item !== mine);

	// What is declared over what is there, without what was declared before and is nobody's now.
	let next = merged(live, input, shape) as Draft;
	if (mine !== undefined) {
		const owned = [fields, ...others.map((item) => item.fields)]
			.map((set) => withParents(set, shape))
			.reduce(union, emptySet());
		next = without(next, difference(withParents(mine.fields, shape), owned), shape) as Draft;
	}
	const now = ownable(live, resource, undefined);
	const { added, modified } = compare(now, ownable(next, resource, undefined), shape);
	const changed = union(added, modified);
	let conflicts = others
		.filter((item) => item.subresource !== 'status')
		.map((item) => ({ by: item, fields: intersection(item.fields, changed) }));
	if (manager === KUBECTL) {
		const allowed = writtenByApply(live, resource);
		conflicts = conflicts.map((item) => ({ ...item, fields: difference(item.fields, allowed) }));
	}
	conflicts = conflicts.filter((item) => !isEmptySet(item.fields));
	if (conflicts.length > 0 && !force) return { error: conflictStatus(conflicts) };

	const metadata: Draft = { ...sub(next, 'metadata') };
	const wanted = sub(input, 'metadata').resourceVersion;
	if (wanted === undefined) delete metadata.resourceVersion;
	// The annotation of client-side apply is kept up, for whoever goes back to it.
	if (manager === KUBECTL && live.metadata.annotations?.[LAST_APPLIED] !== undefined)
		metadata.annotations = { ...sub(metadata, 'annotations'), [LAST_APPLIED]: configuration(input) };
	return api.update({ ...next, apiVersion: live.apiVersion, metadata }, write);
};

/**
 * Gives what client-side apply owned of an object to server-side apply, once; answers whether there was something to
 * give. The annotation stays, with a manager of its own.
 *
 * Source: k8s.io/kubectl pkg/cmd/apply/apply.go (saveLastApplyAnnotationIfNecessary, migrateToSSAIfNecessary) @ v0.26.0.
 */
export const adoptClientSide = (api: ApiServer, resource: Resource, object: ApiObject, manager: string): boolean => {
	const { name, namespace, annotations } = object.metadata;
	const annotation = annotations?.[LAST_APPLIED];
	const others = clientSideManagers(managersOf(api, resource, object));
	if (annotation === undefined || others.length === 0) return false;
	const metadata = {
		name,
		...(namespace === undefined ? {} : { namespace }),
		annotations: { [LAST_APPLIED]: annotation },
	};
	serverSideApply(
		api,
		{ apiVersion: object.apiVersion, kind: object.kind, metadata },
		{ manager: 'kubectl-last-applied' },
	);
	api.adopt(object, manager, others);
	return true;
};

/** The object as the annotation has it: JSON with sorted keys and a line end. */
const configuration = (input: ApiInput): string => {
	const copy = clone(input) as Draft;
	const meta: Draft = { ...sub(copy, 'metadata') };
	const { [LAST_APPLIED]: _, ...annotations } = sub(meta, 'annotations');
	meta.annotations = annotations;
	return `${JSON.stringify(sorted({ ...copy, metadata: meta }))}\n`;
};

const sorted = (value: unknown): unknown => {
	if (Array.isArray(value)) return value.map(sorted);
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.keys(value)
			.sort()
			.map((key) => [key, sorted(value[key])]),
	);
};
