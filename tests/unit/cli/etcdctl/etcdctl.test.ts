/** etcdctl in the container of a control plane's etcd. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

let t: Terminal;
beforeAll(async () => {
	t = await terminal();
});

const PKI = '/etc/kubernetes/pki/etcd';
const FILES = `--cacert=${PKI}/ca.crt --cert=${PKI}/server.crt --key=${PKI}/server.key`;
const etcdctl = (words: string): Promise<string> =>
	t.run(`kubectl exec -n kube-system etcd-basic-control-plane -- etcdctl ${words}`);

describe('etcdctl', () => {
	test('tells of members and how they are', async () => {
		const list = await etcdctl(`${FILES} member list`);
		const [, id, ip] =
			/^([0-9a-f]{15,16}), started, basic-control-plane, https:\/\/(\S+):2380, https:\/\/\2:2379, false\n$/.exec(
				list,
			) ?? [];
		expect(ip).toBe(
			(await t.run("docker inspect -f '{{.NetworkSettings.Networks.kind.IPAddress}}' basic-control-plane")).trim(),
		);
		expect(await etcdctl(`${FILES} endpoint status`)).toMatch(
			new RegExp(`^127\\.0\\.0\\.1:2379, ${id}, 3\\.5\\.3, \\d+ kB, true, false, 2, \\d+, \\d+, \\n$`),
		);
		expect(await etcdctl(`${FILES} endpoint health`)).toMatch(
			/^127\.0\.0\.1:2379 is healthy: successfully committed proposal: took = [\d.]+ms\n$/,
		);
		expect(await etcdctl(`${FILES} member list -w table`)).toMatch(/^\+-+\+[\s\S]*\| {8}ID {8}\| {2}STATUS \|/);
	});

	test('meets what a server with TLS says to who has no certificate, or none it knows', async () => {
		expect(await etcdctl('member list')).toMatch(
			/"error":"rpc error: code = DeadlineExceeded .*connection closed before server preface received"\}\nError: context deadline exceeded\n/,
		);
		expect(await etcdctl('--endpoints=https://127.0.0.1:2379 endpoint health')).toMatch(
			/x509: certificate signed by unknown authority.*\nhttps:\/\/127\.0\.0\.1:2379 is unhealthy: .*\nError: unhealthy cluster\n/,
		);
		expect(await etcdctl(`--endpoints=https://127.0.0.1:2379 --cacert=${PKI}/ca.crt get a`)).toContain(
			'remote error: tls: bad certificate',
		);
		expect(await etcdctl(`${FILES} --endpoints=127.0.0.1:2378 get a`)).toContain('connect: connection refused');
		expect(await t.seconds(`kubectl exec -n kube-system etcd-basic-control-plane -- etcdctl get a`)).toBeCloseTo(5, 0);
		expect(await etcdctl('--cacert=/none get a')).toContain('Error: open /none: no such file or directory\n');
	});

	test('has the keys of the objects that the API has', async () => {
		const keys = await etcdctl(`${FILES} get /registry/pods/ --prefix --keys-only`);
		const pods = await t.run(
			'kubectl get pods -A -o jsonpath=\'{range .items[*]}/registry/pods/{.metadata.namespace}/{.metadata.name}{"\\n\\n"}{end}\'',
		);
		expect(keys).toBe(pods);
		const all = await etcdctl(`${FILES} get /registry --prefix --keys-only`);
		for (const key of [
			'minions/basic-worker',
			'services/specs/kube-system/kube-dns',
			'cilium.io/ciliumnodes/basic-worker',
		])
			expect(all).toContain(`/registry/${key}\n`);
		await t.run('kubectl create configmap kept');
		expect(await etcdctl(`${FILES} get /registry/configmaps/default/kept --keys-only`)).toBe(
			'/registry/configmaps/default/kept\n\n',
		);
		expect(await etcdctl(`${FILES} get /registry/configmaps/default/kept`)).toContain('protobuf');
	});
});

test('etcdctl knows what it does not do', async () => {
	expect(await etcdctl(`${FILES} del /registry/pods --prefix`)).toContain('there is no etcdctl del;');
	expect(await etcdctl(`${FILES} elect x`)).toContain('there is no etcdctl elect;');
	expect(await etcdctl(`${FILES} nosuch`)).toContain('unknown command "nosuch"');
});
