/** The same as `explain` gives of built-in kinds, read out of the schema of a CustomResourceDefinition. */
import { type Draft, isRecord, sub, text, texts } from '../json.ts';
import { rootType } from '../schema/read.ts';
import type { Explained, Field, Type } from './index.ts';

const INT_OR_STRING = 'x-kubernetes-int-or-string';
const PLAIN: Readonly<Record<string, string>> = { string: 's', integer: 'i', boolean: 'b', number: 'number' };

/** Words and types of one custom kind. A type is named after its path: `CronTab.spec`. */
export const customDocs = (
	kind: string,
	schema: Draft,
	builtIn: {
		docOf(type: string, field?: string): string;
		partOf(name: string, minor: number): Type | undefined;
	},
) => {
	const words = new Map<string, string>();
	const types = new Map<string, Type>();
	const place = (of: Draft, path: string): Pick<Field, 'type' | 'shape'> => {
		const { items, additionalProperties: values } = of;
		if (of.type === 'array' && isRecord(items)) return { type: place(items, path).type, shape: 'list' };
		if (of.type === 'object' && isRecord(values)) return { type: place(values, path).type, shape: 'map' };
		if (of[INT_OR_STRING] === true) return { type: 'x', shape: 'one' };
		const plain = PLAIN[String(of.type)];
		if (plain !== undefined) return { type: plain, shape: 'one' };
		if (isRecord(of.properties)) enter(of, path);
		return { type: isRecord(of.properties) ? path : 'any', shape: 'one' };
	};
	const enter = (of: Draft, path: string): void => {
		const fields = new Map<string, Field>();
		const required = texts(of, 'required');
		for (const [name, one] of Object.entries(sub(of, 'properties'))) {
			if (!isRecord(one)) continue;
			words.set(`${path}/${name}`, text(one, 'description') ?? '');
			const values = texts(one, 'enum');
			fields.set(name, {
				name,
				...place(one, `${path}.${name}`),
				required: required.includes(name),
				...(values.length > 0 ? { values } : {}),
			});
		}
		types.set(path, { name: path, fields, open: false });
	};
	enter(schema, kind);
	words.set(kind, text(schema, 'description') ?? '');
	// Every object has these, with the server's own words.
	const meta = rootType('Pod')!.fields;
	const root = new Map(types.get(kind)!.fields);
	for (const name of ['apiVersion', 'kind', 'metadata']) {
		root.set(name, meta.get(name)!);
		words.set(`${kind}/${name}`, builtIn.docOf('Pod', name));
	}
	types.set(kind, { name: kind, fields: root, open: false });

	const partOf = (name: string, minor: number): Type | undefined =>
		types.get(name) ?? (name.startsWith(`${kind}.`) ? undefined : builtIn.partOf(name, minor));
	const docOf = (type: string, field?: string): string =>
		types.has(type) ? (words.get(field === undefined ? type : `${type}/${field}`) ?? '') : builtIn.docOf(type, field);
	const explain = (path: readonly string[], minor: number): Explained | { readonly missing: string } => {
		let type = types.get(kind);
		let field: Field | undefined;
		let doc = '';
		let owner = '';
		for (const name of path) {
			if (type === undefined) break;
			const next: Field | undefined = type.fields.get(name);
			if (next === undefined) return { missing: name };
			doc = docOf(type.name, name);
			owner = type.name;
			field = next;
			type = partOf(next.type, minor);
		}
		return { ...(field ? { field, owner } : {}), doc, ...(type ? { type } : {}) };
	};
	return { docOf, partOf, explain };
};
