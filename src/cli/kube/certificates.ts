/** Client certificates, as the API server knows their owners: the common name is the user, organizations are groups. */
import { type Identity, readCertificate, readPem, rsaVerify, secondsOf, subjectOf } from '../../sim/api/index.ts';
import { minorOf } from '../../sim/kube/index.ts';
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { administrator } from './identity.ts';

/** Whose certificate a PEM text is; undefined when the cluster's authority has not signed it, or it is over. */
export function ownerOf(lab: Lab, cluster: Cluster, pem: string): Identity | undefined {
	const config = lab.kind.kubeconfig?.(cluster.name) as
		| { readonly clusters: readonly { readonly cluster: { readonly 'certificate-authority-data'?: string } }[] }
		| undefined;
	// A cluster that kind did not make has no authority to ask.
	if (!config) return administrator(minorOf(cluster.api.version));
	const authority = certificateIn(atob(config.clusters[0]?.cluster['certificate-authority-data'] ?? ''));
	const own = certificateIn(pem);
	if (!authority?.key || !own || !rsaVerify(authority.key, own.body, own.signature)) return undefined;
	const now = lab.epoch + lab.now / 1e6;
	if (now < secondsOf(own.notBefore) || now > secondsOf(own.notAfter)) return undefined;
	const { commonName, organizations = [] } = subjectOf(own.subject);
	return commonName === '' ? undefined : { user: commonName, groups: [...organizations, 'system:authenticated'] };
}

const certificateIn = (text: string): ReturnType<typeof readCertificate> => {
	const block = readPem(text);
	return block?.type === 'CERTIFICATE' ? readCertificate(block.octets) : undefined;
};
