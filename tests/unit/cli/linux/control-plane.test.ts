/** What the control plane's own processes tell of themselves. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
});

const logs = (name: string): Promise<string> => lab.run(`kubectl -n kube-system logs ${name}-basic-control-plane`);

test('each logs how it began, with the version and addresses it runs by', async () => {
	expect(await logs('kube-apiserver')).toMatch(
		/server\.go:158\] Version: v1\.24\.0\n.*Serving securely on \[::\]:6443\n/,
	);
	expect(await logs('kube-controller-manager')).toContain('Serving securely on 127.0.0.1:10257\n');
	const [first] = (await logs('etcd')).split('\n');
	expect(JSON.parse(first!).args).toContain('--name=basic-control-plane');
});

test('a scheduler that is away is unhealthy, in the words of who asked it', async () => {
	const manifest = '/etc/kubernetes/manifests/kube-scheduler.yaml';
	const status = (): Promise<string> => lab.run('kubectl get cs scheduler --no-headers 2>/dev/null');
	await lab.run(`docker exec basic-control-plane mv ${manifest} /tmp/; sleep 25`);
	expect(await status()).toMatch(
		/^scheduler +Unhealthy +Get "https:\/\/127\.0\.0\.1:10259\/healthz": dial tcp 127\.0\.0\.1:10259: connect: connection refused +\n$/,
	);
	await lab.run(`docker exec basic-control-plane mv /tmp/kube-scheduler.yaml ${manifest}; sleep 30`);
	expect(await status()).toMatch(/^scheduler +Healthy +ok +\n$/);
});

test('a scheduler that comes back waits for the lease and tells when it has it', async () => {
	const manifest = '/etc/kubernetes/manifests/kube-scheduler.yaml';
	await lab.run(`docker exec basic-control-plane mv ${manifest} /tmp/; sleep 10`);
	await lab.run(`docker exec basic-control-plane mv /tmp/kube-scheduler.yaml ${manifest}; sleep 30`);
	const lines = (await logs('kube-scheduler')).trimEnd().split('\n');
	expect(lines.at(-2)).toContain('attempting to acquire leader lease kube-system/kube-scheduler...');
	expect(lines.at(-1)).toContain('successfully acquired lease kube-system/kube-scheduler');
	const at = (line = ''): string => line.slice(6, 21);
	expect(at(lines.at(-1)) > at(lines.at(-2))).toBe(true);
	expect(
		await lab.run("docker exec basic-control-plane sh -c 'crictl logs $(crictl ps -q --name kube-scheduler)'"),
	).toContain('successfully acquired lease');
});
