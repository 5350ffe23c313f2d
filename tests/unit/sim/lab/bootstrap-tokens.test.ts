/** Bootstrap tokens: what joiners are known by, and what they know a cluster by. */
import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { tokenSecret } from '../../../../src/sim/lab/bootstrap/tokens.ts';
import { fieldOf } from '../../../../src/sim/lab/index.ts';
import { create, get, MINUTE, pass, SECOND, settled } from './helpers.ts';

type Info = { readonly data: Readonly<Record<string, string>> };

const info = (cluster: Parameters<typeof get>[0]): Info['data'] =>
	(get(cluster, 'configmaps', 'kube-public', 'cluster-info') as unknown as Info).data;

/** What a joiner computes, by this machine's cryptography. */
function signature(content: string, id: string, secret: string): string {
	const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: id })).toString('base64url');
	const payload = Buffer.from(content).toString('base64url');
	return `${header}..${createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url')}`;
}

it('kind’s own token is a Secret for a day, and signs cluster-info', () => {
	const { cluster } = settled();
	const secret = get(cluster, 'secrets', 'kube-system', 'bootstrap-token-abcdef')!;
	expect(secret.type).toBe('bootstrap.kubernetes.io/token');
	expect(fieldOf(secret, 'expiration')).toBe(
		String(secret.metadata.creationTimestamp).replace('2022-08-31', '2022-09-01'),
	);
	const { kubeconfig, ...signed } = info(cluster);
	expect(signed).toEqual({ 'jws-kubeconfig-abcdef': signature(kubeconfig!, 'abcdef', '0123456789abcdef') });
});

it('another token signs it too, until it ends and is deleted', () => {
	const { lab, cluster } = settled();
	const end = new Date((lab.epoch + lab.now / 1e6 + 120) * 1000).toISOString().replace(/\.\d+Z/, 'Z');
	create(cluster, [tokenSecret('zzzzzz.0000000000000000', { end })]);
	pass(lab, SECOND);
	const { kubeconfig, ...signed } = info(cluster);
	expect(signed['jws-kubeconfig-zzzzzz']).toBe(signature(kubeconfig!, 'zzzzzz', '0000000000000000'));
	pass(lab, 3 * MINUTE);
	expect(get(cluster, 'secrets', 'kube-system', 'bootstrap-token-zzzzzz')).toBeUndefined();
	expect(Object.keys(info(cluster)).sort()).toEqual(['jws-kubeconfig-abcdef', 'kubeconfig']);
});
