/** An object on its way through a kustomization, and where values stand in it. */
import { isRecord } from '../../../sim/api/index.ts';

export type Draft = { [key: string]: unknown };

/** What ends a build: its words come after `error: `. */
export class KustomizeError extends Error {}

export interface Resource {
	object: Draft;
	/** Names and namespaces it had, the first one first: what others call it by. */
	readonly names: { readonly name: string; readonly namespace: string }[];
	/** Prefixes and suffixes it was given, outermost last: whose neighbours it is. */
	prefixes: string;
	suffixes: string;
	/** Of generators. */
	needsHash: boolean;
	behavior?: string;
	/** Keys that its text has twice, in go-yaml's words. */
	readonly repeats?: readonly string[];
}

export interface Gvk {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const metaOf = (object: Draft): Draft => (isRecord(object.metadata) ? object.metadata : {});
export const nameOf = (object: Draft): string => text(metaOf(object).name);
export const namespaceOf = (object: Draft): string => text(metaOf(object).namespace);

export function gvkOf(object: Draft): Gvk {
	const parts = text(object.apiVersion).split('/');
	const [group, version] = parts.length > 1 ? [parts[0]!, parts[1]!] : ['', parts[0]!];
	return { group, version, kind: text(object.kind) };
}

/** Annotations are text, whatever they were written as (kyaml/yaml/rnode.go SetAnnotations()). */
export function withTexts(object: Draft): Draft {
	const { annotations } = metaOf(object);
	if (!isRecord(annotations)) return object;
	const texts = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, String(value ?? '')]));
	return { ...object, metadata: { ...metaOf(object), annotations: texts } };
}

export const makeResource = (object: Draft): Resource => ({
	object: withTexts(object),
	names: [{ name: nameOf(object), namespace: namespaceOf(object) }],
	prefixes: '',
	suffixes: '',
	needsHash: false,
});

/** Remembers what it is called now, before it is called otherwise. */
export function remember(resource: Resource): void {
	const now = { name: nameOf(resource.object), namespace: namespaceOf(resource.object) };
	if (!resource.names.some((old) => old.name === now.name && old.namespace === now.namespace)) resource.names.push(now);
}

/** `Deployment.v1.apps/web.default`, `[noNs]` where there is none (kyaml/resid @ kyaml v0.13.6). */
export function idOf(object: Draft): string {
	const { group, version, kind } = gvkOf(object);
	return `${kind}.${version || '[noVer]'}.${group || '[noGrp]'}/${nameOf(object) || '[noName]'}.${namespaceOf(object) || '[noNs]'}`;
}

/** A place of objects: `kind[.group]` they are of, path, whether it is made. */
export interface FieldSpec {
	readonly kind?: string;
	readonly group?: string;
	readonly path: readonly string[];
	readonly create: boolean;
}

export const selected = (spec: Pick<FieldSpec, 'kind' | 'group'>, object: Draft): boolean => {
	const gvk = gvkOf(object);
	return (spec.kind === undefined || spec.kind === gvk.kind) && (spec.group === undefined || spec.group === gvk.group);
};

/** Lines `kind[.group] path[+]`, `*` for every kind; `+` makes what is missing. Slashes in keys are `\/`. */
export const specsOf = (table: string): readonly FieldSpec[] =>
	table
		.trim()
		.split('\n')
		.flatMap((line) => {
			const [kinds = '', path = ''] = line.trim().split(' ');
			return kinds.split(',').map((word) => {
				const dot = word.indexOf('.');
				const kind = dot < 0 ? word : word.slice(0, dot);
				return {
					...(kind === '*' ? {} : { kind }),
					...(dot < 0 ? {} : { group: word.slice(dot + 1) }),
					path: path
						.replace(/\+$/, '')
						.split(/(?<!\\)\//)
						.map((part) => part.replaceAll('\\/', '/')),
					create: path.endsWith('+'),
				};
			});
		});

/**
 * Sets what stands at a path, in lists for each item; `set` is given what is there. Writes into the object. `make` is
 * the value of what is missing on the way.
 */
export function atPath(
	object: unknown,
	path: readonly string[],
	create: boolean,
	set: (old: unknown) => unknown,
): void {
	if (Array.isArray(object)) {
		for (const item of object) atPath(item, path, create, set);
		return;
	}
	if (!isRecord(object)) return;
	const [first, ...rest] = path as [string, ...string[]];
	const key = first.replace(/\[\]$/, '');
	if (rest.length === 0) {
		if (object[key] === undefined && !create) return;
		if (Array.isArray(object[key]) && first === key) object[key] = (object[key] as unknown[]).map(set);
		else {
			const next = set(object[key]);
			if (next !== undefined) object[key] = next;
		}
		return;
	}
	if (object[key] === undefined || object[key] === null) {
		// Items of lists are not made.
		if (!create || first !== key) return;
		object[key] = {};
	}
	atPath(object[key], rest, create, set);
}

/** Gives up with these words. */
export const fail = (words: string): never => {
	throw new KustomizeError(words);
};

/** Gives up with what a part said, after the words for that part; other errors go through as they are. */
export const within = (words: string, fault: unknown): never => {
	if (!(fault instanceof KustomizeError)) throw fault;
	throw new KustomizeError(`${words}: ${fault.message}`);
};
