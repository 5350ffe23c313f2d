/**
 * `kubectl create role`, `clusterrole`, their bindings and `serviceaccount`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create_{role,clusterrole,rolebinding,
 * clusterrolebinding,serviceaccount}.go @ v0.24.0.
 */
import type { Command, Flag } from '../../../cobra/index.ts';
import { fail, type Kube, KubectlError } from '../../kube.ts';
import { kindCommand, type Made, metaOf } from './made.ts';

const GROUP = 'rbac.authorization.k8s.io';
const VERBS = [
	'*',
	'get',
	'delete',
	'list',
	'create',
	'update',
	'patch',
	'watch',
	'proxy',
	'deletecollection',
	'use',
	'bind',
	'escalate',
	'impersonate',
];
const URL_VERBS = ['*', 'get', 'put', 'post', 'head', 'options', 'delete', 'patch'];

/** Verbs that only some resources have: `group/resource`. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
	use: ['policy/podsecuritypolicies', 'extensions/podsecuritypolicies'],
	bind: [`${GROUP}/roles`, `${GROUP}/clusterroles`],
	escalate: [`${GROUP}/roles`, `${GROUP}/clusterroles`],
	impersonate: ['/users', '/serviceaccounts', '/groups', 'authentication.k8s.io/userextras'],
};

const unique = (list: readonly string[]): readonly string[] => [...new Set(list)];
const verbsOf = (kube: Kube): readonly string[] => {
	const given = kube.run.flags.list('verb');
	return given.includes('*') ? ['*'] : unique(given);
};

interface Rule {
	readonly group: string;
	readonly resource: string;
	readonly known: boolean;
	readonly sub: string;
}

/** `pods`, `deployments.apps`, `pods/log`. */
function resourcesOf(kube: Kube): readonly Rule[] {
	const out: Rule[] = [];
	for (const text of kube.run.flags.list('resource')) {
		const [whole = '', sub = ''] = text.split(/\/(.*)/s, 2);
		const dot = whole.indexOf('.');
		const name = dot < 0 ? whole : whole.slice(0, dot);
		const group = dot < 0 ? '' : whole.slice(dot + 1);
		const found = kube.api.find(group ? `${name}.${group}` : name);
		out.push(
			found && name !== '*'
				? { group: found.group, resource: found.plural, known: true, sub }
				: { group, resource: name, known: false, sub },
		);
		if (text === '*') return [out.at(-1)!];
	}
	return out;
}

function checkResources(rules: readonly Rule[], verbs: readonly string[]): void {
	for (const { resource, group, known } of rules) {
		if (resource === '') fail('resource must be specified if apiGroup/subresource specified');
		if (resource === '*') return;
		let special = false;
		for (const verb of verbs) {
			const allowed = Object.hasOwn(SPECIAL, verb) ? SPECIAL[verb] : undefined;
			if (!allowed) continue;
			if (!allowed.includes(`${group}/${resource}`))
				fail(`can not perform '${verb}' on '${resource}' in group '${group}'`);
			special = true;
		}
		// NoResourceMatchError has no `error: ` in front (helpers.go checkErr).
		if (!known && !special)
			throw new KubectlError(
				`the server doesn't have a resource type ${JSON.stringify(resource)}${group && ` in group ${JSON.stringify(group)}`}`,
			);
	}
}

function policyRules(
	rules: readonly Rule[],
	verbs: readonly string[],
	names: readonly string[],
	urls: readonly string[],
): readonly Made[] {
	const groups = new Map<string, string[]>();
	for (const { group, resource, sub } of rules) {
		const list = groups.get(group) ?? [];
		const full = sub ? `${resource}/${sub}` : resource;
		if (!list.includes(full)) list.push(full);
		groups.set(group, list);
	}
	const out: Made[] = [...groups.keys()].sort().map((group) => ({
		verbs,
		apiGroups: [group],
		resources: groups.get(group),
		...(names.length > 0 ? { resourceNames: names } : {}),
	}));
	if (urls.length > 0) out.push({ verbs, nonResourceURLs: urls });
	return out;
}

function warnVerbs(kube: Kube, verbs: readonly string[]): void {
	for (const verb of verbs)
		if (!VERBS.includes(verb)) kube.run.call.err(`Warning: '${verb}' is not a standard resource verb\n`);
}

const RULE_FLAGS: readonly Flag[] = [
	{ name: 'verb', type: 'strings', usage: 'Verb that applies to the resources contained in the rule' },
	{ name: 'resource', type: 'strings', usage: 'Resource that the rule applies to' },
	{
		name: 'resource-name',
		type: 'array',
		usage: 'Resource in the white list that the rule applies to, repeat this flag for multiple items',
	},
];

export const role: Command = kindCommand({
	name: 'role',
	use: 'NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
	short: 'Create a role with single rule',
	flags: RULE_FLAGS,
	make(kube, name) {
		const verbs = verbsOf(kube);
		if (verbs.length === 0) fail('at least one verb must be specified');
		warnVerbs(kube, verbs);
		const resources = resourcesOf(kube);
		if (resources.length === 0) fail('at least one resource must be specified');
		checkResources(resources, verbs);
		const names = unique(kube.run.flags.list('resource-name'));
		return {
			kind: 'Role',
			apiVersion: `${GROUP}/v1`,
			metadata: metaOf(kube, name),
			rules: policyRules(resources, verbs, names, []),
		};
	},
});

function checkUrls(urls: readonly string[], verbs: readonly string[]): void {
	for (const verb of verbs) if (!URL_VERBS.includes(verb)) fail(`invalid verb: '${verb}' for nonResourceURL`);
	for (const url of urls) {
		if (url === '*') continue;
		if (!url.startsWith('/')) fail('nonResourceURL should start with /');
		if (url.slice(0, -1).includes('*')) fail("nonResourceURL only supports wildcard matches when '*' is at the end");
	}
}

export const clusterRole: Command = kindCommand({
	name: 'clusterrole',
	use: 'NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
	short: 'Create a cluster role',
	flags: [
		...RULE_FLAGS,
		{ name: 'non-resource-url', type: 'strings', usage: 'A partial url that user should have access to.' },
		{
			name: 'aggregation-rule',
			type: 'strings',
			usage: 'An aggregation label selector for combining ClusterRoles.',
		},
	],
	make(kube, name) {
		const { flags } = kube.run;
		const verbs = verbsOf(kube);
		const resources = resourcesOf(kube);
		const names = unique(flags.list('resource-name'));
		const urls = unique(flags.list('non-resource-url'));
		const aggregation = flags.list('aggregation-rule');
		const head = { kind: 'ClusterRole', apiVersion: `${GROUP}/v1`, metadata: metaOf(kube, name, {}, false) };
		if (aggregation.length > 0) {
			if (urls.length + verbs.length + resources.length + names.length > 0)
				fail('aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames');
			const matchLabels = Object.fromEntries(
				aggregation.map((pair) => {
					const equals = pair.indexOf('=');
					return equals < 0
						? fail(
								`invalid argument ${JSON.stringify(pair)} for "--aggregation-rule" flag: malformed pair, expect string=string`,
							)
						: [pair.slice(0, equals), pair.slice(equals + 1)];
				}),
			);
			return { ...head, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
		}
		if (verbs.length === 0) fail('at least one verb must be specified');
		if (resources.length + urls.length === 0) fail('one of resource or nonResourceURL must be specified');
		if (resources.length > 0) {
			warnVerbs(kube, verbs);
			checkResources(resources, verbs);
		}
		if (urls.length > 0) checkUrls(urls, verbs);
		return { ...head, rules: policyRules(resources, verbs, names, urls) };
	},
});

const SUBJECTS: readonly Flag[] = [
	{ name: 'clusterrole', type: 'string', usage: 'ClusterRole this binding should reference' },
	{ name: 'group', type: 'array', usage: 'Groups to bind to the role' },
	{
		name: 'serviceaccount',
		type: 'array',
		usage: 'Service accounts to bind to the role, in the format <namespace>:<name>',
	},
	{ name: 'user', type: 'array', usage: 'Usernames to bind to the role' },
];

function subjectsOf(kube: Kube): Made {
	const { flags } = kube.run;
	const named = (kind: string, names: readonly string[]): readonly Made[] =>
		names.map((name) => ({ kind, apiGroup: GROUP, name }));
	const accounts = flags.list('serviceaccount').map((text) => {
		const parts = text.split(':');
		if (parts.length !== 2 || parts.includes('')) return fail('serviceaccount must be <namespace>:<name>');
		return { kind: 'ServiceAccount', name: parts[1], namespace: parts[0] };
	});
	const subjects = [...named('User', flags.list('user')), ...named('Group', flags.list('group')), ...accounts];
	return subjects.length > 0 ? { subjects } : {};
}

export const roleBinding: Command = kindCommand({
	name: 'rolebinding',
	use: 'NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
	short: 'Create a role binding for a particular role or cluster role',
	flags: [...SUBJECTS, { name: 'role', type: 'string', usage: 'Role this RoleBinding should reference' }],
	failed: 'failed to create rolebinding: ',
	make(kube, name) {
		const cluster = kube.run.flags.text('clusterrole');
		const own = kube.run.flags.text('role');
		if ((cluster === '') === (own === '')) fail('exactly one of clusterrole or role must be specified');
		return {
			kind: 'RoleBinding',
			apiVersion: `${GROUP}/v1`,
			metadata: metaOf(kube, name),
			...subjectsOf(kube),
			roleRef: { apiGroup: GROUP, kind: own ? 'Role' : 'ClusterRole', name: own || cluster },
		};
	},
});

export const clusterRoleBinding: Command = kindCommand({
	name: 'clusterrolebinding',
	use: 'NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
	short: 'Create a cluster role binding for a particular cluster role',
	flags: SUBJECTS,
	required: ['clusterrole'],
	failed: 'failed to create clusterrolebinding: ',
	make: (kube, name) => ({
		kind: 'ClusterRoleBinding',
		apiVersion: `${GROUP}/v1`,
		metadata: metaOf(kube, name, {}, false),
		...subjectsOf(kube),
		roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: kube.run.flags.text('clusterrole') },
	}),
});

export const serviceAccount: Command = kindCommand({
	name: 'serviceaccount',
	aliases: ['sa'],
	use: 'NAME [--dry-run=server|client|none]',
	short: 'Create a service account with the specified name',
	failed: 'failed to create serviceaccount: ',
	make: (kube, name) => ({ kind: 'ServiceAccount', apiVersion: 'v1', metadata: metaOf(kube, name) }),
});
