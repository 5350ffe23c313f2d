/**
 * Who may do what in a cluster: its first roles and bindings, what follows from those there are, and reviews.
 *
 * Fetched with what people need (`for-people.ts`); controllers and nodes are asked nothing.
 */
import { sub } from '../json.ts';
import { newUid } from '../meta.ts';
import type { ApiObject, ApiServer } from '../object.ts';
import type { Store } from '../store.ts';
import { aggregatedRules, aggregateRoles } from './aggregation.ts';
import { createSeeder } from './bootstrap.ts';

export { type Action, authorize, type Decision, forbiddenMessage, type Identity, rulesFor } from './authorizer.ts';
export { escalation } from './escalation.ts';
export { nodeRefusal } from './node-restriction.ts';
export { type Authenticate, review, userInfo } from './reviews.ts';

const PLURALS: Readonly<Record<string, string>> = {
	ClusterRole: 'clusterroles',
	Role: 'roles',
	ClusterRoleBinding: 'clusterrolebindings',
	RoleBinding: 'rolebindings',
};

/** What is to be called before a server's roles are looked at. */
export function rolesIn(
	api: ApiServer,
	store: Store,
	about: { readonly minor: number; readonly born: string },
): () => void {
	const group = 'rbac.authorization.k8s.io';
	let started = false;
	const seed = createSeeder({
		...about,
		addon: (reference) => {
			const [plural = '', path = ''] = reference.split(' ');
			const [namespace, name] = path.split('/') as [string, string];
			return store.table({ plural, group: '' }).get(namespace, name);
		},
		put: (object, created, version) => {
			const plural = PLURALS[String(object.kind)]!;
			const table = store.table({ plural, group });
			const metadata = sub(object, 'metadata') as { readonly name: string; readonly namespace?: string };
			if (table.get(metadata.namespace, metadata.name)) return;
			table.set({
				...object,
				metadata: {
					...metadata,
					creationTimestamp: created,
					resourceVersion: String(version),
					uid: newUid(api.random, `${plural}/${metadata.namespace ?? ''}/${metadata.name}`),
				},
			} as unknown as ApiObject);
		},
	});
	return () => {
		seed();
		if (started) return;
		started = true;
		const roles = store.table({ plural: 'clusterroles', group });
		// Those that gather have their rules from the start: view before edit before admin.
		for (const name of ['view', 'edit', 'admin']) {
			const role = roles.get(undefined, name);
			const rules = role && role.rules === undefined ? aggregatedRules(role, roles.list()) : undefined;
			if (role && rules) roles.set({ ...role, rules });
		}
		aggregateRoles(api);
		api.watch(({ object }) => {
			if (object.kind === 'ClusterRole') aggregateRoles(api);
		});
	};
}
