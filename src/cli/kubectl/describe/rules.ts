/**
 * Rules of RBAC, taken apart and put together again as kubectl lists them.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/util/rbac/rbac.go @ v0.24.0 (BreakdownRule, CompactRules,
 * SortableRuleSlice by the text of api/rbac/v1 PolicyRule.String).
 */
import { type Fields, subs, texts } from '../print/index.ts';

export interface Rule {
	readonly verbs: readonly string[];
	readonly groups: readonly string[];
	readonly resources: readonly string[];
	readonly names: readonly string[];
	readonly urls: readonly string[];
}

function* breakdown(rule: Fields): Generator<Rule> {
	const verbs = texts(rule, 'verbs');
	const names = texts(rule, 'resourceNames');
	for (const group of texts(rule, 'apiGroups'))
		for (const resource of texts(rule, 'resources'))
			for (const verb of verbs)
				for (const name of names.length > 0 ? names : [undefined])
					yield {
						verbs: [verb],
						groups: [group],
						resources: [resource],
						names: name === undefined ? [] : [name],
						urls: [],
					};
	for (const url of texts(rule, 'nonResourceURLs'))
		for (const verb of verbs) yield { verbs: [verb], groups: [], resources: [], names: [], urls: [url] };
}

const ruleText = ({ verbs, groups, resources, names, urls }: Rule): string =>
	`&PolicyRule{Verbs:[${verbs.join(' ')}],APIGroups:[${groups.join(' ')}],Resources:[${resources.join(' ')}],ResourceNames:[${names.join(' ')}],NonResourceURLs:[${urls.join(' ')}],}`;

/** One rule for each resource, all its verbs together, in kubectl's order. */
export function compactRules(rules: readonly Fields[]): readonly Rule[] {
	const out: Rule[] = [];
	const simple = new Map<string, Rule>();
	for (const rule of rules)
		for (const part of breakdown(rule)) {
			if (part.urls.length > 0) {
				out.push(part);
				continue;
			}
			const key = JSON.stringify([part.groups, part.resources, part.names]);
			const known = simple.get(key);
			if (!known) simple.set(key, part);
			else if (!known.verbs.includes(part.verbs[0]!))
				simple.set(key, { ...known, verbs: [...known.verbs, part.verbs[0]!] });
		}
	const keyed = [...out, ...simple.values()].map((rule) => ({ rule, key: ruleText(rule) }));
	return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ rule }) => rule);
}

export const rulesOf = (role: unknown): readonly Rule[] => compactRules(subs(role, 'rules'));

/** `deployments.apps/scale`. */
function resourceText({ resources, groups }: Rule): string {
	if (resources.length === 0) return '';
	const [name, ...rest] = resources[0]!.split('/');
	return `${name}${groups[0] ? `.${groups[0]}` : ''}${rest.length > 0 ? `/${rest.join('/')}` : ''}`;
}

const listText = (list: readonly string[]): string => `[${list.join(' ')}]`;

/** Resource, URLs, names, verbs. */
export const ruleCells = (rule: Rule): readonly string[] => [
	resourceText(rule),
	listText(rule.urls),
	listText(rule.names),
	listText(rule.verbs),
];
