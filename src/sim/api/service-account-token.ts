/** Tokens of service accounts. Source: pkg/serviceaccount/claims.go @ v1.24.0. */
import type { ApiServer } from './object.ts';
import { base64 } from './strategies/cluster.ts';

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

/** The claims of a token: those of a bound one, or of one that a Secret keeps. */
export interface Claims {
	readonly aud: readonly string[];
	readonly exp: number;
	readonly iat: number;
	readonly iss: string;
	readonly 'kubernetes.io'?: {
		readonly namespace: string;
		readonly pod?: { readonly name: string; readonly uid: string };
		readonly serviceaccount: { readonly name: string; readonly uid: string };
		readonly warnafter?: number;
	};
	readonly [key: string]: unknown;
}

/** A JSON Web Token of claims. Its signature is drawn by them: who checks a token writes it again and compares. */
function signed(api: Pick<ApiServer, 'random'>, claims: object): string {
	const draw = (purpose: string, length: number): string => {
		const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
		let out = '';
		for (let i = 0; i < length; i++) out += alphabet[api.random('token', `${purpose}/${i}`, 64)];
		return out;
	};
	const payload = JSON.stringify(claims);
	return `${base64Url(JSON.stringify({ alg: 'RS256', kid: draw('key', 43) }))}.${base64Url(payload)}.${draw(payload, 342)}`;
}

/** The token that a Secret of type kubernetes.io/service-account-token keeps: it does not end (legacy.go). */
export function legacyToken(
	api: Pick<ApiServer, 'random'>,
	of: { readonly namespace: string; readonly account: TokenRequest['account']; readonly secret: string },
): string {
	const { namespace, account, secret } = of;
	const own = 'kubernetes.io/serviceaccount';
	return signed(api, {
		iss: own.replace('.io', ''),
		[`${own}/namespace`]: namespace,
		[`${own}/secret.name`]: secret,
		[`${own}/service-account.name`]: account.name,
		[`${own}/service-account.uid`]: account.uid,
		sub: `system:serviceaccount:${namespace}:${account.name}`,
	});
}

/** A token with the claims the server gives. */
export function serviceAccountToken(api: Pick<ApiServer, 'random'>, request: TokenRequest): string {
	const { namespace, account, audiences = [], at, seconds, pod } = request;
	const { name, uid } = account;
	// What a pod asks for an hour lives for a year, so that clients that read it once go on (--service-account-extend-token-expiration).
	const extended = pod !== undefined && seconds === 3607 && audiences.length === 0;
	const claims: Claims = {
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
	return signed(api, claims);
}
