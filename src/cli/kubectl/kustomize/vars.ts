/**
 * `vars`: texts like `$(NAME)` that stand for a field of an object.
 *
 * Source: kustomize api/internal/accumulator/{resaccumulator,refvartransformer}.go, api/filters/refvar,
 * api/internal/konfig/builtinpluginconsts/varreference.go, api/types/var.go @ api/v0.13.2 (kustomize v5.0.1).
 */
import { isRecord } from '../../../sim/api/index.ts';
import { partsOf, places } from './replacements.ts';
import {
	atPath,
	type Draft,
	fail,
	gvkOf,
	idOf,
	KustomizeError,
	type Resource,
	selected,
	specsOf,
	within,
} from './resource.ts';
import { records, text } from './values.ts';

/** A variable, and the object that had its name when it was declared. */
interface Var {
	readonly name: string;
	readonly id: string;
	readonly fieldPath: string;
	readonly from: Resource | undefined;
}
/** What a kustomization and its bases declare. */
export type Vars = Map<string, Var>;

const inContainers = (root: string): string =>
	['containers', 'initContainers']
		.flatMap((list) =>
			['args', 'command', 'env/value', 'volumeMounts/mountPath'].map((path) => `${root}/${list}/${path}`),
		)
		.join(' ');
const spread = (kinds: string, paths: string): string =>
	paths
		.split(' ')
		.map((path) => `${kinds} ${path}`)
		.join('\n');

/** Where variables are looked for, with upstream's slips: a CronJob's volumes are looked for beside its pod's `spec`. */
const PLACES = specsOf(`
${spread('CronJob', `${inContainers('spec/jobTemplate/spec/template/spec')} spec/jobTemplate/spec/template/volumes/nfs/server`)}
${spread('DaemonSet,Deployment,Job,ReplicaSet,StatefulSet', inContainers('spec/template/spec'))}
${spread('DaemonSet,Deployment,Job,ReplicaSet', 'spec/template/spec/volumes/nfs/server')}
Deployment spec/template/metadata/annotations
${spread('Ingress', 'spec/rules/host spec/tls/hosts spec/tls/secretName')}
${spread('Pod', `${inContainers('spec')} spec/volumes/nfs/server`)}
${spread('Service', 'spec/ports/port spec/ports/targetPort')}
StatefulSet spec/volumeClaimTemplates/spec/nfs/server
PersistentVolume spec/nfs/server
* metadata/labels
* metadata/annotations
`);

interface Target {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	readonly name: string;
	readonly namespace: string;
}

/** `objref`: an `apiVersion` says group and version. */
function targetOf(objref: Draft): Target {
	const { group, version } = text(objref.apiVersion)
		? gvkOf(objref)
		: { group: text(objref.group), version: text(objref.version) };
	const { kind, name, namespace } = objref;
	return { group, version, kind: text(kind), name: text(name), namespace: text(namespace) };
}

const gvkText = ({ kind, version, group }: Pick<Target, 'kind' | 'version' | 'group'>): string =>
	`${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}`;

/** A variable as Go prints it: as it is written, where nothing was read out of its `apiVersion` yet. */
function written(entry: Draft): string {
	const objref = isRecord(entry.objref) ? entry.objref : {};
	const field = isRecord(entry.fieldref) ? text(entry.fieldref.fieldPath) : '';
	return `{${text(entry.name)} ${gvkText({ kind: text(objref.kind), version: text(objref.version), group: text(objref.group) })} {${field}}}`;
}

/** Declares a variable (VarSet.Merge()). */
function put(vars: Vars, one: Var): void {
	if (vars.has(one.name)) fail(`var '${one.name}' already encountered`);
	vars.set(one.name, one);
}

/** Takes in what a base declared. */
export function mergeVars(vars: Vars, more: Vars): void {
	for (const one of more.values()) put(vars, one);
}

/** Declares the variables of a kustomization: objects are meant by the names they were written with. */
export function declare(vars: Vars, resources: readonly Resource[], list: unknown): void {
	const entries = records(list);
	try {
		for (const entry of entries) {
			const target = targetOf(isRecord(entry.objref) ? entry.objref : {});
			const found = resources.filter(({ object, names: [first] }) => {
				const own = gvkOf(object);
				return (
					own.group === target.group &&
					own.version === target.version &&
					own.kind === target.kind &&
					first?.name === target.name &&
					(target.namespace === '' || (first.namespace || 'default') === target.namespace)
				);
			});
			const name = text(entry.name);
			const field = isRecord(entry.fieldref) ? text(entry.fieldref.fieldPath) : '';
			if (found.length > 1)
				fail(
					`found ${found.length} resId matches for var {${name} ${gvkText(target)} {${field}}} (unable to disambiguate)`,
				);
			put(vars, { name, id: gvkText(target), fieldPath: field || 'metadata.name', from: found[0] });
		}
	} catch (fault) {
		within(`merging vars [${entries.map(written).join(' ')}]`, fault);
	}
}

/** `%v` of a value. */
const goValue = (value: unknown): string =>
	Array.isArray(value)
		? `[${value.map(goValue).join(' ')}]`
		: isRecord(value)
			? `map[${Object.keys(value)
					.sort()
					.map((key) => `${key}:${goValue(value[key])}`)
					.join(' ')}]`
			: value === null || value === undefined
				? '<nil>'
				: String(value);

function valueIn({ name, id, fieldPath, from }: Var, resources: readonly Resource[]): unknown {
	const shown = `{${name} ${id} {${fieldPath}}}`;
	if (!from || !resources.includes(from))
		return fail(`var '${shown}' cannot be mapped to a field in the set of known resources`);
	const path = partsOf(fieldPath).flatMap((part) => {
		const [, before, index] = /^(.*)\[(\d+)\]$/.exec(part) ?? [];
		return index === undefined ? [part] : before ? [before, index] : [index];
	});
	const missing = (): never => fail(`field specified in var '${shown}' not found in corresponding resource`);
	let found: ReturnType<typeof places>;
	try {
		found = places(from.object, path, false);
	} catch (fault) {
		if (fault instanceof KustomizeError) return missing();
		throw fault;
	}
	const [place] = found;
	return place ? (place.holder as Draft)[place.key as string] : missing();
}

/** `$(NAME)` by what it stands for; alone, it keeps the value's type. `$$` is one `$` (Expand()). */
function expanded(input: string, valueFor: (name: string) => unknown): unknown {
	const alone = /^\$\(([^)]*)\)$/.exec(input);
	if (alone) return valueFor(alone[1]!);
	return input.replace(/\$\$|\$\(([^)]*)\)/g, (all, name: string | undefined) =>
		name === undefined ? (all === '$$' ? '$' : all) : String(valueFor(name)),
	);
}

/** Puts the values in. `log` is given what the log would have. */
export function resolveVars(resources: readonly Resource[], vars: Vars, log: (text: string) => void): void {
	const names = [...vars.keys()].sort();
	if (names.length === 0) return;
	const values = new Map(names.map((name) => [name, valueIn(vars.get(name)!, resources)]));
	const used = new Set<string>();
	const valueFor = (name: string): unknown => {
		if (!values.has(name)) return `$(${name})`;
		const value = values.get(name);
		if (typeof value === 'object') {
			const type = Array.isArray(value) ? '[]interface {}' : value === null ? '<nil>' : 'map[string]interface {}';
			log(`MakePrimitiveReplacer: bad replacement type=${type} val=${goValue(value)}`);
			return `$(${name})`;
		}
		used.add(name);
		return value;
	};
	const expand = (old: unknown): unknown => (typeof old === 'string' ? expanded(old, valueFor) : old);
	const set = (old: unknown, words: string): unknown =>
		isRecord(old)
			? Object.fromEntries(Object.entries(old).map(([key, value]) => [key, expand(value)]))
			: checked(old, words);
	const checked = (old: unknown, words: string): unknown =>
		words !== '' && typeof old !== 'string' ? fail(words) : expand(old);
	try {
		for (const { object } of resources)
			for (const spec of PLACES) {
				if (!selected(spec, object)) continue;
				const last = spec.path.at(-1)!;
				const words = /^(?:args|command|hosts)$/.test(last)
					? `considering field '${spec.path.join('/')}' of object ${idOf(object)}: visit traversal on path: [${last}]: invalid value type expect a string`
					: '';
				atPath(object, spec.path, false, (old) => set(old, words));
			}
	} finally {
		const unused = names.filter((name) => !used.has(name));
		if (unused.length > 0) log(`well-defined vars that were never replaced: ${unused.join(',')}`);
	}
}
