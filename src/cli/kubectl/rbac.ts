/**
 * Who a run of kubectl speaks as, and what the cluster's roles let him do.
 *
 * Source: kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go,
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go @ v1.24.0.
 */
import type { ApiObject, ApiServer } from '../../sim/api/index.ts';
import type { Run } from '../cobra/index.ts';
import { type Fields, subs, text, texts } from './print/index.ts';

export interface Identity {
	readonly user: string;
	readonly groups: readonly string[];
}

/** What is asked of the API server; paths outside of it have only `path`. */
export interface Action {
	readonly verb: string;
	readonly group?: string;
	readonly resource?: string;
	readonly subresource?: string;
	readonly namespace?: string | undefined;
	readonly name?: string | undefined;
	readonly path?: string;
}

/** kind's kubeconfig is the administrator's: kubeadm made his certificate, in another group from 1.29. */
export const administrator = (minor: number): Identity => ({
	user: 'kubernetes-admin',
	groups: [minor < 29 ? 'system:masters' : 'kubeadm:cluster-admins', 'system:authenticated'],
});

/** Whom `--as` means; undefined when it was not given. */
export function impersonated({ flags }: Run): Identity | undefined {
	const user = flags.text('as');
	if (user === '') return undefined;
	const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user) ?? [];
	const given = flags.list('as-group');
	const own = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
	const known = user === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
	return { user, groups: [...(given.length > 0 ? given : own), known] };
}

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const RBAC = 'rbac.authorization.k8s.io';

/** Roles that every API server makes for itself; the lab's stores none of them. */
function builtIn(name: string, action: Action): boolean {
	const { verb, group = '', resource, namespace, path } = action;
	if (name === 'cluster-admin') return true;
	if (path !== undefined || namespace === undefined || !['view', 'edit', 'admin'].includes(name)) return false;
	const roles = group === RBAC;
	const secret = group === '' && resource === 'secrets';
	if (name === 'view') return READ.includes(verb) && !roles && !secret;
	if (name === 'edit' && roles) return false;
	if (['resourcequotas', 'limitranges', 'endpoints', 'namespaces'].includes(resource ?? '') && WRITE.includes(verb))
		return false;
	return [...READ, ...WRITE].includes(verb);
}

const has = (list: readonly string[], word: string): boolean => list.includes('*') || list.includes(word);

function ruleAllows(rule: Fields, action: Action): boolean {
	if (!has(texts(rule, 'verbs'), action.verb)) return false;
	if (action.path !== undefined)
		return texts(rule, 'nonResourceURLs').some((url) =>
			url.endsWith('*') ? action.path!.startsWith(url.slice(0, -1)) : url === action.path,
		);
	const { group = '', resource = '', subresource, name } = action;
	const full = subresource ? `${resource}/${subresource}` : resource;
	const resources = texts(rule, 'resources');
	const named = texts(rule, 'resourceNames');
	return (
		has(texts(rule, 'apiGroups'), group) &&
		(has(resources, full) || (subresource !== undefined && resources.includes(`*/${subresource}`))) &&
		(named.length === 0 || (name !== undefined && named.includes(name)))
	);
}

function isSubject(subject: Fields, { user, groups }: Identity, namespace: string | undefined): boolean {
	const name = text(subject, 'name');
	switch (text(subject, 'kind')) {
		case 'User':
			return name === user;
		case 'Group':
			return groups.includes(name);
		default:
			return user === `system:serviceaccount:${text(subject, 'namespace') || namespace}:${name}`;
	}
}

/** Whether a binding is of somebody. */
const binds = (binding: ApiObject, who: Identity): boolean =>
	subs(binding, 'subjects').some((subject) => isSubject(subject, who, binding.metadata.namespace));

/** Bindings that count for somebody in a namespace. */
export function bindingsOf(api: ApiServer, who: Identity, namespace: string | undefined): readonly ApiObject[] {
	const list = (plural: string, options = {}): readonly ApiObject[] => api.list(api.find(plural)!, options);
	return [
		...list('clusterrolebindings'),
		...(namespace === undefined ? [] : list('rolebindings', { namespace })),
	].filter((binding) => binds(binding, who));
}

/** Rules of a binding's role. */
export function rulesOfBinding(api: ApiServer, binding: ApiObject): readonly Fields[] {
	const resource = api.find(text(binding, 'roleRef', 'kind') === 'Role' ? 'roles' : 'clusterroles')!;
	return subs(api.get(resource, binding.metadata.namespace, text(binding, 'roleRef', 'name')), 'rules');
}

/** What everybody who is known may ask (system:discovery, system:basic-user, system:public-info-viewer). */
function everybody(action: Action, { groups }: Identity): boolean {
	const { verb, path, group, resource } = action;
	if (path !== undefined) {
		const open = ['/healthz', '/livez', '/readyz', '/version'].some((p) => path === p || path === `${p}/`);
		const discovery = /^\/(?:apis?|openapi)(?:\/|$)/.test(path) && groups.includes('system:authenticated');
		return verb === 'get' && (open || discovery);
	}
	return (
		verb === 'create' &&
		group === 'authorization.k8s.io' &&
		/^selfsubject(?:accessreviews|rulesreviews)$/.test(resource ?? '') &&
		groups.includes('system:authenticated')
	);
}

/** Whether somebody may do something. */
export function allows(api: ApiServer, who: Identity, action: Action): boolean {
	if (['system:masters', 'kubeadm:cluster-admins'].some((group) => who.groups.includes(group))) return true;
	if (everybody(action, who)) return true;
	return bindingsOf(api, who, action.namespace).some((binding) => {
		// A role that is bound in a namespace holds there only.
		const inside = binding.metadata.namespace !== undefined;
		if (inside && (action.path !== undefined || action.namespace === undefined)) return false;
		return (
			rulesOfBinding(api, binding).some((rule) => ruleAllows(rule, action)) ||
			(text(binding, 'roleRef', 'kind') === 'ClusterRole' && builtIn(text(binding, 'roleRef', 'name'), action))
		);
	});
}
