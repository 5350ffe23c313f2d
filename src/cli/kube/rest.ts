/**
 * The API server's paths as far as the lab has something behind them: objects, discovery, version, health. What
 * `kubectl get --raw` and `kubectl proxy` ask.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/{installer.go,handlers,discovery},
 * pkg/endpoints/handlers/responsewriters/writers.go @ v1.24.0.
 */
import {
	type Action,
	type ApiStatus,
	apiVersionOf,
	customChecks,
	type Identity,
	type Resource,
} from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import { demand, watched } from './as-user.ts';
import { healthAt } from './health.ts';
import { issuerAt } from './issuer.ts';
import { badRequest, formOf, inForm, notHere, oneAs, type RestAnswer, refusal } from './rest-answer.ts';
import { discoveryAt } from './rest-discovery.ts';
import { listOf } from './rest-list.ts';
import { kubeletAt } from './rest-node.ts';
import { writeAt } from './rest-write.ts';
import { serverInfo } from './version-info.ts';

export { ordered, type RestAnswer, refusal } from './rest-answer.ts';

export interface RestRequest {
	readonly method: string;
	/** Without its query. */
	readonly path: string;
	readonly query: URLSearchParams;
	readonly contentType?: string;
	readonly body?: string;
	/** Which forms somebody takes, and the name of his program. */
	readonly accept?: string;
	readonly agent?: string;
	readonly who: Identity;
}

/** A resource, and which of its objects a path means. */
export interface RestTarget {
	readonly resource: Resource;
	readonly namespace: string | undefined;
	readonly name: string | undefined;
	/** What stands after the name: `log`, `proxy`, `status`. */
	readonly rest: readonly string[];
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
	const form = formOf(request.accept, rest.length === 0);
	if ('refused' in form) return form.refused;
	const api = watched(cluster.api, { who: request.who, refuse, told: () => undefined });
	if (method !== 'GET' && method !== 'HEAD') return inForm(writeAt(api, target, request, form), form);
	if (name === undefined) {
		const version = request.path.startsWith('/api/') ? 'v1' : request.path.split('/').slice(2, 4).join('/');
		return isWatch(query) ? noWatch() : inForm(listOf(cluster, target, query, version, form), form);
	}
	const object = api.get(resource, namespace, name);
	if (!object)
		return refusal(
			{
				code: 404,
				reason: 'NotFound',
				message: `${resource.plural}${resource.group && `.${resource.group}`} ${JSON.stringify(name)} not found`,
			},
			{ name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural },
		);
	const [part] = rest;
	if (part === undefined || part === 'status' || (part === 'ephemeralcontainers' && resource.kind === 'Pod'))
		return inForm(oneAs(api, resource, object, form), form);
	if (part === 'log' && resource.plural === 'pods') return logOf(cluster, namespace ?? '', name, query);
	if (part === 'proxy' && resource.plural === 'nodes')
		return kubeletAt(cluster, name, rest.slice(1)) ?? notHere(request.path);
	if (resource.plural === 'pods' && ['exec', 'attach', 'portforward'].includes(part))
		return badRequest('Upgrade request required');
	if (part !== 'scale') return refusal(UNKNOWN, {});
	const scale = api.scale(resource, namespace, name);
	return scale.error ? refusal(scale.error) : inForm({ status: 200, value: scale.value }, form);
}

const noWatch = (): RestAnswer =>
	refusal({
		code: 501,
		reason: 'NotImplemented',
		message: 'the simulator does not stream events of its API: kubectl get --watch shows them',
	});

const isWatch = (query: URLSearchParams): boolean => ['true', '1'].includes(query.get('watch') ?? '');

const UNKNOWN: ApiStatus = {
	code: 404,
	reason: 'NotFound',
	message: 'the server could not find the requested resource',
};

/** Pages that a server has, and that the lab has nothing behind. */
const UNMODELLED = /^\/(?:metrics|openapi\/v[23]|logs|debug)(?:\/|$)/;

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
		query: query.toString(),
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

/** A path of somebody's own server, behind an APIService (kube-aggregator pkg/apiserver/handler_proxy.go @ v0.24.0). */
function aggregatedAt(cluster: Cluster, path: string): RestAnswer | undefined {
	const [, root, group, version] = path.split('/');
	if (root !== 'apis' || version === undefined) return undefined;
	const found = customChecks()
		?.aggregated(cluster.api)
		.find((item) => item.group === group && item.version === version);
	if (!found) return undefined;
	if (found.available !== true) return { status: 503, text: 'service unavailable\n' };
	return refusal({
		code: 501,
		reason: 'NotImplemented',
		message: `the simulator does not hand requests for ${group}/${version} on to the service of its APIService`,
	});
}

/** Answers a request of somebody. */
export function rest(cluster: Cluster, request: RestRequest): RestAnswer {
	const path = request.path.replace(/\/+$/, '') || '/';
	const target = targetOf(cluster, path);
	const no = refused(cluster, request, actionOf(request, target ? path : request.path, target));
	if (no) return no;
	const elsewhere = aggregatedAt(cluster, path);
	if (elsewhere) return elsewhere;
	const health = healthAt(cluster, path, request.query);
	if (health) return health;
	const issuer = issuerAt(cluster, path);
	if (issuer) return issuer;
	if (path === '/version') return { status: 200, value: serverInfo(cluster.api.version), pretty: true };
	const discovery = discoveryAt(cluster, path);
	if (discovery) return { status: 200, value: discovery };
	// What the server has in its cache it needs no etcd for.
	const etcd = request.query.get('resourceVersion') === '0' && request.method === 'GET' ? undefined : cluster.etcdFault;
	if (target && etcd)
		return {
			status: 500,
			value: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: etcd.message, code: 500 },
		};
	if (target)
		try {
			const answer = objectAt(cluster, target, request);
			const { warning } = target.resource;
			return warning === undefined ? answer : { ...answer, warnings: [warning, ...(answer.warnings ?? [])] };
		} catch (fault) {
			if (!(fault instanceof Refused)) throw fault;
			return refusal(fault.status, {});
		}
	if (UNMODELLED.test(path)) return notHere(path);
	// The old way to ask for a watch.
	if (/^\/api\/v1\/watch\/|^\/apis\/[^/]+\/[^/]+\/watch\//.test(path)) return noWatch();
	// A version that is served answers itself; of everything else there is no page.
	const [, root, first, second] = path.split('/');
	const version = root === 'api' ? `/api/${first}` : `/apis/${first}/${second}`;
	return discoveryAt(cluster, version) ? refusal(UNKNOWN, {}) : NOWHERE;
}
