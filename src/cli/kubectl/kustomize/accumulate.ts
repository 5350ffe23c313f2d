/**
 * How objects come together in one list: those of files and bases stand beside each other, generated ones may go into
 * one that is there.
 *
 * Source: kustomize api/resmap/reswrangler.go @ kustomize/v4.5.4.
 */
import { isRecord } from '../../../sim/api/index.ts';
import { type Draft, fail, gvkOf, idOf, metaOf, nameOf, namespaceOf, type Resource } from './resource.ts';

const sameId = (a: Draft, b: Draft): boolean => {
	const [x, y] = [gvkOf(a), gvkOf(b)];
	return x.kind === y.kind && x.group === y.group && nameOf(a) === nameOf(b) && namespaceOf(a) === namespaceOf(b);
};

/** Adds what the file at `path` has, or a base; two objects of one id are an error. */
export function absorb(resources: Resource[], more: readonly Resource[], path?: string): void {
	for (const resource of more) {
		if (resources.some(({ object }) => sameId(object, resource.object)))
			fail(
				`${path === undefined ? '' : `merging resources from '${path}': `}may not add resource with an already registered id: ${idOf(resource.object)}`,
			);
		resources.push(resource);
	}
}

/** Takes a generated object in: as one of its own, or into one that is there. */
export function takeGenerated(resources: Resource[], made: Resource, address: (of: string) => string): void {
	const { object, behavior = '' } = made;
	const { group, version, kind } = gvkOf(object);
	const wrong = (words: string): never =>
		fail(
			`merging from generator &{${address(`${kind} ${namespaceOf(object)}/${nameOf(object)}`)} <nil>}: id resid.ResId{Gvk:resid.Gvk{Group:${JSON.stringify(group)}, Version:${JSON.stringify(version)}, Kind:${JSON.stringify(kind)}, isClusterScoped:false}, Name:${JSON.stringify(nameOf(object))}, Namespace:${JSON.stringify(namespaceOf(object))}} ${words}`,
		);
	const found = resources.filter(
		(one) =>
			gvkOf(one.object).kind === kind &&
			one.names.some((id) => id.name === nameOf(object)) &&
			(namespaceOf(object) === '' || one.names.some((id) => id.namespace === namespaceOf(object))),
	);
	if (found.length === 0) {
		if (behavior === 'merge' || behavior === 'replace') wrong('does not exist; cannot merge or replace');
		resources.push(made);
		return;
	}
	const [old] = found as [Resource];
	if (behavior !== 'merge' && behavior !== 'replace') wrong('exists; behavior must be merge or replace');
	const map = (value: unknown): Draft => (isRecord(value) ? value : {});
	const keep = metaOf(old.object);
	const fresh = metaOf(object);
	const metadata = {
		...keep,
		...(keep.labels || fresh.labels ? { labels: { ...map(keep.labels), ...map(fresh.labels) } } : {}),
		...(keep.annotations || fresh.annotations
			? { annotations: { ...map(keep.annotations), ...map(fresh.annotations) } }
			: {}),
	};
	const data = behavior === 'merge' ? { ...map(old.object.data), ...map(object.data) } : map(object.data);
	old.object = { ...old.object, ...(behavior === 'replace' ? object : {}), metadata, data };
	// A name without its hash stays so (resource.go CopyMergeMetaDataFieldsFrom()).
	old.needsHash = old.needsHash && made.needsHash;
}
