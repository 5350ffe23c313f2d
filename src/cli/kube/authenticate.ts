/**
 * Who has a token.
 *
 * Source: kubernetes pkg/serviceaccount/{jwt,claims,legacy}.go, staging/src/k8s.io/apiserver/pkg/authentication/
 * token/union and group/authenticated_group_adder.go, plugin/pkg/auth/authenticator/token/bootstrap @ v1.24.0.
 */
import {
	type ApiServer,
	type Authenticate,
	accessControl,
	type Claims,
	type Identity,
	isRecord,
	legacyToken,
	parseTime,
	serviceAccountToken,
	TOKEN_ISSUER,
} from '../../sim/api/index.ts';
import { BOOTSTRAP_PREFIX, BOOTSTRAP_TYPE, fieldOf } from '../../sim/lab/index.ts';

export const ANONYMOUS: Identity = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

const known = (account: string, namespace: string): Identity['groups'] => [
	'system:serviceaccounts',
	`system:serviceaccounts:${namespace}`,
	...(account ? ['system:authenticated'] : []),
];

/** The claims of a token, checked by nothing yet. */
function claimsOf(token: string): Claims | undefined {
	const [, payload = ''] = token.split('.');
	try {
		const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
		const value: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))));
		return isRecord(value) ? (value as Claims) : undefined;
	} catch {
		return undefined;
	}
}

const INVALID = 'invalid bearer token';
const failed = (why: string): { readonly error: string } => ({ error: `[${INVALID}, ${why}]` });
const BAD_SIGNATURE = 'square/go-jose: error in cryptographic primitive';

/** Whose bootstrap token it is: a Secret of kube-system has it, for authentication, and it has not ended. */
function bootstrapper(api: ApiServer, token: string): Identity | undefined {
	const [, id, written] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
	if (id === undefined) return undefined;
	const secret = api.get(api.find('secrets')!, 'kube-system', `${BOOTSTRAP_PREFIX}${id}`);
	if (secret?.type !== BOOTSTRAP_TYPE || secret.metadata.deletionTimestamp !== undefined) return undefined;
	const field = (name: string): string => fieldOf(secret, name);
	const end = field('expiration') === '' ? Number.POSITIVE_INFINITY : (parseTime(field('expiration')) ?? 0);
	const isGood =
		field('token-secret') === written &&
		field('token-id') === id &&
		field('usage-bootstrap-authentication') === 'true' &&
		end > api.now();
	const extra = field('auth-extra-groups').split(',').filter(Boolean);
	const groups = ['system:bootstrappers', ...extra, 'system:authenticated'];
	return isGood ? { user: `system:bootstrap:${id}`, groups } : undefined;
}

/** What a token tells beside whose it is (apiserver pkg/authentication/serviceaccount/util.go @ v1.30.0, UserInfo()). */
function extraOf(claims: Claims): Readonly<Record<string, readonly string[]>> {
	const { pod, node } = claims['kubernetes.io'] ?? {};
	const own = (name: string): string => `authentication.kubernetes.io/${name}`;
	return {
		...(claims.jti ? { [own('credential-id')]: [`JTI=${claims.jti}`] } : {}),
		...(node ? { [own('node-name')]: [node.name], [own('node-uid')]: [node.uid] } : {}),
		...(pod ? { [own('pod-name')]: [pod.name], [own('pod-uid')]: [pod.uid] } : {}),
	};
}

/** Tokens of one server, as it checks them. */
export const tokensOf =
	(api: ApiServer): Authenticate =>
	(token, wanted) => {
		const joiner = bootstrapper(api, token);
		if (joiner) return { who: joiner, audiences: [] };
		const claims = claimsOf(token);
		const get = (plural: string, namespace: string, name: string) => api.get(api.find(plural)!, namespace, name);
		if (claims?.iss === 'kubernetes/serviceaccount') {
			const namespace = String(claims['kubernetes.io/serviceaccount/namespace']);
			const name = String(claims['kubernetes.io/serviceaccount/service-account.name']);
			const uid = String(claims['kubernetes.io/serviceaccount/service-account.uid']);
			const secret = String(claims['kubernetes.io/serviceaccount/secret.name']);
			if (legacyToken(api, { namespace, account: { name, uid }, secret }) !== token) return failed(BAD_SIGNATURE);
			if (!get('secrets', namespace, secret)) return failed('Token has been invalidated');
			if (get('serviceaccounts', namespace, name)?.metadata.uid !== uid)
				return failed(`ServiceAccount ${namespace}/${name} has been deleted`);
			return {
				who: { user: `system:serviceaccount:${namespace}:${name}`, uid, groups: known(name, namespace) },
				audiences: [],
			};
		}
		const own = claims?.['kubernetes.io'];
		if (!claims || claims.iss !== TOKEN_ISSUER || !own) return { error: INVALID };
		const { namespace, serviceaccount: account, pod, node, warnafter } = own;
		const again = serviceAccountToken(api, {
			namespace,
			account,
			...(claims.aud.length === 1 && claims.aud[0] === TOKEN_ISSUER ? {} : { audiences: claims.aud }),
			at: claims.iat,
			seconds: (warnafter ?? claims.exp) - claims.iat,
			...(pod ? { pod, node } : {}),
		});
		if (again !== token) return failed(BAD_SIGNATURE);
		if (api.now() >= claims.exp) return failed('service account token has expired');
		const asked = wanted.length > 0 ? wanted : [TOKEN_ISSUER];
		const audiences = asked.filter((audience) => claims.aud.includes(audience));
		const quoted = (list: readonly string[]): string => `[${list.map((one) => JSON.stringify(one)).join(' ')}]`;
		if (audiences.length === 0)
			return failed(`token audiences ${quoted(claims.aud)} is invalid for the target audiences ${quoted(asked)}`);
		const found = get('serviceaccounts', namespace, account.name);
		if (!found) return failed(`serviceaccounts ${JSON.stringify(account.name)} not found`);
		if (found.metadata.uid !== account.uid) return failed('service account UID does not match claim');
		if (pod && get('pods', namespace, pod.name)?.metadata.uid !== pod.uid)
			return failed('service account token has been invalidated');
		return {
			who: {
				user: `system:serviceaccount:${namespace}:${account.name}`,
				uid: account.uid,
				groups: known(account.name, namespace),
				...(pod || claims.jti ? { extra: extraOf(claims) } : {}),
			},
			audiences,
		};
	};

/** Who sends an `Authorization` header; undefined where the server answers 401. */
export function bearer(api: ApiServer, header: string | undefined): Identity | undefined {
	if (header === undefined || header === '') return ANONYMOUS;
	const [, token] = /^bearer +(\S+)\s*$/i.exec(header) ?? [];
	// What is no bearer token is looked at by nobody: the request has no user's name then.
	if (token === undefined) return ANONYMOUS;
	const found = tokensOf(api)(token, []);
	return 'who' in found ? found.who : undefined;
}

/** The part of the server that knows roles; whoever asks has awaited `loadForPeople`. */
export function access(): NonNullable<ReturnType<typeof accessControl>> {
	const found = accessControl();
	if (!found) throw new Error('roles are asked for after loadForPeople');
	return found;
}
