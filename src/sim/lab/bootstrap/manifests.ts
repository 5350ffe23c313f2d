/** Short forms for the manifests of the bootstrap. */
import type { ClusterContext } from '../cluster/context.ts';

type Input = { readonly [key: string]: unknown };

/** Creates what is not there yet. */
export const create = (cluster: ClusterContext, objects: readonly Input[]): void => {
	for (const object of objects) cluster.api.create(object, { fieldManager: 'kubeadm' });
};

export const account = (name: string, namespace = 'kube-system'): Input => ({
	apiVersion: 'v1',
	kind: 'ServiceAccount',
	metadata: { name, namespace },
});

export const configMap = (
	name: string,
	data: Readonly<Record<string, string>>,
	labels?: Readonly<Record<string, string>>,
	namespace = 'kube-system',
): Input => ({
	apiVersion: 'v1',
	kind: 'ConfigMap',
	metadata: { name, namespace, ...(labels ? { labels } : {}) },
	data,
});

export const CONTROL_PLANE = ['node-role.kubernetes.io/master', 'node-role.kubernetes.io/control-plane'];
