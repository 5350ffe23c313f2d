/**
 * What a kustomization changes in its objects, in kustomize's order.
 *
 * Source: kustomize api/internal/target/kusttarget_configplugin.go, api/internal/builtins/*.go, api/filters @
 * kustomize/v4.5.4.
 */
import { parse } from 'yaml';
import { type Resource as ApiResource, applyPatch, isRecord, parseSelector, selects } from '../../../sim/api/index.ts';
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
import { mergeInto } from './merge.ts';
import {
	atPath,
	type Draft,
	type FieldSpec,
	gvkOf,
	idOf,
	KustomizeError,
	metaOf,
	nameOf,
	namespaceOf,
	type Resource,
	remember,
	selected,
} from './resource.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const records = (value: unknown): readonly Draft[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const strings = (value: unknown): readonly string[] =>
	Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** Puts pairs into a map at each of the places. */
function addPairs(resources: readonly Resource[], pairs: Draft, specs: readonly FieldSpec[]): void {
	if (Object.keys(pairs).length === 0) return;
	for (const { object } of resources)
		for (const spec of specs)
			if (selected(spec, object))
				for (const key of Object.keys(pairs).sort())
					atPath(object, [...spec.path, key], spec.create, () => String(pairs[key]));
}

/** The documents of a patch: objects, or a list of operations. */
function readPatch(source: string): readonly unknown[] {
	return source
		.split(/^---\s*$/m)
		.map((part) => parse(part) as unknown)
		.filter((value) => value !== null && value !== undefined);
}

const matches = (pattern: unknown, value: string): boolean => {
	if (typeof pattern !== 'string' || pattern === '') return true;
	try {
		return new RegExp(`^(?:${pattern})$`).test(value);
	} catch {
		throw new KustomizeError(`error parsing regexp: ${pattern}`);
	}
};

/** ResMap.Select: names and namespaces as they are and as they were. */
function select(resources: readonly Resource[], target: Draft): readonly Resource[] {
	const chosen = (selector: unknown, labels: unknown): boolean => {
		if (typeof selector !== 'string' || selector === '') return true;
		const parsed = parseSelector(selector);
		if (parsed.error !== undefined) throw new KustomizeError(parsed.error);
		return selects(parsed.value, isRecord(labels) ? (labels as Record<string, string>) : {});
	};
	return resources.filter(({ object, names }) => {
		const gvk = gvkOf(object);
		const ids = [...names, { name: nameOf(object), namespace: namespaceOf(object) }];
		return (
			matches(target.group, gvk.group) &&
			matches(target.version, gvk.version) &&
			matches(target.kind, gvk.kind) &&
			ids.some((id) => matches(target.name, id.name) && matches(target.namespace, id.namespace)) &&
			chosen(target.labelSelector, metaOf(object).labels) &&
			chosen(target.annotationSelector, metaOf(object).annotations)
		);
	});
}

/** The one object a strategic patch names. */
function named(resources: readonly Resource[], patch: Draft): Resource {
	const gvk = gvkOf(patch);
	const found = resources.filter(({ object, names }) => {
		const own = gvkOf(object);
		return (
			own.kind === gvk.kind &&
			own.group === gvk.group &&
			(names.some((id) => id.name === nameOf(patch)) || nameOf(object) === nameOf(patch)) &&
			(namespaceOf(patch) === '' ||
				namespaceOf(patch) === 'default' ||
				[...names.map((id) => id.namespace), namespaceOf(object)].includes(namespaceOf(patch)))
		);
	});
	if (found.length === 1) return found[0]!;
	throw new KustomizeError(
		`${found.length === 0 ? 'no' : 'multiple'} matches for Id ${idOf(patch)}${found.length === 0 ? `; failed to find unique target for patch ${idOf(patch)}` : ''}`,
	);
}

function strategic(resources: Resource[], target: Resource, patch: Draft, options: Draft): void {
	const before = target.object;
	const { name, namespace } = { name: nameOf(before), namespace: namespaceOf(before) };
	const next = mergeInto(before, {
		...patch,
		kind: options.allowKindChange === true ? patch.kind : before.kind,
		apiVersion: before.apiVersion,
	});
	if (!next) {
		resources.splice(resources.indexOf(target), 1);
		return;
	}
	const meta = { ...metaOf(next) };
	// A patch says which object it is of, not what it is called.
	if (options.allowNameChange === true) remember(target);
	else {
		meta.name = name;
		if (namespace) meta.namespace = namespace;
		else delete meta.namespace;
	}
	target.object = { ...next, metadata: meta };
}

const OPERATIONS: ApiResource = { kind: '', plural: '', group: '' } as unknown as ApiResource;

function operations(target: Resource, patch: readonly unknown[], source: string): void {
	remember(target);
	const done = applyPatch(target.object as never, 'application/json-patch+json', patch as never, OPERATIONS);
	if (done.error) throw new KustomizeError(done.error.message.replace(/^.*?: /, '') || source);
	target.object = done.value as Draft;
}

async function patchAll(resources: Resource[], entry: Draft, load: Load): Promise<void> {
	const inline = text(entry.patch).trim();
	const path = text(entry.path);
	if (inline === '' && path === '') throw new KustomizeError(`must specify one of patch and path in\n{}\n`);
	if (inline !== '' && path !== '') throw new KustomizeError("patch and path can't be set at the same time");
	const source = inline || (await load(path)).trim();
	let documents: readonly unknown[];
	try {
		documents = readPatch(source);
	} catch {
		throw new KustomizeError(`unable to parse SM or JSON patch from [${source}]`);
	}
	const target = isRecord(entry.target) ? entry.target : undefined;
	const options = isRecord(entry.options) ? entry.options : {};
	for (const document of documents) {
		if (Array.isArray(document)) {
			if (!target) throw new KustomizeError(`must specify a target for patch ${source}`);
			for (const resource of select(resources, target)) operations(resource, document, source);
		} else if (isRecord(document)) {
			if (!target) strategic(resources, named(resources, document), document, options);
			else for (const resource of select(resources, target)) strategic(resources, resource, document, options);
		} else throw new KustomizeError(`unable to parse SM or JSON patch from [${source}]`);
	}
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

/** `repository:tag@digest`; a port is no tag. */
function splitImage(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
	const at = image.indexOf('@');
	const digest = at < 0 ? '' : image.slice(at + 1);
	const rest = at < 0 ? image : image.slice(0, at);
	const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1);
	return { name: colon < 0 ? rest : rest.slice(0, colon), tag: colon < 0 ? '' : rest.slice(colon + 1), digest };
}

function imageOf(image: string, change: Draft): string {
	const now = splitImage(image);
	if (now.name !== text(change.name)) return image;
	const name = text(change.newName) || now.name;
	const newTag = change.newTag === undefined ? '' : String(change.newTag);
	const newDigest = text(change.digest);
	const suffix = text(change.tagSuffix);
	let { tag, digest } = now;
	if (newTag !== '' || newDigest !== '') {
		tag = newTag;
		digest = newDigest;
	} else if (suffix !== '') {
		tag += suffix;
		digest = '';
	}
	return `${name}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/** Every list of containers, wherever it is (LegacyFilter). */
function setImages(value: unknown, change: Draft): void {
	if (Array.isArray(value)) for (const item of value) setImages(item, change);
	if (!isRecord(value)) return;
	for (const [key, item] of Object.entries(value)) {
		if ((key === 'containers' || key === 'initContainers') && Array.isArray(item))
			for (const container of records(item))
				if (typeof container.image === 'string') container.image = imageOf(container.image, change);
		setImages(item, change);
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

/** Values of one object's field in others (ReplacementTransformer): without delimiters' escapes and wildcards. */
function replaceAll(resources: readonly Resource[], entry: Draft): void {
	const source = isRecord(entry.source) ? entry.source : {};
	const [from, more] = select(resources, source);
	if (!from) throw new KustomizeError(`nothing selected by ${JSON.stringify(source)}`);
	if (more) throw new KustomizeError(`multiple matches for selector ${JSON.stringify(source)}`);
	const read = (object: unknown, path: readonly string[]): unknown =>
		path.reduce<unknown>((here, key) => {
			const by = /^\[(.+?)=(.+)\]$/.exec(key);
			if (by && Array.isArray(here)) return here.find((item) => isRecord(item) && String(item[by[1]!]) === by[2]);
			if (Array.isArray(here)) return here[Number(key)];
			return isRecord(here) ? here[key] : undefined;
		}, object);
	const partsOf = (path: string): readonly string[] =>
		path.match(/\[[^\]]*\]|(?:\\.|[^.[\]\\])+/g)?.map((part) => part.replace(/\\(.)/g, '$1')) ?? [];
	const part = (value: unknown, options: unknown): unknown =>
		isRecord(options) && typeof options.delimiter === 'string'
			? (String(value).split(options.delimiter)[Number(options.index ?? 0)] ?? '')
			: value;
	const fieldPath = text(source.fieldPath) || 'metadata.name';
	const found = read(from.object, partsOf(fieldPath));
	if (found === undefined)
		throw new KustomizeError(`fieldPath \`${fieldPath}\` is missing for replacement source ${idOf(from.object)}`);
	const value = part(found, source.options);
	for (const target of records(entry.targets)) {
		const rejected = records(target.reject).flatMap((reject) => select(resources, reject));
		const options = isRecord(target.options) ? target.options : {};
		for (const resource of select(resources, isRecord(target.select) ? target.select : {})) {
			if (rejected.includes(resource)) continue;
			for (const path of strings(target.fieldPaths)) {
				const parts = partsOf(path);
				const holder = read(resource.object, parts.slice(0, -1));
				const last = parts.at(-1)!;
				if (!isRecord(holder) || (holder[last] === undefined && options.create !== true)) {
					if (options.create === true) {
						atPath(resource.object, parts, true, () => value);
						continue;
					}
					throw new KustomizeError(`unable to find field ${JSON.stringify(path)} in replacement target`);
				}
				if (typeof options.delimiter === 'string') {
					const pieces = String(holder[last] ?? '').split(options.delimiter);
					pieces[Number(options.index ?? 0)] = String(value);
					holder[last] = pieces.join(options.delimiter);
				} else holder[last] = value;
			}
		}
	}
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
