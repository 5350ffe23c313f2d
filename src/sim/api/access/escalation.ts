/**
 * Nobody grants what he does not have.
 *
 * Source: kubernetes pkg/registry/rbac/{role,clusterrole,rolebinding,clusterrolebinding}/policybased/storage.go,
 * pkg/registry/rbac/validation/{rule,policy_comparator,policy_compact}.go @ v1.24.0.
 */
import { equal, subs, text, texts } from '../json.ts';
import type { ApiInput, ApiServer } from '../object.ts';
import { type Action, authorize, type Identity, type Rule, roleOf, rulesFor } from './authorizer.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** A rule in its smallest parts: one verb of one resource, of one name where it has names. */
function* parts(rule: Rule): Generator<Rule> {
	const names = texts(rule, 'resourceNames');
	for (const verb of texts(rule, 'verbs')) {
		for (const group of texts(rule, 'apiGroups'))
			for (const resource of texts(rule, 'resources'))
				for (const name of names.length > 0 ? names : [undefined])
					yield {
						apiGroups: [group],
						resources: [resource],
						...(name === undefined ? {} : { resourceNames: [name] }),
						verbs: [verb],
					};
		for (const url of texts(rule, 'nonResourceURLs')) yield { nonResourceURLs: [url], verbs: [verb] };
	}
}

const within = (list: readonly string[], words: readonly string[]): boolean =>
	list.includes('*') || words.every((word) => list.includes(word));

/** Whether one rule has what a smallest part asks for. */
function covers(owner: Rule, part: Rule): boolean {
	if (!within(texts(owner, 'verbs'), texts(part, 'verbs'))) return false;
	const [url] = texts(part, 'nonResourceURLs');
	if (url !== undefined)
		return texts(owner, 'nonResourceURLs').some(
			(own) => own === url || (own.endsWith('*') && url.startsWith(own.slice(0, -1))),
		);
	const resources = texts(owner, 'resources');
	const [resource = ''] = texts(part, 'resources');
	const subresource = resource.includes('/') ? resource.slice(resource.indexOf('/') + 1) : undefined;
	const names = texts(owner, 'resourceNames');
	const wanted = texts(part, 'resourceNames');
	return (
		within(texts(owner, 'apiGroups'), texts(part, 'apiGroups')) &&
		(within(resources, [resource]) || (subresource !== undefined && resources.includes(`*/${subresource}`))) &&
		(names.length === 0 || (wanted.length > 0 && wanted.every((name) => names.includes(name))))
	);
}

/** Parts that differ in their verb only become one rule again. */
function compact(rules: readonly Rule[]): readonly Rule[] {
	const out: { [key: string]: unknown }[] = [];
	for (const { verbs, ...rest } of rules) {
		const same = out.find(({ verbs: _, ...other }) => equal(other, rest) && rest.nonResourceURLs === undefined);
		if (same) same.verbs = [...texts(same, 'verbs'), ...(verbs as string[])];
		else out.push({ ...rest, verbs });
	}
	return out;
}

const quoted = (list: readonly string[]): string => `[${list.map((word) => JSON.stringify(word)).join(' ')}]`;

/** rbacv1helpers.CompactString. */
const ruleText = (rule: Rule): string =>
	`{${[
		['APIGroups', 'apiGroups'],
		['Resources', 'resources'],
		['NonResourceURLs', 'nonResourceURLs'],
		['ResourceNames', 'resourceNames'],
		['Verbs', 'verbs'],
	]
		.map(([word, key]) => [word, texts(rule, key!)] as const)
		.filter(([, list]) => list.length > 0)
		.map(([word, list]) => `${word}:${quoted(list)}`)
		.join(', ')}}`;

/** Why somebody may not grant these rules; undefined when he has them. */
function confirm(
	api: ApiServer,
	who: Identity,
	rules: readonly Rule[],
	namespace: string | undefined,
): string | undefined {
	const bound = rulesFor(api, who, namespace);
	const missing = rules
		.flatMap((rule) => [...parts(rule)])
		.filter((part) => !bound.rules.some(({ rule }) => covers(rule, part)));
	if (missing.length === 0) return undefined;
	const lines = [...new Set(compact(missing).map(ruleText))].sort();
	const unresolved = bound.errors.length > 0 ? `; resolution errors: [${bound.errors.join(' ')}]` : '';
	return `user ${JSON.stringify(who.user)} (groups=${quoted(who.groups)}) is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}${unresolved}`;
}

/**
 * Why a role or a binding may not be written by somebody: `roles.rbac… "x" is forbidden: ` stands before it. Undefined
 * for everything else, and where he may.
 */
export function escalation(
	api: ApiServer,
	who: Identity,
	object: ApiInput,
	old: ApiInput | undefined,
): string | undefined {
	if (who.groups.includes('system:masters')) return undefined;
	const kind = text(object, 'kind') ?? '';
	const namespace = kind === 'Role' || kind === 'RoleBinding' ? text(object, 'metadata', 'namespace') : undefined;
	const name = text(object, 'metadata', 'name');
	const may = (action: Action): boolean => authorize(api, who, { group: RBAC, ...action }).allowed;
	if (kind === 'Role' || kind === 'ClusterRole') {
		if (old !== undefined && equal(object.rules, old.rules) && equal(object.aggregationRule, old.aggregationRule))
			return undefined;
		if (may({ verb: 'escalate', resource: kind === 'Role' ? 'roles' : 'clusterroles', namespace, name }))
			return undefined;
		if (object.aggregationRule !== undefined) {
			const all = confirm(
				api,
				who,
				[
					{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
					{ nonResourceURLs: ['*'], verbs: ['*'] },
				],
				undefined,
			);
			if (all !== undefined) return `must have cluster-admin privileges to use an aggregationRule: ${all}`;
		}
		return confirm(api, who, subs(object, 'rules'), namespace);
	}
	if (kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') return undefined;
	if (old !== undefined && equal(object.roleRef, old.roleRef) && equal(object.subjects, old.subjects)) return undefined;
	const roles = text(object, 'roleRef', 'kind') === 'Role' ? 'roles' : 'clusterroles';
	if (may({ verb: 'bind', resource: roles, namespace, name: text(object, 'roleRef', 'name') })) return undefined;
	return confirm(api, who, subs(roleOf(api, object), 'rules'), namespace);
}
