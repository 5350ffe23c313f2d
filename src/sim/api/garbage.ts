/**
 * What goes because something else went: dependents of deleted owners, contents of deleted namespaces.
 *
 * Source: kubernetes pkg/controller/garbagecollector/garbagecollector.go (attemptToDeleteItem, processDeletingDependentsItem,
 * orphanDependents), pkg/controller/namespace/deletion @ v1.24.0.
 */
import { minorOf } from '../kube/index.ts';
import { customChecks } from './for-people.ts';
import { type Draft, equal, sub, texts } from './json.ts';
import type { ApiObject, ApiServer, OwnerReference, Resource } from './object.ts';

interface Found {
	readonly resource: Resource;
	readonly object: ApiObject;
}

/** All objects there are; resources that share a store once. */
const everything = function* (api: ApiServer): Generator<Found> {
	for (const resource of api.resources()) {
		if (!resource.verbs.includes('list') || resource.group === 'events.k8s.io') continue;
		for (const object of api.list(resource)) yield { resource, object };
	}
};

const without = (object: ApiObject, finalizer: string): Draft => {
	const meta: Draft = { ...object.metadata };
	meta.finalizers = (object.metadata.finalizers ?? []).filter((item) => item !== finalizer);
	return { ...object, metadata: meta };
};

/**
 * One pass of the garbage collector over everything; answers how many objects it wrote or deleted. Repeated until it
 * answers 0, a whole chain of owners is gone (pods wait for their kubelet).
 */
export const collectGarbage = (api: ApiServer): number => {
	const owners = new Map<string, Found>();
	const dependents = new Map<string, Found[]>();
	const owned: Found[] = [];
	for (const found of everything(api)) {
		owners.set(found.object.metadata.uid, found);
		const references = found.object.metadata.ownerReferences ?? [];
		if (references.length > 0) owned.push(found);
		for (const { uid } of references) {
			const list = dependents.get(uid);
			if (list) list.push(found);
			else dependents.set(uid, [found]);
		}
	}
	let done = 0;
	const orphan = (found: Found): void => {
		for (const { object } of dependents.get(found.object.metadata.uid) ?? []) {
			const left = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== found.object.metadata.uid);
			const metadata: Draft = { ...object.metadata, ownerReferences: left };
			delete metadata.resourceVersion;
			api.update({ ...object, metadata });
			done++;
		}
	};
	const orphaned = new Set<string>();
	for (const found of owners.values()) {
		const { finalizers = [], deletionTimestamp, uid } = found.object.metadata;
		if (deletionTimestamp === undefined) continue;
		if (finalizers.includes('orphan')) {
			orphan(found);
			orphaned.add(uid);
			api.update(without(found.object, 'orphan'));
			done++;
		} else if (finalizers.includes('foregroundDeletion')) {
			const blocking = (dependents.get(uid) ?? []).filter(({ object }) =>
				object.metadata.ownerReferences?.some((item) => item.uid === uid && item.blockOwnerDeletion === true),
			);
			if (blocking.length > 0) continue;
			api.update(without(found.object, 'foregroundDeletion'));
			done++;
		}
	}
	for (const { resource, object } of owned) {
		if (object.metadata.deletionTimestamp !== undefined) continue;
		const references = object.metadata.ownerReferences ?? [];
		if (references.some(({ uid }) => orphaned.has(uid))) continue;
		const going = (reference: OwnerReference): boolean => {
			const owner = owners.get(reference.uid);
			if (owner === undefined) return true;
			const { deletionTimestamp, finalizers = [] } = owner.object.metadata;
			return deletionTimestamp !== undefined && finalizers.includes('foregroundDeletion');
		};
		if (!references.every(going)) continue;
		const foreground = references.some(({ uid }) => owners.has(uid)) && dependents.has(object.metadata.uid);
		const { namespace, name } = object.metadata;
		api.delete(resource, namespace, name, { propagation: foreground ? 'Foreground' : 'Background' });
		done++;
	}
	return done;
};

/**
 * What a namespace that ends says of its contents (pkg/controller/namespace/deletion/status_condition_utils.go
 * @ v1.24.0): `resources` and `finalizers` are how many instances of each are left.
 */
const remaining = (
	old: unknown,
	now: string,
	resources: ReadonlyMap<string, number>,
	finalizers: ReadonlyMap<string, number>,
	failing: { readonly count: number; readonly words: string } | undefined,
): Draft[] => {
	const before = Array.isArray(old) ? (old as readonly Draft[]) : [];
	const listed = (map: ReadonlyMap<string, number>, verb: string): string =>
		[...map]
			.map(([name, n]) => `${name}${verb}${n} resource instances`)
			.sort()
			.join(', ');
	const make = (type: string, failed: boolean, reason: string, message: string): Draft => {
		const status = failed ? 'True' : 'False';
		const known = before.find((c) => c.type === type && c.status === status);
		return { lastTransitionTime: known?.lastTransitionTime ?? now, message, reason, status, type };
	};
	return [
		failing
			? make(
					'NamespaceDeletionDiscoveryFailure',
					true,
					'DiscoveryFailed',
					`Discovery failed for some groups, ${failing.count} failing: ${failing.words}`,
				)
			: make(
					'NamespaceDeletionDiscoveryFailure',
					false,
					'ResourcesDiscovered',
					'All resources successfully discovered',
				),
		make(
			'NamespaceDeletionGroupVersionParsingFailure',
			false,
			'ParsedGroupVersions',
			'All legacy kube types successfully parsed',
		),
		make(
			'NamespaceDeletionContentFailure',
			false,
			'ContentDeleted',
			'All content successfully deleted, may be waiting on finalization',
		),
		resources.size > 0
			? make(
					'NamespaceContentRemaining',
					true,
					'SomeResourcesRemain',
					`Some resources are remaining: ${listed(resources, ' has ')}`,
				)
			: make('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
		finalizers.size > 0
			? make(
					'NamespaceFinalizersRemaining',
					true,
					'SomeFinalizersRemain',
					`Some content in the namespace has finalizers remaining: ${listed(finalizers, ' in ')}`,
				)
			: make(
					'NamespaceFinalizersRemaining',
					false,
					'ContentHasNoFinalizers',
					'All content-preserving finalizers finished',
				),
	];
};

/** Deletes what is in namespaces that are Terminating, and those that are empty; answers how many it wrote. */
export const collectNamespaces = (api: ApiServer): number => {
	let done = 0;
	const spaces = api.find('namespaces')!;
	// What cannot be discovered may have something in it.
	const failing = customChecks()?.undiscovered(api, minorOf(api.version));
	const count = (map: Map<string, number>, key: string): void => {
		map.set(key, (map.get(key) ?? 0) + 1);
	};
	for (const space of api.list(spaces)) {
		if (space.metadata.deletionTimestamp === undefined) continue;
		const left = new Map<string, number>();
		const held = new Map<string, number>();
		for (const resource of api.resources()) {
			if (!resource.namespaced || !resource.verbs.includes('list') || resource.group === 'events.k8s.io') continue;
			for (const object of api.list(resource, { namespace: space.metadata.name })) {
				if (object.metadata.deletionTimestamp === undefined) {
					api.delete(resource, space.metadata.name, object.metadata.name);
					done++;
				}
				const last = api.get(resource, space.metadata.name, object.metadata.name);
				if (last === undefined) continue;
				count(left, `${resource.plural}.${resource.group}`);
				for (const finalizer of last.metadata.finalizers ?? []) count(held, finalizer);
			}
		}
		if (left.size > 0 || failing) {
			const conditions = remaining(space.status?.conditions, api.timestamp(), left, held, failing);
			const status = { ...sub(space, 'status'), conditions };
			if (!equal(status, space.status)) api.updateStatus({ ...space, status } as never);
			continue;
		}
		const own = texts(space, 'spec', 'finalizers');
		// Others take away what is theirs.
		if (!own.includes('kubernetes')) continue;
		const spec = { ...sub(space, 'spec'), finalizers: own.filter((item) => item !== 'kubernetes') };
		const metadata: Draft = { ...space.metadata };
		delete metadata.resourceVersion;
		api.update({ ...space, metadata, spec });
		done++;
	}
	return done;
};

/** Who controls an object. */
export const controllerOf = (object: ApiObject): OwnerReference | undefined =>
	object.metadata.ownerReferences?.find((item) => item.controller === true);

/** A reference to put into what a controller makes. */
export const ownerReference = (owner: ApiObject): OwnerReference => ({
	apiVersion: owner.apiVersion,
	kind: owner.kind,
	name: owner.metadata.name,
	uid: owner.metadata.uid,
	controller: true,
	blockOwnerDeletion: true,
});
