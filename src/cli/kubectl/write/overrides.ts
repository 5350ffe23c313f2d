/**
 * `--overrides` and `--override-type` of run and expose.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/override_options.go @ v0.24.0.
 */
import { applyPatch, decode, type Json, mergePatch, type PatchType } from '../../../sim/api/index.ts';
import type { Flag } from '../../cobra/index.ts';
import { fail, type Kube } from '../kube.ts';
import { isMap } from '../print/index.ts';
import type { Made } from './create/index.ts';
import { minorOf } from './infos.ts';

const TYPES: Readonly<Record<string, PatchType>> = {
	json: 'application/json-patch+json',
	merge: 'application/merge-patch+json',
	strategic: 'application/strategic-merge-patch+json',
};

/** `merge` is what it is of each command by itself. */
export const OVERRIDE_FLAGS: readonly Flag[] = [
	{
		name: 'overrides',
		type: 'string',
		usage:
			'An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.',
	},
	{
		name: 'override-type',
		type: 'string',
		default: 'merge',
		usage: 'The method used to override the generated object: json, merge, or strategic.',
	},
];

/** What was generated, with what `--overrides` says of it. */
export function overridden(kube: Kube, plural: string, made: Made): Made {
	const { flags } = kube.run;
	const type = flags.text('override-type');
	if (!Object.hasOwn(TYPES, type)) return fail(`invalid override type: ${type}`);
	const overrides = flags.text('overrides');
	if (overrides === '') return made;
	let patch: Json;
	try {
		patch = JSON.parse(overrides) as Json;
	} catch {
		// evanphx/json-patch merge.go errBadJSONPatch @ v4.12.0.
		return fail('Invalid JSON Patch');
	}
	const resource = kube.api.find(plural)!;
	// It is read into the kind's own type again: what that does not have is dropped without a word.
	const typed = (value: object): Made => {
		const { draft } = decode(resource, value as never, 'Ignore', minorOf(kube));
		// A time that is none is written all the same.
		return withoutEmptyLists({ ...draft, metadata: { creationTimestamp: null, ...(draft.metadata as object) } });
	};
	if (type === 'merge') return typed(mergePatch(made, patch) as Made);
	const patched = applyPatch(made as never, TYPES[type]!, patch, resource);
	return patched.error ? fail(patched.error.causes?.[0]?.message ?? patched.error.message) : typed(patched.value);
}

/** Go leaves them out (`omitempty`), but for a pod's containers. */
function withoutEmptyLists(value: Made): Made {
	const of = (item: unknown): unknown =>
		Array.isArray(item) ? item.map(of) : isMap(item) ? withoutEmptyLists(item) : item;
	return Object.fromEntries(
		Object.entries(value).flatMap(([key, item]) =>
			Array.isArray(item) && item.length === 0 && key !== 'containers' ? [] : [[key, of(item)]],
		),
	);
}
