/** Sockets of nodes and pods: where programs really listen, and the connections that components keep open. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
});
const on = (node: string, line: string): Promise<string> => lab.run(`docker exec basic-${node} ${line}`);

/** Ends of sockets by the program that has them open. */
const ends = (text: string, program: string): readonly string[] =>
	text
		.split('\n')
		.filter((line) => line.includes(`(("${program}",`))
		.map((line) => line.split(/\s+/).slice(3, 5).join(' '));

describe('listeners', () => {
	test('of the control plane are on the addresses their flags and defaults say', async () => {
		const text = await on('control-plane', 'ss -Htlnp');
		expect(ends(text, 'etcd')).toEqual([
			'127.0.0.1:2379 0.0.0.0:*',
			'172.18.0.4:2379 0.0.0.0:*',
			'172.18.0.4:2380 0.0.0.0:*',
			'127.0.0.1:2381 0.0.0.0:*',
		]);
		expect(ends(text, 'kube-apiserver')).toEqual(['*:6443 *:*']);
		expect(ends(text, 'kube-scheduler')).toEqual(['127.0.0.1:10259 0.0.0.0:*']);
		expect(ends(text, 'kubelet')).toEqual(['127.0.0.1:10248 0.0.0.0:*', '*:10250 *:*']);
	});

	test('on a loopback address are refused to others, and answer their own machine', async () => {
		expect(await on('control-plane', 'curl -sk https://127.0.0.1:10257/healthz')).toBe('ok');
		expect(await on('worker', 'curl -sk https://172.18.0.4:10257/healthz')).toBe('');
		expect(lab.code()).toBe(7);
		expect(await on('control-plane', 'curl -s http://127.0.0.1:2381/health')).toContain('"health":"true"');
	});

	test('of Go are in tcp6, those of one address in tcp', async () => {
		expect(await on('worker', 'cat /proc/net/tcp6')).toContain(`${'0'.repeat(32)}:280A ${'0'.repeat(32)}:0000 0A`);
		expect(await on('worker', 'cat /proc/net/tcp')).toContain('0100007F:2808 00000000:0000 0A');
	});

	test('of a container are nobody’s to another container of its pod', async () => {
		await lab.run('kubectl debug -n kube-system deploy/coredns --image=nicolaka/netshoot -c look -- sleep 1d');
		const pod = (await lab.run('kubectl get pods -n kube-system -l k8s-app=kube-dns -o name')).split('\n')[0]!;
		await lab.run(`kubectl debug -n kube-system ${pod} --image=nicolaka/netshoot -c look -- sleep 1d; sleep 30`);
		const text = await lab.run(`kubectl exec -n kube-system ${pod} -c look -- ss -lntup`);
		expect(text).toMatch(/LISTEN 0 +4096 +\*:53 +\*:\*/);
		expect(text).not.toContain('users:');
	});
});

describe('connections that are kept open', () => {
	test('have one end at each machine', async () => {
		const kubelet = ends(await on('worker2', 'ss -Htnp'), 'kubelet');
		expect(kubelet).toHaveLength(1);
		const [own, server] = kubelet[0]!.split(' ');
		expect(server).toBe('172.18.0.4:6443');
		const mapped = own!.replace(/^([\d.]+)/, '[::ffff:$1]');
		expect(ends(await on('control-plane', 'ss -Htnp'), 'kube-apiserver')).toContain(
			`[::ffff:172.18.0.4]:6443 ${mapped}`,
		);
	});

	test('are gone while the API server is', async () => {
		await on('control-plane', 'mv /etc/kubernetes/manifests/kube-apiserver.yaml /tmp/');
		await lab.run('sleep 60');
		expect(ends(await on('worker2', 'ss -Htnp'), 'kubelet')).toEqual([]);
	});
});
