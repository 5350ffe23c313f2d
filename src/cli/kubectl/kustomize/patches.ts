/**
 * Patches of a kustomization: strategic ones and lists of operations (JSON 6902).
 *
 * Source: kustomize api/internal/builtins/Patch*.go @ kustomize/v4.5.4.
 */
import { parse } from 'yaml';
import { type Resource as ApiResource, applyPatch, isRecord } from '../../../sim/api/index.ts';
import type { Load } from './generate.ts';
import { mergeInto } from './merge.ts';
import {
	type Draft,
	gvkOf,
	idOf,
	KustomizeError,
	metaOf,
	nameOf,
	namespaceOf,
	type Resource,
	remember,
} from './resource.ts';
import { select } from './select.ts';
import { text } from './values.ts';

/** The documents of a patch: objects, or a list of operations. */
export function readPatch(source: string): readonly unknown[] {
	return source
		.split(/^---\s*$/m)
		.map((part) => parse(part) as unknown)
		.filter((value) => value !== null && value !== undefined);
}

/** The one object a strategic patch names. */
export function named(resources: readonly Resource[], patch: Draft): Resource {
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

/** Merges a patch into an object; one that deletes it takes it out of the list. */
export function strategic(resources: Resource[], target: Resource, patch: Draft, options: Draft): void {
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

/** An entry of `patches` or `patchesJson6902`, on all that it is for. */
export async function patchAll(resources: Resource[], entry: Draft, load: Load): Promise<void> {
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
