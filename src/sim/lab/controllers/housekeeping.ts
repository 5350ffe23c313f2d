/** What keeps a cluster tidy: garbage, namespaces that end, and what every namespace is given. */
import { type ApiObject, collectGarbage, collectNamespaces, customChecks } from '../../api/index.ts';
import { authorityOf } from '../cluster/authority.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, one, type Pod, removeOne } from '../cluster/kinds.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Controller } from './loop.ts';

/** Source: kubernetes pkg/controller/garbagecollector @ v1.24.0. */
export const garbageController = (cluster: ClusterContext): Controller => ({
	name: 'garbage-collector',
	delay: [20 * MILLISECOND, 120 * MILLISECOND],
	keys: ({ type, object }) =>
		(type === 'DELETED' && object.kind !== 'Event') ||
		(object.metadata.deletionTimestamp !== undefined && object.metadata.finalizers?.length) ||
		// Somebody wrote an owner that never was.
		(type !== 'DELETED' && object.metadata.ownerReferences?.some((owner) => !isThere(cluster, owner, object)))
			? ['all']
			: [],
	reconcile: () => (collectGarbage(cluster.api) > 0 ? 30 * MILLISECOND : undefined),
});

/** Whether the object that a reference means is there. */
function isThere(
	{ api }: ClusterContext,
	{ apiVersion, kind, name, uid }: NonNullable<ApiObject['metadata']['ownerReferences']>[number],
	{ metadata: { namespace } }: ApiObject,
): boolean {
	const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
	const resource = api.resources().find((item) => item.kind === kind && item.group === group);
	return resource !== undefined && api.get(resource, namespace, name)?.metadata.uid === uid;
}

/** Pods of nodes that are gone. Source: kubernetes pkg/controller/podgc (gcOrphaned) @ v1.24.0. */
export const podGcController = (cluster: ClusterContext): Controller => ({
	name: 'podgc',
	// A node may come back: it is given forty seconds, and looked after every twenty.
	delay: [40 * SECOND, 60 * SECOND],
	keys({ type, object }) {
		if (type === 'DELETED' && object.kind === 'Node') return [object.metadata.name];
		// Somebody wrote a pod for a node that never was.
		if (type !== 'ADDED' || object.kind !== 'Pod') return [];
		const { nodeName = '' } = (object as unknown as Pod).spec;
		return nodeName === '' || one(cluster.api, 'nodes', undefined, nodeName) ? [] : [nodeName];
	},
	reconcile(name) {
		const { api } = cluster;
		if (one(api, 'nodes', undefined, name)) return;
		for (const pod of all<Pod>(api, 'pods'))
			if (pod.spec.nodeName === name)
				removeOne(api, 'pods', pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
	},
});

/** Source: kubernetes pkg/controller/namespace @ v1.24.0. Waits for pods that still end. */
export const namespaceController = (cluster: ClusterContext): Controller => ({
	name: 'namespace',
	delay: [100 * MILLISECOND, 500 * MILLISECOND],
	keys: ({ object }) =>
		object.kind === 'Namespace' && object.metadata.deletionTimestamp !== undefined ? [object.metadata.name] : [],
	reconcile(name) {
		collectNamespaces(cluster.api);
		return one(cluster.api, 'namespaces', undefined, name) ? 5 * SECOND : undefined;
	},
});

/** Definitions that wait for their objects. Source: apiextensions-apiserver pkg/controller/finalizer @ v0.24.0. */
export const definitionController = (cluster: ClusterContext): Controller => ({
	name: 'crd-finalizer',
	inServer: true,
	keys: ({ object }) =>
		object.kind === 'CustomResourceDefinition' && object.metadata.deletionTimestamp !== undefined ? ['all'] : [],
	reconcile: () => (customChecks()?.endDefinitions(cluster.api) ? 5 * SECOND : undefined),
});

/** `default` ServiceAccounts and the CA's ConfigMap. Source: pkg/controller/{serviceaccount,certificates/rootcacertpublisher}. */
export const serviceAccountController = (cluster: ClusterContext): Controller => ({
	name: 'serviceaccount',
	delay: [10 * MILLISECOND, 60 * MILLISECOND],
	keys: ({ type, object }) => {
		if (object.kind === 'Namespace' && type !== 'DELETED') return [object.metadata.name];
		const lost =
			type === 'DELETED' &&
			((object.kind === 'ServiceAccount' && object.metadata.name === 'default') ||
				(object.kind === 'ConfigMap' && object.metadata.name === ROOT_CA));
		return lost ? [object.metadata.namespace ?? ''] : [];
	},
	reconcile(namespace) {
		const { api } = cluster;
		const space = one<{ metadata: { deletionTimestamp?: string } }>(api, 'namespaces', undefined, namespace);
		if (!space || space.metadata.deletionTimestamp !== undefined) return;
		if (!one(api, 'serviceaccounts', namespace, 'default'))
			api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
		if (!one(api, 'configmaps', namespace, ROOT_CA))
			api.create({
				apiVersion: 'v1',
				kind: 'ConfigMap',
				metadata: {
					name: ROOT_CA,
					namespace,
					annotations: {
						'kubernetes.io/description':
							'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
					},
				},
				data: { 'ca.crt': authorityOf(cluster).pem },
			});
	},
});

const ROOT_CA = 'kube-root-ca.crt';
