/** What `kubectl explain` asks for: a type or field and what it is for. Loaded by whoever explains, and nobody else. */
import { CORE_DOCS } from './docs-core.ts';
import { MORE_DOCS } from './docs-more.ts';
import { type Field, rootType, type Type, typeOf } from './read.ts';

let docs: ReadonlyMap<string, string> | undefined;

const read = (): ReadonlyMap<string, string> => {
	const out = new Map<string, string>();
	let owner = '';
	for (const line of `${CORE_DOCS.trim()}\n${MORE_DOCS.trim()}`.split('\n')) {
		const [name, ...words] = line.trim().split(' ') as [string, ...string[]];
		if (!line.startsWith(' ')) owner = name;
		out.set(line.startsWith(' ') ? `${owner}.${name}` : name, words.join(' '));
	}
	return out;
};

/** Words for a type, or for a field of one; empty when nobody wrote any. */
export const docOf = (type: string, field?: string): string => {
	docs ??= read();
	if (field === undefined) return docs.get(type) ?? '';
	return docs.get(`${type}.${field}`) ?? docs.get(`*.${field}`) ?? '';
};

export interface Explained {
	/** The field asked for; undefined for the kind itself. */
	readonly field?: Field;
	readonly doc: string;
	/** What the field is made of, when it is made of fields. */
	readonly type?: Type;
	readonly fields: readonly { readonly field: Field; readonly doc: string }[];
}

/**
 * The field at `path` below a kind: `('Pod', ['spec', 'containers'])`. Undefined when there is none, with the name that
 * was not found.
 */
export const explain = (
	kind: string,
	path: readonly string[],
): Explained | { readonly missing: string; readonly field?: undefined } => {
	let type = rootType(kind);
	let field: Field | undefined;
	let doc = docOf(kind);
	for (const name of path) {
		const next: Field | undefined = type?.fields.get(name);
		if (type === undefined || next === undefined) return { missing: name };
		doc = docOf(type.name, name) || docOf(next.type);
		field = next;
		type = typeOf(next.type);
	}
	const fields = [...(type?.fields.values() ?? [])].map((item) => ({
		field: item,
		doc: docOf(type!.name, item.name) || docOf(item.type),
	}));
	return { ...(field ? { field } : {}), doc, ...(type ? { type } : {}), fields };
};
