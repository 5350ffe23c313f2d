/** Objects of the chart as the CLI before helm mode makes them by itself. */
import type { ApiInput, Json, Resource } from '../../../sim/api/index.ts';
import type { Client } from '../../kube/index.ts';

/** Objects of the chart without what makes them helm's. */
export function plain(manifest: ApiInput): ApiInput {
	const { labels = {}, annotations = {}, ...meta } = manifest.metadata as Readonly<Record<string, Json>>;
	const without = (table: Json, drop: RegExp): Json =>
		Object.fromEntries(Object.entries(table as Record<string, Json>).filter(([key]) => !drop.test(key)));
	return {
		...manifest,
		metadata: {
			...meta,
			labels: without(labels, /^app\.kubernetes\.io\/managed-by$/),
			annotations: without(annotations, /^meta\.helm\.sh\//),
		},
	} as ApiInput;
}

export const resourceOf = ({ api }: Client, { kind }: ApiInput): Resource =>
	api.resources().find((resource) => resource.kind === kind)!;

export const nameOf = ({ metadata }: ApiInput): string => (metadata as { readonly name: string }).name;
