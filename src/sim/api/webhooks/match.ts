/**
 * Which requests a webhook, or a policy, is about: rules, and selectors of namespaces and objects.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/predicates/{rules,namespace,object},
 * plugin/webhook/generic/webhook.go @ v1.24.0.
 */
import { type Draft, isRecord, sub, subs, text, texts } from '../json.ts';
import type { ApiObject, Resource } from '../object.ts';
import { labelSelector, selects } from '../selector.ts';
import type { Context } from '../strategy.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** A request as admission sees it. */
export interface Asked {
	readonly operation: Operation;
	readonly resource: Resource;
	readonly subresource: string;
	readonly namespace: string | undefined;
	readonly name: string;
	/** What is about to be stored; undefined of a deletion. */
	readonly object: Draft | undefined;
	readonly old: ApiObject | undefined;
	readonly dryRun: boolean;
}

const among = (list: readonly string[], wanted: string): boolean => list.includes('*') || list.includes(wanted);

const names = (list: readonly string[], { resource, subresource }: Asked): boolean =>
	list.some((entry) => {
		const [plural, below = ''] = entry.split('/');
		return (plural === '*' || plural === resource.plural) && (below === '*' || below === subresource);
	});

const inScope = (scope: unknown, { namespace, resource }: Asked): boolean =>
	scope === undefined ||
	scope === '*' ||
	// An object of the kind Namespace is the cluster's.
	(scope === 'Namespaced') === (resource.namespaced && namespace !== undefined);

/** Whether a rule means it; with the policy Equivalent in any of its versions. */
export const ruleMatches = (rule: Draft, asked: Asked, equivalent: boolean): boolean => {
	const { resource, operation } = asked;
	const versions = equivalent ? (resource.served ?? [resource.version]) : [resource.version];
	return (
		inScope(rule.scope, asked) &&
		among(texts(rule, 'operations'), operation) &&
		among(texts(rule, 'apiGroups'), resource.group) &&
		versions.some((version) => among(texts(rule, 'apiVersions'), version)) &&
		names(texts(rule, 'resources'), asked)
	);
};

const labelsOf = (object: unknown): Readonly<Record<string, string>> =>
	sub(object, 'metadata', 'labels') as Readonly<Record<string, string>>;

const namespaceMatches = (selector: unknown, asked: Asked, { get }: Pick<Context, 'get'>): boolean => {
	const wanted = labelSelector(selector);
	if (wanted.length === 0) return true;
	const { resource, namespace, object, old } = asked;
	if (resource.plural === 'namespaces' && resource.group === '') return selects(wanted, labelsOf(object ?? old));
	// What is in no namespace is meant whatever the selector says.
	if (namespace === undefined) return true;
	return selects(wanted, labelsOf(get('namespaces', undefined, namespace)));
};

const objectMatches = (selector: unknown, { object, old }: Asked): boolean => {
	const wanted = labelSelector(selector);
	return wanted.length === 0 || [object, old].some((one) => one !== undefined && selects(wanted, labelsOf(one)));
};

const EXEMPT = new Set([
	'mutatingwebhookconfigurations',
	'validatingwebhookconfigurations',
	'validatingadmissionpolicies',
	'validatingadmissionpolicybindings',
]);

/** Configurations of admission are never asked about: who is locked out can always open again. */
export const isExempt = ({ resource }: Asked): boolean =>
	resource.group === 'admissionregistration.k8s.io' && EXEMPT.has(resource.plural);

/** Whether a hook is to be called, or a policy to be asked. */
export const isMeant = (hook: Draft, rules: readonly Draft[], asked: Asked, context: Pick<Context, 'get'>): boolean => {
	const equivalent = hook.matchPolicy !== 'Exact';
	if (!rules.some((rule) => ruleMatches(rule, asked, equivalent))) return false;
	return namespaceMatches(hook.namespaceSelector, asked, context) && objectMatches(hook.objectSelector, asked);
};

/** Whether a rule of a policy excludes it; `resourceNames` narrow both. */
export const isListed = (rules: unknown, asked: Asked, equivalent: boolean): boolean =>
	Array.isArray(rules) &&
	rules.filter(isRecord).some((rule) => {
		const only = texts(rule, 'resourceNames');
		return ruleMatches(rule, asked, equivalent) && (only.length === 0 || only.includes(asked.name));
	});

export const rulesOf = (hook: Draft): readonly Draft[] => subs(hook, 'rules');

export const nameOf = (hook: Draft): string => text(hook, 'name') ?? '';
