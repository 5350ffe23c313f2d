/** Claims of a service account's token by version (pkg/serviceaccount/claims.go @ v1.24.0, v1.30.0). */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

async function claims(image: string) {
	const at = await terminal('empty');
	const lines = `kind create cluster -q --wait 1m --image kindest/node:${image}\nkubectl run one --image=nginx\nkubectl wait --for=condition=Ready pod/one`;
	await at.run(lines);
	const token = (await at.run('kubectl exec one -- cat /var/run/secrets/kubernetes.io/serviceaccount/token')).trim();
	const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
	await at.file('review.json', JSON.stringify(review));
	const who = await at.run("kubectl create -f review.json -o jsonpath='{.status.user.extra}'");
	return { own: JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()), who };
}

it('names the token and the node from 1.30', async () => {
	const { own, who } = await claims('v1.33.1');
	expect(Object.keys(own)).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'kubernetes.io', 'nbf', 'sub']);
	expect(own.jti).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect(Object.keys(own['kubernetes.io'])).toEqual(['namespace', 'node', 'pod', 'serviceaccount', 'warnafter']);
	expect(own['kubernetes.io'].node.name).toBe('kind-control-plane');
	expect(who).toContain(`"authentication.kubernetes.io/credential-id":["JTI=${own.jti}"]`);
	expect(who).toContain('"authentication.kubernetes.io/node-name":["kind-control-plane"]');
}, 60_000);

it('does not before', async () => {
	const { own } = await claims('v1.24.0');
	expect(Object.keys(own)).toEqual(['aud', 'exp', 'iat', 'iss', 'kubernetes.io', 'nbf', 'sub']);
	expect(Object.keys(own['kubernetes.io'])).toEqual(['namespace', 'pod', 'serviceaccount', 'warnafter']);
}, 60_000);
