/**
 * The fields of a kustomization and their types, read as strictly as kustomize reads them.
 *
 * Source: kustomize api/types/*.go @ kustomize/v5.4.2; encoding/json decode.go (words, and names in any case).
 */
import { isRecord } from '../../../sim/api/index.ts';
import { type Draft, fail } from './resource.ts';

/** `s` text, `b` truth, `i` and `i64` numbers, `m` and `mb` maps of them, `?` anything, a name of another struct; `[…]` lists. */
const STRUCTS: Readonly<Record<string, string>> = {
	Kustomization:
		'apiVersion:s kind:s metadata:ObjectMeta openapi:m namePrefix:s nameSuffix:s namespace:s commonLabels:m labels:[Label] commonAnnotations:m patchesStrategicMerge:[s] patchesJson6902:[Patch] patches:[Patch] images:[Image] imageTags:[Image] replacements:[ReplacementField] replicas:[Replica] vars:[Var] sortOptions:SortOptions resources:[s] components:[s] crds:[s] bases:[s] configMapGenerator:[ConfigMapArgs] secretGenerator:[SecretArgs] helmGlobals:? helmCharts:? helmChartInflationGenerator:? generatorOptions:GeneratorOptions configurations:[s] generators:[s] transformers:[s] validators:[s] inventory:? buildMetadata:[s]',
	ObjectMeta: 'name:s namespace:s labels:m annotations:m',
	Label: 'pairs:m includeSelectors:b includeTemplates:b fields:[FieldSpec]',
	FieldSpec: 'group:s version:s kind:s path:s create:b',
	Patch: 'path:s patch:s target:Selector options:mb',
	Selector: 'group:s version:s kind:s name:s namespace:s annotationSelector:s labelSelector:s',
	Image: 'name:s newName:s tagSuffix:s newTag:s digest:s',
	ReplacementField: 'source:SourceSelector targets:[TargetSelector] path:s',
	SourceSelector: 'group:s version:s kind:s name:s namespace:s fieldPath:s options:FieldOptions',
	TargetSelector: 'select:Selector reject:[Selector] fieldPaths:[s] options:FieldOptions',
	FieldOptions: 'delimiter:s index:i encoding:s create:b',
	Replica: 'name:s count:i64',
	SortOptions: 'order:s legacySortOptions:LegacySortOptions',
	Var: 'name:s objref:Target fieldref:FieldSelector',
	Target: 'apiVersion:s group:s version:s kind:s name:s namespace:s',
	FieldSelector: 'fieldPath:s',
	LegacySortOptions: 'orderFirst:[s] orderLast:[s]',
	ConfigMapArgs: 'namespace:s name:s behavior:s literals:[s] files:[s] envs:[s] env:s options:GeneratorOptions',
	SecretArgs: 'namespace:s name:s behavior:s literals:[s] files:[s] envs:[s] env:s options:GeneratorOptions type:s',
	GeneratorOptions: 'labels:m annotations:m disableNameSuffixHash:b immutable:b',
};

const GO: Readonly<Record<string, string>> = {
	s: 'string',
	b: 'bool',
	i: 'int',
	i64: 'int64',
	m: 'map[string]string',
	mb: 'map[string]bool',
};
const goType = (type: string): string =>
	type.startsWith('[') ? `[]${goType(type.slice(1, -1))}` : (GO[type] ?? `types.${type}`);

const kindOf = (value: unknown): string =>
	Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

const wrong = (value: unknown, type: string, at: string): never =>
	fail(`json: cannot unmarshal ${kindOf(value)} into Go struct field ${at} of type ${goType(type)}`);

/** A value of a type; `struct` and `path` are where it stands, as Go's decoder names that. */
function read(value: unknown, type: string, struct: string, path: string): unknown {
	if (value === null || value === undefined || type === '?') return value;
	const at = `${struct}.${path}`;
	if (type.startsWith('[')) {
		if (!Array.isArray(value)) return wrong(value, type, at);
		return value.map((item) => read(item, type.slice(1, -1), struct, path));
	}
	if (type === 'm' || type === 'mb') {
		if (!isRecord(value)) return wrong(value, type, at);
		for (const key of Object.keys(value).sort()) read(value[key], type === 'm' ? 's' : 'b', struct, path);
		return value;
	}
	const scalar = { s: 'string', b: 'boolean', i: 'number', i64: 'number' }[type];
	if (scalar !== undefined) return typeof value === scalar ? value : wrong(value, type, at);
	return isRecord(value) ? fields(value, type, path) : wrong(value, type, at);
}

function fields(value: Draft, struct: string, path: string): Draft {
	const known = STRUCTS[struct]!.split(' ').map((field) => field.split(':') as [string, string]);
	const out: Draft = {};
	for (const key of Object.keys(value).sort()) {
		const found =
			known.find(([name]) => name === key) ?? known.find(([name]) => name.toLowerCase() === key.toLowerCase());
		if (!found) return fail(`json: unknown field ${JSON.stringify(key)}`);
		const [name, type] = found;
		const read_ = read(value[key], type, struct, path === '' ? name : `${path}.${name}`);
		if (read_ !== null && read_ !== undefined) out[name] = read_;
	}
	return out;
}

/** A kustomization with its fields as they are called. Throws `KustomizeError` in the words of Go's decoder. */
export const readKustomization = (value: Draft): Draft => fields(value, 'Kustomization', '');
