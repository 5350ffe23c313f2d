/**
 * What `kubectl get componentstatuses` lists; nothing of it is stored.
 *
 * Source: kubernetes pkg/registry/core/componentstatus/rest.go and pkg/registry/core/rest/storage_core.go @ v1.24.0: the
 * server asks for each when it is asked.
 */
import type { ApiObject } from './object.ts';

/** All healthy: a server that answers has its etcd, and kind's control plane runs the other two beside it. */
export const componentStatuses = (minor: number): readonly ApiObject[] => {
	// etcd's own health endpoint was passed through until the server asked over gRPC (1.27).
	const etcd = minor >= 27 ? 'ok' : '{"health":"true","reason":""}';
	const made = [
		['controller-manager', 'ok'],
		['etcd-0', etcd],
		['scheduler', 'ok'],
	] as const;
	return made.map(([name, message]) => ({
		apiVersion: 'v1',
		kind: 'ComponentStatus',
		metadata: { name, uid: '', resourceVersion: '', creationTimestamp: '' },
		conditions: [{ type: 'Healthy', status: 'True', message }],
	}));
};
