/**
 * The API server's paths as far as the lab has something behind them: objects, discovery, version, health. What
 * `kubectl get --raw` and `kubectl proxy` ask.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/{installer.go,handlers,discovery},
 * pkg/endpoints/handlers/responsewriters/writers.go @ v1.24.0.
 */
import {
	type Action,
	type ApiObject,
	type ApiStatus,
	apiVersionOf,
	type Identity,
	type PatchType,
	parseFieldSelector,
	parseSelector,
	type Resource,
} from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import { demand, watched } from './as-user.ts';
import { healthAt } from './health.ts';
import { discoveryAt } from './rest-discovery.ts';
import { versionInfo } from './version-info.ts';
import { readManifests } from './yaml-read.ts';

export interface RestRequest {
	readonly method: string;
	/** Without its query. */
	readonly path: string;
	readonly query: URLSearchParams;
	readonly contentType?: string;
	readonly body?: string;
	readonly who: Identity;
}

export type RestAnswer =
	/** JSON; `pretty` whoever asks. */
	| { readonly status: number; readonly value: unknown; readonly pretty?: boolean }
	| { readonly status: number; readonly text: string };

/** A resource, and which of its objects a path means. */
export interface RestTarget {
	readonly resource: Resource;
	readonly namespace: string | undefined;
	readonly name: string | undefined;
	/** What stands after the name: `log`, `proxy`, `status`. */
	readonly rest: readonly string[];
}

export const refusal = (status: ApiStatus, details?: object): RestAnswer => ({
	status: status.code,
	value: {
		kind: 'Status',
		apiVersion: 'v1',
		metadata: {},
		status: 'Failure',
		message: status.message,
		reason: status.reason,
		...(status.causes
			? { details: { ...subjectOf(status.message), causes: status.causes } }
			: details
				? { details }
				: {}),
		code: status.code,
	},
});

/** Which object a message says is invalid: `Deployment.apps "web" is invalid: …` (apimachinery pkg/api/errors NewInvalid). */
function subjectOf(message: string): object {
	const [, kind, group, name] = /^(\w+)(?:\.([\w.-]+))? "([^"]*)" is invalid:/.exec(message) ?? [];
	return kind === undefined ? {} : { name, ...(group === undefined ? {} : { group }), kind };
}

const NOWHERE: RestAnswer = { status: 404, text: '404 page not found\n' };

/** The path of a resource, under `/api/v1` or `/apis/<group>/<version>`; undefined for other paths. */
export function targetOf(cluster: Cluster, path: string): RestTarget | undefined {
	const parts = path.split('/').filter((part) => part !== '');
	const root = parts.shift();
	if (root !== 'api' && root !== 'apis') return undefined;
	const version = root === 'api' ? parts.shift() : `${parts.shift() ?? ''}/${parts.shift() ?? ''}`;
	let namespace: string | undefined;
	if (parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2]!)) {
		namespace = parts[1];
		parts.splice(0, 2);
	}
	const [plural, name, ...rest] = parts;
	const resource = cluster.api
		.resources()
		.find(
			(item) =>
				item.plural === plural &&
				(item.served ?? [item.version]).some(
					(served) => apiVersionOf({ group: item.group, version: served }) === version,
				),
		);
	if (!resource || (namespace !== undefined && !resource.namespaced)) return undefined;
	return { resource, namespace, name: name === undefined ? undefined : decoded(name), rest };
}

/** What is no encoded UTF-8 stays as it is: no object has such a name. */
function decoded(name: string): string {
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

/** Keys as the server's own types have them; those of custom resources are sorted. */
export function ordered(resource: Resource, object: ApiObject, inList: boolean): unknown {
	const { kind, apiVersion, metadata, ...others } = object;
	if (resource.custom) return { apiVersion, kind, metadata, ...others };
	const { name, namespace, uid, resourceVersion, generation, creationTimestamp, labels, annotations, ...more } =
		metadata;
	const meta = { name, namespace, uid, resourceVersion, generation, creationTimestamp, labels, annotations, ...more };
	return inList ? { metadata: meta, ...others } : { kind, apiVersion, metadata: meta, ...others };
}

function listOf(
	cluster: Cluster,
	{ resource, namespace }: RestTarget,
	query: URLSearchParams,
	version: string,
): RestAnswer {
	const label = query.get('labelSelector');
	const field = query.get('fieldSelector');
	// pkg/endpoints/handlers/get.go ListResource: what cannot be read is no empty list.
	const unread =
		(label ? parseSelector(label).error : undefined) ??
		(field ? parseFieldSelector(resource.kind, field).error : undefined);
	if (unread !== undefined) return refusal({ code: 400, reason: 'BadRequest', message: unread });
	const found = cluster.api.list(resource, {
		...(namespace === undefined ? {} : { namespace }),
		...(label ? { labelSelector: label } : {}),
		...(field ? { fieldSelector: field } : {}),
	});
	const limit = Number(query.get('limit') ?? 0);
	const keys = found.map(({ metadata }) => (metadata.namespace ? `${metadata.namespace}/` : '') + metadata.name);
	const after = query.get('continue') ?? '';
	const start = after === '' ? undefined : startOf(after);
	if (start === null)
		return refusal({
			code: 400,
			reason: 'BadRequest',
			message: `continue key is not valid: illegal base64 data at input byte 0`,
		});
	const rest = start === undefined ? found : found.filter((_, i) => `${keys[i]}\0` > start);
	const shown = limit > 0 ? rest.slice(0, limit) : rest;
	const items = shown.map((object) => ordered(resource, object, true));
	const left = rest.length - shown.length;
	const last = found.indexOf(shown.at(-1)!);
	const resourceVersion = String(cluster.api.revision);
	const metadata = {
		resourceVersion,
		...(left > 0 ? { continue: continueAt(Number(resourceVersion), `${keys[last]}\0`) } : {}),
		// How many there are of those that a selector lets pass, nobody counts.
		...(left > 0 && !label && !field ? { remainingItemCount: left } : {}),
	};
	const value = resource.custom
		? { apiVersion: version, items, kind: `${resource.kind}List`, metadata: { continue: '', ...metadata } }
		: { kind: `${resource.kind}List`, apiVersion: version, metadata, items };
	return { status: 200, value };
}

/** A continue token: the first key that was not told yet (apiserver pkg/storage/continue.go @ v1.24.0). */
const continueAt = (rv: number, start: string): string =>
	btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start }))
		.replace(/\+/g, '-')
		.replace(/\//g, '_')
		.replace(/=+$/, '');

/** What a continue token says; null when it is none. */
function startOf(token: string): string | null {
	try {
		const { start } = JSON.parse(atob(token.replace(/-/g, '+').replace(/_/g, '/'))) as { readonly start?: unknown };
		return typeof start === 'string' ? start : null;
	} catch {
		return null;
	}
}

function logOf(cluster: Cluster, namespace: string, name: string, query: URLSearchParams): RestAnswer {
	const pod = cluster.api.get(cluster.api.find('pods')!, namespace, name);
	const containers = (pod?.spec?.containers ?? []) as readonly { readonly name: string }[];
	const container = query.get('container') ?? containers[0]?.name ?? '';
	if (!query.has('container') && containers.length > 1)
		return refusal({
			code: 400,
			reason: 'BadRequest',
			message: `a container name must be specified for pod ${name}, choose one of: [${containers.map((c) => c.name).join(' ')}]`,
		});
	const lines = cluster.logs(namespace, name, container, query.get('previous') === 'true');
	const tail = query.get('tailLines');
	const shown = tail === null ? lines : lines.slice(Math.max(0, lines.length - Number(tail)));
	return { status: 200, text: shown.map((line) => `${line.text}\n`).join('') };
}

/** What a request brings with it. */
function bodyOf(text: string | undefined, type: string): unknown {
	if (!text) return undefined;
	if (type.endsWith('yaml')) {
		const read = readManifests(text);
		return 'error' in read ? new Error(`error decoding YAML: ${read.error}`) : read[0]?.value;
	}
	try {
		return JSON.parse(text);
	} catch (fault) {
		return new Error(`error decoding: ${(fault as Error).message}`);
	}
}

/** Objects: read, and written where the request does. */
function objectAt(cluster: Cluster, target: RestTarget, request: RestRequest): RestAnswer {
	const { resource, namespace, name, rest } = target;
	const { method, query } = request;
	const api = watched(cluster.api, { who: request.who, refuse, told: () => undefined });
	const missing = (): RestAnswer =>
		refusal(
			{
				code: 404,
				reason: 'NotFound',
				message: `${resource.plural}${resource.group && `.${resource.group}`} ${JSON.stringify(name)} not found`,
			},
			{ name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural },
		);
	if (method === 'GET' || method === 'HEAD') {
		if (name === undefined) {
			const version = request.path.startsWith('/api/') ? 'v1' : request.path.split('/').slice(2, 4).join('/');
			if (isWatch(query))
				return refusal({
					code: 501,
					reason: 'NotImplemented',
					message: 'the simulator does not stream events of its API: kubectl get --watch shows them',
				});
			return listOf(cluster, target, query, version);
		}
		const object = api.get(resource, namespace, name);
		if (!object) return missing();
		if (rest.length === 0 || rest[0] === 'status') return { status: 200, value: ordered(resource, object, false) };
		if (rest[0] === 'log' && resource.plural === 'pods') return logOf(cluster, namespace ?? '', name, query);
		if (rest[0] === 'proxy' && resource.plural === 'nodes') return notHere(request.path);
		if (rest[0] !== 'scale') return refusal(UNKNOWN, {});
		const scale = api.scale(resource, namespace, name);
		return scale.error ? refusal(scale.error) : { status: 200, value: scale.value };
	}
	const type = (request.contentType ?? '').split(';')[0]!.trim();
	const accepted = method === 'PATCH' ? patchesOf(resource) : BODIES;
	if (method !== 'DELETE' && !accepted.includes(type || (method === 'PATCH' ? '' : 'application/json')))
		return refusal({
			code: 415,
			reason: 'UnsupportedMediaType',
			message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
		});
	const body = bodyOf(request.body, type);
	if (body instanceof Error) return refusal({ code: 400, reason: 'BadRequest', message: body.message });
	const dryRun = query.get('dryRun') === 'All';
	const done = (result: ReturnType<typeof api.create>, status = 200): RestAnswer =>
		result.error ? refusal(result.error) : { status, value: ordered(resource, result.value, false) };
	const input = { ...(body as object), apiVersion: apiVersionOf(resource), kind: resource.kind };
	const inside = namespace === undefined ? {} : { namespace };
	if (method === 'POST' && name === undefined) {
		const metadata = { ...(body as { metadata?: object })?.metadata, ...inside };
		return done(api.create({ ...input, metadata }, { dryRun }), 201);
	}
	if (name === undefined) return refusal(NOT_ALLOWED);
	if (method === 'PUT') {
		const metadata = { ...(body as { metadata?: object })?.metadata, name, ...inside };
		return done(api.update({ ...input, metadata }, { dryRun }));
	}
	if (method === 'PATCH')
		return done(api.patch(resource, namespace, name, type as PatchType, (body ?? {}) as never, { dryRun }));
	if (method !== 'DELETE') return refusal(NOT_ALLOWED);
	const before = api.get(resource, namespace, name);
	const result = api.delete(resource, namespace, name, { dryRun });
	if (result.error || !before || TOLD.test(resource.plural) || api.get(resource, namespace, name)) return done(result);
	const { group } = resource;
	const details = { name, ...(group ? { group } : {}), kind: resource.plural, uid: before.metadata.uid };
	return { status: 200, value: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
}

const isWatch = (query: URLSearchParams): boolean => ['true', '1'].includes(query.get('watch') ?? '');

/** What a patch may be (apiserver pkg/endpoints/handlers/patch.go @ v1.24.0), in the order of its complaint. */
const PATCHES: readonly string[] = [
	'application/json-patch+json',
	'application/merge-patch+json',
	'application/strategic-merge-patch+json',
	'application/apply-patch+yaml',
];

const patchesOf = ({ custom }: Resource): readonly string[] =>
	PATCHES.filter((type) => !custom || !type.includes('strategic'));

/** What a new object may be written in. */
const BODIES: readonly string[] = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** Of what is deleted at once the server tells only that, but of these (`ReturnDeletedObject` in pkg/registry @ v1.24.0). */
const TOLD = /^(?:pods|podtemplates|services|serviceaccounts|resourcequotas|persistentvolumes|persistentvolumeclaims)$/;

const NOT_ALLOWED: ApiStatus = {
	code: 405,
	reason: 'MethodNotAllowed',
	message: 'the server does not allow this method on the requested resource',
};

const UNKNOWN: ApiStatus = {
	code: 404,
	reason: 'NotFound',
	message: 'the server could not find the requested resource',
};

/** Pages that a server has, and that the lab has nothing behind. */
const UNMODELLED =
	/^\/(?:metrics|openapi\/v[23]|openid\/v1\/jwks|\.well-known\/openid-configuration|logs|debug)(?:\/|$)/;

const notHere = (path: string): RestAnswer =>
	refusal({
		code: 501,
		reason: 'NotImplemented',
		message: `the simulator's API server has no ${path}: it has objects, discovery, version and health`,
	});

/** What a request was refused with, on its way out. */
class Refused extends Error {
	readonly status: ApiStatus;
	readonly action: Action | undefined;
	constructor(message: string, action?: Action) {
		super(message);
		this.status = { code: 403, reason: 'Forbidden', message };
		this.action = action;
	}
}

const refuse = (message: string): never => {
	throw new Refused(message);
};

/** What a request is, as roles name it (RequestInfo). */
function actionOf(request: RestRequest, path: string, target: RestTarget | undefined): Action {
	const { method, query } = request;
	if (!target) return { verb: method.toLowerCase(), path };
	const { resource, namespace, name, rest: below } = target;
	const one = name !== undefined;
	const read = isWatch(query) ? 'watch' : one ? 'get' : 'list';
	const VERBS: Readonly<Record<string, string>> = {
		GET: read,
		HEAD: read,
		POST: 'create',
		PUT: 'update',
		PATCH: 'patch',
		DELETE: one ? 'delete' : 'deletecollection',
	};
	return {
		verb: VERBS[method] ?? method.toLowerCase(),
		group: resource.group,
		resource: resource.plural,
		...(below[0] ? { subresource: below[0] } : {}),
		// A namespace is in itself.
		namespace: resource.plural === 'namespaces' ? name : namespace,
		...(one ? { name } : {}),
	};
}

/** `details` of a refusal of one of the server's resources. */
const detailsOf = ({ name, group, resource }: Action): object =>
	resource === undefined ? {} : { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource };

/** Whether somebody may ask this; the refusal otherwise. */
function refused(cluster: Cluster, request: RestRequest, action: Action): RestAnswer | undefined {
	try {
		demand(cluster.api, request.who, action, refuse);
		return undefined;
	} catch (fault) {
		if (!(fault instanceof Refused)) throw fault;
		return refusal(fault.status, detailsOf(action));
	}
}

/** Answers a request of somebody. */
export function rest(cluster: Cluster, request: RestRequest): RestAnswer {
	const path = request.path.replace(/\/+$/, '') || '/';
	const target = targetOf(cluster, path);
	const no = refused(cluster, request, actionOf(request, target ? path : request.path, target));
	if (no) return no;
	const health = healthAt(cluster, path, request.query);
	if (health) return health;
	if (path === '/version') return { status: 200, value: versionInfo(cluster.api.version), pretty: true };
	const discovery = discoveryAt(cluster, path);
	if (discovery) return { status: 200, value: discovery };
	if (target)
		try {
			return objectAt(cluster, target, request);
		} catch (fault) {
			if (!(fault instanceof Refused)) throw fault;
			return refusal(fault.status, {});
		}
	if (UNMODELLED.test(path)) return notHere(path);
	// A version that is served answers itself; of everything else there is no page.
	const [, root, first, second] = path.split('/');
	const version = root === 'api' ? `/api/${first}` : `/apis/${first}/${second}`;
	return discoveryAt(cluster, version) ? refusal(UNKNOWN, {}) : NOWHERE;
}
