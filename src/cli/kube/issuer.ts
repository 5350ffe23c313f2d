/**
 * What an API server tells of its service accounts' tokens, so that others can check them.
 *
 * Source: kubernetes pkg/serviceaccount/openidmetadata.go, pkg/routes/openidmetadata.go @ v1.24.0; RFC 7517 for keys.
 */
import { accountKey, accountKeyId, base64Url, TOKEN_ISSUER } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';
import type { RestAnswer } from './rest-answer.ts';
import { addressOf } from './rest-discovery.ts';

const octets = (value: bigint): Uint8Array => {
	const hex = value.toString(16);
	return Uint8Array.from(hex.padStart(hex.length + (hex.length % 2), '0').match(/../g) ?? [], (pair) =>
		Number.parseInt(pair, 16),
	);
};

/** The answer at a path; undefined where that is another's. */
export function issuerAt(cluster: Cluster, path: string): RestAnswer | undefined {
	if (path === '/.well-known/openid-configuration')
		return {
			status: 200,
			type: 'application/json',
			text: JSON.stringify({
				issuer: TOKEN_ISSUER,
				jwks_uri: `https://${addressOf(cluster)}/openid/v1/jwks`,
				response_types_supported: ['id_token'],
				subject_types_supported: ['public'],
				id_token_signing_alg_values_supported: ['RS256'],
			}),
		};
	if (path !== '/openid/v1/jwks') return undefined;
	const key = accountKey(cluster.api);
	const own = { use: 'sig', kty: 'RSA', kid: accountKeyId(key), alg: 'RS256' };
	return {
		status: 200,
		type: 'application/jwk-set+json',
		text: JSON.stringify({ keys: [{ ...own, n: base64Url(octets(key.n)), e: base64Url(octets(key.e)) }] }),
	};
}
