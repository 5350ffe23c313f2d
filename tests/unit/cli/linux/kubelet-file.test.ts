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
