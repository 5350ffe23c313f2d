/** Small parts of a write: what of an object counts, and what its result has beside it. */
import { peoplesMistakes } from './for-people.ts';
import { type Draft, isRecord } from './json.ts';
import type { ApiObject, Resource } from './object.ts';
import type { Context, Strategy } from './strategy.ts';

/** What counts for the generation: everything but metadata and, where it is written apart, status. */
export const wanted = (object: Draft | ApiObject, strategy: Strategy): Draft => {
	const { metadata: _, status, ...rest } = object as Draft;
	return strategy.status ? rest : { ...rest, status };
};

/** A result with what is said beside it. */
export const told = <T extends object>(result: T, warnings: readonly string[], took: number): T => ({
	...result,
	...(warnings.length > 0 ? { warnings } : {}),
	...(took > 0 ? { took } : {}),
});

/** Warns of what an object has that is taken, and that is a mistake all the same. */
export const alert = (
	{ custom, kind }: Resource,
	object: Draft,
	asked: { readonly minor: number; readonly old: ApiObject | undefined; readonly moved: boolean },
	context: Context,
): void => {
	for (const text of (custom ? undefined : peoplesMistakes()?.warningsOf(kind, object, asked)) ?? [])
		context.warn(text);
};

/** What webhooks made of an object: whose it is, they do not change. */
export const settled = (object: Draft, before: Draft): Draft => {
	const { name, namespace, uid, creationTimestamp, resourceVersion } = before.metadata as Draft;
	const own = { name, namespace, uid, creationTimestamp, resourceVersion };
	const metadata = isRecord(object.metadata) ? object.metadata : {};
	for (const [key, value] of Object.entries(own)) if (value === undefined) delete metadata[key];
	object.metadata = { ...metadata, ...JSON.parse(JSON.stringify(own)) };
	return object;
};
