/**
 * Keys of the API server in etcd.
 *
 * Source: kubernetes pkg/registry/…/storage (ResourcePrefix), pkg/kubeapiserver/default_storage_factory_builder.go
 * (SpecialDefaultResourcePrefixes), pkg/registry/core/rest/storage_core.go @ v1.24.0.
 */
import type { ApiObject, Resource } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import { membersOf } from './members.ts';

/** Resources that are not stored under their own plural. */
const PREFIXES: Readonly<Record<string, string>> = {
	replicationcontrollers: 'controllers',
	endpoints: 'services/endpoints',
	services: 'services/specs',
	nodes: 'minions',
	ingresses: 'ingress',
	'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
	'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
};

export interface Stored {
	readonly key: string;
	/** Undefined for what no object stands behind. */
	readonly object?: ApiObject;
	readonly resource?: Resource;
}

function prefixOf({ plural, group, custom }: Resource): string {
	if (custom) return `${group}/${plural}`;
	return (
		PREFIXES[`${plural}.${group}`] ??
		(group === 'networking.k8s.io' || group === '' ? PREFIXES[plural] : undefined) ??
		plural
	);
}

/** Everything there is, by key. */
export function storedIn(cluster: Cluster): readonly Stored[] {
	const { api } = cluster;
	const found: Stored[] = [
		{ key: 'compact_rev_key' },
		{ key: '/registry/ranges/serviceips' },
		{ key: '/registry/ranges/servicenodeports' },
		...membersOf(cluster).map(({ client }) => ({
			key: `/registry/masterleases/${client.replace(/^https:\/\/|:\d+$/g, '')}`,
		})),
	];
	const seen = new Set<string>();
	for (const resource of api.resources()) {
		if (!resource.verbs.includes('list') || !resource.verbs.includes('create')) continue;
		// One object, however many groups serve it: events.
		if (resource.group === 'events.k8s.io') continue;
		for (const object of api.list(resource)) {
			const { namespace, name } = object.metadata;
			const inside = resource.namespaced ? `${namespace}/` : '';
			const key = `/registry/${prefixOf(resource)}/${inside}${name}`;
			if (seen.has(key)) continue;
			seen.add(key);
			found.push({ key, object, resource });
		}
	}
	return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}
