/**
 * Requests of a run on their way to the server: told of with `-v`, and refused where `--as` means somebody who may not.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/transport/round_trippers.go (levels of -v) @ v0.24.0; staging/
 * src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go (ForbiddenMessage) @ v1.24.0.
 */
import { type ApiServer, apiVersionOf, type Resource } from '../../sim/api/index.ts';
import type { Run } from '../cobra/index.ts';
import { type Action, allows, type Identity, impersonated } from './rbac.ts';

export interface Request extends Action {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	readonly of: Resource;
	/** `limit=500`, selectors. */
	readonly query: string;
}

/** What the server says to somebody who may not. */
export function forbidden({ user }: Identity, { verb, group = '', resource, namespace, name }: Action): string {
	const what = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${JSON.stringify(name)}`}`;
	const where = namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
	return `${what} is forbidden: User ${JSON.stringify(user)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}`;
}

/** `/apis/apps/v1/namespaces/default/deployments/web?limit=500` */
export function urlOf({ of, namespace, name, query }: Request): string {
	const root = of.group === '' ? '/api/v1' : `/apis/${apiVersionOf(of)}`;
	const inside = of.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
	return `${root}${inside}/${of.plural}${name === undefined ? '' : `/${name}`}${query === '' ? '' : `?${query}`}`;
}

/** The server with somebody told of each request before it is made; he may throw. */
function observed(api: ApiServer, told: (request: Request) => void): ApiServer {
	const tell = (
		method: Request['method'],
		verb: string,
		of: Resource,
		namespace: string | undefined,
		name?: string,
		query = '',
	): void => told({ method, verb, of, group: of.group, resource: of.plural, namespace, name, query });
	/** Of an object that is sent. */
	const sent = (method: 'POST' | 'PUT', verb: string, object: { readonly [key: string]: unknown }): void => {
		const of = api.find(String(object.kind ?? ''));
		const { name, namespace } = (object.metadata ?? {}) as { name?: string; namespace?: string };
		if (of)
			tell(
				method,
				verb,
				of,
				of.namespaced ? (namespace ?? 'default') : undefined,
				verb === 'create' ? undefined : name,
			);
	};
	return {
		...api,
		get revision() {
			return api.revision;
		},
		get(resource, namespace, name) {
			tell('GET', 'get', resource, namespace, name);
			return api.get(resource, namespace, name);
		},
		list(resource, options) {
			const query = new URLSearchParams();
			if (options?.fieldSelector) query.set('fieldSelector', options.fieldSelector);
			if (options?.labelSelector) query.set('labelSelector', options.labelSelector);
			query.set('limit', '500');
			tell('GET', 'list', resource, options?.namespace, undefined, query.toString());
			return api.list(resource, options);
		},
		create(object, write) {
			sent('POST', 'create', object);
			return api.create(object, write);
		},
		update(object, write) {
			sent('PUT', 'update', object);
			return api.update(object, write);
		},
		patch(resource, namespace, name, type, patch, write) {
			tell('PATCH', 'patch', resource, namespace, name);
			return api.patch(resource, namespace, name, type, patch, write);
		},
		delete(resource, namespace, name, options) {
			tell('DELETE', 'delete', resource, namespace, name);
			return api.delete(resource, namespace, name, options);
		},
	};
}

/** The server as a run meets it. `refuse` is told what the server says to who may not; `log` of each request. */
export function asRun(
	run: Run,
	api: ApiServer,
	on: { readonly refuse: (message: string) => never; readonly log: (method: string, path: string) => void },
): ApiServer {
	const who = impersonated(run);
	const loud = run.flags.number('v') >= 6;
	if (!who && !loud) return api;
	return observed(api, (request) => {
		if (loud) on.log(request.method, urlOf(request));
		if (who && !allows(api, who, request)) on.refuse(forbidden(who, request));
	});
}
