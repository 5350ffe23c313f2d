/**
 * `kustomize build`: a folder's objects, with their hashes, references and order.
 *
 * Source: kustomize api/krusty/kustomizer.go, api/internal/builtins/LegacyOrderTransformer.go @ kustomize/v4.5.4.
 */
import { isRecord } from '../../../sim/api/index.ts';
import { FIRST, LAST } from './fields.ts';
import { hashOf } from './hash.ts';
import { fixReferences } from './references.ts';
import { type Draft, gvkOf, metaOf, nameOf, namespaceOf, type Resource, remember } from './resource.ts';
import { type BuildOptions, type Disk, Target } from './target.ts';

/** LegacyOrderTransformer. */
function sorted(resources: readonly Resource[]): readonly Resource[] {
	const rank = (kind: string): number =>
		FIRST.includes(kind) ? FIRST.indexOf(kind) - FIRST.length : LAST.includes(kind) ? 1 + LAST.indexOf(kind) : 0;
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

/** Builds the kustomization of a folder. Throws `KustomizeError`. */
export async function build(root: string, disk: Disk, options: BuildOptions): Promise<readonly Draft[]> {
	const target = await Target.load(root, disk, options);
	const resources = await target.accumulate([]);
	for (const resource of resources) {
		if (!resource.needsHash) continue;
		remember(resource);
		const { object } = resource;
		resource.object = { ...object, metadata: { ...metaOf(object), name: `${nameOf(object)}-${hashOf(object)}` } };
	}
	fixReferences(resources);
	const order = isRecord(target.kustomization.sortOptions) ? target.kustomization.sortOptions.order : 'legacy';
	const shown = order === 'fifo' ? resources : sorted(resources);
	return shown
		.map(({ object }) => object)
		.filter((object) => {
			const annotations = metaOf(object).annotations;
			return !(isRecord(annotations) && annotations['config.kubernetes.io/local-config'] === 'true');
		});
}
