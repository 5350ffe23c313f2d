/** All objects by resource, the revision that counts writes, and who is told of them. */

import { crdResource } from './crd.ts';
import { type Draft, text } from './json.ts';
import type { ApiObject, EventType, Resource, WatchEvent } from './object.ts';
import type { Registry } from './registry.ts';
import { qualified } from './status.ts';
import { createTable, type ObjectTable } from './table-store.ts';
import { createWrites, type Writes } from './writes.ts';

export interface Store {
	readonly revision: number;
	table(resource: Pick<Resource, 'plural' | 'group'>): ObjectTable;
	/** Gives the draft its resourceVersion, stores it and tells watchers. The draft is the store's from then on. */
	put(resource: Resource, object: Draft, type: EventType): ApiObject;
	remove(resource: Resource, object: ApiObject): ApiObject;
	watch(listener: (event: WatchEvent) => void): () => void;
	readonly writes: Writes;
}

/** Events of the two groups are one thing, as in etcd. */
const storedAs = (resource: Pick<Resource, 'plural' | 'group'>): string =>
	resource.group === 'events.k8s.io' ? resource.plural : qualified(resource);

/** `before` is told of each look at a resource's objects: those a server makes for itself come when somebody looks. */
export const createStore = (registry: Registry, before?: (group: string, plural: string) => void): Store => {
	const tables = new Map<string, ObjectTable>();
	const writes = createWrites();
	const listeners = new Set<(event: WatchEvent) => void>();
	const waiting: WatchEvent[] = [];
	let telling = false;
	let revision = 0;

	const table = (resource: Pick<Resource, 'plural' | 'group'>): ObjectTable => {
		before?.(resource.group, resource.plural);
		const key = storedAs(resource);
		let found = tables.get(key);
		if (found === undefined) {
			found = createTable();
			tables.set(key, found);
		}
		return found;
	};
	/** A listener may write: what it writes is told after what it was told of. */
	const tell = (event: WatchEvent): void => {
		waiting.push(event);
		if (telling) return;
		telling = true;
		try {
			for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
				for (const listener of [...listeners]) listener(next);
		} finally {
			telling = false;
		}
	};

	const drop = (resource: Resource, object: ApiObject): ApiObject => {
		revision++;
		const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
		table(resource).remove(object);
		writes.forget(object.metadata.uid);
		tell({ type: 'DELETED', object: last });
		return last;
	};

	return {
		get revision() {
			return revision;
		},
		table,
		writes,
		put(resource, draft, type) {
			revision++;
			const object = {
				...draft,
				metadata: { ...(draft.metadata as Draft), resourceVersion: String(revision) },
			} as unknown as ApiObject;
			table(resource).set(object);
			if (resource.kind === 'CustomResourceDefinition') {
				const made = crdResource(object);
				if (made) registry.set(object.metadata.name, made);
			}
			tell({ type, object });
			return object;
		},
		remove(resource, object) {
			// Custom resources go with their definition.
			if (resource.kind === 'CustomResourceDefinition') {
				const made = registry.find(text(object, 'metadata', 'name') ?? '');
				if (made?.custom) for (const item of table(made).list()) drop(made, item);
				registry.remove(text(object, 'metadata', 'name') ?? '');
			}
			return drop(resource, object);
		},
		watch(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
	};
};
