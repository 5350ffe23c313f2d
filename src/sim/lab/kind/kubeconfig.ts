/** The kubeconfig kind writes for a cluster (pkg/cluster/internal/kubeconfig @ v0.14.0): what admin.conf has, renamed. */
import { base64, type Json } from '../../api/index.ts';
import { administrator, authorityOf, certificateOf, keyOfFile, keyPem } from '../cluster/authority.ts';
import type { ClusterContext } from '../cluster/context.ts';

const made = new WeakMap<ClusterContext, { readonly [key: string]: Json }>();

/** Certificate and key of kubeadm's administrator. */
function administratorOf(cluster: ClusterContext): { readonly [key: string]: Json } {
	let known = made.get(cluster);
	if (!known) {
		const subject = administrator(cluster.api.version);
		known = {
			'client-certificate-data': base64(certificateOf(cluster, 'admin.conf', { subject, usages: ['client auth'] })),
			'client-key-data': base64(keyPem(keyOfFile(cluster, 'admin.conf'))),
		};
		made.set(cluster, known);
	}
	return known;
}

export function kubeconfigOf(cluster: ClusterContext, server: string): { readonly [key: string]: Json } {
	const name = `kind-${cluster.name}`;
	return {
		apiVersion: 'v1',
		clusters: [{ cluster: { 'certificate-authority-data': base64(authorityOf(cluster).pem), server }, name }],
		contexts: [{ context: { cluster: name, user: name }, name }],
		'current-context': name,
		kind: 'Config',
		preferences: {},
		users: [{ name, user: administratorOf(cluster) }],
	};
}
