/**
 * Roles that gather the rules of others.
 *
 * Source: kubernetes pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go @ v1.24.0.
 */
import { equal, subs } from '../json.ts';
import type { ApiObject, ApiServer } from '../object.ts';
import { labelSelector, selects } from '../selector.ts';

/** The rules a role has by its aggregation rule, each once; undefined for a role without one. */
export function aggregatedRules(role: ApiObject, all: readonly ApiObject[]): readonly unknown[] | undefined {
	if (role.aggregationRule === undefined) return undefined;
	const rules: unknown[] = [];
	for (const wanted of subs(role.aggregationRule, 'clusterRoleSelectors')) {
		const selector = labelSelector(wanted);
		if (!selector) continue;
		for (const other of all) {
			if (other.metadata.name === role.metadata.name || !selects(selector, other.metadata.labels)) continue;
			for (const rule of subs(other, 'rules')) if (!rules.some((known) => equal(known, rule))) rules.push(rule);
		}
	}
	return rules;
}

/** Brings the rules of all such roles up to date. */
export function aggregateRoles(api: ApiServer): void {
	const resource = api.find('clusterroles')!;
	// One that gathers may be gathered: view goes into edit, edit into admin.
	for (let round = 0; round < 8; round++) {
		let changed = false;
		const all = api.list(resource);
		for (const role of all) {
			const rules = aggregatedRules(role, all);
			if (rules === undefined || equal(rules, role.rules ?? [])) continue;
			const done = api.update({ ...role, rules }, { fieldManager: 'clusterrole-aggregation-controller' });
			changed ||= !done.error;
		}
		if (!changed) return;
	}
}
