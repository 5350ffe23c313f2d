/**
 * Patches of a kustomization: strategic ones and lists of operations (JSON 6902).
 *
 * Source: kustomize api/internal/builtins/Patch*.go @ kustomize/v4.5.4.
 */
import { isScalar, parseDocument, visit } from 'yaml';
import { type Resource as ApiResource, applyPatch, isRecord } from '../../../sim/api/index.ts';
import { printYaml } from '../../kube/index.ts';
import type { Load } from './generate.ts';
import { mergeInto } from './merge.ts';
import {
	type Draft,
	fail,
	gvkOf,
	idOf,
	KustomizeError,
	metaOf,
	nameOf,
	namespaceOf,
	type Resource,
	remember,
	within,
} from './resource.ts';
import { select } from './select.ts';
import { text } from './values.ts';

/** A document; of a key that it has twice the first counts (RNode looks for one). */
function documentOf(text: string): unknown {
	const document = parseDocument(text, { uniqueKeys: false });
	if (document.errors[0]) throw document.errors[0];
	const name = (key: unknown): unknown => (isScalar(key) ? key.value : key);
	visit(document, {
		Map: (_key, map) => {
			map.items = map.items.filter(
				({ key }, i) => !map.items.slice(0, i).some((before) => name(before.key) === name(key)),
			);
		},
	});
	return document.toJS();
}

/** The documents of a patch: objects, or a list of operations, which is JSON where it begins with a bracket. */
export function readPatch(source: string): readonly unknown[] {
	if (source.trimStart().startsWith('[')) return [JSON.parse(source)];
	return source
		.split(/^---\s*$/m)
		.map(documentOf)
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

/** What evanphx/json-patch v4.12 says of an operation that does not apply. */
function operationFault(operation: unknown, words: string): string {
	const { op, path } = isRecord(operation)
		? { op: text(operation.op), path: text(operation.path) }
		: { op: '', path: '' };
	const key = path.slice(path.lastIndexOf('/') + 1);
	if (op === 'test') return `testing value ${path} failed: test failed`;
	if (op === 'replace') return `replace operation does not apply: doc is missing path: ${path}: missing value`;
	if (op === 'add') return `add operation does not apply: doc is missing path: "${path}": missing value`;
	if (op === 'remove')
		return `error in remove for path: '${path}': Unable to remove nonexistent key: ${key}: missing value`;
	return words;
}

function operations(target: Resource, patch: readonly unknown[]): void {
	remember(target);
	let object = target.object;
	for (const operation of patch) {
		const done = applyPatch(object as never, 'application/json-patch+json', [operation] as never, OPERATIONS);
		if (done.error) throw new KustomizeError(operationFault(operation, done.error.message.replace(/^.*?: /, '')));
		object = done.value as Draft;
	}
	target.object = object;
}

/** What a transformer that could not be set up says (kusttarget.go configureBuiltinPlugin()). */
export const troubled = (plugin: string, config: Draft): string =>
	`trouble configuring builtin ${plugin} with config: \`\n${printYaml(config)}\``;

/** An entry of `patches` or `patchesJson6902`, on all that it is for. */
export async function patchAll(resources: Resource[], entry: Draft, load: Load, minor: number): Promise<void> {
	const inline = text(entry.patch).trim();
	const path = text(entry.path);
	const config = Object.fromEntries(
		(['path', 'patch', 'target', 'options'] as const)
			.filter((key) => entry[key] !== undefined && entry[key] !== '')
			.map((key) => [key, entry[key]]),
	);
	const give = (words: string): never => fail(`${troubled('PatchTransformer', config)}: ${words}`);
	if (inline === '' && path === '') give(`must specify one of patch and path in\n${printYaml(config)}`);
	if (inline !== '' && path !== '') give(`patch and path can't be set at the same time\n${printYaml(config)}`);
	const loaded =
		inline ||
		(await load(path).catch((fault: unknown) => {
			if (!(fault instanceof KustomizeError)) throw fault;
			return give(`${minor >= 31 ? `failed to get the patch file from path(${path}): ` : ''}${fault.message}`);
		}));
	// From kustomize 5.1 on by its source, before by all it says.
	const source =
		minor < 31 ? `[${loaded}]` : inline ? `[patch: ${JSON.stringify(inline)}]` : `[path: ${JSON.stringify(path)}]`;
	const unread = (): never => give(`unable to parse SM or JSON patch from ${source}`);
	let documents: readonly unknown[];
	try {
		documents = readPatch(loaded);
	} catch {
		return unread();
	}
	if (documents.some((one) => !Array.isArray(one) && !(isRecord(one) && text(one.kind) !== '' && nameOf(one) !== '')))
		return unread();
	if (documents.length > 1 && minor < 31) return unread();
	const target = isRecord(entry.target) ? entry.target : undefined;
	const options = isRecord(entry.options) ? entry.options : {};
	if (documents.length > 1 && target)
		return fail(
			`Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${source}`,
		);
	for (const document of documents) {
		if (Array.isArray(document)) {
			if (!target) return fail(`must specify a target for ${minor >= 31 ? `JSON patch ${source}` : `patch ${loaded}`}`);
			for (const resource of select(resources, target)) operations(resource, document);
		} else if (isRecord(document)) {
			if (target) for (const resource of select(resources, target)) strategic(resources, resource, document, options);
			else strategic(resources, onlyOne(resources, document, minor), document, options);
		}
	}
}

/** The object a patch is for, in the words of `patches`. */
function onlyOne(resources: readonly Resource[], patch: Draft, minor: number): Resource {
	try {
		return named(resources, patch);
	} catch (fault) {
		if (minor < 31) throw fault;
		return within(`no resource matches strategic merge patch ${JSON.stringify(idOf(patch))}`, fault);
	}
}
