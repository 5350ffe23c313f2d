/** Tokens of service accounts. Source: pkg/serviceaccount/claims.go @ v1.24.0, v1.30.0. */
import { sha256 } from '../trace/index.ts';
import { utf8 } from '../wire/index.ts';
import { newUid } from './meta.ts';
import type { ApiServer } from './object.ts';
import { KEYS, publicKeyDer, type RsaKey, rsaKey, rsaSign } from './pki/index.ts';
import { base64 } from './strategies/cluster.ts';

export const TOKEN_ISSUER = 'https://kubernetes.default.svc.cluster.local';

/** RFC 7515, 2: without what fills up. */
export const base64Url = (text: string | Uint8Array): string =>
	base64(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

interface Named {
	readonly name: string;
	readonly uid: string;
}

export interface TokenRequest {
	readonly namespace: string;
	readonly account: { readonly name: string; readonly uid: string };
	/** The API server's own when empty or absent. */
	readonly audiences?: readonly string[];
	/** Seconds since 1970. */
	readonly at: number;
	readonly seconds: number;
	/** The pod it is bound to. */
	readonly pod?: Named;
	/** The node that pod is on, which tokens tell from 1.30 (ServiceAccountTokenPodNodeInfo). */
	readonly node?: Named | undefined;
}

/** The claims of a token: those of a bound one, or of one that a Secret keeps. */
export interface Claims {
	readonly aud: readonly string[];
	readonly exp: number;
	readonly iat: number;
	readonly iss: string;
	readonly jti?: string;
	readonly 'kubernetes.io'?: {
		readonly namespace: string;
		readonly node?: Named;
		readonly pod?: Named;
		readonly serviceaccount: Named;
		readonly warnafter?: number;
	};
	readonly [key: string]: unknown;
}

type Server = Pick<ApiServer, 'random' | 'version'>;

/** The key in a cluster's sa.key, which its API server signs tokens with. */
export const accountKey = (api: Server): RsaKey => rsaKey(api.random('rsa key', 'sa', KEYS));

/** keyIDFromPublicKey() of pkg/serviceaccount/jwt.go @ v1.24.0. */
export const accountKeyId = (key: RsaKey): string => base64Url(sha256(publicKeyDer(key)));

const tokens = new WeakMap<object, Map<string, string>>();
/** Signing takes milliseconds: so many are kept. */
const KEPT = 200;

/** A JSON Web Token of claims (RFC 7515, 7518: RS256). Who checks one writes it again and compares. */
function signed(api: Server, claims: object): string {
	const known = tokens.get(api) ?? new Map<string, string>();
	tokens.set(api, known);
	const payload = JSON.stringify(claims);
	let token = known.get(payload);
	if (token === undefined) {
		const key = accountKey(api);
		const text = `${base64Url(JSON.stringify({ alg: 'RS256', kid: accountKeyId(key) }))}.${base64Url(payload)}`;
		token = `${text}.${base64Url(rsaSign(key, utf8(text)))}`;
		if (known.size >= KEPT) known.clear();
		known.set(payload, token);
	}
	return token;
}

/** The token that a Secret of type kubernetes.io/service-account-token keeps: it does not end (legacy.go). */
export function legacyToken(
	api: Server,
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
export function serviceAccountToken(api: Server, request: TokenRequest): string {
	const { namespace, account, audiences = [], at, seconds, pod } = request;
	const { name, uid } = account;
	// ServiceAccountTokenJTI and ServiceAccountTokenPodNodeInfo, on by default from 1.30.
	const told = Number(api.version.split('.')[1]) >= 30;
	const node = told && pod ? request.node : undefined;
	// What a pod asks for an hour lives for a year, so that clients that read it once go on (--service-account-extend-token-expiration).
	const extended = pod !== undefined && seconds === 3607 && audiences.length === 0;
	const claims: Claims = {
		aud: audiences.length > 0 ? audiences : [TOKEN_ISSUER],
		exp: at + (extended ? 365 * 24 * 3600 : seconds),
		iat: at,
		iss: TOKEN_ISSUER,
		...(told
			? { jti: newUid(api.random, `token/${namespace}/${name}/${pod?.uid}/${at}/${seconds}/${audiences}`) }
			: {}),
		'kubernetes.io': {
			namespace,
			...(node ? { node: { name: node.name, uid: node.uid } } : {}),
			...(pod ? { pod: { name: pod.name, uid: pod.uid } } : {}),
			serviceaccount: { name, uid },
			...(extended ? { warnafter: at + seconds } : {}),
		},
		nbf: at,
		sub: `system:serviceaccount:${namespace}:${name}`,
	};
	return signed(api, claims);
}
