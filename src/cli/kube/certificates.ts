/** Client certificates, as the API server knows their owners: the common name is the user, organizations are groups. */
import { type Identity, readCertificate, readPem, rsaVerify, secondsOf, subjectOf } from '../../sim/api/index.ts';
import { minorOf } from '../../sim/kube/index.ts';
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { hex, sha256 } from '../../sim/trace/index.ts';
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
	if (commonName === '') return undefined;
	const credential = `X509SHA256=${hex(sha256(octetsIn(pem)!))}`;
	return {
		user: commonName,
		groups: [...organizations, 'system:authenticated'],
		...(minorOf(cluster.api.version) < SINCE ? {} : { extra: { [CREDENTIAL]: [credential] } }),
	};
}

/** Whose certificate it was is told from then on (apiserver pkg/authentication/request/x509/x509.go @ v1.32.0). */
const SINCE = 32;
const CREDENTIAL = 'authentication.kubernetes.io/credential-id';

const octetsIn = (text: string): Uint8Array | undefined => {
	const block = readPem(text);
	return block?.type === 'CERTIFICATE' ? block.octets : undefined;
};

const certificateIn = (text: string): ReturnType<typeof readCertificate> => {
	const octets = octetsIn(text);
	return octets && readCertificate(octets);
};
