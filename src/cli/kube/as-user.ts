/**
 * The API server as somebody meets it: each request is looked at before it is made, reviews are answered, and what he
 * may not do is refused.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/filters/authorization.go, pkg/endpoints/request/
 * requestinfo.go @ v1.24.0.
 */
import {
	type Action,
	type ApiInput,
	type ApiResult,
	type ApiServer,
	type ApiStatus,
	apiVersionOf,
	type Identity,
	type Resource,
} from '../../sim/api/index.ts';
import { access, tokensOf } from './authenticate.ts';

export interface Request extends Action {
	readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	readonly of: Resource;
	/** `limit=500`, selectors. */
	readonly query: string;
	/** The one object a list is narrowed to. */
	readonly byName?: string;
}

/** `/apis/apps/v1/namespaces/default/deployments/web?limit=500` */
export function urlOf({ of, namespace, name, subresource, query }: Request): string {
	const root = of.group === '' ? '/api/v1' : `/apis/${apiVersionOf(of)}`;
	const inside = of.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
	const below = subresource ? `/${subresource}` : '';
	return `${root}${inside}/${of.plural}${name === undefined ? '' : `/${name}`}${below}${query === '' ? '' : `?${query}`}`;
}

export interface Watched {
	/** Told of each request before it is made; may throw. */
	told(request: Request): void;
	/** Who asks, for reviews and for what he may grant. */
	readonly who: Identity;
	/** Throws what the server says: `roles.rbac… "x" is forbidden: …`. */
	refuse(message: string): never;
	/** The server's answer in what was thrown for a write, which is then that write's; without it, it goes on as thrown. */
	answer?(thrown: unknown): ApiStatus | undefined;
}

/** The server with somebody told of each request before it is made. */
export function watched(api: ApiServer, { told, who, refuse, answer }: Watched): ApiServer {
	const tell = (
		method: Request['method'],
		verb: string,
		of: Resource,
		namespace: string | undefined,
		name?: string,
		query = '',
		subresource?: string,
	): void =>
		told({
			method,
			verb,
			of,
			group: of.group,
			resource: of.plural,
			namespace,
			name,
			query,
			...(subresource ? { subresource } : {}),
		});
	const resourceOf = (object: ApiInput): Resource | undefined => {
		const [group, version] = String(object.apiVersion ?? '').includes('/')
			? String(object.apiVersion).split('/')
			: ['', String(object.apiVersion ?? '')];
		const kind = String(object.kind ?? '');
		return (
			api.resources().find((item) => item.kind === kind && item.group === group) ??
			(version === '' ? api.find(kind) : undefined)
		);
	};
	/** Of an object that is sent. */
	const sent = (method: 'POST' | 'PUT', verb: string, object: ApiInput, subresource?: string): void => {
		const of = resourceOf(object);
		const { name, namespace } = (object.metadata ?? {}) as { name?: string; namespace?: string };
		if (!of) return;
		const inside = of.namespaced ? (namespace ?? 'default') : undefined;
		tell(method, verb, of, inside, verb === 'create' ? undefined : name, '', subresource);
		const before = verb === 'create' || name === undefined ? undefined : api.get(of, inside, name);
		const operation = verb === 'create' ? 'CREATE' : 'UPDATE';
		restricted({ operation, resource: of, name: name ?? '', subresource, object, old: before });
		if (of.group !== 'rbac.authorization.k8s.io' || subresource) return;
		const old = name === undefined ? undefined : api.get(of, inside, name);
		granted(of, { ...object, metadata: { ...(object.metadata as object), namespace: inside } }, old);
	};
	/** A kubelet's writes: of its own node, and of the pods there. */
	const restricted = (write: Parameters<ReturnType<typeof access>['nodeRefusal']>[1]): void => {
		const why = access().nodeRefusal(who, write);
		if (why !== undefined) refuse(`${write.resource.plural} ${JSON.stringify(write.name)} is forbidden: ${why}`);
	};
	/** Whoever writes a role has what it says. */
	const granted = (of: Resource, object: ApiInput, old: ApiInput | undefined): void => {
		const why = access().escalation(api, who, object, old);
		if (why === undefined) return;
		const name = String((object.metadata as { name?: string } | undefined)?.name ?? '');
		refuse(`${of.plural}.${of.group} ${JSON.stringify(name)} is forbidden: ${why}`);
	};
	/** Writes are answered, each by itself: whoever has several to make goes on after a refusal. */
	const answered = <T>(write: () => ApiResult<T>): ApiResult<T> => {
		try {
			return write();
		} catch (thrown) {
			const error = answer?.(thrown);
			if (!error) throw thrown;
			return { error };
		}
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
			// A list of one name may be allowed by that name.
			const [, name] = /^metadata\.name=([^,]+)$/.exec(options?.fieldSelector ?? '') ?? [];
			told({
				method: 'GET',
				verb: 'list',
				of: resource,
				group: resource.group,
				resource: resource.plural,
				namespace: options?.namespace,
				query: query.toString(),
				...(name === undefined ? {} : { byName: name }),
			});
			return api.list(resource, options);
		},
		create: (object, write) =>
			answered(() => {
				sent('POST', 'create', object);
				const input = object.kind === 'CertificateSigningRequest' ? asked(object, who) : object;
				return access().review(api, who, object, tokensOf(api)) ?? api.create(input, { ...write, who });
			}),
		update: (object, write) =>
			answered(() => {
				sent('PUT', 'update', object);
				return api.update(object, { ...write, who });
			}),
		updateStatus: (object, write) =>
			answered(() => {
				sent('PUT', 'update', object, 'status');
				return api.updateStatus(object, { ...write, who });
			}),
		patch: (resource, namespace, name, type, patch, write) =>
			answered(() => {
				tell('PATCH', 'patch', resource, namespace, name, '', write?.subresource);
				const old = api.get(resource, namespace, name);
				const restricts = who.groups.includes('system:nodes');
				if (resource.group === 'rbac.authorization.k8s.io' || restricts) {
					const next = api.patch(resource, namespace, name, type, patch, { ...write, dryRun: true });
					if (next.value && !restricts) granted(resource, next.value, old);
					const { subresource } = write ?? {};
					if (restricts) restricted({ operation: 'UPDATE', resource, name, subresource, object: next.value, old });
				}
				return api.patch(resource, namespace, name, type, patch, { ...write, who });
			}),
		delete: (resource, namespace, name, options) =>
			answered(() => {
				tell('DELETE', 'delete', resource, namespace, name);
				restricted({ operation: 'DELETE', resource, name, old: api.get(resource, namespace, name) });
				return api.delete(resource, namespace, name, { ...options, who });
			}),
		scale(resource, namespace, name) {
			tell('GET', 'get', resource, namespace, name, '', 'scale');
			return api.scale(resource, namespace, name);
		},
		evict(namespace, pod, options) {
			const resource = api.find('pods')!;
			tell('POST', 'create', resource, namespace, pod, '', 'eviction');
			const old = api.get(resource, namespace, pod);
			restricted({ operation: 'CREATE', resource, name: pod, subresource: 'eviction', old });
			return api.evict(namespace, pod, { ...options, who });
		},
		bind(namespace, pod, node) {
			tell('POST', 'create', api.find('pods')!, namespace, pod, '', 'binding');
			return api.bind(namespace, pod, node);
		},
	};
}

/** The server says who asks for a certificate (pkg/registry/certificates/certificates/strategy.go @ v1.24.0). */
const asked = (object: ApiInput, { user, groups, uid, extra }: Identity): ApiInput => ({
	...object,
	spec: {
		...(object.spec as object | undefined),
		username: user,
		groups: [...groups],
		...(uid === undefined ? {} : { uid }),
		...(extra === undefined ? {} : { extra }),
	},
});

/** Refuses what somebody may not do, by the roles of `api`; `refuse` throws. */
export function demand(
	api: ApiServer,
	who: Identity,
	action: Action & { readonly byName?: string },
	refuse: (message: string) => never,
): void {
	const { allowed, reason } = access().authorize(api, who, { name: action.byName, ...action });
	if (!allowed) refuse(access().forbiddenMessage(who, action, reason));
}
