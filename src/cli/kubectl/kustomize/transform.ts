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
import { named, patchAll, readPatch, strategic } from './patches.ts';
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
} from './resource.ts';
import { records, strings, text } from './values.ts';

/** Puts pairs into a map at each of the places. */
function addPairs(resources: readonly Resource[], pairs: Draft, specs: readonly FieldSpec[]): void {
	if (Object.keys(pairs).length === 0) return;
	for (const { object } of resources)
		for (const spec of specs)
			if (selected(spec, object))
				for (const key of Object.keys(pairs).sort())
					atPath(object, [...spec.path, key], spec.create, () => String(pairs[key]));
}

function setNamespace(resources: readonly Resource[], namespace: string): void {
	if (namespace === '') return;
	for (const resource of resources) {
		const { object } = resource;
		const { kind } = gvkOf(object);
		remember(resource);
		if (kind === 'Namespace') {
			if (object.apiVersion === 'v1') object.metadata = { ...metaOf(object), name: namespace };
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
			`resource with name ${String(name)} does not match a config with the following GVK [Deployment.[noVer].[noGrp] ReplicationController.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] StatefulSet.[noVer].[noGrp]]`,
		);
}

/** All changes of one kustomization. */
export async function transform(resources: Resource[], kustomization: Draft, load: Load): Promise<void> {
	for (const entry of strings(kustomization.patchesStrategicMerge)) {
		const source = /\n|:\s/.test(entry) ? entry : await load(entry);
		for (const patch of readPatch(source))
			if (isRecord(patch)) strategic(resources, named(resources, patch), patch, {});
	}
	for (const entry of records(kustomization.patches)) await patchAll(resources, entry, load);
	setNamespace(resources, text(kustomization.namespace));
	rename(resources, text(kustomization.namePrefix), text(kustomization.nameSuffix));
	const common = kustomization.commonLabels;
	for (const entry of records(kustomization.labels)) {
		const specs =
			entry.includeSelectors === true
				? COMMON_LABELS
				: entry.includeTemplates === true
					? [...METADATA_LABELS, ...TEMPLATE_LABELS]
					: METADATA_LABELS;
		addPairs(resources, isRecord(entry.pairs) ? entry.pairs : {}, specs);
	}
	if (isRecord(common)) addPairs(resources, common, COMMON_LABELS);
	if (isRecord(kustomization.commonAnnotations))
		addPairs(resources, kustomization.commonAnnotations, COMMON_ANNOTATIONS);
	for (const entry of records(kustomization.patchesJson6902)) await patchAll(resources, entry, load);
	for (const entry of records(kustomization.replicas)) setReplicas(resources, entry);
	for (const entry of records(kustomization.images)) for (const { object } of resources) setImages(object, entry);
	for (const entry of records(kustomization.replacements)) {
		const path = text(entry.path);
		const list = path === '' ? [entry] : [parse(await load(path)) as unknown].flat();
		for (const one of list) if (isRecord(one)) replaceAll(resources, one);
	}
}
