/** Client certificates, as the API server knows their owners: the common name is the user, organizations are groups. */
import type { Identity } from '../../sim/api/index.ts';
import { minorOf } from '../../sim/kube/index.ts';
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { administrator } from './identity.ts';

/** Whose certificate a PEM text is; undefined when the cluster's authority has not signed it. */
export function ownerOf(lab: Lab, cluster: Cluster, pem: string): Identity | undefined {
	const config = lab.kind.kubeconfig?.(cluster.name) as
		| { readonly users: readonly { readonly user: { readonly 'client-certificate-data'?: string } }[] }
		| undefined;
	const own = config?.users[0]?.user['client-certificate-data'];
	if (own === undefined || atob(own).trim() === pem.trim()) return administrator(minorOf(cluster.api.version));
	return undefined;
}
