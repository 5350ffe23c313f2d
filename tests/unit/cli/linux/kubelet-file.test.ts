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

describe('a kubelet that ends as it starts, by what somebody changed on its node', () => {
	let at: Terminal;
	const CONFIG = '/var/lib/kubelet/config.yaml';
	const DROP_IN = '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf';
	const node = (line: string): Promise<string> => at.run(`docker exec basic-worker sh -c '${line}'`);
	const active = async (): Promise<string> => (await node('sleep 4; systemctl is-active kubelet')).trim();
	const journal = (): Promise<string> => node('journalctl -u kubelet -n 8 --no-pager');
	beforeAll(async () => {
		at = await terminal();
	});

	it('an authority’s file that is not there, or holds no certificate', async () => {
		await node(`sed -i s#pki/ca.crt#pki/WRONG.crt# ${CONFIG}; systemctl restart kubelet`);
		expect(await active()).toBe('activating');
		expect(await journal()).toContain(
			'"command failed" err="failed to construct kubelet dependencies: unable to load client CA file /etc/kubernetes/pki/WRONG.crt: open /etc/kubernetes/pki/WRONG.crt: no such file or directory"',
		);
		await at.run('sleep 50');
		expect(await at.run('kubectl get node basic-worker --no-headers')).toContain(' NotReady ');
		await node('echo nothing > /etc/kubernetes/pki/WRONG.crt');
		expect(await active()).toBe('activating');
		expect(await journal()).toContain(
			'unable to load client CA file /etc/kubernetes/pki/WRONG.crt: error reading /etc/kubernetes/pki/WRONG.crt: data does not contain any valid RSA or ECDSA certificates',
		);
		await node('cp /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/WRONG.crt');
		expect(await active()).toBe('active');
		await node(`sed -i s#WRONG.crt#ca.crt# ${CONFIG}; mv /etc/kubernetes/pki/ca.crt /tmp; systemctl restart kubelet`);
		expect(await active()).toBe('activating');
		await node('mv /tmp/ca.crt /etc/kubernetes/pki/');
		expect(await active()).toBe('active');
	});

	it('a program that is not there, once systemd has read its unit anew', async () => {
		await node(`sed -i s#=/usr/bin/kubelet#=/usr/local/bin/kubelet# ${DROP_IN}`);
		const warning =
			"Warning: The unit file, source configuration file or drop-ins of kubelet.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n";
		expect(await node('systemctl restart kubelet 2>&1')).toBe(warning);
		expect(await active()).toBe('active');
		expect(await node('systemctl status kubelet 2>&1')).toContain(warning);
		expect(await node('systemctl daemon-reload; systemctl restart kubelet 2>&1')).toBe('');
		expect(await active()).toBe('activating');
		expect(await node('systemctl status kubelet')).toMatch(
			/Active: activating \(auto-restart\) \(Result: exit-code\)(.*\n)*.*ExecStart=\/usr\/local\/bin\/kubelet .* \(code=exited, status=203\/EXEC\)\n {3}Main PID: \d+ \(code=exited, status=203\/EXEC\)/,
		);
		expect(await journal()).toMatch(
			/systemd\[\d+\]: kubelet.service: Failed to locate executable \/usr\/local\/bin\/kubelet: No such file or directory\n.*systemd\[\d+\]: kubelet.service: Failed at step EXEC spawning \/usr\/local\/bin\/kubelet: No such file or directory\n.*systemd\[1\]: kubelet.service: Main process exited, code=exited, status=203\/EXEC\n/,
		);
		await node(`sed -i s#=/usr/local/bin/kubelet#=/usr/bin/kubelet# ${DROP_IN}; systemctl daemon-reload`);
		expect(await active()).toBe('active');
		await node('mv /usr/bin/kubelet /tmp/; systemctl restart kubelet');
		expect(await active()).toBe('activating');
		await node('mv /tmp/kubelet /usr/bin/');
		expect(await active()).toBe('active');
	});

	it('a drop-in that names another file of configuration', async () => {
		await node(
			`sed -i s#kubelet/config.yaml#kubelet/conf.yaml# ${DROP_IN}; systemctl daemon-reload; systemctl restart kubelet`,
		);
		expect(await active()).toBe('activating');
		expect(await journal()).toContain('open /var/lib/kubelet/conf.yaml: no such file or directory');
		await node(`sed -i s#kubelet/conf.yaml#kubelet/config.yaml# ${DROP_IN}; systemctl daemon-reload`);
		expect(await active()).toBe('active');
	});

	it('a client certificate that is away', async () => {
		const PEM = '/var/lib/kubelet/pki/kubelet-client-current.pem';
		await node(`mv ${PEM} /root/; systemctl restart kubelet`);
		expect(await active()).toBe('activating');
		expect(await journal()).toContain(
			'unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf',
		);
		await node(`mv /root/kubelet-client-current.pem ${PEM}`);
		expect(await active()).toBe('active');
	});

	it('a drop-in that names a kubeconfig which is not there', async () => {
		await node(
			`sed -i s#kubernetes/kubelet.conf#kubernetes/wrong.conf# ${DROP_IN}; systemctl daemon-reload; systemctl restart kubelet`,
		);
		expect(await active()).toBe('activating');
		expect(await journal()).toContain(
			'unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf',
		);
		await node(`sed -i s#/wrong.conf#/kubelet.conf# ${DROP_IN}; systemctl daemon-reload`);
		expect(await active()).toBe('active');
	});

	it.each([
		[
			'healthzPort: 10248',
			'healthzPort: 99999',
			'healthzPort (--healthz-port) 99999 must be between 1 and 65535, inclusive',
		],
		[
			'cgroupDriver: systemd',
			'cgroupDriver: systemd\nhairpinMode: foo',
			'option \\"foo\\" specified for hairpinMode (--hairpin-mode). Valid options are \\"none\\", \\"hairpin-veth\\" or \\"promiscuous-bridge\\"',
		],
	])('what its validation refuses: %s becomes %s', async (from, to, words) => {
		await node(`sed -i "s/${from}/${to.replace('\n', '\\n')}/" ${CONFIG}; systemctl restart kubelet`);
		expect(await active()).toBe('activating');
		expect(await journal()).toContain(
			`"command failed" err="failed to validate kubelet configuration, error: invalid configuration: ${words}, path: &TypeMeta{Kind:,APIVersion:,}"`,
		);
		await node(`sed -i "/hairpinMode/d; s/healthzPort: .*/healthzPort: 10248/" ${CONFIG}`);
		expect(await active()).toBe('active');
	});

	it('an authorization that there is not', async () => {
		await node(`sed -i "s/mode: Webhook/mode: Foo/" ${CONFIG}; systemctl restart kubelet`);
		expect(await active()).toBe('activating');
		expect(await journal()).toContain('"command failed" err="failed to run Kubelet: unknown authorization mode Foo"');
		await node(`sed -i "s/mode: Foo/mode: Webhook/" ${CONFIG}`);
		expect(await active()).toBe('active');
	});

	it('what makes no difference here is told of in its journal', async () => {
		const last = async (): Promise<string> => {
			const text = await node('journalctl -u kubelet --no-pager');
			return text.slice(text.lastIndexOf('Started kubelet'));
		};
		expect(await last()).not.toContain('makes no difference');
		await node(
			`sed -i "s#staticPodPath: .*#staticPodPath: /etc/other#; s/cgroupDriver: systemd/cgroupDriver: foo/" ${CONFIG}; echo "maxPods: 50" >> ${CONFIG}; systemctl restart kubelet`,
		);
		expect(await active()).toBe('active');
		expect(await last()).toMatch(
			/kubelet\[\d+\]: The kubelet of this lab acts as kubeadm configures it: cgroupDriver: foo, staticPodPath: \/etc\/other make no difference here\n/,
		);
	});
});
