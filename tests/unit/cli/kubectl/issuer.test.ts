/** What a cluster tells of its service accounts' tokens checks them: with Node's own cryptography. */
import { createPublicKey, createVerify, type JsonWebKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('a token is signed with the key that the cluster publishes, which is the one in sa.pub', async () => {
	const { run } = await terminal();
	const { keys } = JSON.parse(await run('kubectl get --raw /openid/v1/jwks')) as {
		keys: (JsonWebKey & { kid: string; alg: string; use: string })[];
	};
	expect(keys).toHaveLength(1);
	const [key] = keys as [(typeof keys)[0]];
	expect(key).toMatchObject({ use: 'sig', kty: 'RSA', alg: 'RS256', e: 'AQAB' });
	const token = (await run('kubectl create token default')).trim();
	const [header = '', claims = '', signature = ''] = token.split('.');
	expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', kid: key.kid });
	const published = createPublicKey({ key, format: 'jwk' });
	const check = (text: string): boolean =>
		createVerify('sha256').update(text).verify(published, Buffer.from(signature, 'base64url'));
	expect(check(`${header}.${claims}`)).toBe(true);
	expect(check(`${header}.${claims}x`)).toBe(false);
	const file = await run('docker exec basic-control-plane cat /etc/kubernetes/pki/sa.pub');
	expect(published.export({ type: 'spki', format: 'pem' })).toBe(file);
	// Who says so: the issuer of the token.
	const issuer = JSON.parse(await run('kubectl get --raw /.well-known/openid-configuration')) as Record<
		string,
		unknown
	>;
	expect(issuer.issuer).toBe(JSON.parse(Buffer.from(claims, 'base64url').toString()).iss);
	expect(issuer.jwks_uri).toMatch(/^https:\/\/172\.18\.0\.\d:6443\/openid\/v1\/jwks$/);
});

test('a token that somebody changed is no token', async () => {
	const { run } = await terminal();
	await run('TOKEN=$(kubectl create token default)');
	await run("SERVER=$(kubectl config view -o jsonpath='{.clusters[0].cluster.server}')");
	const asked = (token: string): Promise<string> =>
		run(`curl -sk -o /dev/null -w '%{http_code}' -H "Authorization: Bearer ${token}" $SERVER/api`);
	expect(await asked('$TOKEN')).toBe('200');
	expect(await asked('x$TOKEN')).toBe('401');
	expect(await asked('$(echo $TOKEN | rev)')).toBe('401');
	expect(await asked('$(echo $TOKEN | head -c -5)')).toBe('401');
});
