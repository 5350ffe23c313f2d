/**
 * What `kubectl get componentstatuses` lists; nothing of it is stored.
 *
 * Source: kubernetes pkg/registry/core/componentstatus/{rest,validator}.go and pkg/registry/core/rest/storage_core.go
 * @ v1.24.0: the server asks for each when it is asked, at the loopback of its own machine; pkg/probe/http/http.go: who
 * does not answer has failed, with the words of the dialer.
 */
import type { ApiObject } from './object.ts';

/** Where a server finds its controller manager and its scheduler. */
const PORTS = { 'controller-manager': 10257, scheduler: 10259 } as const;

/**
 * A server that answers has its etcd. `listens`: whether somebody does at a port of the loopback there; without it
 * everybody is well.
 */
export const componentStatuses = (
	minor: number,
	listens: (port: number) => boolean = () => true,
): readonly ApiObject[] => {
	// etcd's own health endpoint was passed through until the server asked over gRPC (1.27).
	const etcd = minor >= 27 ? 'ok' : '{"health":"true","reason":""}';
	const made = (name: string, status: 'True' | 'False', message: string): ApiObject => ({
		apiVersion: 'v1',
		kind: 'ComponentStatus',
		metadata: { name, uid: '', resourceVersion: '', creationTimestamp: '' },
		conditions: [{ type: 'Healthy', status, message }],
	});
	const asked = (name: keyof typeof PORTS): ApiObject => {
		const at = `127.0.0.1:${PORTS[name]}`;
		return listens(PORTS[name])
			? made(name, 'True', 'ok')
			: made(name, 'False', `Get "https://${at}/healthz": dial tcp ${at}: connect: connection refused`);
	};
	return [asked('controller-manager'), made('etcd-0', 'True', etcd), asked('scheduler')];
};
