/**
 * What `kubectl explain` asks for: types with all their fields, and what they are for. Loaded by whoever explains, and
 * nobody else; it has a door of its own.
 */
import { type Field, readTypes, rootType, type Type, typeOf } from '../schema/read.ts';
import { CILIUM_DOCS } from './cilium.ts';
import { CILIUM_ANNOUNCEMENT_DOCS } from './cilium-announcements.ts';
import { CORE_DOCS } from './core.ts';
import { MORE_DOCS } from './more.ts';
import { OBJECT_PARTS } from './object-parts.ts';
import { OBJECT_DOCS } from './objects.ts';
import { POD_PARTS } from './pod-parts.ts';
import { POD_DOCS } from './pods.ts';
import { SINCE, UNTIL } from './versions.ts';
import { VOLUME_SOURCE_DOCS } from './volume-sources.ts';
import { VOLUME_DOCS } from './volumes.ts';
import { WORKLOAD_DOCS } from './workloads.ts';

export type { Field, Type } from '../schema/read.ts';
export { customDocs } from './custom.ts';

let docs: ReadonlyMap<string, string> | undefined;
let parts: ReadonlyMap<string, Type> | undefined;

const SOURCES = [
	CORE_DOCS,
	MORE_DOCS,
	POD_DOCS,
	VOLUME_DOCS,
	VOLUME_SOURCE_DOCS,
	WORKLOAD_DOCS,
	OBJECT_DOCS,
	CILIUM_DOCS,
	CILIUM_ANNOUNCEMENT_DOCS,
];

const read = (): ReadonlyMap<string, string> => {
	const out = new Map<string, string>();
	let owner = '';
	for (const source of SOURCES)
		for (const line of source.trim().split('\n')) {
			const [name, ...words] = line.trim().split(' ') as [string, ...string[]];
			if (!line.startsWith(' ')) owner = name;
			if (words.length > 0) out.set(line.startsWith(' ') ? `${owner}.${name}` : name, words.join(' '));
		}
	return out;
};

/** Types whose fields are those of another, with the same words. */
const LIKE: Readonly<Record<string, string>> = {
	EphemeralContainer: 'Container',
	DaemonSetUpdateStrategy: 'UpdateStrategy',
	StatefulSetUpdateStrategy: 'UpdateStrategy',
	RollingUpdateDeployment: 'RollingUpdate',
	RollingUpdateDaemonSet: 'RollingUpdate',
	RollingUpdateStatefulSetStrategy: 'RollingUpdate',
	...Object.fromEntries(
		['AzureFile', 'CephFS', 'Cinder', 'Flex', 'Glusterfs', 'ISCSI', 'RBD', 'ScaleIO', 'StorageOS'].map((of) => [
			`${of}PersistentVolumeSource`,
			`${of}VolumeSource`,
		]),
	),
};

/** Words for a type, or for a field of one; empty when nobody wrote any. */
export const docOf = (type: string, field?: string): string => {
	docs ??= read();
	if (field === undefined) return docs.get(type) ?? docs.get(LIKE[type] ?? '') ?? '';
	return docs.get(`${type}.${field}`) ?? docs.get(`${LIKE[type]}.${field}`) ?? docs.get(`*.${field}`) ?? '';
};

const whole = (name: string, base: Type | undefined, minor: number): Type | undefined => {
	parts ??= readTypes([POD_PARTS, OBJECT_PARTS]);
	const more = parts.get(name);
	if (!base && !more) return undefined;
	const fields = new Map(
		[...(base?.fields ?? []), ...(more?.fields ?? [])].filter(
			([field]) => (SINCE[`${name}.${field}`] ?? 0) <= minor && (UNTIL[`${name}.${field}`] ?? minor) >= minor,
		),
	);
	// Parts replace what the schema leaves open.
	return { name, fields, open: more ? false : (base?.open ?? false) };
};

/** A type by name as a server of a minor version has it, status included. Undefined for what has no fields. */
export const partOf = (name: string, minor: number): Type | undefined => whole(name, typeOf(name), minor);

/** The type of a kind's objects. */
export const kindOf = (kind: string, minor: number): Type | undefined => whole(kind, rootType(kind), minor);

export interface Explained {
	/** The field asked for; undefined for the kind itself. */
	readonly field?: Field;
	/** Name of the type it stands in. */
	readonly owner?: string;
	/** Words for the field; empty when it is the kind that is asked for. */
	readonly doc: string;
	/** What the field is made of, when it is made of fields. */
	readonly type?: Type;
}

/**
 * The field at `path` below a kind: `('Pod', ['spec', 'containers'], 24)`. What has no fields is found, whatever follows,
 * as kubectl has it. Otherwise the name that was not found.
 */
export const explain = (
	kind: string,
	path: readonly string[],
	minor: number,
): Explained | { readonly missing: string } => {
	let type = kindOf(kind, minor);
	let field: Field | undefined;
	let doc = '';
	let owner = '';
	for (const name of path) {
		if (type === undefined) break;
		const next = type.fields.get(name);
		if (next === undefined) return { missing: name };
		doc = docOf(type.name, name);
		owner = type.name;
		field = next;
		type = partOf(next.type, minor);
	}
	return { ...(field ? { field, owner } : {}), doc, ...(type ? { type } : {}) };
};
