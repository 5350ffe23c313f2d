/**
 * `kustomize build`: a folder's objects, with their hashes, references and order.
 *
 * Source: kustomize api/krusty/kustomizer.go, api/internal/builtins/LegacyOrderTransformer.go @ kustomize/v4.5.4.
 */
import { isRecord } from '../../../sim/api/index.ts';
import { FIRST, LAST } from './fields.ts';
import { hashOf } from './hash.ts';
import { fixReferences } from './references.ts';
import {
	type Draft,
	fail,
	gvkOf,
	metaOf,
	nameOf,
	namespaceOf,
	type Resource,
	remember,
	withTexts,
} from './resource.ts';
import { type BuildOptions, type Disk, Target } from './target.ts';
import { strings } from './values.ts';
import { resolveVars, type Vars } from './vars.ts';

/** LegacyOrderTransformer. */
function sorted(
	resources: readonly Resource[],
	first: readonly string[],
	last: readonly string[],
): readonly Resource[] {
	const rank = (kind: string): number =>
		last.includes(kind) ? 1 + last.indexOf(kind) : first.includes(kind) ? first.indexOf(kind) - first.length : 0;
	const key = ({ object }: Resource): readonly [number, string, string] => {
		const { group, version, kind } = gvkOf(object);
		return [
			rank(kind),
			`${group || '~G'}_${version || '~V'}_${kind || '~K'}`,
			`${namespaceOf(object) || '~X'}|${nameOf(object) || '~N'}`,
		];
	};
	return [...resources].sort((a, b) => {
		const [x, y] = [key(a), key(b)];
		for (let i = 0; i < 3; i++) if (x[i]! !== y[i]!) return x[i]! < y[i]! ? -1 : 1;
		return 0;
	});
}

/** SortOrderTransformer; without a word kubectl sorts as it always did. */
function inOrder(resources: readonly Resource[], options: unknown): readonly Resource[] {
	if (!isRecord(options)) return sorted(resources, FIRST, LAST);
	const own = options.legacySortOptions;
	if (options.order !== 'fifo' && options.order !== 'legacy')
		return fail("the field 'sortOptions.order' must be one of [fifo, legacy]");
	if (options.order === 'fifo') {
		if (own !== undefined)
			fail("the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'");
		return resources;
	}
	return isRecord(own)
		? sorted(resources, strings(own.orderFirst), strings(own.orderLast))
		: sorted(resources, FIRST, LAST);
}

/** `buildMetadata: [managedByLabel]`: kustomize within kubectl does not know its version (api/provenance). */
function label(resources: readonly Resource[], kustomization: Draft, minor: number): void {
	if (!strings(kustomization.buildMetadata).includes('managedByLabel')) return;
	for (const resource of resources) {
		const meta = metaOf(resource.object);
		const labels = {
			...(isRecord(meta.labels) ? meta.labels : {}),
			'app.kubernetes.io/managed-by': `kustomize-${minor >= 27 ? '(devel)' : 'unknown'}`,
		};
		resource.object = { ...resource.object, metadata: { ...meta, labels } };
	}
}

/** Builds the kustomization of a folder. Throws `KustomizeError`. */
export async function build(root: string, disk: Disk, options: BuildOptions): Promise<readonly Draft[]> {
	const target = await Target.load(root, disk, options);
	const vars: Vars = new Map();
	const resources = await target.accumulate([], vars);
	for (const resource of resources) {
		if (!resource.needsHash) continue;
		remember(resource);
		const { object } = resource;
		resource.object = { ...object, metadata: { ...metaOf(object), name: `${nameOf(object)}-${hashOf(object)}` } };
	}
	fixReferences(resources);
	resolveVars(resources, vars, options.log);
	label(resources, target.kustomization, options.minor);
	const ordered = inOrder(resources, target.kustomization.sortOptions);
	// Found when they are written out: what reads them keeps nodes as they stand (kyaml/yaml RNode.MarshalJSON()).
	for (const { repeats } of ordered)
		if (repeats)
			fail(`map[string]interface {}(nil): yaml: unmarshal errors:\n${repeats.map((line) => `  ${line}`).join('\n')}`);
	return ordered
		.map(({ object }) => withTexts(object))
		.filter((object) => {
			const annotations = metaOf(object).annotations;
			return !(isRecord(annotations) && annotations['config.kubernetes.io/local-config'] === 'true');
		});
}
