/**
 * The API server's objects as one immutable value. Writing answers a new snapshot that shares all else with the
 * old one; `generation` counts writes, as etcd's revision does, and is what nodes remember having programmed.
 */
import type { KubeObject } from './objects.ts';

export type Kind = KubeObject['kind'];
/** The object type of a kind. */
export type ObjectOf<K extends Kind> = Extract<KubeObject, { kind: K }>;

interface Stored {
	readonly object: KubeObject;
	/** Generation of the write that put it. */
	readonly resourceVersion: number;
}

export interface Snapshot {
	/** Revision of the last write; 0 for the empty store. */
	readonly generation: number;
	readonly kinds: ReadonlyMap<Kind, ReadonlyMap<string, Stored>>;
}

export const EMPTY_SNAPSHOT: Snapshot = { generation: 0, kinds: new Map() };

/** `namespace/name`, or the name alone for cluster-scoped objects. */
export const keyOf = (object: KubeObject): string => objectKey(object.metadata.namespace, object.metadata.name);

const objectKey = (namespace: string, name: string): string => (namespace === '' ? name : `${namespace}/${name}`);

/** Creates or replaces objects, in order; one generation each. */
export const put = (snapshot: Snapshot, objects: readonly KubeObject[]): Snapshot => {
	if (objects.length === 0) return snapshot;
	const kinds = new Map(snapshot.kinds);
	const copied = new Map<Kind, Map<string, Stored>>();
	let generation = snapshot.generation;
	for (const object of objects) {
		let table = copied.get(object.kind);
		if (!table) {
			table = new Map(snapshot.kinds.get(object.kind));
			copied.set(object.kind, table);
			kinds.set(object.kind, table);
		}
		table.set(keyOf(object), { object, resourceVersion: ++generation });
	}
	return { generation, kinds };
};

/** Removes an object. The same snapshot when it was not there. */
export const remove = (snapshot: Snapshot, kind: Kind, namespace: string, name: string): Snapshot => {
	const key = objectKey(namespace, name);
	const table = snapshot.kinds.get(kind);
	if (!table?.has(key)) return snapshot;
	const rest = new Map(table);
	rest.delete(key);
	return { generation: snapshot.generation + 1, kinds: new Map(snapshot.kinds).set(kind, rest) };
};

/** One object. Namespace is empty for nodes. */
export const get = <K extends Kind>(
	snapshot: Snapshot,
	kind: K,
	namespace: string,
	name: string,
): ObjectOf<K> | undefined =>
	snapshot.kinds.get(kind)?.get(objectKey(namespace, name))?.object as ObjectOf<K> | undefined;

/** `metadata.resourceVersion` of an object: the generation of its last write. */
export const resourceVersion = (snapshot: Snapshot, object: KubeObject): number | undefined =>
	snapshot.kinds.get(object.kind)?.get(keyOf(object))?.resourceVersion;

const sorted = new WeakMap<ReadonlyMap<string, Stored>, readonly KubeObject[]>();

/** All objects of a kind in the order `kubectl get -A` has: by namespace, then name (code units). */
export const list = <K extends Kind>(snapshot: Snapshot, kind: K, namespace?: string): readonly ObjectOf<K>[] => {
	const table = snapshot.kinds.get(kind);
	if (!table) return [];
	let all = sorted.get(table);
	if (!all) {
		all = [...table.values()].map((stored) => stored.object).sort(byNamespaceAndName);
		sorted.set(table, all);
	}
	const found = namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
	return found as readonly ObjectOf<K>[];
};

const byNamespaceAndName = (a: KubeObject, b: KubeObject): number =>
	compare(a.metadata.namespace, b.metadata.namespace) || compare(a.metadata.name, b.metadata.name);

/** Order by code units: the same everywhere, as Go's string comparison for the ASCII names of Kubernetes. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether labels hold every pair of a selector. An empty selector selects nothing here: a Service with none has no slices. */
export const selects = (
	selector: Readonly<Record<string, string>>,
	labels: Readonly<Record<string, string>>,
): boolean => {
	const keys = Object.keys(selector);
	return keys.length > 0 && keys.every((key) => labels[key] === selector[key]);
};
