import { beforeAll, describe, expect, it } from 'vitest';
import { type Terminal, terminal } from '../terminal.ts';

describe('a kubelet whose file somebody changes', () => {
	let at: Terminal;
	const node = (line: string): Promise<string> => at.run(`docker exec basic-worker sh -c '${line}'`);
	const pods = (): Promise<string> => at.run("kubectl get node basic-worker -o jsonpath='{.status.allocatable.pods}'");
	beforeAll(async () => {
		at = await terminal();
	});

	it('reads it when it starts, and not before', async () => {
		await node(
			'echo "maxPods: 12" >> /var/lib/kubelet/config.yaml; sed -i s/10.96.0.10/10.96.0.99/ /var/lib/kubelet/config.yaml',
		);
		await at.run('sleep 15');
		expect(await pods()).toBe('110');
		await node('systemctl restart kubelet');
		await at.run('sleep 15');
		expect(await pods()).toBe('12');
		await at.run(
			`kubectl run t --image=busybox --overrides='{"spec":{"nodeName":"basic-worker"}}' -- sleep 1000; sleep 10`,
		);
		expect(await at.run('kubectl exec t -- grep nameserver /etc/resolv.conf')).toBe('nameserver 10.96.0.99\n');
		expect(await at.run('kubectl exec deploy/deploy-echoserver -- grep nameserver /etc/resolv.conf')).toBe(
			'nameserver 10.96.0.10\n',
		);
	});

	it('ends again and again when it cannot read it, and comes back by itself once it can', async () => {
		await node('echo "a: b: c" >> /var/lib/kubelet/config.yaml; systemctl restart kubelet; sleep 5');
		expect(await node('systemctl is-active kubelet')).toBe('activating\n');
		expect(await node('systemctl status kubelet')).toContain('Active: activating (auto-restart) (Result: exit-code)');
		const journal = await node('journalctl -u kubelet -n 8 --no-pager');
		expect(journal).toContain('mapping values are not allowed in this context');
		expect(journal).toMatch(/systemd\[1\]: kubelet.service: Scheduled restart job, restart counter is at [1-9]/);
		expect(await node('ps ax | grep -c bin/kubelet')).not.toContain('/usr/bin/kubelet');
		await at.run('sleep 50');
		expect(await at.run('kubectl get node basic-worker --no-headers')).toContain(' NotReady ');
		await node('sed -i /^a:/d /var/lib/kubelet/config.yaml');
		await at.run('sleep 12');
		expect(await at.run('kubectl get node basic-worker --no-headers')).toContain(' Ready ');
		expect(await node('systemctl is-active kubelet')).toBe('active\n');
	});

	it('is not started where the file is gone', async () => {
		await node('mv /var/lib/kubelet/config.yaml /tmp/; systemctl restart kubelet');
		expect(await node('systemctl is-active kubelet')).toBe('inactive\n');
		await node('mv /tmp/config.yaml /var/lib/kubelet/; systemctl start kubelet; sleep 3');
		expect(await node('systemctl is-active kubelet')).toBe('active\n');
	});
});

describe('a kubelet whose kubeconfig somebody changes', () => {
	let at: Terminal;
	const node = (line: string): Promise<string> => at.run(`docker exec basic-worker sh -c '${line}'`);
	const state = async (): Promise<string> =>
		(await at.run('kubectl get node basic-worker --no-headers')).split(/ +/)[1]!;
	beforeAll(async () => {
		at = await terminal();
	});

	it('asks where nobody is from its next start on, says so, and its node is not ready', async () => {
		await node('sed -i s/6443/6444/ /etc/kubernetes/kubelet.conf');
		await at.run('sleep 60');
		expect(await state()).toBe('Ready');
		await node('systemctl restart kubelet');
		await at.run('sleep 60');
		expect(await state()).toBe('NotReady');
		expect(await node('systemctl is-active kubelet')).toBe('active\n');
		const journal = await node('journalctl -u kubelet --no-pager');
		const last = journal.slice(journal.lastIndexOf('Started kubelet'));
		expect(last).toContain(
			'"Unable to register node with API server" err="Post \\"https://basic-control-plane:6444/api/v1/nodes\\": dial tcp 172.18.0.4:6444: connect: connection refused"',
		);
		expect(last).not.toContain('Successfully registered');
		expect(last).toMatch(/failed to ensure lease exists.*:6444/);
		await node('sed -i s/6444/6443/ /etc/kubernetes/kubelet.conf; systemctl restart kubelet');
		await at.run('sleep 12');
		expect(await state()).toBe('Ready');
	});

	it('ends again and again without one', async () => {
		await node('mv /etc/kubernetes/kubelet.conf /tmp/; systemctl restart kubelet; sleep 5');
		expect(await node('systemctl is-active kubelet')).toBe('activating\n');
		expect(await node('journalctl -u kubelet -n 8 --no-pager')).toMatch(
			/"command failed" err="failed to run Kubelet: unable to load bootstrap kubeconfig: stat \/etc\/kubernetes\/bootstrap-kubelet.conf/,
		);
		await node('mv /tmp/kubelet.conf /etc/kubernetes/');
		await at.run('sleep 12');
		expect(await node('systemctl is-active kubelet')).toBe('active\n');
		expect(await state()).toBe('Ready');
	});
});
