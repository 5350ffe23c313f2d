/**
 * Whom a kubeconfig's user speaks as: his certificate, his token, or nobody.
 *
 * Source: kubernetes staging/src/k8s.io/client-go/tools/clientcmd/client_config.go (getUserIdentificationPartialConfig)
 * @ v1.24.0. A connection that has a certificate is its owner's, whatever token comes with it: the API server asks
 * x509 first (pkg/kubeapiserver/authenticator/config.go @ v1.24.0).
 */
import type { Identity } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';
import { bearer } from './authenticate.ts';
import { ownerOf } from './certificates.ts';

type Table = { readonly [key: string]: unknown };

/** What is given on the command line, in the place of the file's. */
export interface Credentials {
	readonly token?: string;
	readonly clientCertificate?: string;
	readonly username?: string;
	readonly password?: string;
}

/** kubeadm's administrator, whose certificate is in kind's kubeconfig: in another group from 1.29. */
export const administrator = (minor: number): Identity => ({
	user: 'kubernetes-admin',
	groups: [minor < 29 ? 'system:masters' : 'kubeadm:cluster-admins', 'system:authenticated'],
});

export type Who =
	| { readonly who: Identity }
	/** The server answers 401. */
	| { readonly why: 'unauthorized' }
	/** There is nothing to say who one is: the tool asks for a name, and for a password. */
	| { readonly why: 'nobody' }
	| { readonly why: 'bad'; readonly message: string };

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The text of a certificate, from `-data` or a file. */
async function pem(call: Pick<Call, 'files'>, user: Table, name: string, given: string): Promise<string | undefined> {
	const data = text(user[`${name}-data`]);
	const path = given || text(user[name]);
	if (data !== '' && given === '') {
		try {
			return atob(data);
		} catch {
			return '';
		}
	}
	return path === '' ? '' : call.files.read(path);
}

/** Finds out who speaks. */
export async function whoSpeaks(
	call: Pick<Call, 'lab' | 'files'>,
	cluster: Cluster,
	user: Table | undefined,
	given: Credentials = {},
): Promise<Who> {
	const own = user ?? {};
	const certificate = await pem(call, own, 'client-certificate', given.clientCertificate ?? '');
	if (certificate === undefined) {
		const path = given.clientCertificate || text(own['client-certificate']);
		return {
			why: 'bad',
			message: `unable to read client-cert ${path} for ${path} due to open ${path}: no such file or directory`,
		};
	}
	if (certificate !== '') {
		const owner = ownerOf(call.lab, cluster, certificate);
		return owner ? { who: owner } : { why: 'unauthorized' };
	}
	const tokenFile = text(own.tokenFile);
	const token = given.token || (tokenFile ? ((await call.files.read(tokenFile)) ?? '').trim() : text(own.token));
	if (token !== '') {
		const who = bearer(cluster.api, `Bearer ${token}`);
		return who ? { who } : { why: 'unauthorized' };
	}
	const name = given.username || text(own.username);
	// Passwords are nobody's since 1.19.
	return name === '' ? { why: 'nobody' } : { why: 'unauthorized' };
}
