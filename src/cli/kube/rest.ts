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
	type Resource,
} from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import { demand, watched } from './as-user.ts';
import { healthAt } from './health.ts';
import { discoveryAt } from './rest-discovery.ts';
import { versionInfo } from './version-info.ts';

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
		...(status.causes ? { details: { causes: status.causes } } : details ? { details } : {}),
		code: status.code,
	},
});

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
): unknown {
	const label = query.get('labelSelector');
	const field = query.get('fieldSelector');
	const found = cluster.api.list(resource, {
		...(namespace === undefined ? {} : { namespace }),
		...(label ? { labelSelector: label } : {}),
		...(field ? { fieldSelector: field } : {}),
	});
	const limit = Number(query.get('limit') ?? 0);
	const shown = limit > 0 ? found.slice(0, limit) : found;
	const items = shown.map((object) => ordered(resource, object, true));
	const left = found.length - shown.length;
	const metadata = {
		resourceVersion: String(cluster.api.revision),
		...(left > 0 ? { remainingItemCount: left } : {}),
	};
	return resource.custom
		? { apiVersion: version, items, kind: `${resource.kind}List`, metadata: { continue: '', ...metadata } }
		: { kind: `${resource.kind}List`, apiVersion: version, metadata, items };
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
			return { status: 200, value: listOf(cluster, target, query, version) };
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
	let body: unknown;
	try {
		body = request.body ? JSON.parse(request.body) : undefined;
	} catch (fault) {
		return refusal({ code: 400, reason: 'BadRequest', message: `error decoding: ${(fault as Error).message}` });
	}
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
		return done(
			api.patch(resource, namespace, name, (request.contentType ?? '') as PatchType, (body ?? {}) as never, { dryRun }),
		);
	if (method !== 'DELETE') return refusal(NOT_ALLOWED);
	return done(api.delete(resource, namespace, name, { dryRun }));
}

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
	const watch = ['true', '1'].includes(query.get('watch') ?? '');
	const read = watch ? 'watch' : one ? 'get' : 'list';
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
