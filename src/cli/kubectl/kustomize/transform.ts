/**
 * What a kustomization changes in its objects, in kustomize's order.
 *
 * Source: kustomize api/internal/target/kusttarget_configplugin.go, api/internal/builtins/*.go, api/filters @
 * kustomize/v4.5.4.
 */
import { parse } from 'yaml';
import { isRecord } from '../../../sim/api/index.ts';
import {
	CLUSTER_SCOPED,
	COMMON_ANNOTATIONS,
	COMMON_LABELS,
	METADATA_LABELS,
	NAMESPACES,
	REPLICAS,
	TEMPLATE_LABELS,
} from './fields.ts';
import type { Load } from './generate.ts';
import { setImages } from './images.ts';
import { named, patchAll, readPatch, strategic, troubled } from './patches.ts';
import { replaceAll } from './replacements.ts';
import {
	atPath,
	type Draft,
	type FieldSpec,
	gvkOf,
	idOf,
	KustomizeError,
	metaOf,
	nameOf,
	type Resource,
	remember,
	selected,
	within,
} from './resource.ts';
import { records, strings, text } from './values.ts';

/** Puts pairs into a map at each of the places. */
function addPairs(resources: readonly Resource[], pairs: Draft, specs: readonly FieldSpec[]): void {
	if (Object.keys(pairs).length === 0) return;
	for (const { object } of resources)
		for (const spec of specs)
			if (selected(spec, object))
				atPath(object, spec.path, spec.create, (old) => ({ ...(isRecord(old) ? old : {}), ...pairs }));
}

function setNamespace(resources: readonly Resource[], namespace: string, minor: number): void {
	if (namespace === '') return;
	for (const resource of resources) {
		const { object } = resource;
		const { kind } = gvkOf(object);
		remember(resource);
		if (kind === 'Namespace') {
			// Any object of this kind, in v4; those of v1 in the fifth (api/filters/namespace).
			if (object.apiVersion === 'v1' || minor < 27) object.metadata = { ...metaOf(object), name: namespace };
			if (object.apiVersion !== 'v1') object.metadata = { ...metaOf(object), namespace };
		} else if (!CLUSTER_SCOPED.has(kind)) object.metadata = { ...metaOf(object), namespace };
		if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding')
			for (const subject of records(object.subjects)) if (subject.name === 'default') subject.namespace = namespace;
		for (const spec of NAMESPACES) if (selected(spec, object)) atPath(object, spec.path, spec.create, () => namespace);
		remember(resource);
	}
	const seen = new Set<string>();
	for (const { object } of resources) {
		const id = idOf(object);
		if (seen.has(id))
			throw new KustomizeError(
				`namespace transformation produces ID conflict: [${JSON.stringify(object)} ${JSON.stringify(object)}]`,
			);
		seen.add(id);
	}
}

/** Kinds whose names stay. */
const KEEPS_NAME = new Set(['CustomResourceDefinition', 'APIService', 'Namespace']);

function rename(resources: readonly Resource[], prefix: string, suffix: string): void {
	for (const resource of resources) {
		if (KEEPS_NAME.has(gvkOf(resource.object).kind)) continue;
		if (prefix === '' && suffix === '') continue;
		remember(resource);
		resource.prefixes = `${prefix}${resource.prefixes}`;
		resource.suffixes = `${resource.suffixes}${suffix}`;
		resource.object.metadata = { ...metaOf(resource.object), name: `${prefix}${nameOf(resource.object)}${suffix}` };
		remember(resource);
	}
}

function setReplicas(resources: readonly Resource[], { name, count }: Draft): void {
	let found = false;
	for (const resource of resources) {
		if (![...resource.names.map((id) => id.name), nameOf(resource.object)].includes(String(name))) continue;
		for (const spec of REPLICAS)
			if (selected(spec, resource.object)) {
				found = true;
				atPath(resource.object, spec.path, true, () => Number(count));
			}
	}
	if (!found)
		throw new KustomizeError(
			`resource with name ${String(name)} does not match a config with the following GVK [Deployment.[noVer].[noGrp] StatefulSet.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] ReplicationController.[noVer].[noGrp]]`,
		);
}

/** All changes of one kustomization. */
export async function transform(resources: Resource[], kustomization: Draft, load: Load, minor: number): Promise<void> {
	const strategicOnes = strings(kustomization.patchesStrategicMerge);
	for (const entry of strategicOnes) {
		const source = /\n|:\s/.test(entry)
			? entry
			: await load(entry).catch((fault: unknown) =>
					within(troubled('PatchStrategicMergeTransformer', { paths: strategicOnes }), fault),
				);
		for (const patch of readPatch(source))
			if (isRecord(patch)) strategic(resources, named(resources, patch), patch, {});
	}
	for (const entry of records(kustomization.patches)) await patchAll(resources, entry, load, minor);
	setNamespace(resources, text(kustomization.namespace), minor);
	rename(resources, text(kustomization.namePrefix), text(kustomization.nameSuffix));
	const common = kustomization.commonLabels;
	for (const entry of records(kustomization.labels)) {
		const specs =
			entry.includeSelectors === true
				? COMMON_LABELS
				: entry.includeTemplates === true && minor >= 27
					? [...METADATA_LABELS, ...TEMPLATE_LABELS]
					: METADATA_LABELS;
		const own = records(entry.fields).map((field) => ({
			...(text(field.kind) ? { kind: text(field.kind) } : {}),
			...(text(field.group) ? { group: text(field.group) } : {}),
			path: text(field.path).split('/'),
			create: field.create === true,
		}));
		addPairs(resources, isRecord(entry.pairs) ? entry.pairs : {}, [...own, ...specs]);
	}
	if (isRecord(common)) addPairs(resources, common, COMMON_LABELS);
	if (isRecord(kustomization.commonAnnotations))
		addPairs(resources, kustomization.commonAnnotations, COMMON_ANNOTATIONS);
	for (const entry of records(kustomization.patchesJson6902)) await patchAll(resources, entry, load, minor);
	for (const entry of records(kustomization.replicas)) setReplicas(resources, entry);
	for (const entry of records(kustomization.images)) for (const { object } of resources) setImages(object, entry);
	for (const entry of records(kustomization.replacements)) {
		const path = text(entry.path);
		const list = path === '' ? [entry] : [parse(await load(path)) as unknown].flat();
		for (const one of list) if (isRecord(one)) replaceAll(resources, one, minor);
	}
}
