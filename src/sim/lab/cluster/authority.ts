/**
 * A cluster's authority and what it signs, as kubeadm makes them when the cluster begins (cmd/kubeadm/app/phases/certs,
 * app/util/pkiutil/pki_helpers.go @ v1.24.0): authorities for ten years, certificates for one.
 */
import {
	type CertificateFacts,
	certificatePem,
	KEYS,
	pem,
	privateKeyDer,
	type RsaKey,
	rsaKey,
	type Subject,
} from '../../api/index.ts';
import { minorOf } from '../machine/node-images.ts';
import type { ClusterContext } from './context.ts';

const DAY = 86_400;

export interface Authority {
	readonly subject: Subject;
	readonly key: RsaKey;
	readonly pem: string;
}

type Known = Pick<ClusterContext, 'name' | 'instance' | 'timeline' | 'begun'>;

/** When kubeadm ran, seconds since 1970. */
const beganAt = ({ timeline, begun }: Known): number => timeline.epoch + Math.floor(begun / 1e6);

/** The key in a file of /etc/kubernetes/pki, or of a kubeconfig. */
export const keyOfFile = ({ timeline, instance }: Known, file: string): RsaKey =>
	rsaKey(timeline.random('rsa key', `${instance}\0${file}`, KEYS));

export const keyPem = (key: RsaKey): string => pem('RSA PRIVATE KEY', privateKeyDer(key));

/** 63 bits, none of them the sign's. */
export const serialOf = ({ timeline, instance }: Known, file: string): bigint =>
	BigInt(`0x${timeline.hex(16, 'serial', `${instance}\0${file}`)}`) >> 1n;

const authorities = new WeakMap<object, Map<string, Authority>>();

/** `ca`, `etcd/ca`, `front-proxy-ca`: signed by itself. */
export function authorityOf(cluster: Known, file = 'ca'): Authority {
	let all = authorities.get(cluster.timeline);
	if (!all) {
		all = new Map();
		authorities.set(cluster.timeline, all);
	}
	const id = `${cluster.instance}\0${file}`;
	let found = all.get(id);
	if (!found) {
		const commonName = file === 'ca' ? 'kubernetes' : file.replace('/', '-');
		const key = keyOfFile(cluster, file);
		const subject = { commonName };
		const notBefore = beganAt(cluster);
		const text = certificatePem({
			serial: 0n,
			subject,
			issuer: subject,
			notBefore,
			notAfter: notBefore + 3650 * DAY,
			key,
			signer: key,
			authority: true,
			dnsNames: [commonName],
		});
		found = { subject, key, pem: text };
		all.set(id, found);
	}
	return found;
}

/** A certificate that one of the authorities signed for a file when the cluster began, or at a later time (microseconds). */
export function certificateOf(
	cluster: Known,
	file: string,
	facts: Pick<CertificateFacts, 'subject' | 'usages' | 'dnsNames' | 'addresses'>,
	authority = 'ca',
	at = cluster.begun,
): string {
	const { subject, key } = authorityOf(cluster, authority);
	const notBefore = cluster.timeline.epoch + Math.floor(at / 1e6);
	return certificatePem({
		...facts,
		serial: serialOf(cluster, file),
		issuer: subject,
		notBefore,
		notAfter: notBefore + 365 * DAY,
		key: keyOfFile(cluster, file),
		signer: key,
	});
}

/** Who has admin.conf (kubeadm app/phases/kubeconfig/kubeconfig.go @ v1.24.0, v1.29.0). */
export const administrator = (version: string): Subject => ({
	organizations: [minorOf(version) >= 29 ? 'kubeadm:cluster-admins' : 'system:masters'],
	commonName: 'kubernetes-admin',
});
