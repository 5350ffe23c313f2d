/**
 * Types of the API as data: which fields there are, of which type, how lists are merged.
 *
 * Notation, one type per paragraph: its name, then a line per field: `name type @mergeKey`. Types: `s` string, `i`
 * integer, `b` boolean, `q` quantity, `x` integer or string, `t` time, `m` map of strings, `y` of bytes in base64, `any`, a type's name, `[]T`
 * list, `{}T` map. `!` after the type: required. `@key`: a strategic merge patch merges the list by that key; `@` alone
 * merges a list of plain values; `~`: it retains keys; `^28`: servers of that minor and later know it (`patchMergeKey` and `patchStrategy` of k8s.io/api @ v0.24.0). A
 * field `*` says that there are more, unlisted. Of custom resources also what values may be: `=A|B` one of these,
 * `#1..65535` a range, `%cidr` a format, `+` a list that is not empty.
 */
import { CILIUM_TYPES } from './cilium.ts';
import { CLUSTER_TYPES } from './cluster.ts';
import { CONTAINER_TYPES } from './container.ts';
import { META_TYPES } from './meta.ts';
import { NETWORK_TYPES } from './network.ts';
import { POD_TYPES } from './pod.ts';
import { WORKLOAD_TYPES } from './workloads.ts';

export interface Field {
	readonly name: string;
	/** `Container`, `s`, … without its brackets. */
	readonly type: string;
	readonly shape: 'one' | 'list' | 'map';
	readonly required: boolean;
	/** Key of a merged list; empty for a merged list of plain values. */
	readonly mergeKey?: string;
	/** Patches say which keys stay (`patchStrategy:"retainKeys"`): one of several members is set. */
	readonly retainKeys?: boolean;
	/** Minor of the first server that knows it. */
	readonly since?: number;
	/** The only values there are. */
	readonly values?: readonly string[];
	/** Least and greatest. */
	readonly range?: readonly [number, number];
	/** Of a text: see `constraints.ts`. */
	readonly format?: string;
	/** A list that may not be empty. */
	readonly filled?: boolean;
}

export interface Type {
	readonly name: string;
	readonly fields: ReadonlyMap<string, Field>;
	/** There are more fields than are listed. */
	readonly open: boolean;
}

/** Restrictions of values: `=A|B`, `#1..65535`, `%cidr`, `+`. */
const readConstraints = (flags: readonly string[]): Partial<Field> => {
	const out: { -readonly [K in keyof Field]?: Field[K] } = {};
	for (const flag of flags) {
		const rest = flag.slice(1);
		if (flag[0] === '=') out.values = rest.split('|');
		else if (flag[0] === '#') {
			const [min, max] = rest.split('..');
			out.range = [Number(min), Number(max)];
		} else if (flag[0] === '%') out.format = rest;
		else if (flag === '+') out.filled = true;
	}
	return out;
};

const readField = (line: string): Field => {
	const [name, written, ...flags] = line.trim().split(' ') as [string, string, ...string[]];
	const merge = flags.find((flag) => flag.startsWith('@'));
	const since = flags.find((flag) => flag.startsWith('^'));
	const required = written.endsWith('!');
	const bare = required ? written.slice(0, -1) : written;
	const shape = bare.startsWith('[]') ? 'list' : bare.startsWith('{}') ? 'map' : 'one';
	return {
		name,
		type: shape === 'one' ? bare : bare.slice(2),
		shape,
		required,
		...(merge === undefined ? {} : { mergeKey: merge.slice(1) }),
		...(flags.includes('~') ? { retainKeys: true } : {}),
		...readConstraints(flags),
		...(since === undefined ? {} : { since: Number(since.slice(1)) }),
	};
};

/** Types out of texts in the notation above. */
export const readTypes = (sources: readonly string[]): ReadonlyMap<string, Type> => {
	const out = new Map<string, Type>();
	for (const source of sources) {
		let fields = new Map<string, Field>();
		let name = '';
		const close = (): void => {
			if (name !== '') out.set(name, { name, fields, open: fields.delete('*') });
		};
		for (const line of source.trim().split('\n')) {
			if (line.startsWith(' ')) {
				const field = readField(line);
				fields.set(field.name, field);
			} else {
				close();
				name = line;
				fields = new Map();
			}
		}
		close();
	}
	return out;
};

let types: ReadonlyMap<string, Type> | undefined;
let peoples: string | undefined;

const readAll = (): ReadonlyMap<string, Type> => {
	const out = new Map(
		readTypes([META_TYPES, POD_TYPES, CONTAINER_TYPES, WORKLOAD_TYPES, NETWORK_TYPES, CLUSTER_TYPES, CILIUM_TYPES]),
	);
	for (const [name, type] of readTypes(peoples === undefined ? [] : [peoples])) {
		const known = out.get(name);
		const fields = new Map(known?.fields);
		for (const [key, field] of type.fields) fields.set(key, { ...fields.get(key), ...field });
		out.set(name, { name, fields, open: known?.open ?? false });
	}
	return out;
};

/** Makes known what only people write, from then on. */
export const knowPeoples = (text: string): void => {
	if (peoples !== undefined) return;
	peoples = text;
	types = undefined;
	roots.clear();
};

/** A type by name: `PodSpec`. Undefined for one whose fields are not listed. */
export const typeOf = (name: string): Type | undefined => {
	types ??= readAll();
	return types.get(name);
};

const ROOT: readonly Field[] = ['apiVersion', 'kind'].map((name) => ({
	name,
	type: 's',
	shape: 'one',
	required: false,
}));
const METADATA: Field = { name: 'metadata', type: 'ObjectMeta', shape: 'one', required: false };

const roots = new Map<string, Type>();

/** The type of a kind's objects, with `apiVersion`, `kind` and `metadata`. */
export const rootType = (kind: string): Type | undefined => {
	const found = roots.get(kind);
	if (found) return found;
	const type = typeOf(kind);
	if (type === undefined) return undefined;
	const fields = new Map<string, Field>();
	for (const field of [...ROOT, METADATA, ...type.fields.values()]) fields.set(field.name, field);
	const root: Type = { name: kind, fields, open: type.open };
	roots.set(kind, root);
	return root;
};
