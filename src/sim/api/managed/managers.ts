/**
 * `metadata.managedFields`: who owns which fields, out of who wrote what.
 *
 * Source: structured-merge-diff merge/update.go @ v4.2.1; k8s.io/apiserver
 * pkg/endpoints/handlers/fieldmanager/{managedfieldsupdater,stripmeta,internal/managedfields}.go @ v0.24.0.
 */
import { type Draft, isRecord } from '../json.ts';
import type { ApiInput, ApiObject, ApiServer, Resource, Write } from '../object.ts';
import { strategyOf } from '../strategies/index.ts';
import { difference, emptySet, type FieldSet, fieldsV1, has, isEmptySet, setOf, union } from './field-set.ts';
import { shapeOfKind } from './shape.ts';
import { compare, fieldsOf } from './values.ts';

/** One who owns fields. */
export interface Manager extends Pick<Write, 'manager' | 'operation' | 'apiVersion' | 'subresource' | 'time'> {
	readonly fields: FieldSet;
}

/** Fields of metadata that nobody owns (stripmeta.go). */
const NOBODYS = [
	'name',
	'namespace',
	'creationTimestamp',
	'selfLink',
	'uid',
	'generation',
	'managedFields',
	'resourceVersion',
	'deletionTimestamp',
	'deletionGracePeriodSeconds',
];

/** What of an object can be owned by who writes the object, or its status. */
export const ownable = (
	object: ApiInput | undefined,
	resource: Resource,
	part: Write['subresource'],
): Draft | undefined => {
	if (object === undefined) return undefined;
	const { apiVersion: _, kind: __, metadata, status, ...rest } = object as Draft;
	const meta: Draft = {};
	if (isRecord(metadata)) for (const key in metadata) if (!NOBODYS.includes(key)) meta[key] = metadata[key];
	if (part === 'status') return { metadata: meta, status };
	const out: Draft = { ...rest, metadata: meta };
	if (strategyOf(resource).status !== true && status !== undefined) out.status = status;
	return out;
};

/**
 * What an object of a kind has before anybody wrote anything into it: structs that Go writes even when they are empty,
 * and lists and maps it writes as null (no `omitempty`). Parents that are there already are nobody's.
 */
const TEMPLATE = { metadata: {}, spec: { containers: null } };
const ZERO: Readonly<Record<string, Draft>> = {
	ClusterRole: { rules: null },
	ClusterRoleBinding: { roleRef: {} },
	CronJob: { spec: { jobTemplate: { metadata: {}, spec: { template: TEMPLATE } } } },
	DaemonSet: { spec: { selector: null, template: TEMPLATE, updateStrategy: {} } },
	Deployment: { spec: { selector: null, template: TEMPLATE, strategy: {} } },
	HorizontalPodAutoscaler: { spec: { scaleTargetRef: {} } },
	Job: { spec: { template: TEMPLATE } },
	NetworkPolicy: { spec: { podSelector: {} } },
	PersistentVolumeClaim: { spec: { resources: {} } },
	Pod: { spec: { containers: null } },
	ReplicaSet: { spec: { selector: null, template: TEMPLATE } },
	Role: { rules: null },
	RoleBinding: { roleRef: {} },
	Service: { status: { loadBalancer: {} } },
	StatefulSet: { spec: { selector: null, template: TEMPLATE, updateStrategy: {} } },
};

/** Custom resources have no Go type. */
export const zeroOf = (resource: Resource): Draft =>
	resource.custom ? { metadata: {} } : { metadata: {}, spec: {}, status: {}, ...ZERO[resource.kind] };

const sameManager = (a: Manager, b: Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): boolean =>
	a.manager === b.manager &&
	a.operation === b.operation &&
	// Who applies is one, whichever version was applied.
	(a.operation === 'Apply' || a.apiVersion === b.apiVersion) &&
	a.subresource === b.subresource;

const LAST_APPLIED = ['f:metadata', 'f:annotations', 'f:kubectl.kubernetes.io/last-applied-configuration'];
const annotation = (): FieldSet => setOf(LAST_APPLIED);

/** Whether what is applied has the annotation of client-side apply in it. */
const declares = (applied: unknown): boolean =>
	LAST_APPLIED.reduce((here, element) => (isRecord(here) ? here[element.slice(2)] : undefined), applied) !== undefined;

/** What client-side apply owned becomes server-side apply's (client-go util/csaupgrade/upgrade.go @ v0.26.0). */
const adopted = (managers: readonly Manager[], write: Write): readonly Manager[] => {
	const gone = (item: Manager): boolean =>
		item.operation === 'Update' && item.subresource === undefined && write.adopts!.includes(item.manager);
	const mine = managers.find((item) => sameManager(item, write));
	const theirs = managers.filter(gone).map(({ fields }) => difference(fields, annotation()));
	const fields = [mine?.fields ?? emptySet(), ...theirs].reduce(union, emptySet());
	const { manager, operation, apiVersion, time } = write;
	return [
		...managers.filter((item) => item !== mine && !gone(item)),
		{ manager, operation, apiVersion, time: mine?.time ?? time, fields },
	];
};

/** Who updated the object and owns the annotation of client-side apply: those that applied there. */
export const clientSideManagers = (managers: readonly Manager[]): readonly string[] =>
	managers
		.filter((item) => item.operation === 'Update' && has(item.fields, LAST_APPLIED))
		.map(({ manager }) => manager);

const after = (managers: readonly Manager[], write: Write, resource: Resource): readonly Manager[] => {
	if (write.adopts) return adopted(managers, write);
	const shape = shapeOfKind(resource);
	const part = write.subresource;
	const old = ownable(write.before ?? zeroOf(resource), resource, part);
	const { added, modified, removed } = compare(old, ownable(write.after, resource, part), shape);
	const changed = union(added, modified);
	const all = union(changed, removed);
	// The server keeps the annotation of client-side apply up by itself: that takes it from nobody (lastappliedupdater.go).
	const lost = write.operation === 'Apply' && !declares(write.applied) ? difference(all, annotation()) : all;
	const mine = managers.find((manager) => sameManager(manager, write));
	const others = managers
		.filter((manager) => manager !== mine)
		.map((manager) => ({ ...manager, fields: difference(manager.fields, lost) }))
		.filter((manager) => !isEmptySet(manager.fields));
	const { manager, operation, apiVersion, subresource, time } = write;
	const entry = (fields: FieldSet, at: string): Manager => ({
		manager,
		operation,
		apiVersion,
		...(subresource === undefined ? {} : { subresource }),
		time: at,
		fields,
	});
	if (operation === 'Apply') {
		const applied = fieldsOf(ownable(write.applied, resource, part), shape);
		const fields = 'unknown' in applied ? emptySet() : applied;
		return isEmptySet(fields) ? others : [...others, entry(fields, time)];
	}
	const kept = mine === undefined ? emptySet() : difference(mine.fields, removed);
	const fields = union(kept, changed);
	if (isEmptySet(fields)) return others;
	return [...others, entry(fields, isEmptySet(changed) ? (mine?.time ?? time) : time)];
};

/** All who own something in an object that is stored, in the order upstream lists them. */
export const managersOf = (api: ApiServer, resource: Resource, object: ApiObject): readonly Manager[] => {
	let managers: readonly Manager[] = [];
	for (const write of api.writes(object)) managers = after(managers, write, resource);
	const order = (a: Manager, b: Manager, ...keys: readonly (keyof Manager)[]): number => {
		for (const key of keys) {
			const [x, y] = [String(a[key] ?? ''), String(b[key] ?? '')];
			if (x !== y) return x < y ? -1 : 1;
		}
		return 0;
	};
	return [...managers].sort((a, b) => order(a, b, 'operation', 'time', 'manager', 'apiVersion', 'subresource'));
};

/** The object with its managers; one that nobody wrote through the API stays as it is. */
export const withManagedFields = (api: ApiServer, resource: Resource, object: ApiObject): ApiObject => {
	const managers = managersOf(api, resource, object);
	if (managers.length === 0) return object;
	const managedFields = managers.map(({ fields, ...entry }) => ({
		apiVersion: entry.apiVersion,
		fieldsType: 'FieldsV1',
		fieldsV1: fieldsV1(fields),
		manager: entry.manager,
		operation: entry.operation,
		...(entry.subresource === undefined ? {} : { subresource: entry.subresource }),
		time: entry.time,
	}));
	return { ...object, metadata: { ...object.metadata, managedFields } };
};
