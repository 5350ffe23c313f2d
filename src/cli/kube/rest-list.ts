/**
 * Lists over HTTP: selectors, pages, versions.
 *
 * Source: apiserver pkg/endpoints/handlers/get.go ListResource(), pkg/storage/{continue.go,errors.go,etcd3/{store,
 * compact}.go,cacher/cacher.go} @ v0.24.0.
 */
import { parseFieldSelector, parseSelector } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import type { RestTarget } from './rest.ts';
import { badRequest, type Form, listAs, type RestAnswer, refusal } from './rest-answer.ts';

/** When tokens of a cluster were given out, by the revision in them: etcd forgets what it compacted. */
const given = new WeakMap<Cluster, Map<number, number>>();
/** What compacts it every five minutes, to where it was five minutes before (compact.go). */
const COMPACTS = 300;

const compacted = (cluster: Cluster, revision: number): boolean => {
	const at = given.get(cluster)?.get(revision);
	if (at === undefined) return false;
	return Math.floor(cluster.api.now() / COMPACTS) * COMPACTS - COMPACTS >= at;
};

const TOO_OLD =
	'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** A continue token: the first key that was not told yet. */
const continueAt = (rv: number, start: string): string =>
	btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start }))
		.replace(/\+/g, '-')
		.replace(/\//g, '_')
		.replace(/=+$/, '');

/** What a continue token says; null when it is none. */
function tokenOf(token: string): { readonly rv: number; readonly start: string } | null {
	try {
		const read = JSON.parse(atob(token.replace(/-/g, '+').replace(/_/g, '/'))) as {
			readonly start?: unknown;
			readonly rv?: unknown;
		};
		return typeof read.start === 'string' ? { start: read.start, rv: Number(read.rv) } : null;
	} catch {
		return null;
	}
}

const NUMBERS = ['limit', 'timeoutSeconds'];

/** Why options of a list are none. */
function optionsFault(cluster: Cluster, query: URLSearchParams): RestAnswer | undefined {
	for (const key of NUMBERS) {
		const text = query.get(key);
		if (text && !/^[-+]?\d+$/.test(text))
			return badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
	}
	const version = query.get('resourceVersion') ?? '';
	if (version === '') return undefined;
	if (!/^\d+$/.test(version))
		return refusal({
			code: 500,
			reason: '',
			message: `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
		});
	const { revision } = cluster.api;
	if (Number(version) <= revision) return undefined;
	const told = refusal(
		{ code: 504, reason: 'Timeout', message: `Too large resource version: ${version}, current: ${revision}` },
		{ causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
	);
	return told;
}

export function listOf(
	cluster: Cluster,
	{ resource, namespace }: RestTarget,
	query: URLSearchParams,
	version: string,
	form: Form,
): RestAnswer {
	const label = query.get('labelSelector');
	const field = query.get('fieldSelector');
	const bad = optionsFault(cluster, query);
	if (bad) return bad;
	// What cannot be read is no empty list.
	const unread =
		(label ? parseSelector(label).error : undefined) ?? (field ? parseFieldSelector(resource, field).error : undefined);
	if (unread !== undefined) return badRequest(unread);
	const found = cluster.api.list(resource, {
		...(namespace === undefined ? {} : { namespace }),
		...(label ? { labelSelector: label } : {}),
		...(field ? { fieldSelector: field } : {}),
	});
	const limit = Number(query.get('limit') ?? 0);
	const keys = found.map(({ metadata }) => (metadata.namespace ? `${metadata.namespace}/` : '') + metadata.name);
	const after = query.get('continue') ?? '';
	if (after !== '' && !['', '0'].includes(query.get('resourceVersion') ?? ''))
		return badRequest('specifying resource version is not allowed when using continue');
	const token = after === '' ? undefined : tokenOf(after);
	if (token === null) return badRequest('continue key is not valid: illegal base64 data at input byte 0');
	if (token && compacted(cluster, token.rv)) {
		const told = refusal({ code: 410, reason: 'Expired', message: TOO_OLD }) as { status: number; value: object };
		return {
			...told,
			value: { ...told.value, metadata: { continue: continueAt(cluster.api.revision, token.start) } },
		};
	}
	const rest = token === undefined ? found : found.filter((_, i) => `${keys[i]}\0` > token.start);
	const shown = limit > 0 ? rest.slice(0, limit) : rest;
	const left = rest.length - shown.length;
	const last = found.indexOf(shown.at(-1)!);
	const { revision } = cluster.api;
	if (left > 0) {
		const tokens = given.get(cluster) ?? new Map<number, number>();
		given.set(cluster, tokens);
		if (!tokens.has(revision)) tokens.set(revision, cluster.api.now());
	}
	return listAs(cluster.api, resource, shown, form, {
		version,
		metadata: {
			resourceVersion: String(revision),
			...(left > 0 ? { continue: continueAt(revision, `${keys[last]}\0`) } : {}),
			// How many there are of those that a selector lets pass, nobody counts.
			...(left > 0 && !label && !field ? { remainingItemCount: left } : {}),
		},
	});
}
