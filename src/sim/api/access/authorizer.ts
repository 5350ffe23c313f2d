/**
 * What somebody may do by the roles that are bound to him.
 *
 * Source: kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/registry/rbac/validation/rule.go,
 * pkg/apis/rbac/v1/evaluation_helpers.go @ v1.24.0.
 */
import { subs, text, texts } from '../json.ts';
import type { ApiObject, ApiServer } from '../object.ts';
import { nodeMay } from './node-authorizer.ts';

/** user.Info. */
export interface Identity {
	readonly user: string;
	readonly uid?: string;
	readonly groups: readonly string[];
	readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What is asked of the API server; paths outside of its resources have only `path`. */
export interface Action {
	readonly verb: string;
	readonly group?: string;
	readonly resource?: string;
	readonly subresource?: string;
	readonly namespace?: string | undefined;
	readonly name?: string | undefined;
	readonly path?: string;
	/** Of the URL: a list may be allowed by its field selector. */
	readonly query?: string;
}

export type Rule = { readonly [key: string]: unknown };

/** Rules that somebody has, each with the binding they came by; and what could not be found. */
export interface Bound {
	readonly rules: readonly { readonly rule: Rule; readonly by: string }[];
	readonly errors: readonly string[];
}

const has = (list: readonly string[], word: string): boolean => list.includes('*') || list.includes(word);

/** rbacv1helpers.ResourceMatches and its like, of one rule. */
export function ruleAllows(rule: Rule, action: Action): boolean {
	if (!has(texts(rule, 'verbs'), action.verb)) return false;
	if (action.path !== undefined)
		return texts(rule, 'nonResourceURLs').some((url) =>
			url.endsWith('*') ? action.path!.startsWith(url.replace(/\*+$/, '')) : url === action.path,
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

function isSubject(subject: Rule, { user, groups }: Identity, namespace: string | undefined): boolean {
	const name = text(subject, 'name') ?? '';
	switch (text(subject, 'kind')) {
		case 'User':
			return name === '*' || name === user;
		case 'Group':
			return groups.includes(name);
		case 'ServiceAccount':
			return user === `system:serviceaccount:${text(subject, 'namespace') || namespace}:${name}`;
		default:
			return false;
	}
}

/** Subjects as rbac.go describes them. */
function subjectText(subject: Rule): string {
	const namespace = text(subject, 'namespace');
	const name = namespace ? `${text(subject, 'name')}/${namespace}` : text(subject, 'name');
	return `${text(subject, 'kind')} ${JSON.stringify(name)}`;
}

/** All rules that hold for somebody in a namespace; without one those that hold everywhere. */
export function rulesFor(api: ApiServer, who: Identity, namespace: string | undefined): Bound {
	const rules: { rule: Rule; by: string }[] = [];
	const errors: string[] = [];
	const add = (binding: ApiObject): void => {
		const subject = subs(binding, 'subjects').find((one) => isSubject(one, who, binding.metadata.namespace));
		if (!subject) return;
		const kind = text(binding, 'roleRef', 'kind') ?? '';
		const name = text(binding, 'roleRef', 'name') ?? '';
		const role = roleOf(api, binding);
		if (!role) {
			errors.push(`${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`);
			return;
		}
		const inside = binding.metadata.namespace;
		const id = JSON.stringify(inside === undefined ? binding.metadata.name : `${binding.metadata.name}/${inside}`);
		const by = `${binding.kind} ${id} of ${kind} ${JSON.stringify(name)} to ${subjectText(subject)}`;
		for (const rule of subs(role, 'rules')) rules.push({ rule, by });
	};
	for (const binding of api.list(api.find('clusterrolebindings')!)) add(binding);
	if (namespace !== undefined) for (const binding of api.list(api.find('rolebindings')!, { namespace })) add(binding);
	return { rules, errors };
}

/** The role a binding is of. */
export function roleOf(api: ApiServer, binding: { readonly [key: string]: unknown }): ApiObject | undefined {
	const resource = api.find(text(binding, 'roleRef', 'kind') === 'Role' ? 'roles' : 'clusterroles')!;
	return api.get(resource, text(binding, 'metadata', 'namespace'), text(binding, 'roleRef', 'name') ?? '');
}

export interface Decision {
	readonly allowed: boolean;
	/** Empty where there is nothing to say. */
	readonly reason: string;
}

/** The group no authorizer is asked about (pkg/kubeapiserver/authorizer: privileged group). */
const MASTERS = 'system:masters';

/** Whether somebody may do something, and what the authorizer says of it. */
export function authorize(api: ApiServer, who: Identity, action: Action): Decision {
	if (who.groups.includes(MASTERS)) return { allowed: true, reason: '' };
	const node = nodeMay(api, who, action);
	if (node === 'by role') {
		const kubelets = api.get(api.find('clusterroles')!, undefined, 'system:node');
		if (subs(kubelets, 'rules').some((rule) => ruleAllows(rule, action))) return { allowed: true, reason: '' };
	} else if (node.allowed) return node;
	const { rules, errors } = rulesFor(api, who, action.path === undefined ? action.namespace : undefined);
	const found = rules.find(({ rule }) => ruleAllows(rule, action));
	if (found) return { allowed: true, reason: `RBAC: allowed by ${found.by}` };
	const [first] = errors;
	const all = errors.length > 1 ? `[${errors.join(', ')}]` : first;
	// Each authorizer's reason on a line of its own (k8s.io/apiserver pkg/authorization/union/union.go).
	const reasons = [node === 'by role' ? '' : node.reason, first === undefined ? '' : `RBAC: ${all}`].filter(
		(reason) => reason !== '',
	);
	return { allowed: false, reason: reasons.join('\n') };
}

/**
 * What the server says to somebody who may not (k8s.io/apiserver pkg/endpoints/handlers/responsewriters/errors.go
 * ForbiddenMessage; the reason comes after a colon).
 */
export function forbiddenMessage({ user }: Identity, action: Action, reason: string): string {
	const { verb, group = '', resource = '', subresource, namespace, name, path } = action;
	const because = reason === '' ? '' : `: ${reason}`;
	if (path !== undefined)
		return `forbidden: User ${JSON.stringify(user)} cannot ${verb} path ${JSON.stringify(path)}${because}`;
	const full = subresource ? `${resource}/${subresource}` : resource;
	const what = `${resource}${group === '' ? '' : `.${group}`}${name ? ` ${JSON.stringify(name)}` : ''}`;
	const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
	return `${what} is forbidden: User ${JSON.stringify(user)} cannot ${verb} resource ${JSON.stringify(full)} in API group ${JSON.stringify(group)} ${where}${because}`;
}
