/** helm's words for having nobody to talk to (pkg/kube/client.go IsReachable @ v3.9.4). */
import type { NoClient } from '../kube/index.ts';

export function unreachable(no: NoClient): string {
	if (no.why === 'failed') return `Kubernetes cluster unreachable: ${no.message}`;
	if (no.why === 'no-context') return `Kubernetes cluster unreachable: context "${no.context}" does not exist`;
	if (no.why === 'bad-config') return `Kubernetes cluster unreachable: ${no.message}`;
	const host = no.server.replace(/^localhost:/, '127.0.0.1:');
	return `Kubernetes cluster unreachable: Get "${no.url}/version": dial tcp ${host}: connect: connection refused`;
}
