/** Tokens of service accounts. Source: pkg/serviceaccount/claims.go @ v1.24.0. */
import { base64 } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';

export const TOKEN_ISSUER = 'https://kubernetes.default.svc.cluster.local';

const base64Url = (text: string): string => base64(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

export interface TokenRequest {
	readonly namespace: string;
	readonly account: { readonly name: string; readonly uid: string };
	/** The API server's own when empty or absent. */
	readonly audiences?: readonly string[];
	/** Seconds since 1970. */
	readonly at: number;
	readonly seconds: number;
	/** The pod it is bound to. */
	readonly pod?: { readonly name: string; readonly uid: string };
}

/** A JSON Web Token with the claims the server gives; its signature is drawn, for nobody in the lab checks it. */
export function serviceAccountToken(api: Pick<Cluster['api'], 'random'>, request: TokenRequest): string {
	const { namespace, account, audiences = [], at, seconds, pod } = request;
	const { name, uid } = account;
	// What a pod asks for an hour lives for a year, so that clients that read it once go on (--service-account-extend-token-expiration).
	const extended = pod !== undefined && seconds === 3607 && audiences.length === 0;
	const claims = {
		aud: audiences.length > 0 ? audiences : [TOKEN_ISSUER],
		exp: at + (extended ? 365 * 24 * 3600 : seconds),
		iat: at,
		iss: TOKEN_ISSUER,
		'kubernetes.io': {
			namespace,
			...(pod ? { pod: { name: pod.name, uid: pod.uid } } : {}),
			serviceaccount: { name, uid },
			...(extended ? { warnafter: at + seconds } : {}),
		},
		nbf: at,
		sub: `system:serviceaccount:${namespace}:${name}`,
	};
	const draw = (purpose: string, length: number): string => {
		const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
		let out = '';
		for (let i = 0; i < length; i++) out += alphabet[api.random('token', `${purpose}/${i}`, 64)];
		return out;
	};
	const head = { alg: 'RS256', kid: draw('key', 43) };
	const signature = draw(`${at}/${name}${pod ? `/${pod.uid}` : ''}`, 342);
	return `${base64Url(JSON.stringify(head))}.${base64Url(JSON.stringify(claims))}.${signature}`;
}
