/** kubernetes.io, tasks/administer-cluster/sysctl-cluster: which kernel parameters a pod may ask for. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('a kubelet takes safe sysctls, and rejects a pod that asks for another', async () => {
	const { run } = await terminal();
	const pod = (name: string, sysctl: string, spec = ''): Promise<string> =>
		run(
			`kubectl run ${name} --image=busybox --overrides='{"spec":{${spec}"securityContext":{"sysctls":[{"name":"${sysctl}","value":"1"}]}}}' -- sleep 1d`,
		);
	await pod('safe', 'kernel.shm_rmid_forced');
	await pod('unsafe', 'net.core.somaxconn');
	await run('sleep 6');
	expect(await run('kubectl get pod safe unsafe --no-headers')).toMatch(
		/^safe +1\/1 +Running +0 .*\nunsafe +0\/1 +SysctlForbidden +0 .*\n$/,
	);
	expect(await run("kubectl get pod unsafe -o jsonpath='{.status.phase}: {.status.message}'")).toBe(
		'Failed: Pod forbidden sysctl: "net.core.somaxconn" not allowlisted',
	);
	expect(await run('kubectl get events --field-selector reason=SysctlForbidden --no-headers')).toMatch(
		/ Warning +SysctlForbidden +pod\/unsafe +forbidden sysctl: "net.core.somaxconn" not allowlisted\n$/,
	);
	expect(await run('kubectl delete pod unsafe')).toBe('pod "unsafe" deleted\n');
});

/** A pod that sleeps, as somebody, with kernel parameters. */
const sleeper = (name: string, sysctls: Readonly<Record<string, string>>, container: object = {}): string =>
	`kubectl run ${name} --image=busybox --overrides='${JSON.stringify({
		spec: {
			securityContext: { sysctls: Object.entries(sysctls).map(([key, value]) => ({ name: key, value })) },
			containers: [{ name, image: 'busybox', args: ['sleep', '1d'], ...container }],
		},
	})}'`;

test('what a pod asks for is in /proc/sys when it begins, and packets obey it', async () => {
	const { run } = await terminal();
	await run(sleeper('narrow', { 'net.ipv4.ip_local_port_range': '40000 40003', 'kernel.shm_rmid_forced': '1' }));
	await run('kubectl create deployment web --image=nginx --port=80');
	await run('kubectl expose deployment web; sleep 15');
	expect(await run('kubectl exec narrow -- sysctl net.ipv4.ip_local_port_range kernel.shm_rmid_forced')).toBe(
		'net.ipv4.ip_local_port_range = 40000\t40003\nkernel.shm_rmid_forced = 1\n',
	);
	expect(await run('kubectl exec narrow -- cat /proc/sys/net/ipv4/ip_local_port_range')).toBe('40000\t40003\n');
	await run('kubectl exec narrow -- wget -qO /dev/null web');
	const node = (await run("kubectl get pod narrow -o jsonpath='{.spec.nodeName}'")).trim();
	expect(await run(`docker exec ${node} conntrack -L -p tcp --dport 80`)).toMatch(/ sport=4000[0-3] dport=80 /);
	// The next pod has the kernel's.
	await run(`${sleeper('wide', {})}; sleep 5`);
	expect(await run('kubectl exec wide -- sysctl net.ipv4.ip_local_port_range kernel.shm_rmid_forced')).toBe(
		'net.ipv4.ip_local_port_range = 32768\t60999\nkernel.shm_rmid_forced = 0\n',
	);
});

test('a pod opens low ports to its users, and echo requests to who gave up NET_RAW', async () => {
	const { run } = await terminal();
	const user = { securityContext: { runAsUser: 1000, capabilities: { drop: ['ALL'] } } };
	const open = { 'net.ipv4.ip_unprivileged_port_start': '80', 'net.ipv4.ping_group_range': '0 2147483647' };
	await run(`${sleeper('shut', {}, user)}; ${sleeper('open', open, user)}; sleep 8`);
	expect(await run('kubectl exec shut -- timeout 2 nc -l -p 80')).toContain('nc: bind: Permission denied');
	expect(await run('kubectl exec shut -- ping -c1 127.0.0.1')).toContain('ping: permission denied (are you root?)');
	expect(await run('kubectl exec shut -- httpd -f -p 80')).toContain('httpd: bind: Permission denied');
	expect(await run('kubectl exec open -- timeout 2 nc -l -p 80')).not.toContain('Permission');
	expect(await run('kubectl exec open -- timeout 2 nc -l -p 79')).toContain('nc: bind: Permission denied');
	expect(await run('kubectl exec open -- ping -c1 127.0.0.1')).toContain('1 packets received');
	const nginx = { image: 'nginx', args: undefined, securityContext: { capabilities: { drop: ['NET_BIND_SERVICE'] } } };
	await run(`${sleeper('web', open, nginx)}; ${sleeper('fails', {}, nginx)}; sleep 12`);
	expect(await run('kubectl logs fails | tail -1')).toContain('bind() to 0.0.0.0:80 failed (13: Permission denied)');
	expect(await run('kubectl get pod web --no-headers')).toMatch(/1\/1 +Running/);
});
